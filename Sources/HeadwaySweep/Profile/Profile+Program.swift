import HeadwayTrace

extension Profile {
  /// Reads what a profile with a `command` must and may have.
  mutating func readProgram(_ nodes: [String: ProfileNode]) throws(InputError) {
    guard let node = nodes["command"] else { return }
    if let corpus = nodes["corpus"] {
      throw corpus.refuse(
        "a command of its own trains on what it likes",
        "remove corpus, or remove command to train with Headway")
    }
    if let overhead = nodes["overhead_check"], try overhead.boolean() {
      throw overhead.refuse("there are no probes in another program to be left out", "remove it")
    }
    checksOverhead = false
    let words = try node.elements().map { element throws(InputError) in try Self.readTemplate(element) }
    if words.isEmpty { throw node.refuse("the list is empty", "write command: [PROGRAM, ARGUMENT, …]") }
    var program = ProgramTemplate(command: words, environment: [], metric: .wallTime, sameWork: nil)
    if let node = nodes["environment"] {
      program.environment = try node.entries(known: nil).map { name, value throws(InputError) in
        if name.isEmpty || name.contains("=") {
          throw value.refuse("\(name) is no name of a variable", "rename it")
        }
        return EnvironmentTemplate(name: name, value: try Self.readTemplate(value))
      }
    }
    if let node = nodes["metric"] { program.metric = try Self.readMetric(node) }
    if let node = nodes["same_work"] { program.sameWork = try Self.readWorkCheck(node) }
    self.program = program
    if let node = nodes["base"] {
      parameters = try parameterEntries(node).map { name, value throws(InputError) in
        if name == "threads" { _ = try value.integer(1...1_000_000) }
        return AxisSetting(axis: name, value: try value.text())
      }
    }
  }

  private static func readMetric(_ node: ProfileNode) throws(InputError) -> MetricSource {
    var (name, unit, better): (String?, String?, SweepMetric.Polarity?)
    var query = QueryNodes()
    for (key, value) in try node.entries(known: ProgramTemplate.metricKeys + ProgramTemplate.queryKeys) {
      switch key {
      case "name": name = try value.text()
      case "unit": unit = try value.text()
      case "better":
        let text = try value.text()
        guard let polarity = SweepMetric.Polarity(rawValue: text) else {
          throw value.refuse("got \(text), expected higher or lower", "say which values are the better ones")
        }
        better = polarity
      default: query[key] = value
      }
    }
    let found = try query.query(of: node)
    guard let unit else { throw node.refuse("unit is missing", "write unit: rows/s, or unit: s") }
    guard let better else {
      throw node.refuse("better is missing", "write better: higher for a rate, better: lower for a time")
    }
    return MetricSource(
      metric: SweepMetric(name: name ?? query.name ?? "metric", unit: unit, better: better), query: found)
  }

  private static func readWorkCheck(_ node: ProfileNode) throws(InputError) -> WorkCheck {
    var (name, tolerance, per): (String?, Double, [String]) = (nil, 0, [])
    var query = QueryNodes()
    for (key, value) in try node.entries(known: ProgramTemplate.workKeys + ProgramTemplate.queryKeys) {
      switch key {
      case "name": name = try value.text()
      case "tolerance": tolerance = try value.decimal(0...1)
      case "per": per = try value.elements().map { element throws(InputError) in try element.text() }
      default: query[key] = value
      }
    }
    return WorkCheck(
      name: name ?? query.name ?? "work", query: try query.query(of: node), tolerance: tolerance, per: per)
  }

  /// A text with placeholders, checked for its braces.
  private static func readTemplate(_ node: ProfileNode) throws(InputError) -> String {
    let text = try node.text()
    do {
      _ = try TextTemplate(text)
    } catch {
      throw node.refuse(error.problem, error.remedy)
    }
    return text
  }

  /// The keys that say where a value stands in what a program wrote.
  private struct QueryNodes {
    private var nodes: [String: ProfileNode] = [:]

    subscript(key: String) -> ProfileNode? {
      get { nodes[key] }
      set { nodes[key] = newValue }
    }

    /// What the value may be called: the last key of its path.
    var name: String? {
      guard let path = try? nodes["path"]?.text() else { return nil }
      return path.split(separator: ".").last.map(String.init)
    }

    /// One place, and only one.
    func query(of node: ProfileNode) throws(InputError) -> OutputQuery {
      switch (nodes["pattern"], nodes["json"], nodes["path"]) {
      case (let pattern?, nil, nil):
        let text = try pattern.text()
        do {
          _ = try Regex(text)
        } catch {
          throw pattern.refuse("this is no regular expression (\(error))", "correct it")
        }
        return OutputQuery(pattern: text, file: nil, path: nil)
      case (nil, let json?, let path?):
        return OutputQuery(pattern: nil, file: try Profile.readTemplate(json), path: try path.text())
      default:
        throw node.refuse(
          "expected one place of the value", "give either pattern, or json: FILE together with path: KEY.KEY")
      }
    }
  }
}
