import CHeadwayLinux
import CHeadwaySampler
import Glibc
import HeadwayTrace
import Synchronization

/// Reads the stacks of this process's threads on demand, whether they are sampled or not.
///
///     let stacks = ThreadStacks()
///     let frames = stacks.frames(of: thread)   // ["futex_wait  libc.so.6", …]
///
/// A signal asks the thread for its registers and a piece of its stack, which are unwound and named here. A
/// thread that sleeps goes on sleeping. Naming reads the files' symbols and debug information when they are
/// first needed, which may take a second for a large program.
public final class ThreadStacks: Sendable {
  /// The largest piece of a stack that is looked at.
  private static let stackBytes = 128 << 10
  /// How long a thread may take to answer, which it does when it is next on a CPU.
  private static let timeoutNs: UInt64 = 1_000_000_000

  /// What unwinds and names. Only under the lock.
  fileprivate struct Tools: ~Copyable {
    let images = ImageMap()
    let names = PlaceNames()
    let unwinder: Unwinder
    // Invariant: allocated and freed here, aligned to 16 bytes as the C function demands.
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: StackSampler.recordBytes(ThreadStacks.stackBytes), alignment: 16)

    init() { unwinder = Unwinder(images: images) }

    deinit { buffer.deallocate() }
  }

  // `nil` until the first look.
  private let tools = Mutex<Tools?>(nil)

  /// A reader; it takes nothing until it is used.
  public init() {}

  /// The frames of a thread, innermost first: a function and the file that it lies in.
  ///
  /// - Returns: `nil` where the thread has ended or did not answer in a second. A last frame in brackets says
  ///   that there are more which could not be unwound.
  public func frames(of thread: ThreadID) -> [String]? {
    tools.withLock { tools in
      if tools == nil { tools = Tools() }
      return tools?.frames(of: thread, stackBytes: Self.stackBytes, timeoutNs: Self.timeoutNs)
    }
  }
}

extension ThreadStacks.Tools {
  fileprivate func frames(of thread: ThreadID, stackBytes: Int, timeoutNs: UInt64) -> [String]? {
    var reason: Int32 = 0
    let bytes = headway_sampler_look(
      thread.rawValue, UInt32(stackBytes), timeoutNs, buffer.baseAddress, UInt32(clamping: buffer.count),
      &reason)
    guard bytes > 0, let record = buffer.baseAddress else { return nil }
    images.update(now: headway_ticks())
    let end = unwinder.walk(CopiedStack(record))
    var frames = unwinder.places.flatMap { place in
      let file = place.file >= 0 ? images.files[Int(place.file)] : nil
      return names.functions(at: place, in: file).map { function in
        file.map { "\(function.name)  \($0.module.name)" } ?? function.name
      }
    }
    switch end {
    case .complete: break
    case .truncated: frames.append("[deeper frames were not copied]")
    case .failed: frames.append("[the frames above this one could not be unwound]")
    }
    return frames
  }
}
