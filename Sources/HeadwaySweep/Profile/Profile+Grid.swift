import HeadwayStatistics
import HeadwayTrace

extension Profile {
  /// The dimensions of the grid; each value is tried on `base`, and none may mean the same as another.
  static func readAxes(_ node: ProfileNode, base: RunConfiguration) throws(InputError) -> [Axis] {
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

  /// The switches: axes with exactly two values, the one for off first.
  func readToggles(_ node: ProfileNode) throws(InputError) -> [Axis] {
    let toggles = try Self.readAxes(node, base: base)
    for (toggle, entry) in zip(toggles, try node.entries(known: RunConfiguration.keys)) {
      if toggle.values.count != 2 {
        throw entry.1.refuse(
          "a toggle has two values, the one for off and the one for on", "give two, or make it an axis")
      }
      if axes.contains(where: { $0.name == toggle.name }) {
        throw entry.1.refuse("\(toggle.name) is an axis already", "remove it from toggles or from axes")
      }
    }
    let most = FactorialDesign.factorLimit.upperBound
    if toggles.count > most {
      throw node.refuse("\(toggles.count) toggles are too many", "keep at most \(most)")
    }
    return toggles
  }

  /// The named overlays.
  func readPhases(_ node: ProfileNode) throws(InputError) -> [Phase] {
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
      if (axes + toggles).contains(where: { $0.name == name }) {
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
  func readConditions(_ node: ProfileNode) throws(InputError) -> [Exclusion.Condition] {
    let phaseAxis = phases.isEmpty ? [] : [Axis(name: "phase", values: phases.map(\.name))]
    let known = axes + toggles + phaseAxis
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
