import CHeadway
import Glibc
import HeadwayProbes
import HeadwayRecording
import HeadwayTrace

/// What the C interface keeps of one thread, under a key of the C library that gives it up when the thread
/// ends. Only that thread touches it.
final class CThread {
  /// What the thread is inside of, innermost last: what must be left in this order.
  enum Inside {
    case state
    case barrier(Int, RunBarrier.Arrival)
    case wait(Int, Ticks)
  }

  /// The thread's part in a recording; absent while it is not registered.
  var part: (recording: CRun, thread: RunThread)?
  var inside: [Inside] = []
  var step: RunThread.StepStart?
  /// Copies of the recording's lists, so that no lock is taken to find a handle.
  var known = CRun.Handles()
  private var message: UnsafeMutablePointer<CChar>?

  deinit { free(message) }

  // A key holds one owned reference a thread, retained in `mine` and released by the key's destructor, which
  // the C library calls on that thread when it ends.
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let status = pthread_key_create(&key) { content in
      guard let content else { return }
      let thread = Unmanaged<CThread>.fromOpaque(content).takeRetainedValue()
      thread.retire()
    }
    precondition(status == 0, "pthread_key_create: \(String(cString: strerror(status)))")
    return key
  }()

  /// The calling thread's.
  static var mine: CThread {
    if let content = pthread_getspecific(key) {
      return Unmanaged<CThread>.fromOpaque(content).takeUnretainedValue()
    }
    let thread = CThread()
    let content = Unmanaged.passRetained(thread)
    if pthread_setspecific(key, content.toOpaque()) != 0 { content.release() }
    return thread
  }

  /// The calling thread's, registered in the recording that is going on.
  static func registered() throws(CFailure) -> (CThread, RunThread) {
    let mine = mine
    guard let part = mine.part else {
      _ = try CRun.ongoing()
      throw CFailure(
        HEADWAY_NOT_REGISTERED, "the calling thread is not registered: call headway_register first")
    }
    if part.recording.run.isFinished {
      throw CFailure(HEADWAY_NOT_STARTED, "the recording that this thread belongs to has ended")
    }
    return (mine, part.thread)
  }

  /// Ends the thread's part, leaving what it is still inside of.
  func retire() {
    guard let part else { return }
    while !inside.isEmpty { leave(part.thread) }
    step = nil
    part.thread.retire()
    self.part = nil
  }

  /// Leaves the innermost thing without recording a crossing or a wait.
  private func leave(_ thread: RunThread) {
    _ = inside.popLast()
    thread.leave()
  }

  /// A barrier by its handle.
  func barrier(_ handle: CInt) throws(CFailure) -> RunBarrier {
    try find(handle, "barrier", in: \.barriers)
  }

  /// A wait site by its handle.
  func site(_ handle: CInt) throws(CFailure) -> RunWaitSite { try find(handle, "wait site", in: \.sites) }

  /// A state by its handle.
  func state(_ handle: CInt) throws(CFailure) -> StateID { try find(handle, "state", in: \.states) }

  /// An operation by its handle.
  func operation(_ handle: CInt) throws(CFailure) -> OperationID {
    try find(handle, "operation", in: \.operations)
  }

  private func find<Thing>(
    _ handle: CInt, _ name: String, in list: KeyPath<CRun.Handles, [Thing]>
  ) throws(CFailure) -> Thing {
    if !known[keyPath: list].indices.contains(Int(handle)), let part {
      known = part.recording.handles.withLock { $0 }
    }
    let things = known[keyPath: list]
    guard things.indices.contains(Int(handle)) else {
      throw CFailure(HEADWAY_BAD_ARGUMENT, "\(handle) is the handle of no \(name)")
    }
    return things[Int(handle)]
  }

  /// Keeps a sentence for ``lastMessage``.
  static func keep(_ sentence: String) {
    let mine = mine
    free(mine.message)
    mine.message = strdup(sentence)
  }

  /// The sentence kept last; `nil` when there is none.
  static var lastMessage: UnsafePointer<CChar>? { mine.message.map { UnsafePointer($0) } }
}
