import Glibc
import Synchronization

/// Working memory of a product: a block of A and a block of B, rearranged in the order of their use.
///
/// One per thread, taken from a pool at the thread's first product and given back when the thread ends. Not on
/// the stack: the blocks outgrow it, and the standard library's temporary allocations of that size are calls of
/// malloc. Not shared: threads multiply at the same time, without a lock. The pool keeps what it once made, so
/// that a team that was reserved for never allocates, whichever worker gets its first task when.
enum PackingBuffer {
  /// Rows of a block of A: sixteen strips of six.
  static let blockRows = 96
  /// Columns of a block of B.
  static let blockColumns = 512
  /// Depth of both blocks: a panel of B (16 · 256 floats) fills half of a 32 KiB first-level cache.
  static let depth = 256

  /// Floats of the block of A; the block of B follows.
  static let leftCapacity = blockRows * depth
  /// Floats of the block of B.
  static let rightCapacity = blockColumns * depth

  /// Bytes of both blocks.
  static let byteCount = (leftCapacity + rightCapacity) * MemoryLayout<Float>.stride

  /// All memory that was ever made, and what no thread uses, as addresses: a pointer may not cross a lock.
  private struct Pool: Sendable {
    var made: [UInt] = []
    var idle: [UInt] = []

    /// Adds one block.
    mutating func grow() {
      guard let memory = aligned_alloc(64, byteCount) else {
        fatalError("no memory for the blocks of a matrix product")
      }
      made.append(UInt(bitPattern: memory))
      idle.append(UInt(bitPattern: memory))
      // A thread that ends gives back without growing the array.
      idle.reserveCapacity(made.count)
    }
  }

  private static let pool = Mutex(Pool())

  /// The calling thread's key; its destructor gives the memory back when the thread ends.
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let code = pthread_key_create(&key) { memory in
      guard let memory else { return }
      let address = UInt(bitPattern: memory)
      PackingBuffer.pool.withLock { $0.idle.append(address) }
    }
    precondition(code == 0, "no thread-local key is left for the matrix product")
    return key
  }()

  /// Makes memory ahead, so that `count` further threads find theirs without an allocation.
  static func reserve(_ count: Int) {
    _ = key
    pool.withLock { pool in while pool.idle.count < count { pool.grow() } }
  }

  /// The blocks' addresses, for those who ask how much of them is resident.
  static var addresses: [UInt] { pool.withLock { $0.made } }

  /// The calling thread's memory: valid until the thread ends, 64-byte aligned, contents undefined.
  ///
  /// Invariant: no other thread has the pointer, because a block is idle or with one thread, and no caller
  /// stores it; uses do not nest, because no product calls another.
  @inline(__always)
  static func ofThisThread() -> UnsafeMutablePointer<Float> {
    if let memory = pthread_getspecific(key) { return memory.assumingMemoryBound(to: Float.self) }
    return take()
  }

  /// Takes the calling thread's memory out of the pool. Pages that no product touches take no memory.
  @inline(never)
  private static func take() -> UnsafeMutablePointer<Float> {
    let address = pool.withLock { pool in
      if pool.idle.isEmpty { pool.grow() }
      return pool.idle.popLast()
    }
    guard let address, let memory = UnsafeMutableRawPointer(bitPattern: address),
      pthread_setspecific(key, memory) == 0
    else { fatalError("no memory for the blocks of a matrix product") }
    return memory.bindMemory(to: Float.self, capacity: leftCapacity + rightCapacity)
  }
}
