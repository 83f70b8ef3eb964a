import Foundation
import HeadwayReading
import HeadwayTrace
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// The server of the pages.
public enum PageServer {
  /// Connections that are answered at the same time; further ones wait.
  private static let connections = 64

  /// The pages by their addresses, behind their guard.
  public static func router(_ plan: ServePlan) -> Router<BasicRequestContext> {
    let site = Site(plan)
    // Making a page reads files and draws: on a thread of its own, one page after another.
    let desk = PageDesk()
    let router = Router(options: .autoGenerateHeadEndpoints)
    router.add(middleware: GuardMiddleware(hosts: HostRule(listeningAt: plan.host)))
    router.get("/") { request, _ in
      let query = PageQuery(request.uri.query)
      return try await desk.make { try site.list(find: query["find"] ?? "", page: query.page) }
    }
    router.get("/runs/:id") { _, context in
      let id = try context.parameters.require("id")
      return try await desk.make { try site.run(id) }
    }
    router.get("/runs/:id/live") { request, context in
      let id = try context.parameters.require("id")
      let isPaused = PageQuery(request.uri.query)["paused"] != nil
      return try await desk.make { try site.live(id, isPaused: isPaused) }
    }
    router.get("/sweeps/:id") { _, context in
      let id = try context.parameters.require("id")
      return try await desk.make { try site.sweep(id) }
    }
    router.get("/sweeps/:id/runs") { request, context in
      let (id, page) = (try context.parameters.require("id"), PageQuery(request.uri.query).page)
      return try await desk.make { try site.parts(ofSweep: id, page: page) }
    }
    router.get("/sweeps/:id/runs/:part") { _, context in
      let (id, part) = (try context.parameters.require("id"), try context.parameters.require("part"))
      return try await desk.make { try site.part(part, ofSweep: id) }
    }
    router.get("/compare") { request, _ in
      let query = PageQuery(request.uri.query)
      return try await desk.make { try site.comparison(base: query["base"], candidate: query["candidate"]) }
    }
    return router
  }

  /// Serves until a signal (SIGINT, SIGTERM) ends it.
  ///
  /// - Parameter announce: Is told the address once the server listens.
  /// - Throws: ``InputError`` when it cannot listen where the plan says.
  public static func run(_ plan: ServePlan, announce: @escaping @Sendable (String) -> Void) async throws {
    var logger = Logger(label: "headway-serve")
    logger.logLevel = .critical
    let application = Application(
      router: router(plan), server: .http1(configuration: .init(idleTimeout: .seconds(60))),
      configuration: .init(
        address: .hostname(plan.host, port: plan.port),
        availableConnectionsDelegate: MaximumAvailableConnections(connections, logger: logger)),
      onServerRunning: { channel in
        let port = channel.localAddress?.port ?? plan.port
        announce("http://\(plan.host.contains(":") ? "[\(plan.host)]" : plan.host):\(port)/")
      }, logger: logger)
    do {
      try await application.runService()
    } catch let error as IOError {
      throw refusal(plan, error.errnoCode)
    } catch is SocketAddressError.UnknownHost {
      throw unknown(plan.host)
    } catch is SocketAddressError {
      throw unknown(plan.host)
    }
  }

  private static func unknown(_ host: String) -> InputError {
    InputError(
      "--host", field: host, problem: "this is neither an address nor a known name",
      remedy: "leave it out for \(ServePlan.loopback)", isUsage: true)
  }

  private static func refusal(_ plan: ServePlan, _ code: CInt) -> InputError {
    let place = "\(plan.host):\(plan.port)"
    switch code {
    case EADDRINUSE:
      return InputError(
        place, problem: "another program listens there already",
        remedy: "choose another port with --port, or any free one with --port 0")
    case EACCES, EPERM:
      return InputError(
        place, problem: "the system keeps this port for others",
        remedy: "choose a port above 1023 with --port")
    case EADDRNOTAVAIL:
      return InputError(
        place, problem: "this machine has no such address",
        remedy: "leave --host out for \(ServePlan.loopback)")
    default:
      return InputError(
        place, problem: "cannot be listened at (\(String(cString: strerror(code))))",
        remedy: "choose another place with --host and --port")
    }
  }
}

/// Makes pages, one after another, on a thread that nothing else waits for.
private struct PageDesk: Sendable {
  private let queue = DispatchQueue(label: "headway.pages", qos: .userInitiated)

  func make(_ page: @escaping @Sendable () throws -> String) async throws -> Response {
    let text = try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result(catching: page)) }
    }
    return PageResponse.html(text)
  }
}

/// What stands behind the question mark of an address.
struct PageQuery: Sendable {
  private let values: [String: String]

  /// Reads a query as forms write it; of a name that comes twice the first counts.
  init(_ text: String?) {
    let spaced = (text ?? "").replacing("+", with: "%20")
    let items = URLComponents(string: "/?" + spaced)?.queryItems ?? []
    values = Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
  }

  subscript(name: String) -> String? { values[name] }

  /// The page of a list, from 1.
  var page: Int { self["page"].flatMap(Int.init) ?? 1 }
}
