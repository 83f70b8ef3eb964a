/// An element of a ``BinaryHeap``: a strict order.
protocol HeapElement: Sendable {
  /// Whether this element comes out before another.
  func precedes(_ other: Self) -> Bool
}

/// A priority queue in an array. Complexity: O(log n) to insert and to take the first.
struct BinaryHeap<Element: HeapElement>: Sendable {
  private var elements: [Element] = []

  /// Elements in the queue.
  var count: Int { elements.count }

  /// Empties the queue and keeps its memory.
  mutating func removeAll() { elements.removeAll(keepingCapacity: true) }

  /// Makes room for a number of elements.
  mutating func reserveCapacity(_ count: Int) { elements.reserveCapacity(count) }

  /// Adds an element.
  mutating func insert(_ element: Element) {
    elements.append(element)
    var place = elements.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard element.precedes(elements[parent]) else { break }
      elements[place] = elements[parent]
      place = parent
    }
    elements[place] = element
  }

  /// Takes out the element that precedes all others, `nil` when empty.
  mutating func popFirst() -> Element? {
    guard let first = elements.first, let last = elements.popLast() else { return nil }
    if elements.isEmpty { return first }
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < elements.count else { break }
      if child + 1 < elements.count && elements[child + 1].precedes(elements[child]) { child += 1 }
      guard elements[child].precedes(last) else { break }
      elements[place] = elements[child]
      place = child
    }
    elements[place] = last
    return first
  }
}
