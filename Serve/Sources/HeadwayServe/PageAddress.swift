import HeadwayReport

/// Where the pages stand.
enum PageAddress {
  case list
  case run(String)
  case live(String)
  case sweep(String)
  case parts(ofSweep: String)
  case part(String, ofSweep: String)
  case comparison

  /// As a page's links have it. Identifiers are hexadecimal digits.
  var path: String {
    switch self {
    case .list: "/"
    case .run(let id): "/runs/\(id)"
    case .live(let id): "/runs/\(id)/live"
    case .sweep(let id): "/sweeps/\(id)"
    case .parts(let sweep): "/sweeps/\(sweep)/runs"
    case .part(let id, let sweep): "/sweeps/\(sweep)/runs/\(id)"
    case .comparison: "/compare"
    }
  }

  /// A link to it from other pages.
  var link: PageLink {
    let words =
      switch self {
      case .list: "All runs and sweeps"
      case .run: "The run’s report"
      case .live: "The run as it goes on"
      case .sweep: "The sweep’s report"
      case .parts: "The sweep’s runs"
      case .part: "The run’s report"
      case .comparison: "The comparison"
      }
    return PageLink(words, to: path)
  }
}

/// What stands for a run or a sweep in a comparison: an entry of the list, or a run of a sweep in it.
struct ComparisonToken {
  var entry: String
  var part: String?

  init(entry: String, part: String? = nil) {
    self.entry = entry
    self.part = part
  }

  init(_ text: String) {
    let words = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    self.init(entry: words.first ?? "", part: words.count > 1 ? words[1] : nil)
  }

  var text: String { part.map { "\(entry).\($0)" } ?? entry }
}
