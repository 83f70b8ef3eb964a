/// Everything that one system test did and measured: the contract `headway.system_test/1`, which
/// `headway report --system-test --json` prints and `system-test.json` holds.
///
/// A part that was not measured is absent, and ``parts`` says why.
public struct SystemTest: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.system_test/1"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// The exact command that repeats it.
  public var command: String
  /// Start, ISO 8601 in UTC.
  public var startedAt: String
  /// How long all of it took.
  public var elapsedNs: Nanoseconds
  /// Version of the tool.
  public var toolVersion: String
  /// The commit that was checked out; absent outside a checkout.
  public var gitCommit: String?
  /// Content hash of the program that measured; absent where it could not be read.
  public var binaryHash: String?
  /// The machine.
  public var machine: MachineFacts
  /// What was to be done, in order, and how each part ended.
  public var parts: [SystemTestPart]
  /// The build.
  public var build: BuildResult?
  /// The text and its tokens.
  public var corpus: CorpusResult?
  /// The training run.
  public var training: RunSummary?
  /// The trained model on held-out text.
  public var quality: QualityResult?
  /// Writing with the trained model.
  public var inference: InferenceResult?
  /// The sweep over the phases.
  public var sweep: SweepSummary?
  /// Each phase before and after, from that sweep.
  public var phases: RunComparison?

  /// A system test of which nothing has been done.
  public init(
    command: String, startedAt: String, toolVersion: String, gitCommit: String?, binaryHash: String?,
    machine: MachineFacts
  ) {
    self.command = command
    self.startedAt = startedAt
    self.toolVersion = toolVersion
    self.gitCommit = gitCommit
    self.binaryHash = binaryHash
    self.machine = machine
    elapsedNs = .zero
    parts = []
  }
}

/// One part of a system test.
public struct SystemTestPart: Codable, Equatable, Sendable {
  /// What it is.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Building the checkout.
    case build
    /// Tokenising the text.
    case corpus
    /// Training a model.
    case training
    /// The model's loss on held-out text.
    case quality
    /// Writing with the model.
    case inference
    /// The sweep over the phases.
    case phases
  }
  /// What it is.
  public var kind: Kind
  /// How long it took, also where it failed.
  public var elapsedNs: Nanoseconds
  /// Why it was not measured; absent where it was.
  public var reason: String?
  /// Where its files are; absent where it left none.
  public var directory: String?

  /// States how a part ended.
  public init(kind: Kind, elapsedNs: Nanoseconds, reason: String? = nil, directory: String? = nil) {
    self.kind = kind
    self.elapsedNs = elapsedNs
    self.reason = reason
    self.directory = directory
  }
}

/// A build of the checkout.
public struct BuildResult: Codable, Equatable, Sendable {
  /// The checkout.
  public var directory: String
  /// What was called.
  public var command: String
  /// How long it took.
  public var elapsedNs: Nanoseconds
  /// Whether everything was compiled anew. If not, warnings of what was up to date do not show.
  public var isFresh: Bool
  /// The modules that were compiled, by name.
  public var compiledModules: [String]
  /// Warnings as the compiler gave them, each once, with their places.
  public var warnings: [String]
  /// Content hash of the binary that came out; absent where it could not be read.
  public var binaryHash: String?

  /// Describes a build.
  public init(
    directory: String, command: String, elapsedNs: Nanoseconds, isFresh: Bool, compiledModules: [String],
    warnings: [String], binaryHash: String?
  ) {
    self.directory = directory
    self.command = command
    self.elapsedNs = elapsedNs
    self.isFresh = isFresh
    self.compiledModules = compiledModules
    self.warnings = warnings
    self.binaryHash = binaryHash
  }
}

/// The text of a system test.
public struct CorpusResult: Codable, Equatable, Sendable {
  /// What was read: files and directories, as named.
  public var sources: [String]
  /// Whether the tokens were made in this test, not found built.
  public var wasBuilt: Bool
  /// Files that were taken.
  public var files: Int
  /// What was left out, in words; absent when nothing was.
  public var skipped: String?
  /// Bytes of text.
  public var textBytes: Int
  /// Tokens to train on.
  public var trainTokens: Int
  /// Tokens held out.
  public var validationTokens: Int
  /// Tokens in the vocabulary.
  public var vocabularySize: Int
  /// The content's hash.
  public var contentHash: String

  /// Describes a text.
  public init(
    sources: [String], wasBuilt: Bool, files: Int, skipped: String?, textBytes: Int, trainTokens: Int,
    validationTokens: Int, vocabularySize: Int, contentHash: String
  ) {
    self.sources = sources
    self.wasBuilt = wasBuilt
    self.files = files
    self.skipped = skipped
    self.textBytes = textBytes
    self.trainTokens = trainTokens
    self.validationTokens = validationTokens
    self.vocabularySize = vocabularySize
    self.contentHash = contentHash
  }
}

/// The loss of the trained model on held-out text, in nats per token.
public struct QualityResult: Codable, Equatable, Sendable {
  /// The model's.
  public var validationLoss: Double
  /// What counting tokens reaches; absent where it does not compare.
  public var unigramLoss: Double?
  /// What counting pairs of tokens reaches; absent where it does not compare.
  public var bigramLoss: Double?
  /// Tokens that were predicted.
  public var tokens: Int
  /// How long reading them took, on one thread.
  public var elapsedNs: Nanoseconds

  /// States losses.
  public init(
    validationLoss: Double, unigramLoss: Double?, bigramLoss: Double?, tokens: Int, elapsedNs: Nanoseconds
  ) {
    self.validationLoss = validationLoss
    self.unigramLoss = unigramLoss
    self.bigramLoss = bigramLoss
    self.tokens = tokens
    self.elapsedNs = elapsedNs
  }
}

/// Writing with the trained model, on one thread.
public struct InferenceResult: Codable, Equatable, Sendable {
  /// Tokens that each repetition wrote.
  public var tokens: Int
  /// How long each repetition took, in order; each has another seed.
  public var elapsedNs: [Nanoseconds]
  /// What the first repetition wrote.
  public var text: String

  /// States what was written and how fast.
  public init(tokens: Int, elapsedNs: [Nanoseconds], text: String) {
    self.tokens = tokens
    self.elapsedNs = elapsedNs
    self.text = text
  }

  /// Tokens per second of each repetition, the slowest first.
  public var rates: [Double] {
    elapsedNs.filter { $0.count > 0 }.map { Double(tokens) / $0.seconds }.sorted()
  }
}
