import CHeadwayLinux
import HeadwayTrace

/// What a look at the whole run needs to tell whether anything was completed.
package struct ProgressLook: Equatable, Sendable {
  /// Everything that was completed so far, and every thread that was started.
  package var units: Int
  /// Whether standing still would be a stall: the window is open, and no thread is in a state of the tool's
  /// own, such as an observer that waits for its terminal.
  package var isArmed: Bool

  package init(units: Int, isArmed: Bool) {
    self.units = units
    self.isArmed = isArmed
  }
}

extension RecordingProbe {
  /// Whether anything was completed: a few atomic loads for each row. From any thread, at any time.
  package func progress() -> ProgressLook {
    let isOpen =
      window.pointee.begin.load(ordering: .relaxed) != .max
      && window.pointee.end.load(ordering: .relaxed) == .max
    return registry.withLock { registry in
      ProgressLook(units: registry.units, isArmed: isOpen && !registry.isInsideTool)
    }
  }

  /// Every thread of the program that was registered, as it is now. The tool's own are left out. From any
  /// thread, at any time: what is read of rows are atomics, the rest is the registry's, under its lock.
  package func look() -> [ThreadLook] {
    var threads = registry.withLock { $0.look(at: headway_ticks()) }
    // Outside the lock: files of the kernel, which may take their time.
    for index in threads.indices where threads[index].isActive {
      threads[index].kernel = KernelReading.read(threads[index].thread)
    }
    return threads
  }
}

extension Registry {
  /// What all threads have completed, the starts of threads included.
  var units: Int {
    entries.reduce(0) {
      $1.role == .sampler
        ? $0 : $0 + $1.row.pointee.published.pointee.units.load(ordering: .relaxed) + $1.stretches.count
    }
  }

  /// Whether a thread of the program is in a state of the tool's own.
  var isInsideTool: Bool {
    entries.contains { entry in
      guard entry.isActive, entry.role != .sampler else { return false }
      return entry.row.pointee.open.path()?.contains {
        definition(ofSlot: $0.slot).category == .selfCost
      } ?? false
    }
  }

  /// The program's threads at a reading of the clock, without the kernel's part.
  func look(at now: UInt64) -> [ThreadLook] {
    func age(_ ticks: UInt64) -> Nanoseconds {
      now > ticks ? clock.rate.nanoseconds(ofTicks: now - ticks) : .zero
    }
    return entries.filter { $0.role != .sampler }.map { entry in
      let published = entry.row.pointee.published
      let last = published.pointee.lastUnit.load(ordering: .relaxed)
      return ThreadLook(
        name: entry.name, role: entry.role, thread: entry.threadID, isActive: entry.isActive,
        path: entry.row.pointee.open.path()?.map { open in
          let definition = definition(ofSlot: open.slot)
          return StalledThread.OpenState(
            state: definition.name, category: definition.category, forNs: age(open.ticks))
        },
        tasks: published.pointee.tasks.load(ordering: .relaxed),
        tokens: published.pointee.tokens.load(ordering: .relaxed),
        steps: published.pointee.steps.load(ordering: .relaxed), lastProgressNs: last == 0 ? nil : age(last))
    }
  }

  /// The state that a slot stands for.
  func definition(ofSlot slot: Int) -> StateDefinition {
    slot < min(states.definitions.count, ExclusiveTimer.stateCapacity)
      ? states.definitions[slot]
      : StateDefinition(name: ThreadAccounts.unattributedState, category: .unknown)
  }
}
