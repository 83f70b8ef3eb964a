/// Which instructions a program's functions are made of, and which of them its run executed: the contract
/// `headway.simd/1`, which `headway simd --json` prints.
///
/// Instructions are counted twice: once each as they stand in the file (``InstructionCounts``, static), and once for
/// every sample of a run that was interrupted at them. Only the second says what ran; a function without samples
/// may never have been called.
public struct InstructionMix: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.simd/1"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// The program that disassembled, and its version.
  public var disassembler: String
  /// The functions that matter: by samples where there are some, otherwise by floating-point instructions.
  public var functions: [FunctionMix]
  /// The files that were disassembled.
  public var files: [FileMix]
  /// What became of the samples; absent where no run was given.
  public var samples: SampleJoin?
  /// What a reader must know before believing the figures.
  public var warnings: [String]

  /// Assembles a mix.
  public init(
    disassembler: String, functions: [FunctionMix], files: [FileMix], samples: SampleJoin?,
    warnings: [String]
  ) {
    self.disassembler = disassembler
    self.functions = functions
    self.files = files
    self.samples = samples
    self.warnings = warnings
  }
}

/// One function.
public struct FunctionMix: Codable, Equatable, Sendable {
  /// Its name, as a person wrote it.
  public var name: String
  /// The file that it lies in, the last part of the path.
  public var module: String
  /// Instructions as they stand in the file.
  public var inFile: InstructionCounts
  /// Timer periods by the class of the instruction at which the thread was interrupted; absent without a run.
  public var sampled: InstructionCounts?
  /// The share of the run's periods that this function has; absent without a run.
  public var share: Double?
  /// Assembles a function's mix.
  public init(
    name: String, module: String, inFile: InstructionCounts, sampled: InstructionCounts? = nil,
    share: Double? = nil
  ) {
    self.name = name
    self.module = module
    self.inFile = inFile
    self.sampled = sampled
    self.share = share
  }
}

/// One file: what is hot in it and what is not.
public struct FileMix: Codable, Equatable, Sendable {
  /// Its path.
  public var path: String
  /// Whether all of it was disassembled. Of a library it is the functions with samples alone.
  public var isWhole: Bool
  /// Functions in it that were disassembled.
  public var functions: Int
  /// Instructions of all of them.
  public var inFile: InstructionCounts
  /// Those of functions with samples; absent without a run.
  public var inHotFunctions: InstructionCounts?
  /// Assembles a file's mix.
  public init(
    path: String, isWhole: Bool, functions: Int, inFile: InstructionCounts,
    inHotFunctions: InstructionCounts? = nil
  ) {
    self.path = path
    self.isWhole = isWhole
    self.functions = functions
    self.inFile = inFile
    self.inHotFunctions = inHotFunctions
  }
}

/// What became of a run's samples, in timer periods. The parts add up to ``periods``.
public struct SampleJoin: Codable, Equatable, Sendable {
  /// Periods in the measured window in which a thread of the program ran or was ready to.
  public var periods: Int
  /// Those at an instruction that was found.
  public var joined: Int
  /// Those in code that belongs to no file, or to one that was not disassembled.
  public var elsewhere: Int
  /// Those at an address in a disassembled file at which no instruction begins.
  public var unmatched: Int
  /// Those of which not even the innermost frame is known.
  public var unknown: Int
  /// Assembles a join.
  public init(periods: Int = 0, joined: Int = 0, elsewhere: Int = 0, unmatched: Int = 0, unknown: Int = 0) {
    self.periods = periods
    self.joined = joined
    self.elsewhere = elsewhere
    self.unmatched = unmatched
    self.unknown = unknown
  }
}
