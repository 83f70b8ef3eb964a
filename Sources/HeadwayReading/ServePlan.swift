import HeadwayTrace

/// What `headway serve` asks the program of the local page to do: its only argument, as one line of JSON. The two are
/// built apart from each other, so it is a contract with a version.
public struct ServePlan: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.serve/1"
  /// The port that is used unless another is asked for.
  public static let usualPort = 8717
  /// The address that is listened at unless another is asked for: this machine alone reaches it.
  public static let loopback = "127.0.0.1"

  /// ``schemaName``.
  public var schema = Self.schemaName
  /// Where runs and sweeps are looked for.
  public var directories: [String]
  /// The file of the history; absent for none.
  public var history: String?
  /// The address to listen at.
  public var host: String
  /// The port to listen at; 0 for any that is free.
  public var port: Int

  /// Plans a server.
  public init(directories: [String], history: String?, host: String = loopback, port: Int = usualPort) {
    self.directories = directories
    self.history = history
    self.host = host
    self.port = port
  }

  /// Reads the argument.
  ///
  /// - Throws: ``InputError`` for anything that `headway serve` of this version does not write.
  public init(argument: String) throws(InputError) {
    let plan = try HeadwayJSON.decode(ServePlan.self, from: .init(argument.utf8), subject: "headway-serve")
    if plan.schema != Self.schemaName {
      throw InputError(
        "headway-serve", field: "schema",
        problem: "got \(plan.schema), and this program reads \(Self.schemaName)",
        remedy: "build it anew with make serve")
    }
    self = plan
  }
}
