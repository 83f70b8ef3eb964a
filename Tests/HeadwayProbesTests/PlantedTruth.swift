import CHeadwayLinux
import Foundation
import HeadwayTestSupport

/// Computes until the calling thread has used this much CPU time, whatever else runs on the machine.
func burn(milliseconds: Int) {
  let start = threadCpuNs()
  var value: UInt64 = 1
  while threadCpuNs() < start + UInt64(milliseconds) * 1_000_000 {
    for _ in 0..<1_000 { value = value &* 6_364_136_223_846_793_005 &+ 1 }
  }
  blackHole(value)
}

/// Computes for some nanoseconds of the wall clock, without a system call.
func spin(nanoseconds: UInt64) {
  let end = headway_monotonic_ns() + nanoseconds
  while headway_monotonic_ns() < end {}
}

/// The calling thread's switches off its CPU so far; -1 each where the kernel refuses.
func threadSwitches() -> (voluntary: Int64, involuntary: Int64) {
  var (voluntary, involuntary): (Int64, Int64) = (0, 0)
  return headway_thread_switches(&voluntary, &involuntary) == 0 ? (voluntary, involuntary) : (-1, -1)
}

/// CPU time of the calling thread.
func threadCpuNs() -> UInt64 { clock(CLOCK_THREAD_CPUTIME_ID) }

/// CPU time of the whole process: what a thread's books must not show.
func processCpuNs() -> UInt64 { clock(CLOCK_PROCESS_CPUTIME_ID) }

private func clock(_ clock: clockid_t) -> UInt64 {
  var now = timespec()
  clock_gettime(clock, &now)
  return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}

@inline(never)
private func blackHole(_ value: UInt64) {}

/// A thread that announces its steps: it is ready, it may go, it is done.
struct PlantedThread: Sendable {
  let ready = EventGate()
  let go = EventGate()
  let done = EventGate()

  /// Starts a thread that prepares, waits to be let go, and works.
  init<Prepared>(
    prepare: @escaping @Sendable () -> Prepared, work: @escaping @Sendable (Prepared, EventGate) -> Void
  ) {
    let (ready, go, done) = (ready, go, done)
    Thread.detachNewThread {
      let prepared = prepare()
      ready.open()
      work(prepared, go)
      done.open()
    }
  }
}

/// Binds the calling thread to the first CPU that it may use; `false` when the system refuses.
func bindToFirstCpu() -> Bool {
  // Swift's view of the C library lacks these two.
  typealias Affinity = @convention(c) (pid_t, Int, UnsafeMutableRawPointer) -> Int32
  guard let getter = dlsym(nil, "sched_getaffinity"), let setter = dlsym(nil, "sched_setaffinity") else {
    return false
  }
  let get = unsafeBitCast(getter, to: Affinity.self)
  let set = unsafeBitCast(setter, to: Affinity.self)
  var mask = [UInt8](repeating: 0, count: 128)
  return mask.withUnsafeMutableBytes { bytes in
    guard let address = bytes.baseAddress, get(0, bytes.count, address) == 0,
      let byte = bytes.firstIndex(where: { $0 != 0 })
    else { return false }
    let first = bytes[byte] & (~bytes[byte] &+ 1)
    for index in bytes.indices { bytes[index] = index == byte ? first : 0 }
    return set(0, bytes.count, address) == 0
  }
}
