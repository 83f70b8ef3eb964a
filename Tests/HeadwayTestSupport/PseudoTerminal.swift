import Foundation
import Glibc

/// A terminal that a test looks at and types into, with a program at its other end.
///
/// Owned by one thread. What is waited for is an event, the program's output or its end; the deadlines are for a
/// broken test only.
public final class PseudoTerminal {
  /// Why a program was not seen doing what it should.
  public enum Failure: Error {
    /// The system gave no terminal, or did not start the program.
    case refused(String)
    /// It had not come after a minute; this is what came.
    case notSeen(String)
  }

  /// Everything that the program has written.
  public private(set) var output = ""
  private let terminal: Int32
  private let name: String
  private var process: pid_t = 0
  /// Bytes of a character that is not all there yet.
  private var rest: [UInt8] = []

  /// A terminal of a size.
  public init(columns: Int, rows: Int) throws {
    terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    // What `unlockpt` and `ptsname` do, which the C library's module leaves out: TIOCSPTLCK and TIOCGPTN.
    var locked: Int32 = 0
    var number: UInt32 = 0
    guard terminal >= 0, ioctl(terminal, 0x4004_5431, &locked) == 0,
      ioctl(terminal, 0x8004_5430, &number) == 0
    else { throw Failure.refused("no pseudo-terminal") }
    name = "/dev/pts/\(number)"
    resize(columns: columns, rows: rows)
  }

  deinit {
    if process > 0 {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(terminal)
  }

  /// Gives it another size, which the program is told of.
  public func resize(columns: Int, rows: Int) {
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
  }

  /// Starts a program on it, with nothing else around: the terminal controls a session of its own.
  public func start(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:], in directory: URL
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that the leader of a session opens becomes the session's.
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // POSIX_SPAWN_SETSID, which the C library's module leaves out.
    posix_spawnattr_setflags(&attributes, 0x80)
    let variables = ProcessInfo.processInfo.environment.merging(["TERM": "xterm"]) { $1 }
      .merging(environment) { $1 }
    // The shell changes the directory and becomes the program.
    let shell = "/bin/sh"
    let line = ["-c", "cd \"$0\" && exec \"$@\"", directory.path(percentEncoded: false)]
    let words = ([shell] + line + [program.path(percentEncoded: false)] + arguments).map { strdup($0) }
    let settings = variables.map { strdup("\($0.key)=\($0.value)") }
    defer { for word in words + settings { free(word) } }
    let code = posix_spawn(&process, shell, &actions, &attributes, words + [nil], settings + [nil])
    guard code == 0 else {
      process = 0
      throw Failure.refused(String(cString: strerror(code)))
    }
  }

  /// Types something.
  public func press(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(terminal, bytes, bytes.count)
  }

  /// Reads until what has come since the call satisfies a condition, and returns that.
  @discardableResult
  public func read(until isEnough: (String) -> Bool) throws -> String {
    var seen = ""
    let deadline = Date(timeIntervalSinceNow: 60)
    while !isEnough(seen) {
      guard deadline.timeIntervalSinceNow > 0, let more = try next() else { throw Failure.notSeen(seen) }
      seen += more
    }
    return seen
  }

  /// Reads to the end of the program, and returns its exit status; for a signal, its negative number.
  public func end() throws -> Int32 {
    while try next() != nil {}
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    process = 0
    return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
  }

  /// Whether keys come in lines and are shown, as a shell wants them.
  public var isAsFound: Bool {
    var settings = termios()
    return tcgetattr(terminal, &settings) == 0
      && settings.c_lflag & tcflag_t(ICANON | ECHO) == tcflag_t(ICANON | ECHO)
  }

  /// The next piece of output; `nil` when the other end is closed.
  private func next() throws -> String? {
    var watched = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
    guard poll(&watched, 1, 60_000) > 0 else { throw Failure.notSeen(String(output.suffix(4_000))) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(terminal, &bytes, bytes.count)
    // A terminal without a program at its other end is an error, and not an end, to the kernel.
    guard count > 0 else { return nil }
    rest += bytes[..<count]
    let whole = rest.count - Self.cutBytes(rest)
    let text = String(decoding: rest[..<whole], as: UTF8.self)
    rest.removeFirst(whole)
    output += text
    return text
  }

  /// Bytes at the end that begin a character which goes on behind it.
  private static func cutBytes(_ bytes: [UInt8]) -> Int {
    for back in 1...3 where back <= bytes.count {
      let byte = bytes[bytes.count - back]
      if byte & 0xC0 == 0x80 { continue }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return length > back ? back : 0
    }
    return 0
  }
}
