import CHeadwayLinux
import Glibc
import HeadwayTrace
import Synchronization

/// The definitions of a file, in its mapping or in memory that is copied to it: entries one after another, each of
/// which is there whole or not at all.
final class MappedDefinitions: Sendable {
  // Invariant: the address of the memory, whose owner outlives this value; the bytes from `headerBytes`
  // to `firstChunk` are written by the lock's holder only.
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer
  private let state = Mutex(State())

  private struct State {
    var end = TraceFormat.headerBytes
    var isFull = false
    var dropped: UInt64 = 0
  }

  /// What came of a definition.
  enum Outcome {
    /// It stands at a place of the file.
    case defined(at: Int)
    /// There was no room for it, nor for others: how many, with this one.
    case dropped(count: UInt64)
  }

  /// Definitions of a file whose bytes lie at `base`.
  init(in base: UnsafeMutableRawPointer) { self.base = base }

  /// Where the definitions end that are there whole.
  var end: Int { state.withLock { $0.end } }

  /// Adds a definition. Once one has found no room no later one is added either, so that numbers stay in
  /// order.
  func add(_ definition: TraceDefinition, number: Int) -> Outcome {
    let bytes = definition.encoded(number: UInt16(clamping: number))
    return state.withLock { state in
      guard !state.isFull, number <= UInt16.max, state.end + bytes.count <= TraceFormat.firstChunk else {
        state.isFull = true
        state.dropped += 1
        return .dropped(count: state.dropped)
      }
      let place = state.end
      state.end += bytes.count
      UnsafeMutableRawBufferPointer(start: base + place + 4, count: bytes.count - 4)
        .copyBytes(from: bytes[4...])
      // Last, so that a reader of a killed process's file sees whole entries only.
      let mark = bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
      headway_store_release_u32((base + place).assumingMemoryBound(to: UInt32.self), mark)
      return .defined(at: place)
    }
  }
}

/// The size beyond which the process may not let a file grow (`ulimit -f`). Asked before each growth: the
/// attempt would raise SIGXFSZ, which ends a process that did not expect it.
func fileSizeLimit() -> Int {
  var limit = rlimit()
  guard getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { return .max }
  return Int(clamping: limit.rlim_cur)
}
