import CHeadway
import HeadwayRecording
import HeadwayTrace

// The functions of headway.h by which a thread records what it does.

/// Enters a state.
@_cdecl("headway_enter")
public func headwayEnter(_ state: CInt) -> CInt {
  answer { () throws(CFailure) in
    let (mine, thread) = try CThread.registered()
    let state = try mine.state(state)
    thread.enter(state)
    mine.inside.append(.state)
    return 0
  }
}

/// Leaves the innermost state.
@_cdecl("headway_leave")
public func headwayLeave() -> CInt {
  answer { () throws(CFailure) in
    let (mine, thread) = try CThread.registered()
    guard case .state? = mine.inside.last else {
      throw CFailure(HEADWAY_BAD_ORDER, "there is no state to leave, or a barrier or a wait lies inside it")
    }
    mine.inside.removeLast()
    thread.leave()
    return 0
  }
}

/// Notes the end of an operation.
@_cdecl("headway_operation_ended")
public func headwayOperationEnded(_ operation: CInt) -> CInt {
  answer { () throws(CFailure) in
    let (mine, thread) = try CThread.registered()
    thread.ended(try mine.operation(operation))
    return 0
  }
}

/// Notes an arrival at a barrier.
@_cdecl("headway_barrier_arrive")
public func headwayBarrierArrive(_ barrier: CInt) -> CInt {
  answer { () throws(CFailure) in
    let (mine, thread) = try CThread.registered()
    let place = try mine.barrier(barrier)
    mine.inside.append(.barrier(Int(barrier), place.arrive(thread)))
    return 0
  }
}

/// Notes a departure from a barrier.
@_cdecl("headway_barrier_depart")
public func headwayBarrierDepart(_ barrier: CInt) -> CInt {
  answer { () throws(CFailure) in
    let (mine, thread) = try CThread.registered()
    let place = try mine.barrier(barrier)
    guard case .barrier(let handle, let arrival)? = mine.inside.last, handle == barrier else {
      throw CFailure(HEADWAY_BAD_ORDER, "the thread has not arrived at the barrier \(place.name)")
    }
    mine.inside.removeLast()
    if !place.depart(thread, arrival) {
      throw CFailure(
        HEADWAY_BAD_ORDER,
        "the thread left the barrier \(place.name) before its \(place.participants) participants had arrived")
    }
    return 0
  }
}

/// Notes the beginning of a wait.
@_cdecl("headway_wait_begin")
public func headwayWaitBegin(_ site: CInt) -> CInt {
  answer { () throws(CFailure) in
    let (mine, thread) = try CThread.registered()
    let place = try mine.site(site)
    mine.inside.append(.wait(Int(site), place.begin(thread)))
    return 0
  }
}

/// Notes the end of a wait.
@_cdecl("headway_wait_end")
public func headwayWaitEnd(_ site: CInt) -> CInt {
  answer { () throws(CFailure) in
    let (mine, thread) = try CThread.registered()
    let place = try mine.site(site)
    guard case .wait(let handle, let start)? = mine.inside.last, handle == site else {
      throw CFailure(HEADWAY_BAD_ORDER, "the thread is not waiting at \(place.name)")
    }
    mine.inside.removeLast()
    place.end(thread, from: start)
    return 0
  }
}

/// Notes what a queue holds.
@_cdecl("headway_queued")
public func headwayQueued(_ site: CInt, _ items: Int64) -> CInt {
  answer { () throws(CFailure) in
    guard items >= 0 else {
      throw CFailure(HEADWAY_BAD_ARGUMENT, "a queue cannot hold \(items) items")
    }
    let (mine, thread) = try CThread.registered()
    thread.queued(try mine.site(site), items: Int(items))
    return 0
  }
}

/// Counts completed work.
@_cdecl("headway_complete")
public func headwayComplete(_ tasks: Int64, _ tokens: Int64) -> CInt {
  answer { () throws(CFailure) in
    guard tasks >= 0, tokens >= 0 else {
      throw CFailure(HEADWAY_BAD_ARGUMENT, "\(tasks) tasks and \(tokens) tokens cannot have been completed")
    }
    let (_, thread) = try CThread.registered()
    thread.complete(tasks: Int(tasks), tokens: Int(tokens))
    return 0
  }
}

/// Notes the beginning of a step.
@_cdecl("headway_step_begin")
public func headwayStepBegin() -> CInt {
  answer { () throws(CFailure) in
    let (mine, thread) = try CThread.registered()
    if mine.step != nil { throw CFailure(HEADWAY_BAD_ORDER, "the thread is in a step already") }
    mine.step = thread.beginStep()
    return 0
  }
}

/// Notes the end of a step.
@_cdecl("headway_step_end")
public func headwayStepEnd(_ index: Int64) -> CInt {
  answer { () throws(CFailure) in
    let (mine, thread) = try CThread.registered()
    guard let start = mine.step else { throw CFailure(HEADWAY_BAD_ORDER, "the thread is in no step") }
    mine.step = nil
    thread.endStep(Int(index), from: start)
    return 0
  }
}
