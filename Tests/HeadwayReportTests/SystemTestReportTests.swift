import Foundation
import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The report of a system test in its formats.
@Suite struct SystemTestReportTests {
  @Test func everyResultIsInEveryFormat() throws {
    let test = SampleSystemTest.whole
    let html = try HTMLReport.render(systemTest: test).withPlainSpaces
    let markdown = try MarkdownReport.render(systemTest: test)
    let text = TerminalReport.render(systemTest: test, width: 1_000)
    for (format, report) in [("html", html), ("markdown", markdown), ("terminal", text)] {
      for words in [
        "Trained 40 steps at 11,700 tokens/s with 4 workers", "held-out loss 3.700", "writes 909 tokens/s",
        "phase 2A runs at", "compiled anew", "1,443,799 to train on", "worker-3", "90.0 MB resident",
        "phase 1",
        "between 800 and 1,000", "80,000 tokens/s", "better than counting pairs of tokens", "Serial section",
      ] {
        #expect(report.contains(words), "\(words) in the \(format)")
      }
    }
    #expect(
      html.contains("variable &#39;x&#39; was never used") && markdown.contains("variable 'x' was never used")
    )
    #expect(html.contains("The &lt;b&gt;end&lt;/b&gt;"))
    #expect(!html.contains("{{") && !markdown.contains("{{"))
    for id in ["threads", "phase-rates", "difference-previous", "memory-parts", "loss"] {
      #expect(html.contains("<figure id=\"\(id)\""), "\(id)")
    }
    // The two held-out losses are of different amounts of text.
    #expect(
      html.contains(", over at most 1,024 held-out tokens") && html.contains("Over all 160,000 tokens of"))
    // Words stand at the left of their columns, figures at the right.
    #expect(markdown.contains("| part | state | time | files |\n| :-- | :-- | --: | :-- |"))
    // A category that no thread was in takes no column.
    #expect(
      markdown.contains("| useful work | spinning | blocked | ready, no CPU | unknown | tasks | tokens |"))
    var watched = test
    watched.training?.threads[0].role = .sampler
    #expect(try MarkdownReport.render(systemTest: watched).contains("The samplers are the tool’s own"))
    #expect(!markdown.contains("The samplers are"))
    let sections = html.matches(of: /<h2 id="h-([a-z]+)"/).map { String($0.output.1) }
    #expect(
      sections == [
        "parts", "build", "corpus", "model", "threads", "phases", "memory", "training", "inference",
        "quality",
        "findings", "environment", "method", "repeat",
      ])
    let narrow = TerminalReport.render(systemTest: test, width: 100)
    #expect(narrow.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(narrow)")
  }

  @Test func whatWasNotMeasuredIsSaidInWords() throws {
    let test = SampleSystemTest.broken
    for report in [
      try HTMLReport.render(systemTest: test).withPlainSpaces, try MarkdownReport.render(systemTest: test),
      TerminalReport.render(systemTest: test),
    ] {
      for kind in SystemTestPart.Kind.allCases where kind != .corpus {
        #expect(report.contains("the planted reason of \(kind.rawValue)"), "\(kind)")
      }
      #expect(report.contains("Not measured: build, training, quality, inference, phases."))
      #expect(report.contains("not measured: the corpus was found built"))
      #expect(!report.contains(" 0 tokens/s"))
    }
  }

  @Test func whatWasCutShortIsSaidToBePartial() throws {
    var test = SampleSystemTest.whole
    test.training?.completed = false
    for index in test.parts.indices where index > 1 { test.parts[index].reason = "it was interrupted" }
    (test.quality, test.inference, test.sweep, test.phases) = (nil, nil, nil, nil)
    for report in [
      try HTMLReport.render(systemTest: test).withPlainSpaces, try MarkdownReport.render(systemTest: test),
      TerminalReport.render(systemTest: test, width: 1_000),
    ] {
      #expect(report.contains("workers, cut short; measured in part: training; not measured: quality"))
      #expect(report.contains("training was measured in part only: it was interrupted"))
      #expect(report.contains("✗ in part only") && report.contains("✗ not measured"))
    }
  }

  @Test func anotherBinaryThanTheBuiltOneIsACaution() throws {
    var test = SampleSystemTest.whole
    #expect(
      !(try MarkdownReport.render(systemTest: test)).contains("which is not the one that the build made"))
    test.build?.binaryHash = "other"
    #expect(
      try MarkdownReport.render(systemTest: test).contains("which is not the one that the build made (other)")
    )
    test.build?.isFresh = false
    test.build?.warnings = []
    test.build?.compiledModules = []
    #expect(
      try MarkdownReport.render(systemTest: test).contains(
        "Nothing had to be compiled; warnings of what was up"))
  }

  @Test func theContractIsReadBack() throws {
    let data = try HeadwayJSON.document(SampleSystemTest.whole)
    let back = try HeadwayJSON.decode(SystemTest.self, from: data, subject: "the test")
    #expect(back == SampleSystemTest.whole)
    #expect(String(decoding: data, as: UTF8.self).contains("\"schema\" : \"headway.system_test/1\""))
  }
}
