import HeadwayStatistics
import HeadwayTrace

extension Profile {
  /// The keys with values of a mapping whose names are parameters: keys of ``RunConfiguration`` or, with a
  /// `command`, names that the profile chooses.
  func parameterEntries(_ node: ProfileNode) throws(InputError) -> [(name: String, value: ProfileNode)] {
    guard program != nil else { return try node.entries(known: RunConfiguration.keys) }
    let entries = try node.entries(known: nil)
    for (name, value) in entries {
      if !TextTemplate.isName(name) {
        throw value.refuse(
          "a parameter's name has letters, digits and underscores, and begins with no digit", "rename it")
      }
      if name == "phase" || ProgramTemplate.runPlaceholders.contains(name) {
        throw value.refuse("\(name) has a meaning of its own", "rename it")
      }
    }
    return entries
  }

  /// Checks one value of a parameter on `base`. Returns what it means: equal meanings would be equal cells.
  private func meaning(of name: String, _ node: ProfileNode) throws(InputError) -> AnyHashable {
    let text = try node.text()
    guard program != nil else {
      var configuration = base
      try configuration.set(name, to: text, subject: node.place)
      return configuration
    }
    if name == "threads" { return try node.integer(1...1_000_000) }
    return text
  }

  /// The dimensions of the grid; each value is tried on `base`, and none may mean the same as another.
  func readAxes(_ node: ProfileNode) throws(InputError) -> [Axis] {
    try parameterEntries(node).map { name, value throws(InputError) in
      if program == nil && Self.corpusKeys.contains(name) {
        throw value.refuse("all cells share one corpus", "give one \(name) in base")
      }
      let elements = try value.elements()
      if elements.isEmpty { throw value.refuse("the list is empty", "give the axis a value or remove it") }
      var values: [String] = []
      var seen: [AnyHashable: String] = [:]
      for element in elements {
        let text = try element.text()
        if let other = seen.updateValue(text, forKey: try meaning(of: name, element)) {
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
    let toggles = try readAxes(node)
    for (toggle, entry) in zip(toggles, try parameterEntries(node)) {
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
    try parameterEntries(node).map { name, value throws(InputError) in
      if (axes + toggles).contains(where: { $0.name == name }) {
        throw value.refuse("\(name) is an axis already", "remove it from the phase or from axes")
      }
      if program == nil && Self.corpusKeys.contains(name) {
        throw value.refuse("all cells share one corpus", "give one \(name) in base")
      }
      _ = try meaning(of: name, value)
      return AxisSetting(axis: name, value: try value.text())
    }
  }

  /// `filters`, and `exclude` at the top level, which is the shorter way to write `filters.exclude`.
  mutating func readFilters(_ nodes: [String: ProfileNode]) throws(InputError) {
    func conditions(_ node: ProfileNode) throws(InputError) -> [Exclusion] {
      try node.elements().map { element throws(InputError) in
        Exclusion(conditions: try readConditions(element), place: element.place)
      }
    }
    if let node = nodes["exclude"] { exclusions = try conditions(node) }
    guard let node = nodes["filters"] else { return }
    for (name, value) in try node.entries(known: ["only", "exclude"]) {
      if name == "only" {
        selections = try conditions(value)
        if selections.isEmpty {
          throw value.refuse("the list is empty", "name the cells to keep or remove it")
        }
      } else if nodes["exclude"] != nil {
        throw value.refuse("exclude stands at the top level too", "give it in one place")
      } else {
        exclusions = try conditions(value)
      }
    }
  }

  /// Axis names with values that each of them has, for `baseline` and `filters`.
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
