import Foundation

/// The one way in which Headway writes and reads its JSON: snake_case keys, sorted, so that two equal
/// values give equal bytes and a diff shows what changed.
public enum HeadwayJSON {
  /// Encodes a value as indented JSON, ending in a newline.
  public static func document(_ value: some Encodable) throws -> Data {
    let encoder = makeEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value) + Data("\n".utf8)
  }

  /// Encodes a value as one line of JSON, without the newline: a journal record.
  public static func line(_ value: some Encodable) throws -> Data {
    let encoder = makeEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }

  /// Decodes a value; `subject` names the file in the error's sentence.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from data: Data, subject: String
  ) throws(InputError) -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return try decoder.decode(type, from: data)
    } catch DecodingError.keyNotFound(let key, let context) {
      throw unreadable(subject, context.codingPath + [key], "is missing")
    } catch DecodingError.typeMismatch(let type, let context) {
      throw unreadable(subject, context.codingPath, "is not of the expected kind \(type)")
    } catch DecodingError.valueNotFound(let type, let context) {
      throw unreadable(subject, context.codingPath, "is null where \(type) was expected")
    } catch DecodingError.dataCorrupted(let context) {
      // Of a file that is no JSON at all Foundation says just that.
      let detail = context.codingPath.isEmpty ? "" : " (\(context.debugDescription))"
      throw unreadable(subject, context.codingPath, "is not valid\(detail)")
    } catch {
      throw unreadable(subject, [], "cannot be read (\(error))")
    }
  }

  private static func makeEncoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  /// A property's name as the file writes it.
  private static func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
  }

  private static func unreadable(
    _ subject: String, _ path: [any CodingKey], _ problem: String
  ) -> InputError {
    let field = path.map { snakeCase($0.stringValue) }.joined(separator: ".")
    return InputError(
      subject, field: field.isEmpty ? nil : field, problem: field.isEmpty ? "the JSON " + problem : problem,
      remedy: "it may be truncated or from another version; write it again")
  }
}
