/// A team whose threads meet at a barrier before and one after each phase; worker i of n takes the pieces
/// i, i + n, ….
struct BarrierTeam: TeamBuilder {
  /// Barriers where the members of a group meet their coordinator.
  private struct Meeting {
    var start: Int
    var end: Int
  }

  private let program: TeamProgram
  private var workers: [[ThreadOperation]]
  private var controls: [[ThreadOperation]]
  /// The group in which each worker, and each control thread, is a member.
  private var workerSeats: [Meeting]
  private var controlSeats: [Meeting]
  /// The groups that each control thread coordinates.
  private var below: [[Meeting]]
  /// The group that the main thread coordinates.
  private let top: Meeting

  init(_ program: TeamProgram, in model: inout SimulationModel) {
    self.program = program
    let shape = program.shape
    let polling = program.polling
    func meeting(members: Int) -> Meeting {
      Meeting(
        start: model.addBarrier(participants: members + 1, polling: polling),
        end: model.addBarrier(participants: members + 1, polling: polling))
    }
    top = meeting(members: shape.controls.isEmpty ? shape.workers : 1)
    workers = Array(repeating: [], count: shape.workers)
    controls = Array(repeating: [], count: shape.controls.count)
    workerSeats = Array(repeating: top, count: shape.workers)
    controlSeats = Array(repeating: top, count: shape.controls.count)
    below = Array(repeating: [], count: shape.controls.count)
    for (number, control) in shape.controls.enumerated() {
      if !control.children.isEmpty {
        let group = meeting(members: control.children.count)
        below[number].append(group)
        for child in control.children { controlSeats[child] = group }
      }
      for members in control.groups {
        let group = meeting(members: members.count)
        below[number].append(group)
        for worker in members { workerSeats[worker] = group }
      }
    }
  }

  mutating func run(_ pieces: [Work]) -> [ThreadOperation] {
    if pieces.isEmpty { return [] }
    for worker in workers.indices {
      let own = stride(from: worker, to: pieces.count, by: workers.count).map { pieces[$0] }
      let seat = workerSeats[worker]
      workers[worker] += [.cross(seat.start), .compute(program.load(own)), .cross(seat.end)]
    }
    for control in controls.indices {
      controls[control].append(.cross(controlSeats[control].start))
      controls[control] += below[control].flatMap { group in
        [.compute(Work(coreNs: program.overhead.openNs)), .cross(group.start)]
      }
      controls[control] += below[control].map { .cross($0.end) }
      controls[control].append(.cross(controlSeats[control].end))
    }
    return [.compute(Work(coreNs: program.overhead.openNs)), .cross(top.start), .cross(top.end)]
  }

  func addThreads(to model: inout SimulationModel) {
    for operations in workers { model.addThread(operations) }
    for operations in controls { model.addThread(operations, polls: false) }
  }
}
