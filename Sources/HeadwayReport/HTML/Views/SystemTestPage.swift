import HeadwayTrace

/// Everything that a system test's page shows, as the template sees it.
struct SystemTestPage {
  var title: String
  var headline: String
  var lead: String
  var warnings: [String]
  var hasWarnings: Bool
  var sections: [SectionView]
  var chapters: [SystemTestStory.Chapter]
  var environment: [FactView]
  var methods: [FactView]
  var command: String
  var styleSheet: String
  var script: String
  var embedded: String
  var embeddedNote: String

  init(_ test: SystemTest) throws {
    let story = SystemTestStory(test)
    title = "Headway system test, \(test.startedAt)"
    (headline, lead, warnings, chapters) = (story.headline, story.lead, story.warnings, story.chapters)
    hasWarnings = !warnings.isEmpty
    environment =
      EnvironmentFacts.machine(test.machine) + [
        FactView(factName: "Started", fact: test.startedAt),
        FactView(factName: "Headway", fact: test.toolVersion),
        FactView(factName: "Git commit", fact: test.gitCommit ?? "none: not a checkout"),
        FactView(factName: "Binary", fact: test.binaryHash ?? "could not be read"),
      ]
    methods = RunFacts.methods + MethodWords.sweep.filter { ["Sampling", "Intervals"].contains($0.factName) }
    command = test.command
    styleSheet = PageStyle.sheet
    script = PageScript.text
    embedded = try EmbeddedJSON.text(of: test)
    embeddedNote =
      "This page carries the whole test as JSON (the element “summary”). The trace of the training and the single runs"
      + " of the phases are in the test’s directory."
    sections = SectionView.present(
      chapters.map { ($0.anchor, $0.chapterTitle, true) } + [
        ("environment", "Environment", true), ("method", "Method", true), ("repeat", "Repeat it", true),
      ])
  }
}
