import HeadwayTrace

/// Where and how a sweep was started: what a reader must know to repeat it, and what must be the same again when
/// it is resumed.
public struct SweepContext: Codable, Equatable, Sendable {
  /// The exact command that repeats it.
  public var command: String
  /// Start, ISO 8601 in UTC.
  public var startedAt: String
  /// Version of the tool.
  public var toolVersion: String
  /// The machine.
  public var machine: MachineFacts
  /// What is trained on, in words: files, bytes, tokens. Of another program, its command.
  public var corpus: String
  /// The encoded corpus, as a whole path; absent for another program.
  public var corpusDirectory: String?
  /// The directory in which the sweep was started and every run starts; absent in older plans.
  public var workingDirectory: String?
  /// Content hash of the program that every run starts; absent where it could not be read, or where the cells
  /// start different ones.
  public var programHash: String?
  /// Environment variables that change performance, as names and values; absent in older plans.
  public var environment: [AxisSetting]?
  /// What else surrounded the sweep when it began; absent in older plans.
  public var surroundings: Surroundings?
  /// The commit that was checked out where it was started; absent outside a checkout, and in older plans.
  public var gitCommit: String?

  /// States where and how a sweep was started.
  public init(
    command: String, startedAt: String, toolVersion: String, machine: MachineFacts, corpus: String,
    corpusDirectory: String? = nil, workingDirectory: String? = nil, programHash: String? = nil,
    environment: [String: String]? = nil, surroundings: Surroundings? = nil, gitCommit: String? = nil
  ) {
    self.surroundings = surroundings
    self.gitCommit = gitCommit
    self.command = command
    self.startedAt = startedAt
    self.toolVersion = toolVersion
    self.machine = machine
    self.corpus = corpus
    self.corpusDirectory = corpusDirectory
    self.workingDirectory = workingDirectory
    self.programHash = programHash
    self.environment = environment?.map { AxisSetting(axis: $0.key, value: $0.value) }
      .sorted { $0.axis < $1.axis }
  }

  /// Why runs that are measured now could not be compared with those that were measured before; `nil` when they
  /// can. What this tool does not know of either side counts as unchanged.
  public func obstacle(toResumingAs now: SweepContext) -> String? {
    let then = machine
    if let before = then.processor, let after = now.machine.processor, before != after {
      return "the sweep began on another processor (\(before)) than this one (\(after))"
    }
    if then.architecture != now.machine.architecture || then.usableCpus != now.machine.usableCpus {
      return
        "the sweep began with \(Self.plain(then.usableCpus)) usable CPUs (\(then.architecture)), and there are "
        + "\(Self.plain(now.machine.usableCpus)) (\(now.machine.architecture)) now"
    }
    if toolVersion != now.toolVersion {
      return "the sweep began with version \(toolVersion) of the tool, and this is \(now.toolVersion)"
    }
    if let before = programHash, let after = now.programHash, before != after {
      return "the program that is measured has changed since the sweep began"
    }
    guard let before = environment, let after = now.environment, before != after else { return nil }
    let changed = Set(before).symmetricDifference(after).map(\.axis).min() ?? "a variable"
    return "the environment variable \(changed) has changed since the sweep began"
  }

  /// What differs between the beginning and now without standing in the way of resuming: a reader must know it.
  public func changes(toResumingAs now: SweepContext) -> [String] {
    var changes: [NamedDifference] = []
    if let before = machine.kernel, let after = now.machine.kernel, before != after {
      changes.append(NamedDifference(name: "kernel", base: before, candidate: after))
    }
    if let before = surroundings, let after = now.surroundings { changes += before.differences(from: after) }
    return changes.map { change in
      "\(change.name): \(change.base ?? "not visible") when the sweep began, "
        + "\(change.candidate ?? "not visible") when it was resumed"
    }
  }

  private static func plain(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e9 ? String(Int(value)) : String(value)
  }
}
