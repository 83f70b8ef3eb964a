import HeadwayReport
import HeadwayTrace
import HTTPTypes
import Hummingbird
import NIOCore

/// Why a page is not shown, as a page.
struct PageRefusal: Error {
  var status: HTTPResponse.Status
  var title: String
  var sentence: String

  static let foreignHost = PageRefusal(
    status: .forbidden, title: "Not under this name",
    sentence: "This server answers to the address that it printed when it was started, and to no other name.")
  static let notReading = PageRefusal(
    status: .methodNotAllowed, title: "Only for reading",
    sentence: "This server changes nothing: it takes GET and HEAD.")
  static let missing = PageRefusal(
    status: .notFound, title: "There is no such page",
    sentence: "A run or a sweep that was here may have been removed. The list has those that are there now.")

  init(status: HTTPResponse.Status, title: String, sentence: String) {
    self.status = status
    self.title = title
    self.sentence = sentence
  }

  /// What an error says to the reader: sentences of ours as they are, anything else without its details.
  init(_ error: any Error) {
    switch error {
    case let refusal as PageRefusal: self = refusal
    case let error as InputError:
      self.init(status: .unprocessableContent, title: "This cannot be shown", sentence: "\(error)")
    case let error as HTTPError where error.status == .notFound: self = .missing
    case let error as HTTPError:
      self.init(
        status: error.status, title: "This cannot be answered", sentence: error.status.reasonPhrase + ".")
    default:
      self.init(
        status: .internalServerError, title: "This cannot be shown",
        sentence: "The page could not be made. The list and other pages may still work.")
    }
  }

  var response: Response {
    get throws {
      let page = try HTMLReport.render(notice: title, sentence: sentence, trail: [PageAddress.list.link])
      var response = PageResponse.html(page, status: status)
      if status == .methodNotAllowed { response.headers[.allow] = "GET, HEAD" }
      return response
    }
  }
}

/// A page as an answer.
enum PageResponse {
  /// What a page may do: it brings its styles and its script with it, sends its forms here and loads nothing.
  static let policy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'self';"
    + " frame-ancestors 'none'"

  static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "text/html; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
