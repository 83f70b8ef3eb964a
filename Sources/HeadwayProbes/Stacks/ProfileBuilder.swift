import HeadwayTrace

/// Turns what was collected into a ``StackProfile``: names the places, once each, and spells out what was
/// inlined.
struct ProfileBuilder {
  private var profile: StackProfile
  private let files: [CodeFile]
  private let names = PlaceNames()
  private var modules: [Int32: Int] = [:]
  private var functions: [FunctionKey: Int] = [:]
  private var nodes: [StackNode: Int] = [:]
  /// The frames of a place, innermost first.
  private var framesOfPlace: [CodePlace: [Int]] = [:]

  private struct FunctionKey: Hashable {
    var name: String
    var module: Int
  }

  private struct StackNode: Hashable {
    var frame: Int
    var caller: Int
  }

  /// Starts with a profile that has no samples.
  init(_ profile: StackProfile, files: [CodeFile]) {
    self.profile = profile
    self.files = files
  }

  /// Adds everything that was collected.
  mutating func build(_ collector: StackCollector, rate: ClockRate) -> StackProfile {
    let numbers = addStacks(collector.tree)
    var late: UInt64 = 0
    for track in collector.tracks {
      let thread = profile.threads.count
      var losses = StackLosses()
      losses.dropped = Int(clamping: track.counts.dropped) + track.overflowed
      losses.truncated = track.truncated
      losses.failed = track.failed
      late = max(late, track.counts.late)
      var described = track.thread
      described.losses = losses
      described.handlerNs = rate.nanoseconds(ofTicks: track.counts.handler_ticks)
      let costs = track.samples.lazy.map(\.previousCostTicks).filter { $0 > 0 }.sorted()
      if !costs.isEmpty {
        described.handlerMedianNs = rate.nanoseconds(ofTicks: UInt64(costs[costs.count / 2]))
      }
      profile.threads.append(described)
      profile.losses += losses
      var previous = profile.clock.originTicks
      for sample in track.samples {
        profile.samples.append(
          thread: thread, ticksSincePrevious: sample.ticks > previous ? sample.ticks - previous : 0,
          stack: sample.stack < 0 ? -1 : numbers[Int(sample.stack)], isSleeping: sample.isSleeping,
          state: profile.states.indices.contains(Int(sample.state)) ? Int(sample.state) : -1,
          periods: Int(sample.periods))
        previous = max(previous, sample.ticks)
      }
    }
    profile.losses.late = Int(clamping: late)
    return profile
  }

  /// Adds the stacks, and gives the profile's number of each.
  private mutating func addStacks(_ tree: StackTree) -> [Int] {
    var numbers: [Int] = []
    numbers.reserveCapacity(tree.places.count)
    for index in tree.places.indices {
      var node = tree.callers[index] < 0 ? -1 : numbers[Int(tree.callers[index])]
      for frame in frames(of: tree.places[index]).reversed() {
        let key = StackNode(frame: frame, caller: node)
        if let known = nodes[key] {
          node = known
          continue
        }
        node = profile.stacks.count
        nodes[key] = node
        profile.stacks.frame.append(key.frame)
        profile.stacks.caller.append(key.caller)
      }
      numbers.append(node)
    }
    return numbers
  }

  private mutating func frames(of place: CodePlace) -> [Int] {
    if let known = framesOfPlace[place] { return known }
    let module = self.module(of: place.file)
    var frames: [Int] = []
    let file = place.file >= 0 ? files[Int(place.file)] : nil
    let named = names.functions(at: place, in: file)
    for (index, function) in named.enumerated() {
      frames.append(profile.frames.count)
      profile.frames.function.append(self.function(function.name, module))
      profile.frames.address.append(place.address)
      profile.frames.line.append(function.line)
      profile.frames.isInlined.append(index < named.count - 1)
    }
    framesOfPlace[place] = frames
    return frames
  }

  private mutating func module(of file: Int32) -> Int {
    if file < 0 { return -1 }
    if let known = modules[file] { return known }
    let number = profile.modules.count
    modules[file] = number
    profile.modules.append(files[Int(file)].module)
    return number
  }

  private mutating func function(_ name: String, _ module: Int) -> Int {
    let key = FunctionKey(name: name, module: module)
    if let known = functions[key] { return known }
    let number = profile.functions.count
    functions[key] = number
    profile.functions.name.append(name)
    profile.functions.module.append(module)
    return number
  }
}
