import HeadwayTrace
import Yams

/// A node of the profile's YAML with the place that an error's sentence names. Scalars are read as they
/// are written: `on`, `off` and `1_000` reach the key's own parser, not YAML's.
struct ProfileNode {
  let node: Node
  let file: String
  /// The keys that lead here: `blocks.minimum`.
  let key: String

  /// The document's root.
  init(yaml: String, file: String) throws(InputError) {
    self.file = file
    key = ""
    do {
      guard let root = try Yams.compose(yaml: yaml) else {
        throw InputError(
          file, problem: "the profile is empty", remedy: "give it at least a corpus and axes", isUsage: true)
      }
      node = root
    } catch let error as InputError {
      throw error
    } catch {
      throw Self.unreadable(error, file: file)
    }
  }

  private init(node: Node, file: String, key: String) {
    self.node = node
    self.file = file
    self.key = key
  }

  /// `FILE, line N`.
  var place: String { node.mark.map { "\(file), line \($0.line)" } ?? file }

  /// An error at this node.
  func refuse(_ problem: String, _ remedy: String) -> InputError {
    InputError(place, field: key.isEmpty ? nil : key, problem: problem, remedy: remedy, isUsage: true)
  }

  /// The entries of a mapping in the file's order. Keys that are not among `known` are refused; without a list
  /// any name is known.
  func entries(known: [String]?) throws(InputError) -> [(name: String, value: ProfileNode)] {
    guard case .mapping(let mapping) = node else {
      throw refuse("expected keys with values", "write \(known?.first ?? "name"): … below it")
    }
    var entries: [(name: String, value: ProfileNode)] = []
    for (keyNode, value) in mapping {
      let name = keyNode.scalar?.string ?? "?"
      let entry = ProfileNode(node: value, file: file, key: key.isEmpty ? name : "\(key).\(name)")
      if let known, !known.contains(name) {
        let unknown = ProfileNode(node: keyNode, file: file, key: entry.key)
        let near = nearestMatch(to: name, among: known).map { "did you mean \($0)?" }
        throw unknown.refuse("unknown key", near ?? "the known keys are \(known.joined(separator: ", "))")
      }
      entries.append((name, entry))
    }
    return entries
  }

  /// The elements of a sequence; a single scalar counts as a sequence of one.
  func elements() throws(InputError) -> [ProfileNode] {
    switch node {
    case .sequence(let sequence): sequence.map { ProfileNode(node: $0, file: file, key: key) }
    case .scalar where !isNull: [self]
    default: throw refuse("expected a list", "write it as [one, two]")
    }
  }

  /// The scalar as it is written.
  func text() throws(InputError) -> String {
    guard case .scalar(let scalar) = node, !isNull else {
      throw refuse("expected a single value", "write \(key.split(separator: ".").last ?? "key"): value")
    }
    return scalar.string
  }

  /// A whole number in a range.
  func integer(_ range: ClosedRange<Int>) throws(InputError) -> Int {
    let text = try text()
    guard let value = Int(text.replacing("_", with: "")), range.contains(value) else {
      throw refuse(
        "got \(text), expected a whole number from \(range.lowerBound) to \(range.upperBound)",
        "correct the value")
    }
    return value
  }

  /// A number in a range.
  func decimal(_ range: ClosedRange<Double>) throws(InputError) -> Double {
    let text = try text()
    guard let value = Double(text), range.contains(value) else {
      throw refuse(
        "got \(text), expected a number from \(range.lowerBound) to \(range.upperBound)", "correct the value")
    }
    return value
  }

  /// `true`, `on`, `false` or `off`.
  func boolean() throws(InputError) -> Bool {
    let text = try text()
    guard let value = ["true": true, "on": true, "false": false, "off": false][text] else {
      throw refuse("got \(text), expected true or false", "correct the value")
    }
    return value
  }

  /// Nothing, `~` or `null` where a value was expected.
  private var isNull: Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
    return ["", "~", "null"].contains(scalar.string)
  }

  private static func unreadable(_ error: any Error, file: String) -> InputError {
    func at(_ mark: Mark, _ problem: String, _ remedy: String) -> InputError {
      InputError("\(file), line \(mark.line)", problem: problem, remedy: remedy, isUsage: true)
    }
    switch error {
    case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      return at(mark, "this is not YAML (\(problem))", "correct the line")
    case YamlError.duplicatedKeysInMapping(let duplicates, let context):
      return at(
        context.mark, "the key \(duplicates.joined(separator: ", ")) is given twice", "remove one of the two")
    default:
      return InputError(
        file, problem: "this is not YAML (\(error))", remedy: "name a YAML file", isUsage: true)
    }
  }
}
