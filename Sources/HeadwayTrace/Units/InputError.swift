/// Input that cannot be used, as one sentence with a remedy.
///
/// Libraries throw it; only the command prints it. Its description reads
/// `FILE: FIELD: what is wrong; what to do.`
///
///     catch let error as InputError { complain("\(error)"); exit(error.isUsage ? 64 : 1) }
public struct InputError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file, directory or command-line option at fault.
  public var subject: String
  /// The line, key or field at fault inside the subject, where there is one.
  public var field: String?
  /// What was found and what was expected.
  public var problem: String
  /// What the person should do.
  public var remedy: String
  /// Whether the command line or profile was misused (exit 64), rather than a file being bad (exit 1).
  public var isUsage: Bool

  /// Describes unusable input.
  public init(
    _ subject: String, field: String? = nil, problem: String, remedy: String, isUsage: Bool = false
  ) {
    self.subject = subject
    self.field = field
    self.problem = problem
    self.remedy = remedy
    self.isUsage = isUsage
  }

  /// The sentence that the command prints.
  public var description: String {
    let place = field.map { "\(subject): \($0)" } ?? subject
    return "\(place): \(problem); \(remedy)."
  }
}

/// The candidate closest to `word` by edit distance, or `nil` when none is near enough to be a slip.
///
/// Complexity: O(candidates · word length · candidate length).
public func nearestMatch(to word: String, among candidates: [String]) -> String? {
  let scored = candidates.map { (name: $0, distance: editDistance(word, $0)) }
  guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance <= max(2, word.count / 3) ? best.name : nil
}

/// The Levenshtein distance between two words.
func editDistance(_ left: String, _ right: String) -> Int {
  let target = Array(right)
  var previous = Array(0...target.count)
  for (row, character) in left.enumerated() {
    var current = [row + 1]
    for (column, other) in target.enumerated() {
      let substitution = previous[column] + (character == other ? 0 : 1)
      current.append(min(substitution, previous[column + 1] + 1, current[column] + 1))
    }
    previous = current
  }
  return previous[target.count]
}
