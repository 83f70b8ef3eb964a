import Foundation
import HeadwayFiles
import HeadwayTrace

/// What a sweep should measure, as a person writes it down: a file of `profiles/`.
///
///     name: quick
///     corpus: { sources: [.], vocabulary_size: 1000, cache: .headway/corpus }
///     base: { steps: 60, width: 64 }
///     axes: { threads: [1, 2], scheduling: [barrier, queue] }
///     toggles: { prefetch: [off, on], reduction: [serial, segmented] }
///     blocks: { minimum: 6, maximum: 10 }
///
/// The grid is every combination of the ``axes`` with every one of the ``phases`` and with every run of the
/// ``toggles``' design. With a `command` the cells are runs of another program (``ProgramTemplate``), and the
/// names of all of these are the profile's own. All relative paths are relative to the directory in which the
/// command runs. ``load(_:)`` refuses, with the line, any key that it does not know and any value that no run
/// could use, so that a loaded profile can be planned. `docs/profiles.md` has every key.
public struct Profile: Equatable, Sendable {
  /// The file it was read from.
  public var path: String
  /// `name`: what reports call the sweep. Default: the file's name without its extension.
  public var name: String
  /// `description`: one paragraph for the reader of the report. Default: empty.
  public var summary: String
  /// `corpus`: what every cell trains on; absent where a `command` is run.
  public var corpus: CorpusRequest?
  /// `command` and what belongs to it; absent for Headway's own training.
  public var program: ProgramTemplate?
  /// `base`: the parameters that no axis or phase changes; any key of ``RunConfiguration``.
  public var base: RunConfiguration
  /// `base` of a profile with a `command`: parameters by names of its own.
  public var parameters: [AxisSetting]
  /// `axes`: keys of ``RunConfiguration``, or with a `command` names of its own, with the values that they take,
  /// in the file's order.
  public var axes: [Axis]
  /// `toggles`: up to eight switches, each with the value for off and the value for on. Up to four are
  /// measured in every combination, more in a fraction that keeps the effect of each and of each pair apart.
  public var toggles: [Axis]
  /// `phases`: named overlays, each upon the one before.
  public var phases: [Phase]
  /// `blocks`: how often every cell is measured.
  public var blocks: BlockLimits
  /// `budget_minutes`: no block beyond the minimum is begun that would end later. Default: none.
  public var budgetSeconds: Double?
  /// `margin`: the relative difference that does not matter to anybody. Default: 0.02.
  public var margin: Double
  /// `seed`: decides the order of the runs. Not the model's seed, which is `base: {seed: …}`. Default: 1.
  public var seed: UInt64
  /// `overhead_check`: whether the baseline is also run without probes in every block. Default: true; never
  /// with a `command`, which has no probes of ours.
  public var checksOverhead: Bool
  /// `predictions`: whether the baseline is recorded ahead of the blocks, and what its replay predicts of every cell
  /// frozen before the first run. Default: true; never with a `command`, which no replay knows.
  public var predicts: Bool
  /// `recordings`: how often the baseline is recorded for the predictions, of which the middle counts. Default: 3.
  public var recordings: Int
  /// `recording_interval_seconds`: from the start of one of them to that of the next at least, so that they see different
  /// moments of the machine. Default: 0, one after the other.
  public var recordingIntervalSeconds: Double
  /// `retries`: how often a run that failed is tried again. Default: 1.
  public var retries: Int
  /// `timeout_seconds`: after which a run is stopped and counts as failed. Default: 600.
  public var timeoutSeconds: Double
  /// `memory_limit_bytes`: of address space, above which a run is refused memory. Default: none.
  public var memoryLimitBytes: Int?
  /// `baseline`: the settings of the cell that others are compared with. Default: every first value.
  public var baseline: [AxisSetting]
  /// `filters.only`: combinations that are kept; of the others none. Default: everything is kept.
  public var selections: [Exclusion]
  /// `filters.exclude`, or `exclude`: combinations that are left out of the grid.
  public var exclusions: [Exclusion]

  /// Reads a profile.
  ///
  /// - Throws: ``InputError`` naming the file, the line, the key and the remedy.
  public static func load(_ path: String) throws(InputError) -> Profile {
    let bytes = try StoredFile.read(path, remedy: "name a profile, such as profiles/quick.yaml")
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      throw InputError(path, problem: "the file is not UTF-8 text", remedy: "name a YAML file", isUsage: true)
    }
    return try Profile(yaml: text, path: path)
  }
}

/// What every cell of a sweep trains on.
public struct CorpusRequest: Codable, Equatable, Sendable {
  /// `sources`: files and directories of text.
  public var sources: [String]
  /// `more_sources`: read after ``sources``, where they exist. Default: none.
  public var moreSources: [String]?
  /// `tokenizer`: what the vocabulary is made of. Default: the `tokenizer` of `base`.
  public var tokenizer: TokenizerKind
  /// `vocabulary_size`: tokens of the vocabulary; of characters, the most that there may be. Default: the
  /// `vocabulary_size` of `base`.
  public var vocabularySize: Int
  /// `limit_bytes`: how much of the text is used. Default: all of it.
  public var limitBytes: Int?
  /// `cache`: where the encoded corpus is kept between sweeps. Default: `.headway/corpus`.
  public var cache: String

  /// Says what to train on.
  public init(
    sources: [String], tokenizer: TokenizerKind, vocabularySize: Int, limitBytes: Int?, cache: String
  ) {
    self.sources = sources
    self.tokenizer = tokenizer
    self.vocabularySize = vocabularySize
    self.limitBytes = limitBytes
    self.cache = cache
  }
}

/// One dimension of the grid.
public struct Axis: Codable, Equatable, Sendable {
  /// A key of ``RunConfiguration``.
  public var name: String
  /// Its values, as written.
  public var values: [String]
}

/// A named state of a program's development: settings that are laid over those of the phase before.
public struct Phase: Equatable, Sendable {
  /// `name`.
  public var name: String
  /// `set`: the settings that are new in this phase.
  public var settings: [AxisSetting]
}

/// How often every cell is measured.
public struct BlockLimits: Codable, Equatable, Sendable {
  /// Blocks that are always measured. Default: 6, the fewest that carry a 95 % interval.
  public var minimum: Int
  /// Blocks after which the sweep ends. Default: 10, 50 with a ``halfWidth``, or the minimum if that is more.
  public var maximum: Int
  /// `half_width`: the sweep ends after the minimum once every cell's interval is no wider than this on either
  /// side, relative to its estimate: 0.01 for ±1 %. Default: none.
  public var halfWidth: Double?
}

/// Combinations of the grid that are kept or left out: those that match every condition.
public struct Exclusion: Equatable, Sendable {
  /// Axis names with the values that match, `phase` among them.
  public var conditions: [Condition]
  /// Where it stands, for error messages: `FILE, line N`.
  var place: String

  /// Whether a combination matches every condition.
  func matches(_ settings: [AxisSetting]) -> Bool {
    conditions.allSatisfy { condition in
      settings.contains { $0.axis == condition.axis && condition.values.contains($0.value) }
    }
  }

  /// One axis and the values that match.
  public struct Condition: Equatable, Sendable {
    /// The axis.
    public var axis: String
    /// The values of it that match.
    public var values: [String]
  }
}
