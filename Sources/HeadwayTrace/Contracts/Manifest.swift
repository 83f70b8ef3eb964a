/// Everything needed to say where a run came from: `manifest.json` of a run directory.
public struct Manifest: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.manifest/1"
  /// The version of the tool and of its library.
  public static let currentToolVersion = "0.1.0"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// The parameters of the run; absent for the run of another engine.
  public var configuration: RunConfiguration?
  /// What another engine says of its run, by names of its own; absent for the engine that Headway ships.
  public var program: [String: String]?
  /// The command line as executed.
  public var command: [String]
  /// Start of the run, ISO 8601 in UTC.
  public var startedAt: String
  /// Version of the tool.
  public var toolVersion: String
  /// Commit of the working directory's git checkout, absent outside one.
  public var gitCommit: String?
  /// Hash of the running binary, absent when unreadable.
  public var binaryHash: String?
  /// Hash of the encoded corpus; absent for a run without one.
  public var corpusHash: String?
  /// The machine.
  public var machine: MachineFacts
  /// Environment variables that change performance (`OMP_*`, `OPENBLAS_*`, `MALLOC_*`, …).
  public var environment: [String: String]
  /// What else surrounded the run; absent in older manifests.
  public var surroundings: Surroundings?

  /// Assembles a manifest.
  public init(
    configuration: RunConfiguration?, command: [String], startedAt: String, toolVersion: String,
    gitCommit: String?, binaryHash: String?, corpusHash: String?, machine: MachineFacts,
    environment: [String: String], program: [String: String]? = nil, surroundings: Surroundings? = nil
  ) {
    self.surroundings = surroundings
    self.configuration = configuration
    self.program = program
    self.command = command
    self.startedAt = startedAt
    self.toolVersion = toolVersion
    self.gitCommit = gitCommit
    self.binaryHash = binaryHash
    self.corpusHash = corpusHash
    self.machine = machine
    self.environment = environment
  }
}

/// What is known of a machine. An absent value could not be read.
public struct MachineFacts: Codable, Equatable, Sendable {
  /// Processor model.
  public var processor: String?
  /// Architecture: `x86_64`, `aarch64`.
  public var architecture: String
  /// CPUs online.
  public var onlineCpus: Int
  /// CPUs that this process may use, after affinity and cgroup quota; may be fractional under a quota.
  public var usableCpus: Double
  /// Physical memory.
  public var memoryBytes: Int?
  /// Kernel release.
  public var kernel: String?
  /// Whether a hypervisor is present, and which.
  public var hypervisor: String?
  /// The kernel's clock source.
  public var clockSource: String?
  /// Vector extensions of the CPU that the kernels could use.
  public var vectorExtensions: [String]

  /// Assembles the facts.
  public init(
    processor: String?, architecture: String, onlineCpus: Int, usableCpus: Double, memoryBytes: Int?,
    kernel: String?, hypervisor: String?, clockSource: String?, vectorExtensions: [String]
  ) {
    self.processor = processor
    self.architecture = architecture
    self.onlineCpus = onlineCpus
    self.usableCpus = usableCpus
    self.memoryBytes = memoryBytes
    self.kernel = kernel
    self.hypervisor = hypervisor
    self.clockSource = clockSource
    self.vectorExtensions = vectorExtensions
  }
}
