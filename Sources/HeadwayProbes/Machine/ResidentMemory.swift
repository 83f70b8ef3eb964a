import Glibc

/// The largest resident set of this process so far, in bytes; `nil` when the kernel does not say.
public func peakResidentBytes() -> Int? {
  if let status = ProcFile.read("/proc/self/status"), let bytes = peakResidentBytes(status: status) {
    return bytes
  }
  var usage = rusage()
  guard getrusage(RUSAGE_SELF.rawValue, &usage) == 0, usage.ru_maxrss > 0 else { return nil }
  return usage.ru_maxrss * 1_024
}

/// `VmHWM` of `/proc/self/status`, in bytes.
package func peakResidentBytes(status: String) -> Int? {
  for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
    let fields = line.split(whereSeparator: \.isWhitespace)
    guard fields.count >= 2 else { return nil }
    return Int(fields[1]).map { $0 * 1_024 }
  }
  return nil
}
