import HeadwayTrace

extension StackProfile {
  /// A profile of stacks by name, innermost first: one sample each, of a thread by its name, that stands
  /// for some periods. Samples are 10 ticks apart, from tick 10 on.
  public static func literal(
    mode: StackSamplingMode = .wall, window: SampleWindow? = nil,
    stacks: [(thread: String, role: ThreadRole, functions: [String], periods: Int)], asleep: Set<Int> = []
  ) -> StackProfile {
    var profile = StackProfile(
      mode: mode, frequencyHz: 100,
      clock: SampleClock(ticksPerSecond: 1_000_000_000, originTicks: 0, originMonotonicNs: 0))
    profile.window = window
    profile.modules = [CodeModule(path: "/bin/program", buildID: "00ff")]
    var last: [Int: UInt64] = [:]
    for (index, sample) in stacks.enumerated() {
      let thread =
        profile.threads.firstIndex { $0.name == sample.thread } ?? profile.threads.count
      if thread == profile.threads.count {
        profile.threads.append(SampledThread(name: sample.thread, role: sample.role, threadID: ThreadID(1)))
      }
      let time = UInt64(index + 1) * 10
      let stack = profile.number(of: sample.functions)
      profile.samples.append(
        thread: thread, ticksSincePrevious: time - (last[thread] ?? 0), stack: stack,
        isSleeping: asleep.contains(index), state: -1, periods: sample.periods)
      last[thread] = time
    }
    return profile
  }

  /// The number of a stack, which is added where it is new.
  private mutating func number(of names: [String]) -> Int {
    var node = -1
    for name in names.reversed() {
      let frame = functions.name.firstIndex(of: name) ?? functions.count
      if frame == functions.count {
        functions.name.append(name)
        functions.module.append(0)
        frames.function.append(frame)
        frames.address.append(UInt64(frame) * 16)
        frames.line.append(0)
        frames.isInlined.append(false)
      }
      if let known = (0..<stacks.count).first(where: {
        stacks.frame[$0] == frame && stacks.caller[$0] == node
      }) {
        node = known
      } else {
        stacks.frame.append(frame)
        stacks.caller.append(node)
        node = stacks.count - 1
      }
    }
    return node
  }
}
