import Foundation
import HeadwayTrace

/// The program that runs now, which is also what each run of a sweep, a comparison or a search is.
enum OwnExecutable {
  /// What Linux puts behind the path of a program whose file is gone.
  private static let goneSuffix = " (deleted)"

  /// Its path: where a build has put another file there meanwhile, as the system test's does, that of the new one.
  ///
  /// - Throws: ``InputError`` where the system does not say.
  static func path() throws(InputError) -> String {
    do {
      let path = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      guard path.hasSuffix(goneSuffix), !FileManager.default.fileExists(atPath: path) else { return path }
      return String(path.dropLast(goneSuffix.count))
    } catch {
      throw InputError(
        "/proc/self/exe", problem: "the running program cannot be found (\(error))",
        remedy: "mount /proc and try again")
    }
  }
}
