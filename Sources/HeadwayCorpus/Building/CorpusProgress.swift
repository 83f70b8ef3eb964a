/// How far the building of a corpus is.
public struct CorpusProgress: Equatable, Sendable {
  /// What is being done.
  public var phase: Phase
  /// How much of the phase is done, in its unit.
  public var done: Int
  /// All there is to do in the phase.
  public var total: Int

  /// The phases, in order.
  public enum Phase: String, Sendable, CaseIterable {
    /// Reading the sources; in files.
    case reading
    /// Counting the pieces or the characters that the vocabulary is made of; in bytes.
    case counting
    /// Learning byte pairs; in tokens of the vocabulary.
    case training
    /// Encoding the text; in bytes.
    case encoding
  }

  /// A point in a phase.
  public init(phase: Phase, done: Int, total: Int) {
    self.phase = phase
    self.done = done
    self.total = total
  }
}
