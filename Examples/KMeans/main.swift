// A k-means engine on threads of its own, measured by Headway: KMeansExample RUN_DIRECTORY [THREADS] [STEPS]
// In each step the workers take chunks of points from a counter and add up their sums under a lock; all meet
// at a barrier before and after, and the main thread moves the centres.
import Foundation
import HeadwayRecording
import Synchronization
let (dimensions, clusters, points, chunk) = (16, 32, 20_000, 500)
let arguments = CommandLine.arguments.dropFirst()
guard let directory = arguments.first else {
  FileHandle.standardError.write(Data("usage: KMeansExample RUN_DIRECTORY [THREADS] [STEPS]\n".utf8))
  exit(64)
}
let threads = arguments.dropFirst().first.flatMap { Int($0) } ?? 4
let steps = arguments.dropFirst(2).first.flatMap { Int($0) } ?? 20
/// What all threads share. The main thread alone writes it between the barriers; `sums` has the lock.
final class Engine: @unchecked Sendable {
  var numbers = (0..<(points * dimensions)).map { Float(($0 &* 2_654_435_761) % 1_000) / 1_000 }
  var centres: [Float]
  let next = Atomic<Int>(0)  // Relaxed: a chunk is claimed by the addition; the barriers order the rest.
  var sums = [Double](repeating: 0, count: clusters * (dimensions + 1))
  var isOver = false
  init() { centres = Array(numbers.prefix(clusters * dimensions)) }

  /// Adds the points of a chunk to their nearest centres.
  func assign(_ range: Range<Int>, to sums: inout [Double]) {
    for point in range {
      var nearest = (index: 0, distance: Float.infinity)
      for centre in 0..<clusters {
        var distance: Float = 0
        for axis in 0..<dimensions {
          let difference = numbers[point * dimensions + axis] - centres[centre * dimensions + axis]
          distance += difference * difference
        }
        if distance < nearest.distance { nearest = (centre, distance) }
      }
      let place = nearest.index * (dimensions + 1)
      for axis in 0..<dimensions { sums[place + axis] += Double(numbers[point * dimensions + axis]) }
      sums[place + dimensions] += 1
    }
  }
  /// Moves the centres to the means of their points.
  func move() {
    for centre in 0..<clusters where sums[centre * (dimensions + 1) + dimensions] > 0 {
      let place = centre * (dimensions + 1)
      for axis in 0..<dimensions {
        centres[centre * dimensions + axis] = Float(sums[place + axis] / sums[place + dimensions])
      }
    }
    sums = [Double](repeating: 0, count: sums.count)
    next.store(0, ordering: .relaxed)
  }
}
let run = try EngineRun(
  recordingInto: directory, program: ["engine": "k-means", "threads": "\(threads)"], stackSamplingHz: 99,
  watchdogSeconds: 30)
let (assigning, moving) = (run.state("assign"), run.state("move"))
let (begin, end) = (
  run.barrier("step_begin", participants: threads + 1), run.barrier("step_end", participants: threads + 1)
)
let merging = run.lock("sums")
let engine = Engine()
// The engine's own barrier. Initialised before any thread starts; made to be shared.
nonisolated(unsafe) let meeting = UnsafeMutablePointer<pthread_barrier_t>.allocate(capacity: 1)
pthread_barrier_init(meeting, nil, UInt32(threads + 1))
@Sendable func meet() { pthread_barrier_wait(meeting) }
for index in 0..<threads {
  Thread.detachNewThread {
    let me = run.register("worker-\(index)")
    while true {
      begin.cross(me) { meet() }
      if engine.isOver { break }
      var own = [Double](repeating: 0, count: engine.sums.count)
      while case let first = engine.next.add(chunk, ordering: .relaxed).oldValue, first < points {
        me.within(assigning) { engine.assign(first..<min(first + chunk, points), to: &own) }
        me.complete(tasks: 1, tokens: min(chunk, points - first))
      }
      merging.withLock(me) { for place in own.indices { engine.sums[place] += own[place] } }
      end.cross(me) { meet() }
    }
    me.retire()
    meet()
  }
}
let me = run.register("main", role: .main)
run.openWindow()
for step in 1...steps {
  me.step(step) {
    begin.cross(me) { meet() }
    end.cross(me) { meet() }
    me.within(moving) { engine.move() }
  }
}
run.closeWindow()
engine.isOver = true
begin.cross(me) { meet() }
meet()  // Every worker has retired.
me.retire()
try run.finish()
