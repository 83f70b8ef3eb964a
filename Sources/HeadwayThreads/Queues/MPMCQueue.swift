import Synchronization

/// A bounded lock-free queue for any number of producers and consumers, after Dmitry Vyukov's ring.
///
///     let queue = MPMCQueue<UInt64>(capacity: 64, polling: .never)
///     queue.tryPush(7)
///     queue.tryPop()  // .element(7)
///
/// Elements come out in the order in which their pushes took a position; so the elements of one producer
/// stay in order. Elements are trivially copyable: a cell is written and read as plain memory.
///
/// Each cell has a turn number. For position p in a ring of c cells the cell's turn is `2p` when it is free
/// for the push at p, `2p + 1` when it holds the element of p, and `2(p + c)` when it is free again. A
/// thread owns a cell's element exactly between winning the position and storing the next turn. Orderings:
/// the releasing store of a turn pairs with the acquiring load that precedes the next access to the cell;
/// positions are taken with relaxed exchanges, as they carry no element.
///
/// After ``close()`` no push succeeds, and every element whose push succeeded is still popped by somebody:
/// closing sets the top bit of the push position, so that pushes and the close have one order.
public final class MPMCQueue<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  // @unchecked Sendable: constant pointers; positions and turns are atomics, elements are owned by turns.
  /// How many elements fit: the requested number rounded up to a power of two.
  public let capacity: Int
  /// How long a thread polls before it sleeps in ``pop(at:probe:)`` or ``push(_:at:probe:)``.
  public let polling: Polling

  @usableFromInline let lines: CacheLines
  @usableFromInline let pushPosition: AtomicCounter
  @usableFromInline let popPosition: AtomicCounter
  /// Where consumers sleep while the queue is empty.
  @usableFromInline let items: EventCount
  /// Where producers sleep while the queue is full.
  @usableFromInline let room: EventCount
  @usableFromInline let cells: UnsafeMutableRawPointer
  @usableFromInline let mask: UInt64

  /// What came of an attempt to pop.
  @frozen public enum Popped {
    /// An element was there.
    case element(Element)
    /// Nothing was there.
    case empty
    /// Nothing was there, and nothing will come.
    case closed
  }

  /// What came of an attempt to push.
  @frozen public enum Pushed {
    /// The element is in the queue.
    case done
    /// There was no room.
    case full
    /// The queue takes no more elements.
    case closed
  }

  /// Makes an empty queue of at least `capacity` cells, which must lie in 1 … 2³⁰.
  public init(capacity: Int, polling: Polling) {
    precondition(capacity > 0 && capacity <= 1 << 30, "the capacity is not in 1 … 2^30")
    let rounded = capacity == 1 ? 1 : 1 << (Int.bitWidth - (capacity - 1).leadingZeroBitCount)
    self.capacity = rounded
    self.polling = polling
    mask = UInt64(rounded - 1)
    lines = CacheLines(4)
    pushPosition = lines.counter(line: 0)
    popPosition = lines.counter(line: 1)
    items = EventCount(lines, line: 2)
    room = EventCount(lines, line: 3)
    cells = .allocate(byteCount: rounded * Self.cellBytes, alignment: CacheLines.lineBytes)
    for index in 0..<rounded {
      (cells + index * Self.cellBytes).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
        .initialize(to: Atomic(UInt64(2 * index)))
    }
  }

  deinit { cells.deallocate() }

  /// A turn, the element behind it, and nothing shared with the neighbour's line.
  @inlinable static var cellBytes: Int { (elementOffset + MemoryLayout<Element>.stride + 63) & ~63 }
  @inlinable static var elementOffset: Int { max(8, MemoryLayout<Element>.alignment) }
  /// Set in the push position when the queue is closed.
  @inlinable static var closedBit: UInt64 { 1 << 63 }

  @inlinable func turn(of cell: UnsafeMutableRawPointer) -> AtomicCounter {
    cell.assumingMemoryBound(to: Atomic<UInt64>.self)
  }
  @inlinable func cell(at position: UInt64) -> UnsafeMutableRawPointer {
    cells + Int(truncatingIfNeeded: position & mask) * Self.cellBytes
  }

  /// Closes the queue: pushes fail from now on, pops fail once it is empty, and all sleepers wake.
  public func close() {
    pushPosition.pointee.bitwiseOr(Self.closedBit, ordering: .sequentiallyConsistent)
    items.notify(.max)
    room.notify(.max)
  }

  /// Elements that are in the queue, as far as a look at one position after the other can tell. Relaxed: a
  /// number to look at, which orders nothing.
  @inlinable public var depth: Int {
    let end = popPosition.pointee.load(ordering: .relaxed)
    let begin = pushPosition.pointee.load(ordering: .relaxed) & ~Self.closedBit
    return begin > end ? min(Int(truncatingIfNeeded: begin &- end), capacity) : 0
  }

  /// How many consumers sleep, or are about to, because the queue is empty.
  package var sleepingConsumers: Int { items.sleepers }
  /// How many producers sleep, or are about to, because the queue is full.
  package var sleepingProducers: Int { room.sleepers }
}
