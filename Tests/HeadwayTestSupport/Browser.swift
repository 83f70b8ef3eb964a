import Foundation
import Glibc

/// A headless Chromium that a test drives over the pipe of its debugging protocol: no port, no network.
///
/// One test uses one browser, from one thread. It ends with the last reference.
public final class Browser {
  /// Why a page could not be driven.
  public struct Failure: Error, CustomStringConvertible {
    /// What happened.
    public var description: String
  }

  /// The browser of this machine: what `HEADWAY_TEST_BROWSER` names, else the first Chromium on the path.
  /// `nil` where there is none; tests that want it are then skipped.
  public static var executable: URL? {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment["HEADWAY_TEST_BROWSER"] { return URL(filePath: path) }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    return folders.flatMap { folder in names.map { "\(folder)/\($0)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }.map { URL(filePath: $0) }
  }

  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let profile: TemporaryDirectory
  private var received = Data()
  private var number = 0
  private var session: String?
  /// Errors and warnings that the page wrote to its console or threw.
  public private(set) var complaints: [String] = []
  /// Addresses that the page asked for.
  public private(set) var requests: [String] = []
  private var events: [String] = []

  /// Starts a browser with one empty page.
  public init(_ executable: URL) throws {
    profile = try TemporaryDirectory()
    process.executableURL = URL(filePath: "/bin/sh")
    // The protocol speaks on descriptors 3 and 4, which a child here cannot be given directly.
    process.arguments = [
      "-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", executable.path(percentEncoded: false),
      "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
      "--disable-dev-shm-usage", "--force-color-profile=srgb", "--user-data-dir=\(profile.root)",
    ]
    process.standardInput = input
    process.standardOutput = output
    signal(SIGPIPE, SIG_IGN)
    try process.run()
    let target = try call("Target.createTarget", ["url": "about:blank"])
    let attached = try call(
      "Target.attachToTarget", ["targetId": target["targetId"] ?? "", "flatten": true])
    session = attached["sessionId"] as? String
    for domain in ["Page", "Runtime", "Network", "Log"] { try call("\(domain).enable") }
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
  }

  /// Sets the size of the page, and what it is told of its reader's preference.
  public func show(width: Int, height: Int = 900, isDark: Bool = false, isPrint: Bool = false) throws {
    try call(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": false])
    try call(
      "Emulation.setEmulatedMedia",
      [
        "media": isPrint ? "print" : "",
        "features": [["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]],
      ])
  }

  /// Opens a file and waits until it is loaded; forgets the complaints and requests of the page before.
  public func open(_ file: URL) throws {
    complaints = []
    requests = []
    events = []
    try call("Page.navigate", ["url": file.absoluteString])
    while !events.contains("Page.loadEventFired") { try handle(try next()) }
    let place = file.absoluteString
    requests.removeAll { $0 == place }
  }

  /// Does what leads to another page, and waits until that is loaded.
  public func follow(_ expression: String) throws {
    complaints = []
    requests = []
    events = []
    try call("Runtime.evaluate", ["expression": expression])
    while !events.contains("Page.loadEventFired") { try handle(try next()) }
  }

  /// The value of an expression, which must be of the expected type.
  public func value<Value>(_ expression: String, as type: Value.Type = Value.self) throws -> Value {
    let answer = try call(
      "Runtime.evaluate", ["expression": expression, "returnByValue": true, "awaitPromise": true])
    if let details = answer["exceptionDetails"] { throw Failure(description: "\(details)") }
    guard let result = answer["result"] as? [String: Any], let value = result["value"] as? Value else {
      throw Failure(description: "\(expression.prefix(120)) gave \(answer)")
    }
    return value
  }

  /// Presses a key as a person does.
  public func press(_ key: String, text: String? = nil) throws {
    var event: [String: Any] = ["type": text == nil ? "rawKeyDown" : "keyDown", "key": key, "code": key]
    if let text { event["text"] = text }
    if let code = ["Tab": 9, "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowDown": 40][key] {
      event["windowsVirtualKeyCode"] = code
    }
    try call("Input.dispatchKeyEvent", event)
    event["type"] = "keyUp"
    try call("Input.dispatchKeyEvent", event)
  }

  /// A picture of the whole page as PNG.
  public func picture() throws -> Data {
    let answer = try call("Page.captureScreenshot", ["format": "png", "captureBeyondViewport": true])
    guard let text = answer["data"] as? String, let data = Data(base64Encoded: text) else {
      throw Failure(description: "no picture")
    }
    return data
  }

  @discardableResult
  private func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
    number += 1
    var message: [String: Any] = ["id": number, "method": method, "params": parameters]
    if let session { message["sessionId"] = session }
    try input.fileHandleForWriting.write(
      contentsOf: try JSONSerialization.data(withJSONObject: message) + Data([0]))
    while true {
      let answer = try next()
      guard answer["id"] as? Int == number else {
        try handle(answer)
        continue
      }
      if let error = answer["error"] { throw Failure(description: "\(method): \(error)") }
      return answer["result"] as? [String: Any] ?? [:]
    }
  }

  /// The next message; the deadline is for a broken browser only.
  private func next() throws -> [String: Any] {
    while true {
      if let end = received.firstIndex(of: 0) {
        let message = received[received.startIndex..<end]
        received = Data(received[(end + 1)...])
        return try JSONSerialization.jsonObject(with: message) as? [String: Any] ?? [:]
      }
      var descriptor = pollfd(
        fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&descriptor, 1, 120_000) > 0 else {
        throw Failure(description: "the browser said nothing for two minutes")
      }
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { throw Failure(description: "the browser has ended") }
      received.append(more)
    }
  }

  private func handle(_ message: [String: Any]) throws {
    guard let method = message["method"] as? String else { return }
    let parameters = message["params"] as? [String: Any] ?? [:]
    events.append(method)
    switch method {
    case "Network.requestWillBeSent":
      let request = parameters["request"] as? [String: Any]
      requests.append(request?["url"] as? String ?? "?")
    case "Runtime.exceptionThrown":
      complaints.append("exception: \(parameters["exceptionDetails"] ?? "?")")
    case "Runtime.consoleAPICalled":
      if ["error", "warning", "assert"].contains(parameters["type"] as? String ?? "") {
        complaints.append("console: \(parameters["args"] ?? "?")")
      }
    case "Log.entryAdded":
      let entry = parameters["entry"] as? [String: Any]
      if ["error", "warning"].contains(entry?["level"] as? String ?? "") {
        complaints.append("log: \(entry?["text"] ?? "?")")
      }
    default: break
    }
  }
}
