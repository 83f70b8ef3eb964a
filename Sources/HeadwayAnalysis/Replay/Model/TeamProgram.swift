import HeadwayTrace

/// Turns steps into the operations of an engine's threads: main, control threads, workers, prefetch.
///
/// The threads of the model are the main thread, the workers, the control threads, then the prefetch thread.
package struct TeamProgram: Sendable {
  /// What the steps are run with; only the axes that order threads count.
  let configuration: RunConfiguration
  /// Cores, which decide whether threads poll.
  let cores: Int
  let overhead: RecordedOverhead
  let latency: WaitLatency
  let shape: TeamShape
  /// How long a thread polls that does so for a bounded time, in nanoseconds.
  static let pollingLimitNs = 10_000.0

  /// Describes a team.
  package init(
    _ configuration: RunConfiguration, cores: Int, overhead: RecordedOverhead, latency: WaitLatency
  ) {
    self.configuration = configuration
    self.cores = cores
    self.overhead = overhead
    self.latency = latency
    shape = TeamShape(workers: configuration.threads, topology: configuration.topology)
  }

  /// How the team's threads wait: they poll for a bounded time where there is a core for each of them.
  var polling: WaitPolling {
    let fits = shape.workers + shape.controls.count + 1 <= cores
    let bounded: WaitPolling = fits ? .bounded(Self.pollingLimitNs) : .never
    if configuration.scheduling == .queue { return bounded }
    switch configuration.barrier {
    case .pthread, .futex: return .never
    case .spin: return .forever
    case .spinThenBlock: return bounded
    }
  }

  /// The machine that takes some steps one after the other.
  package func model(of steps: [StepCosts], speeds: [Double], bandwidth: Double?) -> SimulationModel {
    var model = SimulationModel(cores: cores)
    model.speeds = speeds
    model.bandwidth = bandwidth
    model.latency = latency
    let taskBytes = steps.first?.tasks.map(\.bytes).max() ?? 0
    // The main thread is the first, and the workers come next.
    model.refill = .usual(workers: 1..<(1 + shape.workers), cores: cores, taskBytes: taskBytes)
    var team: any TeamBuilder
    switch configuration.scheduling {
    case .barrier: team = BarrierTeam(self, in: &model)
    case .queue: team = QueueTeam(self, steps: steps, in: &model)
    }
    var feed = FeedProgram(depth: configuration.prefetch, in: &model)
    var main: [ThreadOperation] = []
    for step in steps {
      main.append(.beginStep)
      main += feed.take(step.assemble)
      main += team.run(step.tasks)
      main += feed.giveBack
      for part in step.parts {
        switch part {
        case .serial(let work): main.append(.compute(work))
        case .phase(let pieces): main += team.run(pieces)
        }
      }
      main.append(.endStep)
      main.append(.compute(step.gap))
    }
    model.addThread(main)
    team.addThreads(to: &model)
    feed.addThread(to: &model)
    return model
  }

  /// The core time of a worker's pieces of a phase, with what lies between them.
  func load(_ pieces: some Sequence<Work>) -> Work {
    var total = Work(coreNs: overhead.phaseNs)
    for piece in pieces {
      total = total + piece
      total = total + Work(coreNs: overhead.taskNs)
    }
    return total
  }
}

/// Writes the operations of a team's threads phase by phase.
protocol TeamBuilder {
  /// Adds a phase to the team's threads; returns the main thread's part of it.
  mutating func run(_ pieces: [Work]) -> [ThreadOperation]
  /// Adds the threads to a model whose main thread is there.
  func addThreads(to model: inout SimulationModel)
}

/// The batches of the steps: assembled by the main thread, or ahead by a prefetch thread.
struct FeedProgram {
  private let queues: (free: Int, filled: Int)?
  private var thread: [ThreadOperation] = []

  /// With a depth of d there are d + 1 steps' batches. At the beginning d are filled, as in the middle of a
  /// run.
  init(depth: Int, in model: inout SimulationModel) {
    guard depth > 0 else {
      queues = nil
      return
    }
    let filled = model.addQueue(
      capacity: depth + 1, holding: Array(repeating: .none, count: depth))
    queues = (model.addQueue(capacity: depth + 1, holding: [.none]), filled)
  }

  mutating func take(_ assemble: Work) -> [ThreadOperation] {
    guard let queues else { return [.compute(assemble)] }
    thread += [.get(queues.free), .compute(assemble), .put(queues.filled, .none)]
    return [.get(queues.filled)]
  }

  var giveBack: [ThreadOperation] { queues.map { [.put($0.free, .none)] } ?? [] }

  func addThread(to model: inout SimulationModel) {
    if queues != nil { model.addThread(thread, polls: false) }
  }
}
