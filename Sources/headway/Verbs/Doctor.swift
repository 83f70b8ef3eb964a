import ArgumentParser
import Foundation
import HeadwayProbes
import HeadwayTrace

/// Says what this machine can and cannot measure, and what to do about it.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what this machine can and can't measure, and what to do about it.",
    discussion: """
      headway doctor

      It measures nothing and changes nothing: it asks for clocks, counters, stacks and limits, and says for each \
      what is missing and the command or setting that would give it.
      """)

  @Flag(help: "Print the findings as JSON.")
  var json = false

  func run() throws {
    let report = MachineReport(
      machine: MachineFacts.read(), capabilities: MeasuringCapability.all())
    if json {
      try Terminal.writeJSON(report)
    } else {
      Terminal.write(report.text(colour: Terminal.colours))
    }
  }
}

/// The machine and its abilities: what `doctor --json` prints.
struct MachineReport: Codable {
  var schema = "headway.doctor/1"
  var machine: MachineFacts
  var capabilities: [MeasuringCapability]

  /// A line about the machine, then one per ability with its remedy.
  func text(colour: Bool) -> String {
    var lines = [headline, ""]
    let width = capabilities.map(\.name.count).max() ?? 0
    for capability in capabilities {
      let mark = Self.mark(capability.state, colour: colour)
      let name = capability.name.padding(toLength: width, withPad: " ", startingAt: 0)
      lines.append("\(mark) \(name)  \(capability.detail)")
      if let remedy = capability.remedy {
        lines.append(String(repeating: " ", count: width + 13) + "→ " + remedy)
      }
    }
    let counts = [MeasuringCapability.State.available, .limited, .unavailable].map { state in
      "\(capabilities.count { $0.state == state }) \(state.rawValue)"
    }
    return (lines + ["", counts.joined(separator: ", ")]).joined(separator: "\n") + "\n"
  }

  private var headline: String {
    var parts = [machine.processor ?? "unknown processor", machine.architecture]
    let usable = machine.usableCpus
    let cpus = usable == usable.rounded() ? String(Int(usable)) : String(format: "%.2f", usable)
    parts.append("\(cpus) of \(machine.onlineCpus) CPUs usable")
    if let bytes = machine.memoryBytes {
      parts.append(String(format: "%.1f GiB", Double(bytes) / 1_073_741_824))
    }
    if let kernel = machine.kernel { parts.append("Linux \(kernel)") }
    if let hypervisor = machine.hypervisor { parts.append("virtual (\(hypervisor))") }
    return parts.joined(separator: " · ")
  }

  private static func mark(_ state: MeasuringCapability.State, colour: Bool) -> String {
    let (word, code) =
      switch state {
      case .available: ("yes     ", "32")
      case .limited: ("limited ", "33")
      case .unavailable: ("no      ", "31")
      }
    return colour ? "\u{1B}[\(code)m\(word)\u{1B}[0m" : word
  }
}
