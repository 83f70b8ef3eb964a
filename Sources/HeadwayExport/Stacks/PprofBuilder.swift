import HeadwayTrace

/// The tables of a pprof profile under construction: strings, functions, locations and samples, each stored
/// once.
///
/// A location of pprof is an address with the functions that were inlined there, so that an inlined frame of
/// the profile and the frames around it up to the real one become one location.
struct PprofBuilder {
  /// What samples are told apart by.
  struct Key: Hashable {
    var stack: Int
    var thread: Int
    var state: Int
    var isAsleep: Bool
  }

  private let profile: StackProfile
  private(set) var strings = [""]
  private var stringNumbers = ["": 0]
  /// The frames of each location, the innermost first; a location's number is its place plus 1.
  private(set) var locations: [[Int]] = []
  private var locationNumbers: [[Int]: Int] = [:]
  private var locationsByStack: [Int: [UInt64]] = [:]

  init(_ profile: StackProfile) { self.profile = profile }

  /// The number of a string.
  mutating func string(_ text: String) -> UInt64 {
    if let known = stringNumbers[text] { return UInt64(known) }
    strings.append(text)
    stringNumbers[text] = strings.count - 1
    return UInt64(strings.count - 1)
  }

  /// The locations of a stack, the innermost first; a stack of which nothing is known has the location 0 of no
  /// frames, which ``locations`` then holds as an empty list.
  mutating func locations(of stack: Int) -> [UInt64] {
    if let known = locationsByStack[stack] { return known }
    var numbers: [UInt64] = []
    var group: [Int] = []
    let frames = stack < 0 ? [] : profile.frames(of: stack)
    for frame in frames {
      group.append(frame)
      if profile.frames.isInlined[frame] { continue }
      numbers.append(location(group))
      group = []
    }
    if !group.isEmpty || frames.isEmpty { numbers.append(location(group)) }
    locationsByStack[stack] = numbers
    return numbers
  }

  private mutating func location(_ frames: [Int]) -> UInt64 {
    if let known = locationNumbers[frames] { return UInt64(known) }
    locations.append(frames)
    locationNumbers[frames] = locations.count
    return UInt64(locations.count)
  }
}
