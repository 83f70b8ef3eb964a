import Foundation

/// A terminal that a page is drawn on in place: its other screen, without a cursor, and with keys that arrive
/// one by one. ``restore()`` leaves everything as it was found.
///
/// Owned by one thread.
final class LiveScreen {
  /// The descriptor of the keyboard; `nil` where standard input is no terminal.
  private(set) var keyboard: Int32?
  private var saved: termios?
  private var isActive = true

  /// Whether standard output is a terminal that can be drawn on.
  static var isPossible: Bool {
    isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Takes the terminal over.
  init() {
    var settings = termios()
    // In the background the kernel would stop a process that changes the terminal.
    if isatty(STDIN_FILENO) == 1, tcgetpgrp(STDIN_FILENO) == getpgrp(),
      tcgetattr(STDIN_FILENO, &settings) == 0
    {
      saved = settings
      // No lines and no echo, but signals: Ctrl-C reaches the run that this may have been started by, too. Not
      // Ctrl-Z, which would leave the other screen behind.
      settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
      withUnsafeMutableBytes(of: &settings.c_cc) { keys in
        keys[Int(VMIN)] = 1
        keys[Int(VTIME)] = 0
        keys[Int(VSUSP)] = 0
      }
      if tcsetattr(STDIN_FILENO, TCSANOW, &settings) == 0 { keyboard = STDIN_FILENO }
    }
    // The other screen, and no cursor.
    _ = Terminal.reaches("\u{1B}[?1049h\u{1B}[?25l")
  }

  /// Columns and lines now.
  var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return (80, 24)
    }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Draws a page from the upper left corner, and clears what lies behind its lines and below it. `false` when
  /// the terminal is gone.
  func draw(_ lines: [String]) -> Bool {
    Terminal.reaches("\u{1B}[H" + lines.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J")
  }

  /// No more keys will come.
  func forgetKeyboard() { keyboard = nil }

  /// Gives the terminal back. A second call does nothing.
  func restore() {
    guard isActive else { return }
    isActive = false
    _ = Terminal.reaches("\u{1B}[?25h\u{1B}[?1049l")
    if var saved { tcsetattr(STDIN_FILENO, TCSANOW, &saved) }
  }
}
