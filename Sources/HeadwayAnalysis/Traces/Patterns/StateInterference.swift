import HeadwayStatistics
import HeadwayTrace

/// How the CPU time of one working state depends on how many other threads work at the same moment.
///
/// Work that is slowed while others work runs at the rate v(o) = v₀ − c·o, where o is the mean number of other
/// threads that have a CPU and work meanwhile; v is the inverse of a span's CPU time. (A span of fixed work
/// that is accompanied for the part o of its time takes 1 / ((1 − o)·v₀ + o·v₁), so the inverse is what is
/// linear.) Spans of one state on one thread are taken to be alike, and each is compared with those of its own
/// thread: rates are divided by the thread's mean.
///
/// The slope is fitted in each of up to 12 stretches of the run; their Hodges–Lehmann centre and its exact
/// interval (method 15) tell it from chance.
package struct StateInterference: Equatable, Sendable {
  /// The state.
  package var state: String
  /// CPU time of a span with one other thread at work all the time / with none.
  package var slowdown: Double
  /// The interval of ``slowdown``.
  package var interval: SavingInterval
  /// Spans compared.
  package var spans: Int
  /// CPU time that the workers' spans took beyond what they would have taken alone.
  package var excessNs: Nanoseconds
}

/// A span as the comparison sees it.
struct AccompaniedWork: Equatable {
  /// Which thread's.
  var thread: Int
  /// When it began.
  var from: Int64
  /// CPU time in nanoseconds.
  var cpu: Double
  /// The mean number of others at work meanwhile.
  var others: Double
}

extension TraceActivity {
  /// Spans below this are as long as the clock's own cost.
  private static let shortestWork = Int64(20_000)

  /// The states of the workers whose CPU time depends on the others' work; those that cannot be judged,
  /// because their spans are too few or always equally accompanied, are not among them.
  func interferences() -> [StateInterference] {
    let known = threads.indices.filter { threads[$0].role != .sampler }
    let working = StepFunction(
      known.flatMap { threads[$0].steps(\.onCPU) }, from: horizon.lowerBound)
    var byState: [Int: [AccompaniedWork]] = [:]
    for worker in workers {
      let thread = threads[worker]
      for work in thread.works where work.cpu >= Self.shortestWork {
        guard let last = thread.pieces[work.range].last, last.to <= horizon.upperBound else { continue }
        let all = thread.pieces[work.range].reduce(0) { $0 + working.integral(from: $1.from, to: $1.to) }
        let own = work.onCPU * Double(work.wall)
        byState[work.state, default: []].append(
          AccompaniedWork(
            thread: worker, from: thread.pieces[work.range.lowerBound].from, cpu: Double(work.cpu),
            others: max(all - own, 0) / Double(work.wall)))
      }
    }
    return byState.sorted { $0.key < $1.key }.compactMap { StateInterference(states[$0.key].name, $0.value) }
  }
}

extension StateInterference {
  /// Stretches of a run that are fitted apart.
  private static let stretches = 12
  /// The variance of the number of others below which spans are equally accompanied: what little there is tells
  /// nothing of a slope. Above it the interval decides.
  private static let leastVariance = 0.005
  /// A slowdown beyond this is not told from a larger one.
  private static let largest = 50.0

  /// Compares the spans of a state; `nil` where that is not possible.
  init?(_ state: String, _ works: [AccompaniedWork]) {
    let works = works.sorted { $0.from < $1.from }
    let fits = (0..<Self.stretches).compactMap { index in
      Self.slope(works[(works.count * index / Self.stretches)..<(works.count * (index + 1) / Self.stretches)])
    }
    guard let centre = HodgesLehmann(fits.map(\.slope)), let interval = centre.interval(confidence: 0.95),
      let mean = Self.mean(fits.map(\.others))
    else { return nil }
    // Rates are relative to those at the mean number of others, `mean`.
    func slowdown(_ slope: Double) -> Double {
      let alone = max(1 - slope * mean, 0)
      return min(alone / max(alone + slope, 1e-9), Self.largest)
    }
    self.state = state
    self.slowdown = slowdown(centre.estimate)
    self.interval = SavingInterval(lower: slowdown(interval.upper), upper: slowdown(interval.lower))
    spans = works.count
    let alone = max(1 - centre.estimate * mean, 1e-9)
    let excess = works.reduce(0) { sum, work in
      sum + work.cpu * min(max(-centre.estimate * work.others / alone, 0), 1)
    }
    excessNs = Nanoseconds(Int64(excess))
  }

  /// The slope of the relative rate over the number of others, each thread's spans about their own means;
  /// `nil` where that number hardly differs.
  private static func slope(_ works: ArraySlice<AccompaniedWork>) -> (slope: Double, others: Double)? {
    var (product, square, count) = (0.0, 0.0, 0)
    for group in Dictionary(grouping: works, by: \.thread).values {
      guard let others = mean(group.map(\.others)), let rate = mean(group.map { 1 / $0.cpu }) else {
        continue
      }
      for work in group {
        product += (work.others - others) * (1 / work.cpu / rate - 1)
        square += (work.others - others) * (work.others - others)
        count += 1
      }
    }
    guard count >= 4, square >= leastVariance * Double(count), let others = mean(works.map(\.others)) else {
      return nil
    }
    return (product / square, others)
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
