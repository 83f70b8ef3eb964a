/// A file that code ran from.
public struct CodeModule: Codable, Hashable, Sendable {
  /// Its path, or the kernel's name for code without a file: `[vdso]`.
  public var path: String
  /// The linker's identification of its contents, in hexadecimal; absent when it has none.
  public var buildID: String?

  // JSON's snake_case loses the capitals of an abbreviation on its way back.
  private enum CodingKeys: String, CodingKey {
    case path
    case buildID = "buildId"
  }

  /// Names a module.
  public init(path: String, buildID: String?) {
    self.path = path
    self.buildID = buildID
  }

  /// The last part of the path.
  public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// Functions in columns.
public struct FunctionTable: Codable, Equatable, Sendable {
  /// The function's name, demangled; `module+0x1234` where the module has no symbol for it.
  public var name: [String] = []
  /// The function's module; -1 for code that belongs to none.
  public var module: [Int] = []
  /// No functions.
  public init() {}

  /// How many there are.
  public var count: Int { name.count }
}

/// Places in functions, in columns.
public struct FrameTable: Codable, Equatable, Sendable {
  /// The frame's function.
  public var function: [Int] = []
  /// The address in the module, as the module's own symbols count it; of a caller, the byte before the
  /// return address. The process' address for code that belongs to no module.
  public var address: [UInt64] = []
  /// The line of the source, or 0 where the module has no debug information.
  public var line: [Int] = []
  /// Whether the compiler inlined this function into the next frame's: it has no frame of its own.
  public var isInlined: [Bool] = []
  /// No frames.
  public init() {}

  /// How many there are.
  public var count: Int { function.count }
}

/// Stacks in columns, as a tree: a stack is its innermost frame and the stack of its caller.
public struct StackTable: Codable, Equatable, Sendable {
  /// The innermost frame.
  public var frame: [Int] = []
  /// The caller's stack, a smaller number than the stack's own; -1 where there is none.
  public var caller: [Int] = []
  /// No stacks.
  public init() {}

  /// How many there are.
  public var count: Int { frame.count }
}

/// Samples in columns.
public struct SampleTable: Codable, Equatable, Sendable {
  /// The thread, as a number in ``StackProfile/threads``.
  public var thread: [Int] = []
  /// Ticks since the previous sample of the same thread; since the clock's origin for its first.
  public var ticksSincePrevious: [UInt64] = []
  /// The stack; -1 when not even the innermost frame is known.
  public var stack: [Int] = []
  /// Whether the thread slept in a system call. Otherwise it ran or was ready to run.
  public var isSleeping: [Bool] = []
  /// The thread's state, as a number in ``StackProfile/states``; -1 when it is not known.
  public var state: [Int] = []
  /// Timer periods that the sample stands for: more than one when the thread could not be interrupted.
  public var periods: [Int] = []
  /// No samples.
  public init() {}

  /// How many there are.
  public var count: Int { stack.count }
  /// The samples' numbers.
  public var indices: Range<Int> { 0..<count }

  /// Appends a sample.
  public mutating func append(
    thread: Int, ticksSincePrevious: UInt64, stack: Int, isSleeping: Bool, state: Int, periods: Int
  ) {
    self.thread.append(thread)
    self.ticksSincePrevious.append(ticksSincePrevious)
    self.stack.append(stack)
    self.isSleeping.append(isSleeping)
    self.state.append(state)
    self.periods.append(periods)
  }
}
