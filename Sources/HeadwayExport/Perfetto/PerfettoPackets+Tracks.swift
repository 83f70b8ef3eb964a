import HeadwayTrace

extension PerfettoPackets {
  func track(of thread: Int) -> UInt64 { PerfettoTracks.number(of: .states, thread: thread) }

  func track(process: Int) -> UInt64 {
    PerfettoTracks.number(ofProcess: process, threads: reader.threads.count)
  }

  mutating func declare(process index: Int) {
    let number = track(process: index)
    let processID = processes[index]
    let name = index == 0 ? processName : "process \(processID)"
    describe(number) { track in
      // A number that no process can have names no process.
      if processID > 0 {
        track.message(3) {
          $0.signed(1, Int64(processID))
          $0.text(6, name)
        }
      } else {
        track.text(2, name)
      }
    }
  }

  mutating func declare(thread index: Int) {
    let thread = reader.threads[index]
    let number = track(of: index)
    let process = track(process: processes.firstIndex(of: thread.processID) ?? 0)
    describe(number) { track in
      track.unsigned(5, process)
      if thread.processID > 0 && thread.threadID.rawValue > 0 {
        track.message(4) {
          $0.signed(1, Int64(thread.processID))
          $0.signed(2, Int64(thread.threadID.rawValue))
          $0.text(5, thread.name)
        }
      } else {
        track.text(2, thread.name)
      }
    }
  }

  /// Declares a track below a thread's when it is first used, and returns its number.
  mutating func declare(_ kind: PerfettoTracks.Kind, of thread: Int) -> UInt64 {
    let number = PerfettoTracks.number(of: kind, thread: thread)
    guard declared.insert(number).inserted else { return number }
    let parent = track(of: thread)
    let name = "\(kind) of \(reader.threads[thread].name)"
    if kind == .tasks || kind == .tokens {
      declareCounter(number, parent: parent, name, unit: .count)
    } else {
      describe(number) {
        $0.text(2, name)
        $0.unsigned(5, parent)
      }
    }
    return number
  }

  mutating func declareCounter(
    _ number: UInt64, parent: UInt64, _ name: String, unit: PerfettoTracks.Unit
  ) {
    describe(number) {
      $0.text(2, name)
      $0.unsigned(5, parent)
      $0.message(8) { $0.unsigned(3, unit.rawValue) }
    }
  }

  mutating func describe(_ number: UInt64, _ body: (inout ProtobufMessage) -> Void) {
    bytes.message(1) { packet in
      packet.unsigned(10, 1)
      packet.message(60) { track in
        track.unsigned(1, number)
        body(&track)
      }
    }
  }
}
