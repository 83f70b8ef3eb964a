import HeadwayThreads
import HeadwayTrace
import Testing

/// All tests of this module start real threads, so they run one after the other.
@Suite(.serialized, .timeLimit(.minutes(1)), Deadline())
struct ThreadsTests {}

/// A barrier of a kind for a number of participants, on a machine with a number of CPUs.
struct BarrierCase: CustomStringConvertible, Sendable {
  var kind: BarrierKind
  var participants: Int
  var usableCPUs = usableCPUCount()

  var description: String { "\(kind), \(participants) participants, \(usableCPUs) CPUs" }

  var polling: Polling { kind.polling(participants: participants, usableCPUs: usableCPUs) }

  func make() -> any Barrier {
    kind == .pthread
      ? PthreadBarrier(participants: participants)
      : CountingBarrier(participants: participants, polling: polling)
  }

  /// Polling threads without a CPU of their own are slow by nature: fewer episodes.
  var episodes: Int { kind == .spin && participants > 4 ? 200 : 1000 }

  /// Every kind at every size; `spin_then_block` also as on a machine with CPUs for all, so that both its
  /// ways are taken.
  static let all: [BarrierCase] = [1, 2, 3, 4, 8, 17].flatMap { participants in
    BarrierKind.allCases.map { BarrierCase(kind: $0, participants: participants) } + [
      BarrierCase(kind: .spinThenBlock, participants: participants, usableCPUs: 64),
      BarrierCase(kind: .spinThenBlock, participants: participants, usableCPUs: 0),
    ]
  }
}
