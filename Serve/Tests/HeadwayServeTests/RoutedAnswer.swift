import HTTPTypes
import HeadwayReading
import HeadwayServe
import Hummingbird
import HummingbirdCore
import Logging
import NIOEmbedded
import Synchronization

/// What the router answers, asked without a socket: NIO's own channel for tests stands for the connection. Hummingbird's
/// testing library would bring an HTTP client and a TLS library along, which take longer to build than all the rest.
struct RoutedAnswer: Sendable {
  var status: HTTPResponse.Status
  var headers: HTTPFields
  var text: String

  /// Asks the router of a plan.
  init(_ plan: ServePlan, _ address: String, method: HTTPRequest.Method, host: String?) async throws {
    let head = HTTPRequest(method: method, scheme: "http", authority: host, path: address)
    let context = BasicRequestContext(
      source: ApplicationRequestContextSource(
        channel: NIOAsyncTestingChannel(), logger: Logger(label: "test")))
    let response = try await PageServer.router(plan).buildResponder().respond(
      to: Request(head: head, body: RequestBody(buffer: ByteBuffer())), context: context)
    let body = CollectedBody()
    try await response.body.write(body)
    (status, headers, text) = (
      response.status, response.headers, body.content.withLock { String(buffer: $0) }
    )
  }
}

/// Keeps a body that is written.
private final class CollectedBody: ResponseBodyWriter, Sendable {
  let content = Mutex(ByteBuffer())

  func write(_ buffer: ByteBuffer) async throws {
    _ = content.withLock { $0.writeImmutableBuffer(buffer) }
  }

  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
