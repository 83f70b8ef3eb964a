import Foundation
import HeadwayTrace

extension Profile {
  /// The keys of a profile's top level.
  static let keys = [
    "name", "description", "corpus", "base", "axes", "phases", "blocks", "budget_minutes", "margin", "seed",
    "overhead_check", "retries", "timeout_seconds", "baseline", "exclude",
  ]
  /// Keys that decide what the corpus is, and so cannot differ between cells that share it.
  static let corpusKeys: Set<String> = ["vocabulary_size", "validation_share"]

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
    corpus = CorpusRequest(sources: [], vocabularySize: 0, limitBytes: nil, cache: ".headway/corpus")
    base = RunConfiguration()
    axes = []
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
    for (name, value) in try node.entries(known: ["sources", "vocabulary_size", "limit_bytes", "cache"]) {
      switch name {
      case "sources":
        corpus.sources = try value.elements().map { element throws(InputError) in try element.text() }
        if corpus.sources.isEmpty { throw value.refuse("the list is empty", "name a directory of text") }
      case "vocabulary_size":
        let before = base.vocabularySize
        try base.set(name, to: try value.text(), subject: value.place)
        let isInBase =
          try baseNode?.entries(known: RunConfiguration.keys).contains { $0.name == name } ?? false
        if isInBase && before != base.vocabularySize {
          throw value.refuse("got \(base.vocabularySize), and base says \(before)", "give it in one place")
        }
      case "limit_bytes": corpus.limitBytes = try value.integer(1...(1 << 50))
      default: corpus.cache = try value.text()
      }
    }
    if corpus.sources.isEmpty { throw node.refuse("sources is missing", "name a directory of text") }
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

  private static func readAxes(_ node: ProfileNode, base: RunConfiguration) throws(InputError) -> [Axis] {
    try node.entries(known: RunConfiguration.keys).map { name, value throws(InputError) in
      if corpusKeys.contains(name) {
        throw value.refuse("all cells share one corpus", "give one \(name) in base")
      }
      let elements = try value.elements()
      if elements.isEmpty { throw value.refuse("the list is empty", "give the axis a value or remove it") }
      var values: [String] = []
      var seen: [RunConfiguration: String] = [:]
      for element in elements {
        let text = try element.text()
        var configuration = base
        try configuration.set(name, to: text, subject: element.place)
        if let other = seen.updateValue(text, forKey: configuration) {
          let same = other == text ? "\(text) is listed twice" : "\(other) and \(text) mean the same"
          throw element.refuse(same, "remove one of the two")
        }
        values.append(text)
      }
      return Axis(name: name, values: values)
    }
  }

  private func readPhases(_ node: ProfileNode) throws(InputError) -> [Phase] {
    var phases: [Phase] = []
    for element in try node.elements() {
      var (name, settings): (String?, [AxisSetting]) = (nil, [])
      for (key, value) in try element.entries(known: ["name", "set"]) {
        if key == "name" {
          name = try value.text()
        } else {
          settings = try readOverlay(value)
        }
      }
      guard let name else { throw element.refuse("a phase has no name", "add name: …") }
      if phases.contains(where: { $0.name == name }) {
        throw element.refuse("the phase \(name) is listed twice", "rename one of the two")
      }
      phases.append(Phase(name: name, settings: settings))
    }
    if phases.isEmpty { throw node.refuse("the list is empty", "name a phase or remove the key") }
    return phases
  }

  private func readOverlay(_ node: ProfileNode) throws(InputError) -> [AxisSetting] {
    try node.entries(known: RunConfiguration.keys).map { name, value throws(InputError) in
      if axes.contains(where: { $0.name == name }) {
        throw value.refuse("\(name) is an axis already", "remove it from the phase or from axes")
      }
      if Self.corpusKeys.contains(name) {
        throw value.refuse("all cells share one corpus", "give one \(name) in base")
      }
      var probe = base
      let text = try value.text()
      try probe.set(name, to: text, subject: value.place)
      return AxisSetting(axis: name, value: text)
    }
  }

  /// Axis names with values that each of them has, for `baseline` and `exclude`.
  private func readConditions(_ node: ProfileNode) throws(InputError) -> [Exclusion.Condition] {
    let phaseAxis = phases.isEmpty ? [] : [Axis(name: "phase", values: phases.map(\.name))]
    let known = axes + phaseAxis
    return try node.entries(known: known.map(\.name)).map { name, value throws(InputError) in
      let values = try value.elements().map { element throws(InputError) in
        let text = try element.text()
        let choices = known.first { $0.name == name }?.values ?? []
        guard choices.contains(text) else {
          throw element.refuse(
            "got \(text), and the axis has \(choices.joined(separator: ", "))", "name one of them")
        }
        return text
      }
      return Exclusion.Condition(axis: name, values: values)
    }
  }
}
