import CHeadway
import HeadwayRecording
import HeadwayTrace

// The functions of headway.h about the recording as a whole. What they promise stands there.

/// Starts the process' recording.
@_cdecl("headway_start")
public func headwayStart(_ directory: UnsafePointer<CChar>?, _ traceBytes: UInt64) -> CInt {
  answer { () throws(CFailure) in
    var options = headway_options()
    options.trace_bytes = traceBytes
    try CRun.start(into: directory, options)
    return 0
  }
}

/// Starts the process' recording with more than states, waits and progress.
@_cdecl("headway_start_with")
public func headwayStartWith(
  _ directory: UnsafePointer<CChar>?, _ options: UnsafePointer<headway_options>?
) -> CInt {
  answer { () throws(CFailure) in
    guard let options else { throw CFailure(HEADWAY_BAD_ARGUMENT, "options is NULL") }
    // The caller promises a whole structure, as every C interface must rely on.
    try CRun.start(into: directory, options.pointee)
    return 0
  }
}

extension CRun {
  /// Starts a recording; refused while another one goes on.
  fileprivate static func start(
    into directory: UnsafePointer<CChar>?, _ options: headway_options
  ) throws(CFailure) {
    let path = try text(directory, "directory")
    let outcome = CRun.current.withLock { current -> Result<Void, CFailure> in
      if let current, !current.run.isFinished {
        return .failure(
          CFailure(HEADWAY_ALREADY_STARTED, "a recording into \(current.run.directory.path) is going on"))
      }
      do throws(InputError) {
        current = CRun(
          try EngineRun(
            recordingInto: path, traceBytes: Int(clamping: options.trace_bytes),
            counters: options.counters != 0, operations: options.operations != 0,
            stackSamplingHz: Int(options.stack_sampling_hz),
            stackSamplingMode: options.samples_wall_time != 0 ? .wall : .cpu,
            watchdogSeconds: Int(options.watchdog_seconds)))
        return .success(())
      } catch { return .failure(CFailure(error)) }
    }
    try outcome.get()
  }
}

/// Adds a fact to the report's header.
@_cdecl("headway_describe")
public func headwayDescribe(_ name: UnsafePointer<CChar>?, _ value: UnsafePointer<CChar>?) -> CInt {
  answer { () throws(CFailure) in
    let name = try text(name, "name")
    let value = try text(value, "value")
    let run = try CRun.ongoing().run
    do throws(InputError) { try run.describe(name, as: value) } catch { throw CFailure(error) }
    return 0
  }
}

/// Opens the measured window.
@_cdecl("headway_open_window")
public func headwayOpenWindow() -> CInt {
  answer { () throws(CFailure) in
    let recording = try CRun.ongoing()
    try recording.move(to: 1, "the window has been opened before")
    recording.run.openWindow()
    return 0
  }
}

/// Closes the measured window.
@_cdecl("headway_close_window")
public func headwayCloseWindow() -> CInt {
  answer { () throws(CFailure) in
    let recording = try CRun.ongoing()
    try recording.move(to: 2, "the window is not open")
    recording.run.closeWindow()
    return 0
  }
}

/// Ends the process' recording.
@_cdecl("headway_finish")
public func headwayFinish() -> CInt {
  answer { () throws(CFailure) in
    let run = try CRun.ongoing().run
    do throws(InputError) { try run.finish() } catch { throw CFailure(error) }
    return 0
  }
}

/// Why the calling thread's last failing call failed.
@_cdecl("headway_error_message")
public func headwayErrorMessage() -> UnsafePointer<CChar>? { CThread.lastMessage ?? noFailure }

// Invariant: a constant of the program, never written and never freed.
private nonisolated(unsafe) let noFailure: UnsafePointer<CChar>? = {
  let sentence: StaticString = "no call of this thread has failed"
  return UnsafeRawPointer(sentence.utf8Start).assumingMemoryBound(to: CChar.self)
}()

extension CRun {
  /// Moves the window on: 0 unopened, 1 open, 2 closed.
  fileprivate func move(to next: Int, _ complaint: String) throws(CFailure) {
    let isInOrder = handles.withLock { handles in
      defer { if handles.window == next - 1 { handles.window = next } }
      return handles.window == next - 1
    }
    if !isInOrder { throw CFailure(HEADWAY_BAD_ORDER, complaint) }
  }
}
