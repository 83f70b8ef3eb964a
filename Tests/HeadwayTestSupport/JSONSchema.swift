import Foundation

/// A JSON Schema, of which the tests check documents against the part that this package's schemas use: `type`,
/// `properties`, `required`, `additionalProperties`, `items`, `enum`, `const`, `minimum`, `anyOf`, and `$ref`
/// into `$defs`, to a schema that lies beside it, or into the `$defs` of one. Any other word is a problem, so that no schema says what nobody checks.
public struct JSONSchema {
  private let root: JSONValue
  private let folder: URL

  /// What a document does not keep to, by place; and the properties of the schema that it has.
  public struct Outcome {
    /// `cells[0].id: expected a string`.
    public var problems: [String] = []
    /// `thread.name` for the property `name` of the definition `thread`; `.name` at the top.
    public var visited: Set<String> = []
  }

  /// Reads a schema.
  public init(contentsOf file: URL) throws {
    root = try JSONValue(parsing: Data(contentsOf: file))
    folder = file.deletingLastPathComponent()
  }

  /// Every property that the schema describes, as ``Outcome/visited`` names it.
  public var properties: Set<String> {
    let top = (root["properties"]?.fields ?? [:]).keys.map { "." + $0 }
    let inner = (root["$defs"]?.fields ?? [:]).flatMap { name, definition in
      (definition["properties"]?.fields ?? [:]).keys.map { "\(name).\($0)" }
    }
    return Set(top + inner)
  }

  /// The properties and definitions without a description, as ``Outcome/visited`` names them.
  public var undescribed: [String] {
    func missing(_ owner: String, _ node: JSONValue) -> [String] {
      let own = node["description"]?.text?.isEmpty == false ? [] : [owner]
      return own
        + (node["properties"]?.fields ?? [:]).filter { $0.value["description"]?.text?.isEmpty != false }
        .map { "\(owner).\($0.key)" }
    }
    return missing("", root) + (root["$defs"]?.fields ?? [:]).flatMap { missing($0.key, $0.value) }
  }

  /// Checks a document.
  public func check(_ document: JSONValue) -> Outcome {
    var outcome = Outcome()
    check(document, against: root, owner: "", at: "", &outcome)
    return outcome
  }

  private static let silent: Set<String> = ["$schema", "$id", "$defs", "title", "description"]

  private func check(
    _ value: JSONValue, against schema: JSONValue, owner: String, at place: String,
    _ outcome: inout Outcome
  ) {
    func report(_ problem: String) {
      outcome.problems.append("\(place.isEmpty ? "document" : place): \(problem)")
    }
    if let name = schema["$ref"]?.text, !name.hasPrefix("#") {
      // What the other schema describes is for its own test to visit.
      let parts = name.split(separator: "#", maxSplits: 1).map(String.init)
      guard let other = try? JSONSchema(contentsOf: folder.appending(path: parts[0])) else {
        return report("there is no schema \(name)")
      }
      let target = parts.count > 1 ? JSONValue.object(["$ref": .text("#" + parts[1])]) : other.root
      var inner = Outcome()
      other.check(value, against: target, owner: "", at: place, &inner)
      outcome.problems += inner.problems
      return
    }
    if let name = schema["$ref"]?.text {
      let owner = String(name.dropFirst("#/$defs/".count))
      guard name.hasPrefix("#/$defs/"), let definition = root["$defs"]?[owner] else {
        return report("the schema has no \(name)")
      }
      return check(value, against: definition, owner: owner, at: place, &outcome)
    }
    for (word, rule) in schema.fields where !Self.silent.contains(word) {
      switch word {
      case "type":
        if !Self.matches(value, rule.text ?? "") { report("expected \(rule.text ?? "a type")") }
      case "enum":
        if !rule.elements.contains(value) { report("is none of the listed values") }
      case "const":
        if rule != value { report("is not the one value") }
      case "minimum":
        if let number = value.number, let least = rule.number, number < least { report("is below \(least)") }
      case "anyOf":
        let fits = rule.elements.contains { choice in
          var trial = Outcome()
          check(value, against: choice, owner: owner, at: place, &trial)
          return trial.problems.isEmpty
        }
        if !fits { report("fits none of the alternatives") }
      case "required":
        for key in rule.elements.compactMap(\.text) where value[key] == nil { report("\(key) is missing") }
      case "items":
        for (index, element) in value.elements.enumerated() {
          check(element, against: rule, owner: owner, at: "\(place)[\(index)]", &outcome)
        }
      case "properties":
        for (key, inner) in rule.fields {
          guard let field = value[key] else { continue }
          outcome.visited.insert("\(owner).\(key)")
          check(field, against: inner, owner: owner, at: place.isEmpty ? key : "\(place).\(key)", &outcome)
        }
      case "additionalProperties":
        let known = schema["properties"]?.fields ?? [:]
        for (key, field) in value.fields where known[key] == nil {
          if rule == .truth(false) {
            report("\(key) is not in the schema")
          } else {
            check(field, against: rule, owner: owner, at: "\(place).\(key)", &outcome)
          }
        }
      default: report("the schema's word \(word) is not checked here")
      }
    }
  }

  private static func matches(_ value: JSONValue, _ type: String) -> Bool {
    switch (value, type) {
    case (.null, "null"), (.truth, "boolean"), (.integer, "integer"), (.integer, "number"),
      (.number, "number"), (.text, "string"), (.array, "array"), (.object, "object"):
      true
    default: false
    }
  }
}

/// The stored properties of a value's types that are nowhere filled in, as `Type.property`, looked for in
/// everything that the value holds. A contract's test is complete only when there is none.
public func emptyProperties(of value: Any) -> Set<String> {
  var seen: [String: Bool] = [:]
  func walk(_ value: Any) {
    let mirror = Mirror(reflecting: value)
    for child in mirror.children {
      if mirror.displayStyle == .struct, let label = child.label {
        let inner = Mirror(reflecting: child.value)
        let isEmpty = inner.displayStyle == .optional && inner.children.isEmpty
        let name = "\(type(of: value)).\(label)"
        seen[name] = (seen[name] ?? false) || !isEmpty
      }
      walk(child.value)
    }
  }
  walk(value)
  return Set(seen.filter { !$0.value }.keys)
}
