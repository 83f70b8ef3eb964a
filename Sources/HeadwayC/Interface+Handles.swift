import CHeadway
import HeadwayRecording
import HeadwayTrace

// The functions of headway.h that register something and return its handle.

/// Registers a state.
@_cdecl("headway_state")
public func headwayState(_ name: UnsafePointer<CChar>?, _ category: CInt) -> CInt {
  answer { () throws(CFailure) in
    let name = try text(name, "name")
    let category = try choice(
      category, of: [StateCategory.useful, .spin, .blocked, .lifecycle], "category")
    let recording = try CRun.ongoing()
    return recording.handles.withLock { handles in
      handles.states.append(recording.run.state(name, category: category))
      return handles.states.count - 1
    }
  }
}

/// Registers a barrier.
@_cdecl("headway_barrier")
public func headwayBarrier(_ name: UnsafePointer<CChar>?, _ participants: CInt) -> CInt {
  answer { () throws(CFailure) in
    let name = try text(name, "name")
    guard participants > 0 else {
      throw CFailure(HEADWAY_BAD_ARGUMENT, "a barrier of \(participants) participants cannot be made")
    }
    let recording = try CRun.ongoing()
    return recording.handles.withLock { handles in
      handles.barriers.append(recording.run.barrier(name, participants: Int(participants)))
      return handles.barriers.count - 1
    }
  }
}

/// Registers a place where threads wait.
@_cdecl("headway_wait_site")
public func headwayWaitSite(_ name: UnsafePointer<CChar>?, _ kind: CInt) -> CInt {
  answer { () throws(CFailure) in
    let name = try text(name, "name")
    let kind = try choice(
      kind, of: [SiteKind.queueEmpty, .queueFull, .prefetchNotReady, .latch, .lock], "kind of wait")
    let recording = try CRun.ongoing()
    return recording.handles.withLock { handles in
      handles.sites.append(recording.run.waitSite(name, kind: kind))
      return handles.sites.count - 1
    }
  }
}

/// Registers an operation.
@_cdecl("headway_operation")
public func headwayOperation(_ name: UnsafePointer<CChar>?) -> CInt {
  answer { () throws(CFailure) in
    let name = try text(name, "name")
    let recording = try CRun.ongoing()
    return recording.handles.withLock { handles in
      handles.operations.append(recording.run.operation(name))
      return handles.operations.count - 1
    }
  }
}

/// Registers the calling thread.
@_cdecl("headway_register")
public func headwayRegister(_ name: UnsafePointer<CChar>?, _ role: CInt) -> CInt {
  answer { () throws(CFailure) in
    let name = try text(name, "name")
    let role = try choice(role, of: [ThreadRole.main, .control, .worker, .prefetch], "role")
    let recording = try CRun.ongoing()
    let mine = CThread.mine
    if let part = mine.part {
      if part.recording === recording {
        throw CFailure(HEADWAY_BAD_ORDER, "the calling thread is registered already")
      }
      mine.retire()
    }
    mine.known = CRun.Handles()
    mine.part = (recording, recording.run.register(name, role: role))
    return 0
  }
}

/// Ends the calling thread's part.
@_cdecl("headway_retire")
public func headwayRetire() -> CInt {
  answer { () throws(CFailure) in
    let (mine, _) = try CThread.registered()
    let open = mine.inside.count
    mine.retire()
    if open > 0 {
      throw CFailure(HEADWAY_BAD_ORDER, "the thread was retired inside \(open) states that it had not left")
    }
    return 0
  }
}
