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
/// ``toggles``' design. All relative paths are
/// relative to the directory in which the command runs. ``load(_:)`` refuses, with the line, any key that
/// it does not know and any value that no run could use, so that a loaded profile can be planned.
public struct Profile: Equatable, Sendable {
  /// The file it was read from.
  public var path: String
  /// `name`: what reports call the sweep. Default: the file's name without its extension.
  public var name: String
  /// `description`: one paragraph for the reader of the report. Default: empty.
  public var summary: String
  /// `corpus`: what every cell trains on.
  public var corpus: CorpusRequest
  /// `base`: the parameters that no axis or phase changes; any key of ``RunConfiguration``.
  public var base: RunConfiguration
  /// `axes`: keys of ``RunConfiguration`` with the values that they take, in the file's order.
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
  /// `overhead_check`: whether the baseline is also run without probes in every block. Default: true.
  public var checksOverhead: Bool
  /// `retries`: how often a run that failed is tried again. Default: 1.
  public var retries: Int
  /// `timeout_seconds`: after which a run is stopped and counts as failed. Default: 600.
  public var timeoutSeconds: Double
  /// `baseline`: the settings of the cell that others are compared with. Default: every first value.
  public var baseline: [AxisSetting]
  /// `exclude`: combinations that are left out of the grid.
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
  /// Blocks after which the sweep ends. Default: 10, or the minimum if that is more.
  public var maximum: Int
}

/// Combinations that are left out of the grid: those that match every condition.
public struct Exclusion: Equatable, Sendable {
  /// Axis names with the values that match, `phase` among them.
  public var conditions: [Condition]
  /// Where it stands, for error messages: `FILE, line N`.
  var place: String

  /// One axis and the values that match.
  public struct Condition: Equatable, Sendable {
    /// The axis.
    public var axis: String
    /// The values of it that match.
    public var values: [String]
  }
}
