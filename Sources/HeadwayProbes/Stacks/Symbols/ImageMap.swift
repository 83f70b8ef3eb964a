import CElfutils
import Glibc

/// The executable files that are mapped into this process, and those that were.
///
/// The map is brought up to date at the start of every pass over the samples, and again when an address is
/// unknown. An address is looked up for the moment of its sample: a library that was unloaded between two
/// passes still explains the samples of that interval, unless another one took its place, in which case the
/// place is unknown.
///
/// Belongs to one thread at a time.
package final class ImageMap {
  /// A stretch of executable memory that one file fills.
  private struct Stretch {
    var begin: UInt64
    var end: UInt64
    /// What is added to the file's addresses.
    var bias: UInt64
    var file: Int32
    /// The last time at which the stretch was not yet there.
    var absentAt: UInt64
    /// The first time at which it was gone.
    var goneAt: UInt64
  }

  /// Every file that has been seen, by its number in ``CodePlace``.
  package private(set) var files: [CodeFile] = []
  private var numbers: [String: Int32] = [:]
  /// What is mapped, by address.
  private var stretches: [Stretch] = []
  /// What has gone since the pass before.
  private var leaving: [Stretch] = []
  private var version: LoaderVersion?
  private var updatedAt: UInt64 = 0
  private var lastHit = 0

  /// An empty map.
  package init() {}

  /// Brings the map up to date; `now` is the present reading of the samples' clock.
  ///
  /// Takes the loader's lock for a moment: it may wait for a library that is being loaded.
  package func update(now: UInt64) {
    if !leaving.isEmpty { leaving = [] }
    refresh(now: now)
  }

  private func refresh(now: UInt64) {
    let current = LoaderVersion.read()
    guard version == nil || current != version else {
      updatedAt = now
      return
    }
    var loaded = LoadedObject.all(version: &version)
    for index in loaded.indices where loaded[index].isMainProgram { loaded[index].path = Self.mainProgram }
    var fresh: [Stretch] = []
    for object in loaded {
      let file = number(of: object)
      for range in object.executable {
        fresh.append(
          Stretch(
            begin: range.lowerBound, end: range.upperBound, bias: object.bias, file: file,
            absentAt: updatedAt, goneAt: .max))
      }
    }
    fresh.sort { $0.begin < $1.begin }
    for old in stretches {
      if let kept = fresh.firstIndex(where: {
        $0.begin == old.begin && $0.end == old.end && $0.file == old.file
      }) {
        fresh[kept].absentAt = old.absentAt
      } else {
        var gone = old
        gone.goneAt = now
        leaving.append(gone)
      }
    }
    stretches = fresh
    updatedAt = now
    lastHit = 0
  }

  /// The place of an address at a time.
  package func codePlace(of address: UInt64, at time: UInt64) -> CodePlace {
    place(of: address, at: time).place
  }

  /// The place of an address at the time of a sample, and the rule there.
  func place(of address: UInt64, at time: UInt64) -> (place: CodePlace, rule: FrameRule?) {
    if let stretch = stretch(of: address, at: time) {
      let place = CodePlace(file: stretch.file, address: address &- stretch.bias)
      return (place, files[Int(stretch.file)].rule(at: place.address))
    }
    return (CodePlace(file: -1, address: address), nil)
  }

  private func stretch(of address: UInt64, at time: UInt64) -> Stretch? {
    var live = mapped(address)
    if live == nil && leaving.isEmpty && time > updatedAt {
      // Loaded after the pass began.
      refresh(now: time)
      live = mapped(address)
    }
    let gone = leaving.first {
      $0.begin <= address && address < $0.end && $0.absentAt <= time && time <= $0.goneAt
    }
    if let live, live.absentAt > 0, let gone, time <= updatedAt {
      return gone.file == live.file && gone.bias == live.bias ? live : nil
    }
    return live ?? gone
  }

  private func mapped(_ address: UInt64) -> Stretch? {
    if lastHit < stretches.count, stretches[lastHit].begin <= address, address < stretches[lastHit].end {
      return stretches[lastHit]
    }
    var low = 0
    var high = stretches.count
    while low < high {
      let middle = (low + high) / 2
      if stretches[middle].begin <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, address < stretches[low - 1].end else { return nil }
    lastHit = low - 1
    return stretches[low - 1]
  }

  /// The file of a loaded object; the same file when it was loaded before.
  private func number(of object: LoadedObject) -> Int32 {
    let key = object.image == nil ? FileIdentity.key(of: object.path) : object.path
    if let known = numbers[key] { return known }
    let number = Int32(files.count)
    files.append(object.image.map { CodeFile(name: object.path, image: $0) } ?? CodeFile(path: object.path))
    numbers[key] = number
    return number
  }

  /// The path of the running program.
  private static var mainProgram: String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard length > 0 else { return "/proc/self/exe" }
    return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// What tells one file from another that took its path.
private enum FileIdentity {
  static func key(of path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return path }
    return "\(status.st_dev):\(status.st_ino):\(status.st_mtim.tv_sec):\(path)"
  }
}
