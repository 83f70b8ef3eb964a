import CHeadwayLinux
import Glibc
import HeadwayTrace
import Synchronization

/// The content of a run's status file, in memory of this process that belongs to no file: a thread that notes
/// what it does stores here, and never waits for a disk.
///
/// The kernel protects a page of a mapped file while it writes it, and whoever stores into it then faults and may
/// wait for the file system's journal. Here only whoever copies waits: see ``LiveCopy``.
final class LiveMemory: Sendable {
  private static let mappedBytes = LiveFormat.firstRow + LiveFormat.rowLimit * LiveFormat.rowBytes

  // Invariant: the address of `mappedBytes` bytes, mapped in `init` and unmapped in `deinit`; zeros until they are
  // written, and resident only where they were. Disjoint parts have one writer each: the definitions their lock's
  // holder, a row the thread that fills it, the window the probe, the steps the thread that trains.
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer
  private let definitions: MappedDefinitions
  /// Rows whose memory is in use. Relaxed: written under the probe's lock, read for its number alone; a row of which
  /// nothing is seen yet is one in which nothing has happened.
  private let count = Atomic<Int>(0)

  /// Zeros, but for the header's bytes; `nil`, with the reason in `errno`, where there is no memory.
  init?(header: [UInt8]) {
    let address = mmap(
      nil, Self.mappedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let address, address != MAP_FAILED else { return nil }
    base = address
    definitions = MappedDefinitions(in: address)
    UnsafeMutableRawBufferPointer(start: address, count: header.count).copyBytes(from: header)
  }

  deinit { munmap(base, Self.mappedBytes) }

  /// Bytes that are in use.
  var usedBytes: Int { definitionsEnd + rows * LiveFormat.rowBytes }

  /// Rows in use.
  var rows: Int { count.load(ordering: .relaxed) }

  /// Where the definitions end that are there whole.
  var definitionsEnd: Int { definitions.end }

  /// Adds a state or a site; one that finds no room is not shown.
  func define(_ definition: TraceDefinition, number: Int) { _ = definitions.add(definition, number: number) }

  /// Adds a thread: the memory of its row, zeroed, or `nil` where there is no room for it; then there is none
  /// for later ones either, so that rows stand in the order of their numbers. Under the probe's lock.
  func addRow(of thread: RecordedThread, number: Int) -> UnsafeMutableRawPointer? {
    guard number == rows, number < LiveFormat.rowLimit,
      case .defined = definitions.add(.thread(thread), number: number)
    else { return nil }
    count.store(number + 1, ordering: .relaxed)
    return base + LiveFormat.place(ofRow: number)
  }

  /// Writes a word of the header.
  func store(_ value: UInt64, at offset: Int) { headway_store_release_u64(word(at: offset), value) }

  /// Reads a word.
  func load(at offset: Int) -> UInt64 { headway_load_acquire_u64(word(at: offset)) }

  /// The bytes of the definitions from a place on, none of which changes any more.
  func definitionBytes(from place: Int, to end: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + place, count: end - place)
  }

  /// Words of the format lie at multiples of eight, and so does the memory.
  private func word(at offset: Int) -> UnsafeMutablePointer<UInt64> {
    (base + offset).assumingMemoryBound(to: UInt64.self)
  }
}
