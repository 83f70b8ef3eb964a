import Foundation
import HeadwayTrace

extension Profile {
  /// The keys of a profile's top level.
  static let keys = [
    "name", "description", "corpus", "base", "axes", "toggles", "phases", "blocks", "budget_minutes",
    "margin", "seed",
    "overhead_check", "retries", "timeout_seconds", "baseline", "exclude",
  ]
  /// Keys that decide what the corpus is, and so cannot differ between cells that share it.
  static let corpusKeys: Set<String> = ["tokenizer", "vocabulary_size", "validation_share"]

  /// Reads a profile from text; `path` is what errors name.
  public init(yaml: String, path: String) throws(InputError) {
    let root = try ProfileNode(yaml: yaml, file: path)
    self.init(path: path)
    var corpusNode: ProfileNode?
    var blocksNode: ProfileNode?
    var nodes: [String: ProfileNode] = [:]
    for (name, value) in try root.entries(known: Self.keys) {
      nodes[name] = value
      switch name {
      case "name": self.name = try value.text()
      case "description": summary = try value.text()
      case "corpus": corpusNode = value
      case "blocks": blocksNode = value
      case "budget_minutes": budgetSeconds = try value.decimal(0.01...100_000) * 60
      case "margin": margin = try value.decimal(0...1)
      case "seed": seed = UInt64(try value.integer(0...Int.max))
      case "overhead_check": checksOverhead = try value.boolean()
      case "retries": retries = try value.integer(0...10)
      case "timeout_seconds": timeoutSeconds = try value.decimal(0.1...1e7)
      default: break  // Settings are read below, in the order in which they build on each other.
      }
    }
    if let node = nodes["base"] { try readBase(node) }
    guard let corpusNode else {
      throw root.refuse("corpus is missing", "say what to train on: corpus: { sources: [DIRECTORY] }")
    }
    try readCorpus(corpusNode, baseNode: nodes["base"])
    if let node = nodes["axes"] { axes = try Self.readAxes(node, base: base) }
    if let node = nodes["toggles"] { toggles = try readToggles(node) }
    if let node = nodes["phases"] { phases = try readPhases(node) }
    if let blocksNode { blocks = try Self.readBlocks(blocksNode) }
    if let node = nodes["baseline"] {
      baseline = try readConditions(node).map { condition throws(InputError) in
        guard condition.values.count == 1 else {
          throw node.refuse("\(condition.axis) has several values", "name one cell")
        }
        return AxisSetting(axis: condition.axis, value: condition.values[0])
      }
    }
    if let node = nodes["exclude"] {
      exclusions = try node.elements().map { element throws(InputError) in
        Exclusion(conditions: try readConditions(element), place: element.place)
      }
    }
    _ = try cells()
  }

  private init(path: String) {
    self.path = path
    name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    summary = ""
    corpus = CorpusRequest(
      sources: [], tokenizer: .bpe, vocabularySize: 0, limitBytes: nil, cache: ".headway/corpus")
    base = RunConfiguration()
    axes = []
    toggles = []
    phases = []
    blocks = BlockLimits(minimum: 6, maximum: 10)
    margin = 0.02
    seed = 1
    checksOverhead = true
    retries = 1
    timeoutSeconds = 600
    baseline = []
    exclusions = []
  }

  private mutating func readBase(_ node: ProfileNode) throws(InputError) {
    for (name, value) in try node.entries(known: RunConfiguration.keys) {
      try base.set(name, to: try value.text(), subject: value.place)
    }
  }

  private mutating func readCorpus(_ node: ProfileNode, baseNode: ProfileNode?) throws(InputError) {
    let known = ["sources", "more_sources", "tokenizer", "vocabulary_size", "limit_bytes", "cache"]
    for (name, value) in try node.entries(known: known) {
      switch name {
      case "sources":
        corpus.sources = try value.elements().map { element throws(InputError) in try element.text() }
        if corpus.sources.isEmpty { throw value.refuse("the list is empty", "name a directory of text") }
      case "more_sources":
        corpus.moreSources = try value.elements().map { element throws(InputError) in try element.text() }
      case "tokenizer", "vocabulary_size":
        let before = base.value(of: name) ?? ""
        try base.set(name, to: try value.text(), subject: value.place)
        let after = base.value(of: name) ?? ""
        let isInBase =
          try baseNode?.entries(known: RunConfiguration.keys).contains { $0.name == name } ?? false
        if isInBase && before != after {
          throw value.refuse("got \(after), and base says \(before)", "give it in one place")
        }
      case "limit_bytes": corpus.limitBytes = try value.integer(1...(1 << 50))
      default: corpus.cache = try value.text()
      }
    }
    if corpus.sources.isEmpty { throw node.refuse("sources is missing", "name a directory of text") }
    corpus.tokenizer = base.tokenizer
    corpus.vocabularySize = base.vocabularySize
  }

  private static func readBlocks(_ node: ProfileNode) throws(InputError) -> BlockLimits {
    var (minimum, maximum): (Int?, Int?)
    for (name, value) in try node.entries(known: ["minimum", "maximum"]) {
      if name == "minimum" {
        minimum = try value.integer(1...1_000)
      } else {
        maximum = try value.integer(1...1_000)
      }
    }
    let least = minimum ?? min(6, maximum ?? 6)
    let most = maximum ?? max(10, least)
    if most < least {
      throw node.refuse("the maximum \(most) is below the minimum \(least)", "raise it or lower the minimum")
    }
    return BlockLimits(minimum: least, maximum: most)
  }
}
