import CHeadwayLinux
import Glibc
import HeadwayTrace

/// Reads this process's memory again and again: files are opened once, and a reading allocates nothing.
///
/// Owned by one thread.
package struct MemoryReader: ~Copyable {
  private let statm: Int32
  private let rollup: Int32
  // Invariant: `capacity` bytes, allocated in `init`, freed in `deinit`, touched by the owner alone.
  private let buffer: UnsafeMutablePointer<UInt8>
  private static let capacity = 4_096
  private let pageBytes: Int
  /// Readings that failed: of `statm`, of `smaps_rollup`, of the faults and of the heap.
  package private(set) var failures = Failures()

  /// Readings that failed, by what could not be read.
  package struct Failures: Equatable, Sendable {
    package var statm = 0
    package var rollup = 0
    package var faults = 0
    package var heap = 0

    /// The counts that are not zero, by the name of their source.
    package var named: [String: Int] {
      ["statm": statm, "smaps_rollup": rollup, "getrusage": faults, "mallinfo2": heap].filter { $0.value > 0 }
    }
  }

  /// Opens the files below a process's directory.
  package init(process directory: String = "/proc/self") {
    statm = open(directory + "/statm", O_RDONLY | O_CLOEXEC)
    rollup = open(directory + "/smaps_rollup", O_RDONLY | O_CLOEXEC)
    buffer = .allocate(capacity: Self.capacity)
    pageBytes = sysconf(Int32(_SC_PAGESIZE))
  }

  deinit {
    if statm >= 0 { close(statm) }
    if rollup >= 0 { close(rollup) }
    buffer.deallocate()
  }

  /// Reads all that is cheap: about 2 µs.
  package mutating func read(at time: Nanoseconds) -> MemorySample {
    var sample = MemorySample(timeNs: time)
    if let pages = content(of: statm).flatMap(MemoryText.statm) {
      sample.rssBytes = pages.resident * pageBytes
      sample.anonymousBytes = max(0, pages.resident - pages.shared) * pageBytes
    } else {
      failures.statm += 1
    }
    var usage = rusage()
    if getrusage(RUSAGE_SELF.rawValue, &usage) == 0 {
      sample.minorFaults = usage.ru_minflt
      sample.majorFaults = usage.ru_majflt
    } else {
      failures.faults += 1
    }
    return sample
  }

  /// Adds what the C library's heap says: microseconds, but milliseconds where a program has freed much in pieces.
  package mutating func addHeap(to sample: inout MemorySample) {
    if let heap = HeapReading.read() { sample.heapBytes = heap.usedBytes } else { failures.heap += 1 }
  }

  /// Adds what needs a walk over the process's page tables: 50 µs and more, growing with its memory.
  package mutating func addProportional(to sample: inout MemorySample) {
    guard let parts = content(of: rollup).flatMap(MemoryText.rollup) else {
      failures.rollup += 1
      return
    }
    sample.pssBytes = parts.pss
    sample.swapBytes = parts.swap
  }

  /// The content of an open file from its start; `nil` when it cannot be read. Valid until the next reading.
  private func content(of file: Int32) -> UnsafeBufferPointer<UInt8>? {
    guard file >= 0 else { return nil }
    var count: Int
    repeat { count = pread(file, buffer, Self.capacity, 0) } while count < 0 && errno == EINTR
    return count > 0 ? UnsafeBufferPointer(start: buffer, count: count) : nil
  }
}

/// Parsing of the kernel's memory texts, without allocating.
package enum MemoryText {
  /// Parses `statm`: size, resident and shared pages, and more. Shared pages are those of files.
  package static func statm(_ bytes: UnsafeBufferPointer<UInt8>) -> (resident: Int, shared: Int)? {
    guard let size = ProcBytes.number(in: bytes, from: 0),
      let resident = ProcBytes.number(in: bytes, from: size.end),
      let shared = ProcBytes.number(in: bytes, from: resident.end)
    else { return nil }
    return (Int(clamping: resident.value), Int(clamping: shared.value))
  }

  /// Parses `smaps_rollup`: the lines `Pss:` and `Swap:`, in kB, given in bytes.
  package static func rollup(_ bytes: UnsafeBufferPointer<UInt8>) -> (pss: Int, swap: Int)? {
    guard let pss = value(of: "Pss:", in: bytes), let swap = value(of: "Swap:", in: bytes) else { return nil }
    return (pss << 10, swap << 10)
  }

  /// The number behind a label that starts a line.
  private static func value(of label: StaticString, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    let length = label.utf8CodeUnitCount
    var start = 0
    while start + length < bytes.count {
      var matches = true
      for place in 0..<length where bytes[start + place] != label.utf8Start[place] { matches = false }
      if matches { return ProcBytes.number(in: bytes, from: start + length).map { Int(clamping: $0.value) } }
      while start < bytes.count, bytes[start] != 0x0A { start += 1 }
      start += 1
    }
    return nil
  }
}
