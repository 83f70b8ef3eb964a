import Foundation
import HeadwayTrace

extension Profile {
  /// The keys of a profile's top level.
  package static let keys = [
    "name", "description", "corpus", "command", "environment", "metric", "same_work", "base", "axes",
    "toggles",
    "phases", "blocks", "budget_minutes", "margin", "seed", "overhead_check", "retries", "timeout_seconds",
    "memory_limit_bytes", "baseline", "filters", "exclude", "predictions", "recordings",
    "recording_interval_seconds",
  ]
  /// Keys that decide what the corpus is, and so cannot differ between cells that share it.
  static let corpusKeys: Set<String> = ["tokenizer", "vocabulary_size", "validation_share"]

  /// Reads a profile from text; `path` is what errors name.
  public init(yaml: String, path: String) throws(InputError) {
    let root = try ProfileNode(yaml: yaml, file: path)
    self.init(path: path)
    var nodes: [String: ProfileNode] = [:]
    for (name, value) in try root.entries(known: Self.keys) {
      nodes[name] = value
      switch name {
      case "name": self.name = try value.text()
      case "description": summary = try value.text()
      case "blocks": blocks = try Self.readBlocks(value)
      case "budget_minutes": budgetSeconds = try value.decimal(0.01...100_000) * 60
      case "margin": margin = try value.decimal(0...1)
      case "seed": seed = UInt64(try value.integer(0...Int.max))
      case "overhead_check": checksOverhead = try value.boolean()
      case "predictions": predicts = try value.boolean()
      case "recordings": recordings = try value.integer(1...9)
      case "recording_interval_seconds": recordingIntervalSeconds = try value.decimal(0...3_600)
      case "retries": retries = try value.integer(0...10)
      case "timeout_seconds": timeoutSeconds = try value.decimal(0.1...1e7)
      case "memory_limit_bytes": memoryLimitBytes = try value.integer(1_000_000...(1 << 50))
      default: break  // Settings are read below, in the order in which they build on each other.
      }
    }
    if nodes["command"] != nil {
      try readProgram(nodes)
    } else {
      try readTraining(nodes, root: root)
    }
    if let node = nodes["axes"] { axes = try readAxes(node) }
    if let node = nodes["toggles"] { toggles = try readToggles(node) }
    if let node = nodes["phases"] { phases = try readPhases(node) }
    if let node = nodes["baseline"] {
      baseline = try readConditions(node).map { condition throws(InputError) in
        guard condition.values.count == 1 else {
          throw node.refuse("\(condition.axis) has several values", "name one cell")
        }
        return AxisSetting(axis: condition.axis, value: condition.values[0])
      }
    }
    try readFilters(nodes)
    if program != nil { try checkPlaceholders(nodes) }
    _ = try cells()
  }

  private init(path: String) {
    self.path = path
    name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    summary = ""
    base = RunConfiguration()
    parameters = []
    axes = []
    toggles = []
    phases = []
    blocks = BlockLimits(minimum: 6, maximum: 10, halfWidth: nil)
    margin = 0.02
    seed = 1
    checksOverhead = true
    predicts = true
    recordings = 3
    recordingIntervalSeconds = 0
    retries = 1
    timeoutSeconds = 600
    baseline = []
    selections = []
    exclusions = []
  }

  /// What a profile of Headway's own training must and may have.
  private mutating func readTraining(
    _ nodes: [String: ProfileNode], root: ProfileNode
  ) throws(InputError) {
    for key in ["environment", "metric", "same_work"] {
      if let node = nodes[key] {
        throw node.refuse(
          "it belongs to a profile with a command of its own", "add command: […], or remove \(key)")
      }
    }
    if let node = nodes["base"] { try readBase(node) }
    guard let corpus = nodes["corpus"] else {
      throw root.refuse(
        "corpus is missing",
        "say what to train on, corpus: { sources: [DIRECTORY] }, or what to run, command: [PROGRAM]")
    }
    try readCorpus(corpus, baseNode: nodes["base"])
  }

  private mutating func readBase(_ node: ProfileNode) throws(InputError) {
    for (name, value) in try node.entries(known: RunConfiguration.keys) {
      try base.set(name, to: try value.text(), subject: value.place)
    }
  }

  private mutating func readCorpus(_ node: ProfileNode, baseNode: ProfileNode?) throws(InputError) {
    let known = ["sources", "more_sources", "tokenizer", "vocabulary_size", "limit_bytes", "cache"]
    var corpus = CorpusRequest(
      sources: [], tokenizer: .bpe, vocabularySize: 0, limitBytes: nil, cache: ".headway/corpus")
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
    self.corpus = corpus
  }

  private static func readBlocks(_ node: ProfileNode) throws(InputError) -> BlockLimits {
    var (minimum, maximum): (Int?, Int?)
    var halfWidth: Double?
    for (name, value) in try node.entries(known: ["minimum", "maximum", "half_width"]) {
      switch name {
      case "minimum": minimum = try value.integer(1...1_000)
      case "maximum": maximum = try value.integer(1...1_000)
      default: halfWidth = try value.decimal(0.000_1...1)
      }
    }
    let least = minimum ?? min(6, maximum ?? 6)
    let most = maximum ?? max(halfWidth == nil ? 10 : 50, least)
    if most < least {
      throw node.refuse("the maximum \(most) is below the minimum \(least)", "raise it or lower the minimum")
    }
    if halfWidth != nil && most < 6 {
      throw node.refuse(
        "fewer than 6 blocks have no 95 % interval whose half_width could be reached",
        "raise the maximum or remove half_width")
    }
    return BlockLimits(minimum: least, maximum: most, halfWidth: halfWidth)
  }
}
