import HeadwayTrace

extension Profile {
  /// Checks that every placeholder has a value in every cell, and that every axis has a placeholder: cells that
  /// start the same command would compare a program with itself.
  func checkPlaceholders(_ nodes: [String: ProfileNode]) throws(InputError) {
    guard let program, let commandNode = nodes["command"] else { return }
    let axisNames = (axes + toggles).map(\.name)
    let phaseNames = phases.flatMap { $0.settings.map(\.axis) }
    var known = parameters.map(\.axis) + axisNames + phaseNames + ProgramTemplate.runPlaceholders
    if !phases.isEmpty { known.append("phase") }
    var used: [String] = []
    for text in program.templates { used += Self.placeholders(of: text) }
    for name in used where !known.contains(name) {
      let near = nearestMatch(to: name, among: known).map { "did you mean {\($0)}?" }
      throw commandNode.refuse(
        "nothing gives {\(name)} a value", near ?? "add an axis of that name, or a value for it in base")
    }
    if !phases.isEmpty && used.contains("phase") { used += phaseNames }
    for name in axisNames + phaseNames where !used.contains(name) {
      let node = nodes["axes"] ?? nodes["toggles"] ?? nodes["phases"] ?? commandNode
      let near = nearestMatch(to: name, among: used).map { "did you mean \($0)?" }
      throw node.refuse(
        "no placeholder uses \(name), so its cells would run the same command",
        near ?? "write {\(name)} in command or environment")
    }
    if let check = program.sameWork, let node = nodes["same_work"] {
      for name in check.per where !axisNames.contains(name) && name != "phase" {
        let near = nearestMatch(to: name, among: axisNames).map { "did you mean \($0)?" }
        throw node.refuse("per names \(name), which is no axis", near ?? "name an axis, or remove it")
      }
    }
    let firstPhase = phases.first?.settings.map(\.axis) ?? []
    let always = parameters.map(\.axis) + axisNames + firstPhase + ProgramTemplate.runPlaceholders + ["phase"]
    for name in used where !always.contains(name) {
      throw commandNode.refuse(
        "the phase \(phases.first?.name ?? "") gives {\(name)} no value", "give it one in base")
    }
  }

  /// The placeholders of a text that was found to be a template when it was read.
  private static func placeholders(of text: String) -> [String] {
    (try? TextTemplate(text))?.placeholders ?? []
  }
}
