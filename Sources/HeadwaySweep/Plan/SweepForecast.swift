import HeadwayTrace

/// How long a plan will probably take: every arm as long as its runs took in earlier sweeps on the same machine. A
/// pure function of what was measured; without any such run there is no forecast.
public struct SweepForecast: Codable, Equatable, Sendable {
  /// An earlier sweep: its plan and the runs of its journal.
  public struct Earlier: Sendable {
    /// What it was to run.
    public var plan: SweepPlan
    /// What it ran.
    public var runs: [RunRecord]
    /// Pairs a plan with its runs.
    public init(plan: SweepPlan, runs: [RunRecord]) {
      self.plan = plan
      self.runs = runs
    }
  }

  /// A block's duration.
  public var blockSeconds: Double
  /// The sweep's duration with the fewest blocks that it may take.
  public var minimumSeconds: Double
  /// The sweep's duration with the most blocks that it may take, or what the budget allows.
  public var maximumSeconds: Double
  /// Arms of which runs were measured before; the others are taken to last as long as the mean of these.
  public var measuredArms: Int
  /// Arms of the plan.
  public var arms: Int
  /// Runs that it rests on.
  public var runs: Int

  /// Foretells a plan from earlier sweeps, the latest first; `nil` when none of them ran any of its arms.
  public init?(_ plan: SweepPlan, earlier: [Earlier]) {
    let machine = plan.context.machine
    var durations: [Arm: [Double]] = [:]
    for sweep in earlier
    where sweep.plan.context.machine.processor == machine.processor
      && sweep.plan.context.machine.usableCpus == machine.usableCpus
    {
      let arms = Dictionary(
        sweep.plan.arms.map { ($0.id, Arm($0, of: sweep.plan)) }, uniquingKeysWith: { first, _ in first })
      let completed = Dictionary(grouping: sweep.runs.filter { $0.outcome == .completed }, by: \.arm)
      for (id, runs) in completed {
        // The latest sweep that has the arm decides: the program may have changed since earlier ones.
        guard let arm = arms[id], durations[arm] == nil else { continue }
        durations[arm] = runs.map(\.wallNs.seconds)
      }
    }
    let known = plan.arms.compactMap { durations[Arm($0, of: plan)] }
    guard !known.isEmpty else { return nil }
    let means = known.map { $0.reduce(0, +) / Double($0.count) }
    let mean = means.reduce(0, +) / Double(means.count)
    arms = plan.arms.count
    measuredArms = known.count
    runs = known.reduce(0) { $0 + $1.count }
    blockSeconds = means.reduce(0, +) + mean * Double(arms - known.count)
    let shortest = blockSeconds * Double(plan.blocks.minimum)
    let longest = blockSeconds * Double(plan.blocks.maximum)
    minimumSeconds = shortest
    maximumSeconds = plan.budgetSeconds.map { max(shortest, min(longest, $0)) } ?? longest
  }

  /// What makes two arms of different sweeps the same.
  private struct Arm: Hashable {
    let configuration: RunConfiguration?
    let command: [String]
    let variables: [String]
    let parameters: [AxisSetting]

    init(_ cell: PlannedCell, of plan: SweepPlan) {
      configuration = cell.configuration
      command = plan.program?.command ?? []
      variables = plan.program?.environment.map { "\($0.name)=\($0.value)" } ?? []
      parameters = (cell.parameters ?? []).sorted { $0.axis < $1.axis }
    }
  }
}
