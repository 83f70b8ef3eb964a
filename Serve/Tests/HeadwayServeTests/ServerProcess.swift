import Foundation
import HeadwayReading
import HeadwayTestSupport
import HeadwayTrace

/// The real program, serving a place; ended with the last reference.
final class ServerProcess {
  private let process = Process()
  private let output = Pipe()
  /// What it printed: its address, ending in a slash.
  let address: String
  /// Its port.
  let port: UInt16

  /// Starts it and waits for its address.
  init(_ plan: ServePlan) throws {
    guard let program = builtProgram("headway-serve") else { throw CommandFailure.notBuilt }
    process.executableURL = program
    process.arguments = [String(decoding: try HeadwayJSON.line(plan), as: UTF8.self)]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var line = Data()
    // It prints its address once it listens, and ends otherwise: either ends the reading.
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8) {
      line += byte
    }
    address = String(decoding: line, as: UTF8.self)
    guard let port = address.split(separator: ":").last.flatMap({ UInt16($0.dropLast()) }) else {
      throw Failure(description: "it printed “\(address)”")
    }
    self.port = port
  }

  struct Failure: Error, CustomStringConvertible { var description: String }

  /// Ends it as Ctrl-C does, and gives its exit status.
  func interrupt() -> Int32 {
    process.interrupt()
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }

  /// The largest resident set so far, in bytes.
  func peakBytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    guard let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      throw Failure(description: "no VmHWM")
    }
    return kilobytes * 1_024
  }

  /// Sends bytes over a connection of their own and reads what comes until the other end closes it.
  ///
  /// - Parameter isWhole: Whether nothing follows: otherwise the other end may wait for more.
  func exchange(_ text: String, isWhole: Bool = false) throws -> String {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    place.sin_addr.s_addr = inet_addr("127.0.0.1")
    // The address outlives the call, and is as large as it says.
    let connected = withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else {
      throw Failure(description: "cannot connect: \(String(cString: strerror(errno)))")
    }
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      // It may have closed before everything was sent: what it answered is still to be read.
      if count <= 0 { break }
      sent += count
    }
    if isWhole { shutdown(descriptor, Int32(SHUT_WR)) }
    var answer: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(descriptor, &block, block.count, 0)
      if count <= 0 { break }
      answer += block[..<count]
    }
    return String(decoding: answer, as: UTF8.self)
  }

  /// What it answers to a request with these lines.
  func answer(_ request: String, host: String? = nil) throws -> String {
    try exchange("\(request) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\nConnection: close\r\n\r\n")
  }

  deinit {
    if process.isRunning {
      process.terminate()
      process.waitUntilExit()
    }
  }
}
