import CHeadwayLinux
import HeadwayTrace

extension MeasuringCapability {
  /// Whether stacks can be sampled: takes the calling thread's.
  static func stackSampling() -> Self {
    let frames = ThreadStacks().frames(of: ThreadID(headway_gettid()))
    guard let frames else {
      return Self(
        name: "stacks", state: .unavailable,
        detail: "this thread's stack could not be taken: the CPU is no x86-64, or every signal is in use",
        remedy: "the books, waits and events do not need stacks")
    }
    let clock =
      "CPU time is sampled by the kernel's tick up to \(StackSampler.tickFrequencyHz) Hz, by wall-clock timers above"
    guard frames.last?.hasPrefix("[") != true else {
      return Self(
        name: "stacks", state: .limited,
        detail: "of this thread's stack \(frames.count - 1) frames could be unwound, not all; \(clock)",
        remedy: "install the C library's unwind tables, which every distribution's package has; a sandbox may"
          + " also forbid process_vm_readv, which the watchdog's looks need and the sampler does not")
    }
    return Self(
      name: "stacks", state: .available, detail: "\(frames.count) frames of this thread; \(clock)")
  }
}
