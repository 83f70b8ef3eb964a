import HeadwayTrace

/// A thread that copies a run's status ten times a second, and sleeps in between.
///
/// While the window is measured it either is in the books, with the role `sampler` and the states ``copying`` and
/// ``sleeping``, or does not exist, because the memory sampler copies.
final class LiveClock: Sendable {
  /// Copies in a second, as the memory sampler makes them.
  static var hertz: UInt64 { 10 }
  /// Being copied is the tool's own cost.
  static var copying: StateDefinition { StateDefinition(name: "status.copy", category: .selfCost) }
  /// The time in between.
  static var sleeping: StateDefinition { StateDefinition(name: "status.sleep", category: .blocked) }

  private let ending: FutexFlag
  private let thread: OSThread

  /// Starts the thread, which copies at once.
  ///
  /// - Parameter probe: In whose books it stands; `nil` outside the window, and for runs without books.
  /// - Throws: ``InputError`` when the kernel refuses the thread.
  init(copying copy: LiveCopy, in probe: RecordingProbe?) throws(InputError) {
    let ending = FutexFlag()
    self.ending = ending
    let states = probe.map { (copying: $0.state(Self.copying), sleeping: $0.state(Self.sleeping)) }
    thread = try OSThread(
      name: "live-status", purpose: .measuring, stackBytes: 256 << 10,
      remedy: "raise the limit on processes and memory (ulimit -u, ulimit -v)"
    ) {
      let me = probe?.register(name: "live-status", role: .sampler)
      if let states { me?.enter(states.sleeping) }
      repeat {
        if let states { me?.enter(states.copying) }
        copy.copy()
        if states != nil { me?.leave() }
      } while !ending.wait(atMostNs: 1_000_000_000 / Self.hertz)
      if states != nil { me?.leave() }
      if let me { probe?.retire(me) }
    }
  }

  /// Ends the thread at once, wherever it is. Call once.
  func end() {
    ending.raise()
    thread.join()
  }
}
