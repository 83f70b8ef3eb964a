/// Sizes of the data caches that the first CPU uses, as the kernel tells them.
public struct CacheSizes: Equatable, Sendable {
  /// The second-level cache, in bytes; absent where the kernel does not tell.
  public var secondLevelBytes: Int?
  /// The cache nearest to the memory, in bytes; absent where the kernel tells of none.
  public var lastLevelBytes: Int?

  /// Reads them.
  public static func read() -> CacheSizes { read(root: "") }

  /// The same from a copy of the kernel's files.
  package static func read(root: String) -> CacheSizes {
    var levels: [Int: Int] = [:]
    for index in 0..<16 {
      let place = root + "/sys/devices/system/cpu/cpu0/cache/index\(index)/"
      guard let level = ProcFile.value(place + "level").flatMap(Int.init),
        let size = ProcFile.value(place + "size").flatMap(bytes),
        ProcFile.value(place + "type") != "Instruction"
      else { continue }
      levels[level] = max(levels[level] ?? 0, size)
    }
    return CacheSizes(
      secondLevelBytes: levels[2], lastLevelBytes: levels.max { $0.key < $1.key }?.value)
  }

  /// `32768K` and `32M` in bytes.
  static func bytes(_ text: String) -> Int? {
    let factors: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    guard let last = text.last else { return nil }
    guard let factor = factors[last] else { return Int(text) }
    return Int(text.dropLast()).map { $0 * factor }
  }
}
