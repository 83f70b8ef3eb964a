/// Events in the order of their times; among equal times, in the order in which they were added.
///
/// A binary heap over an array: adding and taking are O(log n).
struct EventHeap {
  /// Something that is due.
  struct Event: Equatable {
    /// When, in nanoseconds of the clock that the heap's owner keeps.
    var time: Double
    /// The place in the order of adding.
    fileprivate(set) var order = 0
    /// Whom it concerns: a thread or a core.
    var subject: Int
    /// What makes an outdated event recognisable.
    var stamp = 0

    init(time: Double, subject: Int, stamp: Int = 0) {
      self.time = time
      self.subject = subject
      self.stamp = stamp
    }

    fileprivate func isBefore(_ other: Event) -> Bool {
      time < other.time || (time == other.time && order < other.order)
    }
  }

  private var events: [Event] = []
  private var added = 0

  /// The next event.
  var first: Event? { events.first }

  mutating func add(_ event: Event) {
    var event = event
    event.order = added
    added += 1
    var place = events.count
    events.append(event)
    while place > 0 {
      let parent = (place - 1) / 2
      guard event.isBefore(events[parent]) else { break }
      events[place] = events[parent]
      place = parent
    }
    events[place] = event
  }

  mutating func removeFirst() {
    guard let last = events.popLast(), !events.isEmpty else { return }
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < events.count else { break }
      if child + 1 < events.count && events[child + 1].isBefore(events[child]) { child += 1 }
      guard events[child].isBefore(last) else { break }
      events[place] = events[child]
      place = child
    }
    events[place] = last
  }
}
