import Glibc

/// Arrays at a chosen misalignment: each starts `offset` floats behind a 64-byte boundary.
final class MisalignedMemory: FloatMemory {
  private let offset: Int
  private var owned: [UnsafeMutableRawPointer] = []

  init(offset: Int) { self.offset = offset }

  deinit { owned.forEach { free($0) } }

  func place(_ values: [Float]) -> UnsafeMutablePointer<Float> {
    guard let memory = aligned_alloc(64, (values.count + offset + 16) * 4 / 64 * 64 + 64) else {
      fatalError("out of memory")
    }
    owned.append(memory)
    let start = memory.bindMemory(to: Float.self, capacity: values.count + offset) + offset
    start.update(from: values, count: values.count)
    return start
  }
}

/// Arrays between forbidden pages, flush against the one behind or the one before: a read or write outside ends
/// the test process with SIGSEGV.
final class FencedMemory: FloatMemory {
  /// Which fence an array touches.
  enum Side { case front, back }

  private let side: Side
  private var mapped: [(UnsafeMutableRawPointer, Int)] = []

  init(touching side: Side) { self.side = side }

  deinit { mapped.forEach { munmap($0.0, $0.1) } }

  func place(_ values: [Float]) -> UnsafeMutablePointer<Float> {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let bytes = values.count * 4
    let inside = max(1, (bytes + page - 1) / page) * page
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let base = mmap(nil, inside + 2 * page, PROT_NONE, flags, -1, 0), base != MAP_FAILED,
      mprotect(base + page, inside, PROT_READ | PROT_WRITE) == 0
    else { fatalError("no memory to fence in") }
    mapped.append((base, inside + 2 * page))
    let start = side == .front ? base + page : base + page + inside - bytes
    let array = start.bindMemory(to: Float.self, capacity: values.count)
    array.update(from: values, count: values.count)
    return array
  }
}
