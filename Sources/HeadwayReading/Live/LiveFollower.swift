import HeadwayAnalysis
import HeadwayProbes
import HeadwayReport
import HeadwayStore
import HeadwayTrace
import Synchronization

/// Runs that go on, looked at whenever somebody asks, by any number of readers.
///
///     let follower = LiveFollower()
///     switch try follower.look(at: directory) { case .running(let view, let what): … }
///
/// What happened is told since the look before, or since an earlier one where that was only just: a second reader does
/// not cut the interval of the first. Whoever looks every two seconds sees the last two seconds.
public final class LiveFollower: Sendable {
  /// What is seen of a run.
  public enum Sight: Sendable {
    /// It goes on; and what it is, in a line, where its manifest says.
    case running(LiveView, what: String?)
    /// It has ended, in good order or not.
    case ended
    /// It keeps no status.
    case absent
  }

  /// Runs that are remembered; the ones looked at longest ago are forgotten.
  static let limit = 16

  private let followed = Mutex<[Followed]>([])

  /// Follows nothing yet.
  public init() {}

  /// Looks at a run.
  ///
  /// - Throws: ``InputError`` when its status cannot be read or is damaged.
  public func look(at directory: RunDirectory) throws(InputError) -> Sight {
    try followed.withLock { (followed) throws(InputError) in
      let index = followed.firstIndex { $0.path == directory.path }
      var run = index.map { followed.remove(at: $0) } ?? Followed(directory)
      let sight = try run.look()
      // One that has ended is not looked at again, and its directory may get another run.
      if case .running = sight { followed.append(run) }
      if followed.count > Self.limit { followed.removeFirst() }
      return sight
    }
  }
}

/// A run with the latest samples of it.
private struct Followed {
  let path: String
  private let watch: LiveWatch
  private let steps: Int?
  private let what: String?
  private var samples: [LiveSample] = []

  /// How old a sample has to be to be compared with, where there is one.
  private static let shortest = Nanoseconds(1_500_000_000)
  /// How old it may be.
  private static let longest = Nanoseconds(30_000_000_000)
  private static let sampleLimit = 32

  init(_ directory: RunDirectory) {
    path = directory.path
    watch = LiveWatch(path: directory.livePath)
    let manifest = try? RunReport.manifest(in: directory)
    steps = manifest?.configuration?.steps
    what = manifest.flatMap {
      CatalogueListing.Row.what(configuration: $0.configuration, program: $0.program)
    }
  }

  mutating func look() throws(InputError) -> LiveFollower.Sight {
    switch try watch.look() {
    case .absent: return .absent
    case .ended, .killed: return .ended
    case .running(let sample):
      let now = sample.snapshot
      func age(of earlier: LiveSample) -> Nanoseconds {
        now.now > earlier.snapshot.now
          ? now.rate.nanoseconds(ofTicks: now.now - earlier.snapshot.now) : .zero
      }
      samples.removeAll { age(of: $0) > Self.longest }
      let earlier = samples.last { age(of: $0) >= Self.shortest } ?? samples.first { age(of: $0) > .zero }
      if samples.count == Self.sampleLimit { samples.removeFirst() }
      samples.append(sample)
      return .running(LiveView(from: earlier, to: sample, steps: steps), what: what)
    }
  }
}
