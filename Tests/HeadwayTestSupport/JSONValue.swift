import Foundation

/// Any JSON, as a value that tests can look into.
public enum JSONValue: Equatable, Sendable, Decodable {
  /// `null`.
  case null
  /// A truth value.
  case truth(Bool)
  /// A number without a fraction.
  case integer(Int)
  /// Another number.
  case number(Double)
  /// A string.
  case text(String)
  /// An array.
  case array([JSONValue])
  /// An object.
  case object([String: JSONValue])

  /// Decodes whatever comes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let truth = try? container.decode(Bool.self) {
      self = .truth(truth)
    } else if let integer = try? container.decode(Int.self) {
      self = .integer(integer)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let array = try? container.decode([JSONValue].self) {
      self = .array(array)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// Reads a document.
  public init(parsing bytes: some Sequence<UInt8>) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
  }

  /// The value of a key; `nil` where this is no object or has no such key.
  public subscript(key: String) -> JSONValue? {
    if case .object(let fields) = self { fields[key] } else { nil }
  }

  /// An element; `nil` where this is no array or ends before.
  public subscript(index: Int) -> JSONValue? {
    if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil }
  }

  /// The elements of an array; none of anything else.
  public var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }

  /// The fields of an object; none of anything else.
  public var fields: [String: JSONValue] { if case .object(let fields) = self { fields } else { [:] } }

  /// The text of a string.
  public var text: String? { if case .text(let text) = self { text } else { nil } }

  /// A whole number.
  public var integer: Int? { if case .integer(let integer) = self { integer } else { nil } }

  /// Any number.
  public var number: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    default: nil
    }
  }
}
