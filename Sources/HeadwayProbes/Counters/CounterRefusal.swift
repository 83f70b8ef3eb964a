import Glibc
import HeadwayTrace

/// Why the kernel refused to open a counter: an errno, and what it means. `headway doctor` and the readings of
/// runs say it in these words.
package struct CounterRefusal: Error, Hashable {
  /// The errno.
  package var code: Int32

  /// Wraps an errno.
  package init(code: Int32) { self.code = code }

  /// The kind of reason.
  package var reason: CounterAbsence.Reason {
    switch code {
    case EACCES, EPERM: .notPermitted
    case ENOENT, ENODEV, EOPNOTSUPP, ENOSYS: .notSupported
    case EMFILE, ENFILE: .tooManyFiles
    default: .refused
    }
  }

  /// The reason as a sentence about what was asked for, with the kernel's own setting.
  package func sentence(what: String, paranoia: String?) -> String {
    let setting =
      paranoia.map { "kernel.perf_event_paranoid is \($0)" } ?? "perf_event_paranoid is not visible"
    let error = "\(String(cString: strerror(code))); \(setting)"
    return switch reason {
    case .notPermitted: "the kernel refuses \(what) to this user (\(error))"
    case .notSupported: "this CPU or virtual machine does not offer \(what) (\(error))"
    case .tooManyFiles:
      "no file descriptor is left for \(what) (\(String(cString: strerror(code))); raise ulimit -n)"
    default: "\(what) cannot be opened (\(error))"
    }
  }

  /// What to do about it; `nil` where that depends on what was asked for.
  package var remedy: String? {
    switch reason {
    case .notPermitted:
      "sudo sysctl kernel.perf_event_paranoid=1, or grant CAP_PERFMON; in a container also allow perf_event_open"
    case .tooManyFiles: "raise the limit on open files (ulimit -n)"
    default: nil
    }
  }

  /// The kernel's setting as it was when first asked for; `nil` when it is not visible.
  package static let paranoia = ProcFile.value("/proc/sys/kernel/perf_event_paranoid")
}

extension CounterAbsence {
  /// What a refusal means for a counter of a run.
  init(_ refusal: CounterRefusal) {
    self.init(
      reason: refusal.reason, detail: refusal.sentence(what: "it", paranoia: CounterRefusal.paranoia))
  }
}
