import Foundation
import HeadwayReading
import HeadwayServe
import HeadwayTrace

/// The program that `headway serve` turns into: its only argument is a ``ServePlan``.
///
/// The address goes to standard output, everything else to standard error. Exit codes: 0 ended by a signal, 1 error,
/// 64 misuse.
@main
struct HeadwayServeProgram {
  static func main() async {
    do {
      let arguments = CommandLine.arguments.dropFirst()
      guard let argument = arguments.first, arguments.count == 1 else {
        throw InputError(
          "headway-serve", problem: "headway serve starts this program", remedy: "run that instead",
          isUsage: true)
      }
      try await PageServer.run(try ServePlan(argument: argument)) { address in
        write(address + "\n", to: .standardOutput)
        write("Ctrl-C ends it. Nothing is written, and the page is for reading.\n", to: .standardError)
      }
    } catch let error as InputError {
      write("headway: \(error)\n", to: .standardError)
      exit(error.isUsage ? 64 : 1)
    } catch {
      write("headway: the page's server has failed (\(error)).\n", to: .standardError)
      exit(1)
    }
  }

  /// Writes as far as somebody listens.
  private static func write(_ text: String, to handle: FileHandle) {
    try? handle.write(contentsOf: Data(text.utf8))
  }
}
