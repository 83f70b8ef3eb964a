import Foundation
import HeadwayTrace

/// An open file, closed with its owner; every failure becomes an ``InputError`` that names the path.
final class FileDescriptor {
  private let number: Int32
  let path: String

  /// Opens an existing regular file for reading.
  init(reading path: String) throws(InputError) {
    self.path = path
    number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw Self.failure(path, "cannot be opened", "check the path") }
    var facts = stat()
    guard fstat(number, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      throw InputError(path, problem: "is not a file", remedy: "name a checkpoint directory")
    }
  }

  /// Creates a file for writing; it must not exist.
  init(creating path: String) throws(InputError) {
    self.path = path
    number = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard number >= 0 else { throw Self.failure(path, "cannot be created", "check its directory") }
  }

  deinit { close(number) }

  /// The file's size in bytes.
  func size() throws(InputError) -> Int {
    var facts = stat()
    guard fstat(number, &facts) == 0 else { throw Self.failure(path, "cannot be examined", "check the disk") }
    return Int(facts.st_size)
  }

  /// Fills a block from a position in the file.
  func read(into block: UnsafeMutableRawBufferPointer, at offset: Int) throws(InputError) {
    var done = 0
    while done < block.count {
      guard let base = block.baseAddress else { return }
      let got = pread(number, base + done, block.count - done, off_t(offset + done))
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw Self.failure(path, "cannot be read", "check the disk") }
      guard got > 0 else {
        throw InputError(
          path, problem: "ends after \(offset + done) bytes, expected \(offset + block.count)",
          remedy: "it is truncated; save the checkpoint again")
      }
      done += got
    }
  }

  /// The whole file.
  func readAll() throws(InputError) -> Data { try read(count: try size(), at: 0) }

  /// `count` bytes from a position in the file.
  func read(count: Int, at offset: Int) throws(InputError) -> Data {
    var bytes = Data(count: count)
    let result: Result<Void, InputError> = bytes.withUnsafeMutableBytes { block in
      do throws(InputError) { return .success(try read(into: block, at: offset)) } catch {
        return .failure(error)
      }
    }
    try result.get()
    return bytes
  }

  /// Appends a block.
  func append(_ block: UnsafeRawBufferPointer) throws(InputError) {
    var done = 0
    while done < block.count {
      guard let base = block.baseAddress else { return }
      let written = write(number, base + done, block.count - done)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else {
        throw Self.failure(path, "cannot be written", "free space on the disk or choose another place")
      }
      done += written
    }
  }

  /// Appends bytes.
  func append(_ bytes: some Collection<UInt8>) throws(InputError) {
    let copy = Array(bytes)
    let result: Result<Void, InputError> = copy.withUnsafeBytes { block in
      do throws(InputError) { return .success(try append(block)) } catch { return .failure(error) }
    }
    try result.get()
  }

  /// Waits until the file's content is on the disk.
  func synchronise() throws(InputError) {
    guard fsync(number) == 0 else {
      throw Self.failure(path, "cannot be brought to the disk", "check the disk")
    }
  }

  /// Waits until a directory's entries are on the disk.
  static func synchroniseDirectory(_ path: String) throws(InputError) {
    let number = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { throw failure(path, "cannot be opened", "check the directory") }
    defer { close(number) }
    guard fsync(number) == 0 else {
      throw failure(path, "cannot be brought to the disk", "check the disk")
    }
  }

  /// The last system call's failure as a sentence.
  static func failure(_ path: String, _ problem: String, _ remedy: String) -> InputError {
    InputError(path, problem: "\(problem) (\(String(cString: strerror(errno))))", remedy: remedy)
  }
}
