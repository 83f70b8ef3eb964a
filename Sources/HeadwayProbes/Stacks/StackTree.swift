import HeadwayTrace

/// The stacks that have been seen, as a tree of places: each stack is stored once.
struct StackTree {
  private struct Edge: Hashable {
    var caller: Int32
    var place: CodePlace
  }

  /// The innermost place of each stack.
  private(set) var places: [CodePlace] = []
  /// The stack of the caller; -1 where there is none.
  private(set) var callers: [Int32] = []
  private var numbers: [Edge: Int32] = [:]

  /// The number of a stack, given innermost first; -1 for an empty one.
  mutating func number(of stack: [CodePlace]) -> Int32 {
    var node: Int32 = -1
    for place in stack.reversed() {
      let edge = Edge(caller: node, place: place)
      if let known = numbers[edge] {
        node = known
        continue
      }
      node = Int32(places.count)
      numbers[edge] = node
      places.append(place)
      callers.append(edge.caller)
    }
    return node
  }
}
