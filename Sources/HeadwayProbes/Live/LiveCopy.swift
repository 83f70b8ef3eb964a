import CHeadwayLinux
import Glibc
import HeadwayTrace
import Synchronization

/// Copies what a run's threads have stored into its status file, by any one thread at a time. A copy allocates
/// nothing, and whoever waits for the disk is the one that copies.
final class LiveCopy: Sendable {
  private let memory: LiveMemory
  private let descriptor: Int32
  private let state: Mutex<CopyState>

  /// Copies into an open file, which the caller keeps open.
  init(of memory: LiveMemory, into descriptor: Int32) {
    self.memory = memory
    self.descriptor = descriptor
    state = Mutex(CopyState())
  }

  /// Bytes that copying takes.
  static var heapBytes: Int { LiveFormat.rowBytes }

  /// Why a copy was not whole, the latest; `nil` when all were.
  var failure: Int32? { state.withLock { $0.failure } }

  /// Copies everything now.
  func copy() {
    state.withLock { state in
      let limit = fileSizeLimit()
      state.copyDefinitions(of: memory, to: descriptor)
      for row in 0..<memory.rows {
        let place = LiveFormat.place(ofRow: row)
        guard place + LiveFormat.Row.used <= limit else {
          // The attempt would raise SIGXFSZ, which ends a process that did not expect it.
          state.failure = EFBIG
          break
        }
        state.copy(
          memory, at: place, count: LiveFormat.Row.used, stamp: LiveFormat.Row.copied, to: descriptor)
      }
      // Last: it says when the copy was taken.
      state.copy(memory, at: 0, count: LiveFormat.Header.end, stamp: LiveFormat.Header.copied, to: descriptor)
    }
  }
}

/// What copying needs, and how far it has come.
private struct CopyState: ~Copyable {
  // Invariant: room for the words of a header or a row, allocated in `init`, freed in `deinit`.
  let words: UnsafeMutablePointer<UInt64> = .allocate(capacity: LiveFormat.rowBytes / 8)
  /// Definitions up to here are in the file.
  var definitionsEnd = LiveFormat.headerBytes
  /// Why the last copy that was not whole was not: an error number.
  var failure: Int32?

  deinit { words.deallocate() }

  /// Copies the definitions that are not in the file yet. The mark of the first of them comes last: a reader that comes
  /// meanwhile sees none of them.
  mutating func copyDefinitions(of memory: LiveMemory, to descriptor: Int32) {
    let (begin, end) = (definitionsEnd, memory.definitionsEnd)
    guard end > begin else { return }
    let mark = begin + MemoryLayout<UInt32>.size
    if write(memory.definitionBytes(from: mark, to: end), at: mark, descriptor),
      write(memory.definitionBytes(from: begin, to: mark), at: begin, descriptor)
    {
      definitionsEnd = end
    }
  }

  /// Copies a header or a row as one instant had it, with that instant in the word at `stamp`.
  ///
  /// Two equal readings in a row are an instant's; where the words change under every attempt the latest are
  /// taken: none of them is torn, and what is missing of one copy is found in the next.
  mutating func copy(
    _ memory: LiveMemory, at place: Int, count: Int, stamp: Int, to descriptor: Int32
  ) {
    _ = read(memory, at: place, count: count)
    var now: UInt64
    var attempts = 0
    repeat {
      // Nobody but this copy writes that word.
      words[stamp / 8] = 0
      now = headway_ticks()
      attempts += 1
    } while read(memory, at: place, count: count) && attempts < 5
    words[stamp / 8] = now
    _ = write(UnsafeRawBufferPointer(start: words, count: count), at: place, descriptor)
  }

  /// Reads words; whether any of them has another value than before.
  private func read(_ memory: LiveMemory, at place: Int, count: Int) -> Bool {
    var hasChanged = false
    for index in 0..<(count / 8) {
      let value = memory.load(at: place + 8 * index)
      if words[index] != value { hasChanged = true }
      words[index] = value
    }
    return hasChanged
  }

  /// Writes bytes to a place of the file; whether all of them.
  mutating func write(_ bytes: UnsafeRawBufferPointer, at place: Int, _ descriptor: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = pwrite(
        descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written, off_t(place + written))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        failure = count < 0 ? errno : ENOSPC
        return false
      }
      written += count
    }
    return true
  }
}
