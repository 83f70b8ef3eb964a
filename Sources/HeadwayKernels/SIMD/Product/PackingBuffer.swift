import Glibc

/// Working memory of a product: a block of A and a block of B, rearranged in the order of their use.
///
/// One per thread, made at the thread's first product and freed when the thread ends. Not on the stack: the
/// blocks outgrow it, and the standard library's temporary allocations of that size are calls of malloc. Not
/// shared: threads multiply at the same time, without a lock.
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

  /// The calling thread's key; its destructor frees the memory when the thread ends.
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let code = pthread_key_create(&key) { free($0) }
    precondition(code == 0, "no thread-local key is left for the matrix product")
    return key
  }()

  /// The calling thread's memory: valid until the thread ends, 64-byte aligned, contents undefined.
  ///
  /// Invariant: no other thread sees the pointer, because only this function hands it out and no caller stores
  /// it; uses do not nest, because no product calls another.
  @inline(__always)
  static func ofThisThread() -> UnsafeMutablePointer<Float> {
    if let memory = pthread_getspecific(key) { return memory.assumingMemoryBound(to: Float.self) }
    return make()
  }

  /// Allocates the calling thread's memory. Pages that no product touches take no memory.
  @inline(never)
  private static func make() -> UnsafeMutablePointer<Float> {
    let bytes = (leftCapacity + rightCapacity) * MemoryLayout<Float>.stride
    guard let memory = aligned_alloc(64, bytes), pthread_setspecific(key, memory) == 0 else {
      fatalError("no memory for the blocks of a matrix product")
    }
    return memory.bindMemory(to: Float.self, capacity: leftCapacity + rightCapacity)
  }
}
