import CHeadwayLinux
import Synchronization

/// Lets threads sleep until something may have changed, without locks and without lost wake-ups.
///
/// A sleeper registers, looks at its condition again, then withdraws or sleeps. A notifier changes the
/// condition, then turns registrations into tokens; each token lets one sleeper go on. A notifier that
/// sees no registration makes no system call.
///
/// Invariant: threads that have registered and neither gone on nor withdrawn = `registered` + `tokens` +
/// the answers that notifiers are about to post.
/// No wake-up is lost: a full fence stands between "register" and "look again" here, and between
/// "change" and "any registered?" there, so at least one side sees the other (Dekker's argument).
@usableFromInline
struct EventCount: @unchecked Sendable {
  // @unchecked Sendable: constant pointers to atomics; the holder keeps the block alive.
  @usableFromInline let registered: AtomicWord
  @usableFromInline let tokens: AtomicWord

  /// Uses two slots of a line.
  init(_ lines: CacheLines, line: Int) {
    registered = lines.word(line: line, slot: 0)
    tokens = lines.word(line: line, slot: 1)
  }

  /// Announces that the caller may sleep. It must look at its condition next, and then either
  /// ``withdraw()`` or ``sleep()``.
  @usableFromInline func register() {
    registered.pointee.add(1, ordering: .sequentiallyConsistent)
    atomicMemoryFence(ordering: .sequentiallyConsistent)  // Pairs with the fence in `notify`.
  }

  /// Takes a registration back. If a notifier has answered one already, its token is used up instead; that
  /// is at most one store away, so this polls. It must not sleep: it would be woken in place of a thread
  /// whose condition has come true.
  @usableFromInline func withdraw() {
    while take(from: registered, upTo: 1) == 0 && take(from: tokens, upTo: 1) == 0 { headway_yield() }
  }

  /// Sleeps until a token is there and uses it up.
  @usableFromInline func sleep() {
    while take(from: tokens, upTo: 1) == 0 { Futex.sleep(on: tokens, while: 0) }
  }

  /// Wakes up to `count` registered threads; call after the change that they wait for.
  @inlinable func notify(_ count: UInt32 = 1) {
    atomicMemoryFence(ordering: .sequentiallyConsistent)  // Pairs with the fence in `register`.
    if registered.pointee.load(ordering: .relaxed) != 0 { wake(count) }
  }

  @usableFromInline func wake(_ count: UInt32) {
    let answered = take(from: registered, upTo: count)
    guard answered > 0 else { return }
    // Releasing, with the acquiring exchange in `take`: whoever uses the token sees the change.
    tokens.pointee.add(answered, ordering: .releasing)
    Futex.wake(tokens, count: Int(answered))
  }

  /// How many threads sleep or are about to.
  var sleepers: Int { Int(registered.pointee.load(ordering: .acquiring)) }

  /// Lowers a count by at most `limit`, never below zero; returns by how much.
  private func take(from word: AtomicWord, upTo limit: UInt32) -> UInt32 {
    var current = word.pointee.load(ordering: .relaxed)
    while current > 0 {
      let taken = min(current, limit)
      let attempt = word.pointee.weakCompareExchange(
        expected: current, desired: current - taken, successOrdering: .acquiring, failureOrdering: .relaxed)
      if attempt.exchanged { return taken }
      current = attempt.original
    }
    return 0
  }
}
