import Glibc

/// Which names a reader may call this server by.
///
/// A page from elsewhere can make its own name mean this machine's address (DNS rebinding), and its reader's browser then
/// takes what this server says for that page's own. The name still stands in every request: an address cannot be made to
/// mean anything else, so addresses and `localhost` are let in, and other names only where the server was told to listen
/// at that name.
public struct HostRule: Sendable {
  private let named: String
  private let isLocal: Bool

  /// A rule for a server that listens at `address`.
  public init(listeningAt address: String) {
    named = address.lowercased()
    isLocal = named == "localhost" || Self.isLoopback(named)
  }

  /// Whether a request's host, as its header has it, is one that this server goes by.
  public func allows(_ authority: String?) -> Bool {
    guard let authority, let name = Self.name(of: authority.lowercased()) else { return false }
    if name == "localhost" || Self.isLoopback(name) { return true }
    return !isLocal && (name == named || Self.isAddress(name))
  }

  /// The name without its port and brackets; `nil` for what is neither a name nor an address.
  private static func name(of authority: String) -> String? {
    guard authority.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    if authority.hasPrefix("[") {
      let parts = authority.dropFirst().split(separator: "]", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, isPort(parts[1]) else { return nil }
      return String(parts[0])
    }
    guard let colon = authority.firstIndex(of: ":") else { return authority.isEmpty ? nil : authority }
    return isPort(authority[colon...]) ? String(authority[..<colon]) : nil
  }

  private static func isPort(_ text: Substring) -> Bool {
    text.isEmpty || (text.first == ":" && text.dropFirst().allSatisfy { $0.isASCII && $0.isNumber })
  }

  private static func isLoopback(_ name: String) -> Bool {
    name == "::1" || (name.hasPrefix("127.") && isAddress(name))
  }

  private static func isAddress(_ name: String) -> Bool {
    // Large enough for either kind, and never read.
    var address = in6_addr()
    return inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address) == 1
  }
}
