import HeadwayTrace

extension PerfettoPackets {
  mutating func slice(
    track: UInt64, name: PerfettoName, category: StateCategory?, from start: Instant, to end: Instant?
  ) {
    begin(track: track, name: name, category: category, at: start)
    if let end { self.end(track: track, at: end) }
  }

  mutating func begin(
    track: UInt64, name: PerfettoName, category: StateCategory? = nil, at instant: Instant,
    _ more: (inout ProtobufMessage) -> Void = { _ in }
  ) {
    packet(at: instant, track: track, type: .sliceBegin) { event in
      event.unsigned(10, name.number)
      if let category { event.unsigned(3, PerfettoName.number(of: category)) }
      more(&event)
    }
  }

  mutating func end(
    track: UInt64, at instant: Instant, _ more: (inout ProtobufMessage) -> Void = { _ in }
  ) {
    packet(at: instant, track: track, type: .sliceEnd, more)
  }

  mutating func count(_ value: Int, track: UInt64, at instant: Instant) {
    packet(at: instant, track: track, type: .counter) { $0.signed(30, Int64(value)) }
  }

  mutating func packet(
    at instant: Instant, track: UInt64, type: PerfettoEventType, _ more: (inout ProtobufMessage) -> Void
  ) {
    let time = monotonic(instant)
    bytes.message(1) { packet in
      packet.unsigned(8, time)
      packet.unsigned(10, 1)
      packet.unsigned(13, 2)
      packet.message(11) { event in
        event.unsigned(9, type.rawValue)
        event.unsigned(11, track)
        more(&event)
      }
    }
  }

  /// A moment on the monotonic clock; what lies before that clock's zero is at zero.
  func monotonic(_ instant: Instant) -> UInt64 {
    let since = instant.sinceOrigin.count
    return since >= 0
      ? originNs &+ UInt64(since) : (originNs >= since.magnitude ? originNs - since.magnitude : 0)
  }

  mutating func writeClockAndNames() {
    let originNs = originNs
    let names = PerfettoName.all(of: reader)
    bytes.message(1) { packet in
      packet.unsigned(10, 1)
      packet.message(6) { snapshot in
        snapshot.message(1) { clock in
          clock.unsigned(1, PerfettoName.monotonicClock)
          clock.unsigned(2, originNs)
        }
        snapshot.unsigned(2, PerfettoName.monotonicClock)
      }
    }
    bytes.message(1) { packet in
      packet.unsigned(10, 1)
      // The state of the sequence begins here.
      packet.unsigned(13, 1)
      packet.message(59) { $0.unsigned(58, PerfettoName.monotonicClock) }
      packet.message(12) { interned in
        for (field, entries) in names {
          for entry in entries {
            interned.message(field) {
              $0.unsigned(1, entry.number)
              $0.text(2, entry.name)
            }
          }
        }
      }
    }
  }
}
