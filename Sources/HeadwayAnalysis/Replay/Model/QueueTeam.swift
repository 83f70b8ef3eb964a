/// A team whose workers take single pieces from a queue, whoever is free; a latch tells when all are done.
///
/// With control threads each lowest one has a queue for its workers, and takes its part of a phase, in
/// proportion to its workers, from a queue of its own.
struct QueueTeam: TeamBuilder {
  private struct Lane {
    /// Where the thread gets its part of a phase; `nil` for the main thread.
    var orders: Int?
    /// Where it puts single pieces; `nil` when it only hands parts on.
    var pieces: Int?
    /// What its members count down.
    var done: Int
  }

  private let program: TeamProgram
  private var lanes: [Lane]
  private var main: Lane
  private var controls: [[ThreadOperation]]

  init(_ program: TeamProgram, steps: [StepCosts], in model: inout SimulationModel) {
    self.program = program
    let shape = program.shape
    let polling = program.polling
    let capacity = max(steps.map { $0.largestPhase }.max() ?? 1, 1)
    let isFlat = shape.controls.isEmpty
    main = Lane(
      orders: nil, pieces: isFlat ? model.addQueue(capacity: capacity, polling: polling) : nil,
      done: model.addLatch(polling: polling))
    lanes = shape.controls.map { control in
      Lane(
        orders: model.addQueue(capacity: 1),
        pieces: control.groups.isEmpty ? nil : model.addQueue(capacity: capacity, polling: polling),
        done: model.addLatch())
    }
    controls = Array(repeating: [], count: shape.controls.count)
  }

  mutating func run(_ pieces: [Work]) -> [ThreadOperation] {
    if pieces.isEmpty { return [] }
    let handing = ThreadOperation.compute(Work(coreNs: program.overhead.openNs))
    guard !lanes.isEmpty else { return [handing] + handOut(pieces[...], in: main) }
    open(part: 0..<pieces.count, of: pieces, to: 0, above: main.done)
    return [handing] + order([0], in: main)
  }

  /// Lets a control thread take a part, hand it out or on, wait for its end and report.
  private mutating func open(part: Range<Int>, of pieces: [Work], to control: Int, above: Int) {
    let lane = lanes[control]
    let shape = program.shape.controls[control]
    if let orders = lane.orders { controls[control].append(.get(orders)) }
    controls[control].append(.compute(Work(coreNs: program.overhead.openNs)))
    if shape.children.isEmpty {
      controls[control] += handOut(pieces[part], in: lane)
    } else {
      var before = 0
      var served: [Int] = []
      for child in shape.children {
        let own = program.shape.controls[child].workers
        let first = part.lowerBound + part.count * before / shape.workers
        let end = part.lowerBound + part.count * (before + own) / shape.workers
        before += own
        if first == end { continue }
        served.append(child)
        open(part: first..<end, of: pieces, to: child, above: lane.done)
      }
      controls[control] += order(served, in: lane)
    }
    controls[control].append(.countDown(above))
  }

  private func order(_ children: [Int], in lane: Lane) -> [ThreadOperation] {
    [.arm(lane.done, count: children.count)]
      + children.compactMap { child in lanes[child].orders.map { .put($0, .none) } } + [.join(lane.done)]
  }

  private func handOut(_ pieces: ArraySlice<Work>, in lane: Lane) -> [ThreadOperation] {
    guard let queue = lane.pieces else { return [] }
    let between = Work(coreNs: program.overhead.taskNs)
    return [.arm(lane.done, count: pieces.count)] + pieces.map { .put(queue, $0 + between) }
      + [.join(lane.done)]
  }

  func addThreads(to model: inout SimulationModel) {
    let shape = program.shape
    var lane = Array(repeating: main, count: shape.workers)
    for (number, control) in shape.controls.enumerated() {
      for worker in control.groups.joined() { lane[worker] = lanes[number] }
    }
    for worker in 0..<shape.workers {
      let operations = lane[worker].pieces.map { queue -> [ThreadOperation] in
        [.get(queue), .perform, .countDown(lane[worker].done)]
      }
      model.addThread(operations ?? [], repeats: true)
    }
    for operations in controls { model.addThread(operations, polls: false) }
  }
}

extension StepCosts {
  /// Pieces of the phase that has the most.
  fileprivate var largestPhase: Int {
    parts.reduce(tasks.count) { largest, part in
      if case .phase(let pieces) = part { return max(largest, pieces.count) }
      return largest
    }
  }
}
