import Foundation
import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct SweepPlanTests {
  @Test func theGridIsTheProductInTheFilesOrder() throws {
    let plan = try SweepPlan(profile: profile(), context: .literal)
    #expect(
      plan.cells.map(\.label) == [
        "1 thread, barrier", "1 thread, queue", "2 threads, barrier", "2 threads, queue",
      ])
    #expect(plan.cells.map(\.id)[3] == "threads-2_scheduling-queue")
    #expect(plan.cells.map(\.threads) == [1, 1, 2, 2])
    #expect(plan.cells[3].settings.map(\.value) == ["2", "queue"])
    let bare = try #require(plan.bareArm)
    #expect(bare.id == "threads-1_scheduling-barrier_bare" && bare.configuration?.probe == .off)
    #expect(bare.label == "1 thread, barrier, without probes")
    #expect(plan.minimumRuns == 5 * 6 && plan.maximumRuns == 5 * 10)
  }

  @Test func labelsReadWell() throws {
    let profile = try Profile(
      yaml: """
        corpus: { sources: [.] }
        axes: { threads: [1, 2], scheduling: [queue], prefetch: [off, on, 4], barrier: [spin_then_block] }
        """, path: "p")
    #expect(
      try profile.cells().map(\.label) == [
        "1 thread, queue, spin then block waits", "1 thread, queue, prefetch, spin then block waits",
        "1 thread, queue, prefetch 4, spin then block waits", "2 threads, queue, spin then block waits",
        "2 threads, queue, prefetch, spin then block waits",
        "2 threads, queue, prefetch 4, spin then block waits",
      ])
    let alone = try Profile(yaml: "corpus: { sources: [.] }\naxes: { prefetch: [off, on] }", path: "p")
    #expect(try alone.cells().map(\.label) == ["no prefetch", "prefetch"])
    let single = try Profile(yaml: "corpus: { sources: [.] }", path: "p")
    #expect(try single.cells().map(\.label) == ["the only cell"])
    #expect(try single.cells().map(\.id) == ["only"])
  }

  @Test func phasesBuildOnEachOther() throws {
    let profile = try Profile(
      yaml: """
        corpus: { sources: [.] }
        phases:
          - { name: "0", set: { scheduling: barrier, prefetch: off, kernels: reference } }
          - { name: 2 A, set: { prefetch: on } }
          - { name: 2-A, set: { scheduling: queue } }
        """, path: "p")
    let cells = try profile.cells()
    #expect(cells.map(\.label) == ["phase 0", "phase 2 A", "phase 2-A"])
    #expect(cells.map(\.configuration?.prefetch) == [0, 1, 1])
    #expect(cells.map(\.configuration?.scheduling) == [.barrier, .barrier, .queue])
    #expect(cells.allSatisfy { $0.configuration?.kernels == .reference })
    #expect(cells.map(\.id) == ["phase-0", "phase-2-A", "phase-2-A-2"])
  }

  @Test func everyBlockRunsEveryArmOnceInABalancedOrder() throws {
    let plan = try SweepPlan(profile: profile(), context: .literal)
    #expect(plan.order.count == 10)
    for block in 0..<10 {
      #expect(Set(plan.order(inBlock: block).map(\.id)) == Set(plan.arms.map(\.id)))
      #expect(plan.order(inBlock: block).count == plan.arms.count)
      if block % 2 == 1 { #expect(plan.order[block] == plan.order[block - 1].reversed()) }
    }
    for position in 0..<5 {
      let arms = plan.order.map { $0[position] }
      #expect(Dictionary(grouping: arms) { $0 }.values.allSatisfy { $0.count == 2 })
    }
    #expect(try SweepPlan(profile: profile("seed: 2"), context: .literal).order != plan.order)
    #expect(try SweepPlan(profile: profile("seed: 1"), context: .literal).order == plan.order)
  }

  @Test func whatTheProbesCostIsLeftOutWhereItCannotBeAsked() throws {
    #expect(try SweepPlan(profile: profile("overhead_check: off"), context: .literal).bareArm == nil)
    #expect(try SweepPlan(profile: profile("base: { probe: off }"), context: .literal).bareArm == nil)
  }

  @Test func tooFewBlocksAreSaidBeforehand() throws {
    let six = try SweepPlan(profile: profile("blocks: { maximum: 6 }"), context: .literal)
    #expect(
      six.warnings == [
        "3 cells compared with the baseline need 7 blocks before any of them can be called faster or slower "
          + "(Holm's correction); this plan ends after 6"
      ])
    let five = try SweepPlan(profile: profile("blocks: { maximum: 5 }"), context: .literal)
    #expect(five.warnings == ["5 blocks cannot carry a 95 % interval: plan at least 6 to have one"])
    #expect(try SweepPlan(profile: profile(), context: .literal).warnings == [])
  }

  @Test func aPlanSurvivesItsFile() throws {
    let plan = try SweepPlan(profile: profile("budget_minutes: 2"), context: .literal)
    let bytes = try HeadwayJSON.document(plan)
    #expect(try HeadwayJSON.decode(SweepPlan.self, from: bytes, subject: "plan") == plan)
  }

  /// Every file of `profiles/` loads and plans, and none of them warns.
  @Test func theProfilesOfThisRepositoryCanBePlanned() throws {
    let folder = packageRoot.appending(path: "profiles").path(percentEncoded: false)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
    #expect(Set(files).isSuperset(of: ["quick.yaml", "seed-small.yaml", "seed-full.yaml", "phases.yaml"]))
    for file in files {
      let plan = try SweepPlan(profile: Profile.load(folder + "/" + file), context: .literal)
      #expect(plan.name == file.dropLast(5))
      #expect(plan.baseline != nil && !plan.summary.isEmpty)
      if plan.cells.count > 1 { #expect(plan.warnings == [], "\(file)") }
    }
    let quick = try SweepPlan(profile: Profile.load(folder + "/quick.yaml"), context: .literal)
    #expect(quick.cells.count == 12 && quick.arms.count == 13)
    let phases = try SweepPlan(profile: Profile.load(folder + "/phases.yaml"), context: .literal)
    #expect(
      phases.cells.map(\.label) == ["0", "1", "2A", "2B", "2C", "2D", "2E", "3"].map { "phase \($0)" })
    #expect(phases.cells.map(\.configuration?.threadLifetime).count { $0 == .perEpoch } == 1)
    #expect(
      phases.cells.map(\.configuration?.kernels) == [
        .reference, .reference, .reference, .reference, .simd, .simd, .simd, .blas,
      ])
  }
}
