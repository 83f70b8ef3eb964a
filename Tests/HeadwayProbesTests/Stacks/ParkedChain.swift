import Foundation
import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Synchronization

// Known call chains, each link a function of its own: nothing is inlined, and each uses its callee's result,
// so that no call becomes a jump.

@inline(never) func outerLink(_ gates: ChainGates) -> Int { middleLink(gates) &+ gates.salt }
@inline(never) func middleLink(_ gates: ChainGates) -> Int { innerLink(gates) &+ gates.salt }
@inline(never) func innerLink(_ gates: ChainGates) -> Int {
  gates.leave.wait()
  return gates.salt
}

/// What a thread at the bottom of a chain waits for.
final class ChainGates: Sendable {
  let leave = EventGate()
  let ended = EventGate()
  /// A number that the compiler does not know.
  let salt = Int(getpid())
}

/// Computes until told to stop.
@inline(never) func burnerLink(_ stop: Flag) -> UInt64 {
  var value: UInt64 = 1
  while !stop.isRaised {
    for _ in 0..<1_000 { value = value &* 6_364_136_223_846_793_005 &+ 1 }
  }
  return value
}

/// A flag that one thread raises and others poll. Relaxed: nothing else is published through it.
final class Flag: Sendable {
  private let value = Atomic(false)
  var isRaised: Bool { value.load(ordering: .relaxed) }
  func raise() { value.store(true, ordering: .relaxed) }
}

extension StackSampler {
  /// Runs `body` on a new thread that is attached meanwhile, and opens the gate when the thread is done.
  func attachThread(_ name: String, ended: EventGate, _ body: @escaping @Sendable () -> Void) {
    Thread.detachNewThread { [self] in
      attach(name: name, role: .worker)
      body()
      detach()
      ended.open()
    }
  }
}

extension StackProfile {
  /// The numbers of a thread's samples.
  func samples(of thread: String) -> [Int] {
    samples.indices.filter { threads[samples.thread[$0]].name == thread }
  }

  /// The names of a sample's functions, innermost first.
  func names(ofSample sample: Int) -> [String] { functionNames(of: samples.stack[sample]) }

  /// The innermost function that has code of its own: what the stack's top is without debug information.
  func outlined(ofSample sample: Int) -> String? {
    frames(of: samples.stack[sample]).first { !frames.isInlined[$0] }.map {
      functions.name[frames.function[$0]]
    }
  }

  /// The names of the modules of a sample's functions, innermost first.
  func modules(ofSample sample: Int) -> [String] {
    frames(of: samples.stack[sample]).map { frame in
      let module = functions.module[frames.function[frame]]
      return module < 0 ? "" : modules[module].name
    }
  }
}

/// The places of functions in a list of names, by parts of their names; `nil` unless all are there, each
/// further out than the one before.
func order(of parts: [String], in names: [String]) -> [Int]? {
  var places: [Int] = []
  for part in parts {
    let from = (places.last ?? -1) + 1
    guard let place = names[from...].firstIndex(where: { $0.contains(part) }) else { return nil }
    places.append(place)
  }
  return places
}
