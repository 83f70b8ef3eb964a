/// A place that a page leads to. The address is one of the same site; the page escapes both.
public struct PageLink: Equatable, Sendable {
  /// Where it leads.
  public var address: String
  /// What a reader sees.
  public var words: String
  /// Names a place.
  public init(_ words: String, to address: String) {
    self.address = address
    self.words = words
  }
}

/// The links above a page's headline, as the templates see them.
struct TrailView {
  var links: [PageLink]

  /// `nil` for a page that leads nowhere.
  init?(_ links: [PageLink]) {
    if links.isEmpty { return nil }
    self.links = links
  }
}
