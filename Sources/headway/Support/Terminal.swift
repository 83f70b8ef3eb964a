import Foundation
import HeadwayTrace
import Synchronization

/// Standard output and standard error, and what they are connected to.
enum Terminal {
  /// Writes to standard output.
  static func write(_ text: String) {
    FileHandle.standardOutput.writeIgnoringClosure(Data(text.utf8))
  }

  /// Writes to standard output, ending the line.
  static func writeLine(_ text: String) { write(text + "\n") }

  /// Writes a value to standard output as the JSON of its contract.
  static func writeJSON(_ value: some Encodable) throws {
    write(String(decoding: try HeadwayJSON.document(value), as: UTF8.self))
  }

  /// Writes to standard output; whether anybody still reads it.
  static func reaches(_ text: String) -> Bool {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
      return true
    } catch { return false }
  }

  /// Lines that wait until a display on standard error has gone; `nil` where there is none.
  private static let held = Mutex<[String]?>(nil)

  /// Holds back lines for standard error, on which another process draws.
  static func hold() { held.withLock { $0 = $0 ?? [] } }

  /// Writes the lines that were held back, and holds back no more.
  static func release() {
    let lines = held.withLock { held in
      defer { held = nil }
      return held ?? []
    }
    for line in lines { complain(line) }
  }

  /// Writes a line to standard error.
  static func complain(_ text: String) {
    let isHeld = held.withLock { held in
      held?.append(text)
      return held != nil
    }
    if isHeld { return }
    FileHandle.standardError.writeIgnoringClosure(Data((text + "\n").utf8))
  }

  /// Writes to standard error without ending the line.
  static func complainPartially(_ text: String) {
    FileHandle.standardError.writeIgnoringClosure(Data(text.utf8))
  }

  /// Whether standard error is a terminal that can redraw a line.
  static var redraws: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Whether standard output may carry colour: a terminal, and `NO_COLOR` is not set.
  static var colours: Bool {
    let environment = ProcessInfo.processInfo.environment
    let refused = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    return isatty(STDOUT_FILENO) == 1 && !refused
  }

  /// Columns of the terminal on a stream; where there is none, what `COLUMNS` says, or 110.
  static func columns(of descriptor: Int32 = STDOUT_FILENO) -> Int {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init) ?? 110
  }
}

extension FileHandle {
  /// Writes as far as the other end still listens: a closed pipe is no reason to stop working.
  fileprivate func writeIgnoringClosure(_ data: Data) {
    try? write(contentsOf: data)
  }
}
