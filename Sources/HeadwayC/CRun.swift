import CHeadway
import HeadwayProbes
import HeadwayRecording
import HeadwayTrace
import Synchronization

/// The process' recording, as the C interface knows it: an ``EngineRun`` and what the handles stand for.
///
/// Handles are positions in these lists, so that a number that nobody made is told apart from one that
/// somebody did, which a pointer could not be.
final class CRun: Sendable {
  /// What has been registered.
  struct Handles {
    var states: [StateID] = []
    var barriers: [RunBarrier] = []
    var sites: [RunWaitSite] = []
    var operations: [OperationID] = []
    var window = 0
  }

  let run: EngineRun
  let handles = Mutex(Handles())

  init(_ run: EngineRun) { self.run = run }

  /// The recording of the process; the last one stays until the next is started.
  static let current = Mutex<CRun?>(nil)

  /// The recording that is going on.
  static func ongoing() throws(CFailure) -> CRun {
    guard let recording = current.withLock({ $0 }), !recording.run.isFinished else {
      throw CFailure(HEADWAY_NOT_STARTED, "no recording is going on: call headway_start first")
    }
    return recording
  }
}

/// Why a call of the C interface failed.
struct CFailure: Error {
  let status: headway_status
  let sentence: String

  init(_ status: headway_status, _ sentence: String) {
    self.status = status
    self.sentence = sentence
  }

  init(_ error: InputError) {
    self.init(error.isUsage ? HEADWAY_BAD_ARGUMENT : HEADWAY_FILE_ERROR, "\(error)")
  }
}

/// Does what a call asks for: its number, or the failure's, whose sentence the calling thread then keeps.
func answer(_ body: () throws(CFailure) -> Int) -> CInt {
  do throws(CFailure) {
    return CInt(try body())
  } catch {
    CThread.keep(error.sentence)
    return CInt(error.status.rawValue)
  }
}

/// The text of an argument.
func text(_ pointer: UnsafePointer<CChar>?, _ name: String) throws(CFailure) -> String {
  guard let pointer else { throw CFailure(HEADWAY_BAD_ARGUMENT, "\(name) is NULL") }
  // The caller promises a zero at the end, as every C interface must rely on.
  let text = String(cString: pointer)
  guard !text.isEmpty else { throw CFailure(HEADWAY_BAD_ARGUMENT, "\(name) is empty") }
  return text
}

/// The case that a number of the header stands for.
func choice<Case>(_ number: CInt, of cases: [Case], _ name: String) throws(CFailure) -> Case {
  guard cases.indices.contains(Int(number)) else {
    throw CFailure(HEADWAY_BAD_ARGUMENT, "\(number) is no \(name): use 0 to \(cases.count - 1)")
  }
  return cases[Int(number)]
}
