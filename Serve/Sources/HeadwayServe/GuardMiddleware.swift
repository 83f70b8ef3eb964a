import Foundation
import HeadwayReport
import HeadwayTrace
import HTTPTypes
import Hummingbird

/// Lets in requests that only read and that name this machine, turns every error into a page in words, and tells the
/// reader's browser to load nothing, to run no script of anybody else's and to show the page in no other page.
struct GuardMiddleware<Context: RequestContext>: RouterMiddleware {
  let hosts: HostRule

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      guard hosts.allows(request.head.authority) else { throw PageRefusal.foreignHost }
      guard request.method == .get || request.method == .head else { throw PageRefusal.notReading }
      response = try await next(request, context)
    } catch {
      response = try PageRefusal(error).response
    }
    if request.method == .head { response = response.createHeadResponse() }
    for (name, value) in Self.protections {
      if let name = HTTPField.Name(name) { response.headers[name] = value }
    }
    return response
  }

  /// Headers of every answer, as the browser's own guards take them.
  private static var protections: [(String, String)] {
    [
      ("Content-Security-Policy", PageResponse.policy), ("X-Content-Type-Options", "nosniff"),
      ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"),
      ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
  }
}
