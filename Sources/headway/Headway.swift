import ArgumentParser

@main
struct Headway: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "headway", abstract: "Says where every thread-second of a training engine went.")
}
