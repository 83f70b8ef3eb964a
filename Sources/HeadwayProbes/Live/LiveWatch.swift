import CHeadwayLinux
import HeadwayTrace

/// Looks at a run that another process records, again and again.
///
///     let watch = LiveWatch(path: directory.livePath)
///     switch try watch.look() { case .running(let sample): … }
///
/// A look costs a few system calls for each thread of the run, and the run nothing. Owned by one thread.
public final class LiveWatch {
  /// What is seen of a run.
  public enum Sight {
    /// It goes on.
    case running(LiveSample)
    /// It has ended in good order since the first look.
    case ended
    /// Its process is gone without having said so: this is what it left.
    case killed(LiveSnapshot)
    /// There is no status file, or it is only being made.
    case absent
  }

  private let path: String
  private var reader: LiveFileReader?

  /// A watch over the status file at a path, which need not exist yet.
  public init(path: String) { self.path = path }

  /// Looks at the run.
  ///
  /// - Throws: ``InputError`` naming the file when it cannot be read or is damaged.
  public func look() throws(InputError) -> Sight {
    if reader == nil { reader = try LiveFileReader(opening: path) }
    // The holder first: a process that is gone by then has written all that it ever will.
    guard let reader else { return .absent }
    let holder = reader.holder()
    guard let snapshot = try reader.snapshot() else { return .absent }
    if snapshot.isFinished { return .ended }
    switch holder {
    case .gone: return .killed(snapshot)
    case .unknown: return .running(LiveSample(snapshot: snapshot))
    case .living(let process):
      guard let process else { return .running(LiveSample(snapshot: snapshot)) }
      // Elsewhere the numbers of its threads are another namespace's, and would be strangers here.
      let isOfThisNamespace = process == snapshot.processID
      return .running(
        LiveSample(
          snapshot: snapshot, kernel: isOfThisNamespace ? kernelTimes(of: snapshot, process) : [:],
          memory: Self.memory(of: process)))
    }
  }

  private func kernelTimes(
    of snapshot: LiveSnapshot, _ process: Int32
  ) -> [ThreadID: LiveSample.KernelTimes] {
    var times: [ThreadID: LiveSample.KernelTimes] = [:]
    for row in snapshot.rows where row.isActive {
      let text = ProcFile.read("/proc/\(process)/task/\(row.thread.rawValue)/schedstat")
      guard let reading = text.flatMap({ SchedulingReading.parse($0) }) else { continue }
      times[row.thread] = LiveSample.KernelTimes(
        at: headway_ticks(), onCpuNs: reading.onCpuNs, runDelayNs: reading.runDelayNs)
    }
    return times
  }

  private static func memory(of process: Int32) -> LiveView.Memory? {
    ProcFile.read("/proc/\(process)/status").flatMap { memory(status: $0) }
  }

  /// `VmRSS`, `VmHWM` and `VmSwap` of a process's `status`.
  package static func memory(status: String) -> LiveView.Memory? {
    var bytes: [Substring: Int] = [:]
    for line in status.split(separator: "\n") where line.hasPrefix("Vm") {
      let fields = line.split(whereSeparator: \.isWhitespace)
      if fields.count >= 2, let kilobytes = Int(fields[1]) { bytes[fields[0]] = kilobytes * 1_024 }
    }
    return bytes["VmRSS:"].map {
      LiveView.Memory(rssBytes: $0, peakRssBytes: bytes["VmHWM:"], swapBytes: bytes["VmSwap:"])
    }
  }
}
