import Foundation

/// The environment variables that change how threads, memory and matrix products behave.
public func performanceEnvironment() -> [String: String] {
  let prefixes = ["OMP_", "OPENBLAS_", "GOMP_", "KMP_", "MALLOC_", "GLIBC_TUNABLES", "LD_PRELOAD"]
  return ProcessInfo.processInfo.environment.filter { name, _ in
    prefixes.contains { name.hasPrefix($0) }
  }
}
