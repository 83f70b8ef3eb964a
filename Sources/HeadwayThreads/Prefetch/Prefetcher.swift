import HeadwayProbes
import HeadwayTrace
import Synchronization

/// A thread that fills slots ahead of the one that uses them.
///
///     let prefetcher = Prefetcher(slots: batches, probe: probe) { batch, _ in source.fill(batch); return true }
///     try prefetcher.start()
///     while let batch = prefetcher.take(probe: me) { train(batch); prefetcher.giveBack(batch) }
///     prefetcher.stop(probe: me)
///
/// Slots go round through two bounded queues: free ones to the prefetch thread, filled ones to the taker.
/// They are taken in the order in which they were filled. A slot belongs to the prefetch thread while it is
/// filled, to the taker between ``take(probe:)`` and ``giveBack(_:)``, and to nobody in between; the queues
/// order the accesses. Between ``start()`` and ``stop(probe:)`` nothing is allocated.
///
/// The prefetcher belongs to one thread, the taker's: only that thread calls its methods. The prefetch
/// thread registers as `prefetch`; it is in state `batch.assemble` while it fills, in `prefetch.full`
/// while it waits for a free slot, and in `prefetch.turn` between the two. A prefetcher that is let go while it runs leaves its thread behind:
/// stop it first.
public final class Prefetcher<P: Probe, Slot: AnyObject & Sendable> {
  private let slots: [Slot]
  private let probe: P
  private let fill: @Sendable (Slot, P.Handle) -> Bool
  private let states: PrefetchStates
  private var run: (ring: SlotRing, thread: OSThread)?
  /// Which slots the taker holds.
  private var isTaken: [Bool]

  /// Describes a prefetcher; its thread starts with ``start()``.
  ///
  /// - Parameters:
  ///   - slots: What is filled, at least one; their number is how far the thread works ahead.
  ///   - probe: The run's probe.
  ///   - fill: Fills one slot on the prefetch thread; `false` when there is nothing left to fill it with.
  public init(slots: [Slot], probe: P, fill: @escaping @Sendable (Slot, P.Handle) -> Bool) {
    precondition(!slots.isEmpty, "a prefetcher needs a slot")
    self.slots = slots
    self.probe = probe
    self.fill = fill
    states = PrefetchStates(probe: probe)
    isTaken = Array(repeating: false, count: slots.count)
  }

  /// Starts filling. After a ``stop(probe:)`` all slots are free again.
  ///
  /// - Throws: An `InputError` when the kernel refuses the thread.
  public func start() throws(InputError) {
    precondition(run == nil, "the prefetcher is running")
    precondition(!isTaken.contains(true), "a slot has not been given back")
    let ring = SlotRing(slots: slots.count)
    let (slots, probe, fill, states) = (slots, probe, fill, states)
    let thread = try OSThread(name: "prefetch", purpose: .program, stackBytes: 4 << 20) {
      let me = probe.register(name: "prefetch", role: .prefetch)
      me.enter(states.turn)
      while let index = ring.free.pop(at: states.noFreeSlot, probe: me), !ring.isEnding {
        me.enter(states.assemble)
        let more = fill(slots[Int(index)], me)
        me.leave()
        guard more else { break }
        ring.filled.tryPush(index)  // There is room for every slot.
        me.queued(states.notReady.site, items: ring.filled.depth)
      }
      ring.filled.close()
      me.leave()
      probe.retire(me)
    }
    run = (ring, thread)
  }

  /// The next filled slot, waited for in state `prefetch.not_ready`; `nil` when everything filled has been
  /// taken and there is no more, or when the prefetcher is not running.
  public func take(probe me: P.Handle) -> Slot? {
    guard let run, let index = run.ring.filled.pop(at: states.notReady, probe: me) else { return nil }
    me.queued(states.notReady.site, items: run.ring.filled.depth)
    isTaken[Int(index)] = true
    return slots[Int(index)]
  }

  /// Frees a slot that was taken, so that it can be filled again.
  public func giveBack(_ slot: Slot) {
    // A loop, as `firstIndex(where:)` is not specialised for `Slot` here and would allocate, twice a step.
    var index = 0
    while index < slots.count && slots[index] !== slot { index += 1 }
    precondition(index < slots.count && isTaken[index], "the slot was not taken")
    isTaken[index] = false
    run?.ring.free.tryPush(UInt32(index))
  }

  /// Ends the thread, after the slot that it is filling, and joins it; does nothing when it is not running.
  public func stop(probe me: P.Handle) {
    guard let run else { return }
    run.ring.end()
    me.enter(states.join)
    run.thread.join()
    me.leave()
    self.run = nil
  }
}

/// The two queues between a prefetcher's start and its stop, each with room for every slot.
private final class SlotRing: Sendable {
  let free: MPMCQueue<UInt32>
  let filled: MPMCQueue<UInt32>
  private let ending = Atomic(false)

  init(slots: Int) {
    free = MPMCQueue(capacity: slots, polling: .never)
    filled = MPMCQueue(capacity: slots, polling: .never)
    for index in 0..<slots { free.tryPush(UInt32(index)) }
  }

  /// Whether free slots are no longer to be filled. Relaxed: it only says when to stop, and the close of
  /// `free` makes sure that the thread gets to look.
  var isEnding: Bool { ending.load(ordering: .relaxed) }

  /// Makes the prefetch thread end, wherever it is.
  func end() {
    ending.store(true, ordering: .relaxed)
    free.close()
  }
}

/// The states and sites of a prefetcher.
private struct PrefetchStates: Sendable {
  let assemble: StateID
  /// What lies between filling and waiting: taking slots and handing them on.
  let turn: StateID
  let join: StateID
  /// Where the taker waits.
  let notReady: WaitSite
  /// Where the prefetch thread waits.
  let noFreeSlot: WaitSite

  init(probe: some Probe) {
    assemble = probe.state(StateDefinition(name: "batch.assemble", category: .useful))
    turn = probe.state(StateDefinition(name: "prefetch.turn", category: .useful))
    join = probe.state(StateDefinition(name: "thread.join", category: .lifecycle))
    notReady = WaitSite(
      "prefetch", kind: .prefetchNotReady, state: "prefetch.not_ready", polls: false, probe: probe)
    noFreeSlot = WaitSite(
      "prefetch_slots", kind: .queueFull, state: "prefetch.full", polls: false, probe: probe)
  }
}
