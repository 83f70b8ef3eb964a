import Foundation
import HeadwayTrace

/// JSON that may stand inside a `script` element.
enum EmbeddedJSON {
  /// The summary as JSON on one line, in which no character sequence can end the element or open a comment.
  static func text(of value: some Encodable) throws -> String {
    let json = String(decoding: try HeadwayJSON.line(value), as: UTF8.self)
    return json.replacing("<", with: "\\u003c").replacing("\u{2028}", with: "\\u2028")
      .replacing("\u{2029}", with: "\\u2029")
  }
}
