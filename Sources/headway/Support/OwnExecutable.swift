import Foundation
import HeadwayTrace

/// The program that runs now, which is also what each run of a sweep, a comparison or a search is.
enum OwnExecutable {
  /// Its path.
  ///
  /// - Throws: ``InputError`` where the system does not say.
  static func path() throws(InputError) -> String {
    do {
      return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    } catch {
      throw InputError(
        "/proc/self/exe", problem: "the running program cannot be found (\(error))",
        remedy: "mount /proc and try again")
    }
  }
}
