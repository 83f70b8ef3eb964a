import Foundation
import HeadwayTrace

extension StackExport {
  /// The version of the processed format that is written; the site upgrades older ones when it opens them.
  static let firefoxVersion = 62

  /// The processed profile of profiler.firefox.com: the samples of each thread that has any, with their times
  /// and with the timer periods that they stand for as weights.
  ///
  /// There is no CPU usage in it: what a thread used between two samples was not measured.
  ///
  /// Source: `src/types/profile.ts` of the Firefox Profiler.
  public func firefox() -> [UInt8] {
    var text = JSONText()
    text.beginObject()
    writeMeta(&text)
    text.field("libs", each: profile.modules) { Self.write($1, &$0) }
    text.field("pages", each: [Int]()) { $0.value($1) }
    text.field("counters", each: [Int]()) { $0.value($1) }
    text.field("profilerOverhead", each: [Int]()) { $0.value($1) }
    text.key("shared")
    text.beginObject()
    writeStackTable(&text)
    writeFrameTable(&text)
    writeFunctionTable(&text)
    writeResources(&text)
    writeEmptyTable("nativeSymbols", ["libIndex", "address", "name", "functionSize"], &text)
    writeEmptyTable(
      "sources", ["id", "filename", "startLine", "startColumn", "sourceMapURL"], &text)
    // The names of functions, then those of modules.
    text.field("stringArray", each: profile.functions.name + profile.modules.map(\.name)) { $0.value($1) }
    text.endObject()
    text.field("threads", each: samples.indices.filter { !samples[$0].isEmpty }) { write(thread: $1, &$0) }
    text.endObject()
    text.endLine()
    return text.takeBytes()
  }

  private func writeMeta(_ text: inout JSONText) {
    text.key("meta")
    text.beginObject()
    text.field("version", 24)
    text.field("preprocessedProfileVersion", Self.firefoxVersion)
    text.field("product", name)
    text.field("importedFrom", "headway \(Manifest.currentToolVersion)")
    text.field("interval", Double(periodNs) / 1e6)
    text.field("startTime", (startedAt?.timeIntervalSince1970 ?? 0) * 1_000)
    text.field("processType", 0)
    text.field("stackwalk", 1)
    text.field("debug", false)
    text.field("symbolicated", true)
    text.field("usesOnlyOneStackType", true)
    text.field("sourceCodeIsNotOnSearchfox", true)
    text.field("markerSchema", each: [Int]()) { $0.value($1) }
    text.field("categories", each: [("Other", "grey"), ("Program", "blue")]) { text, category in
      text.beginObject()
      text.field("name", category.0)
      text.field("color", category.1)
      text.field("subcategories", each: ["Other"]) { $0.value($1) }
      text.endObject()
    }
    text.key("extensions")
    text.beginObject()
    for column in ["baseURL", "id", "name"] { text.field(column, each: [Int]()) { $0.value($1) } }
    text.field("length", 0)
    text.endObject()
    text.endObject()
  }

  private static func write(_ module: CodeModule, _ text: inout JSONText) {
    text.beginObject()
    text.key("arch")
    text.null()
    text.field("name", module.name)
    text.field("path", module.path)
    text.field("debugName", module.name)
    text.field("debugPath", module.path)
    text.field("breakpadId", "")
    text.key("codeId")
    if let buildID = module.buildID { text.value(buildID) } else { text.null() }
    text.endObject()
  }

  private func writeStackTable(_ text: inout JSONText) {
    text.key("stackTable")
    text.beginObject()
    text.field("frame", each: profile.stacks.frame) { $0.value($1) }
    text.field("prefix", each: profile.stacks.caller) { Self.write($1, unless: -1, &$0) }
    text.field("length", profile.stacks.count)
    text.endObject()
  }

  private func writeFrameTable(_ text: inout JSONText) {
    let frames = profile.frames
    text.key("frameTable")
    text.beginObject()
    text.field("address", each: frames.address) { $0.value(Int(clamping: $1)) }
    text.field("inlineDepth", each: inlineDepths) { $0.value($1) }
    text.field("category", each: frames.function) { $0.value(profile.functions.module[$1] < 0 ? 0 : 1) }
    text.field("subcategory", each: frames.function) { text, _ in text.value(0) }
    text.field("func", each: frames.function) { $0.value($1) }
    text.field("nativeSymbol", each: frames.function) { text, _ in text.null() }
    text.field("innerWindowID", each: frames.function) { text, _ in text.value(0) }
    text.field("line", each: frames.line) { Self.write($1, unless: 0, &$0) }
    text.field("column", each: frames.function) { text, _ in text.null() }
    text.field("length", frames.count)
    text.endObject()
  }

  /// How deep each frame was inlined: 0 for a frame of its own, one more than the caller's otherwise. A
  /// caller's stack comes before those it calls.
  private var inlineDepths: [Int] {
    var depths = Array(repeating: 0, count: profile.frames.count)
    for stack in 0..<profile.stacks.count {
      let frame = profile.stacks.frame[stack]
      let caller = profile.stacks.caller[stack]
      guard profile.frames.isInlined[frame], caller >= 0 else { continue }
      depths[frame] = depths[profile.stacks.frame[caller]] + 1
    }
    return depths
  }

  private func writeFunctionTable(_ text: inout JSONText) {
    let functions = profile.functions
    text.key("funcTable")
    text.beginObject()
    text.field("name", each: 0..<functions.count) { $0.value($1) }
    for column in ["isJS", "relevantForJS"] {
      text.field(column, each: functions.module) { text, _ in text.value(false) }
    }
    text.field("resource", each: functions.module) { $0.value($1) }
    for column in ["source", "lineNumber", "columnNumber"] {
      text.field(column, each: functions.module) { text, _ in text.null() }
    }
    text.field("length", functions.count)
    text.endObject()
  }

  private func writeResources(_ text: inout JSONText) {
    let modules = profile.modules.indices
    text.key("resourceTable")
    text.beginObject()
    text.field("lib", each: modules) { $0.value($1) }
    text.field("name", each: modules) { $0.value(profile.functions.count + $1) }
    text.field("host", each: modules) { text, _ in text.null() }
    // 1 is a library.
    text.field("type", each: modules) { text, _ in text.value(1) }
    text.field("length", modules.count)
    text.endObject()
  }

  private func writeEmptyTable(_ name: String, _ columns: [String], _ text: inout JSONText) {
    text.key(name)
    text.beginObject()
    for column in columns { text.field(column, each: [Int]()) { $0.value($1) } }
    text.field("length", 0)
    text.endObject()
  }

  private func write(thread: Int, _ text: inout JSONText) {
    let row = profile.threads[thread]
    let samples = samples[thread]
    text.beginObject()
    text.field("name", row.name)
    text.field("isMainThread", row.role == .main)
    text.field("processType", "default")
    text.field("processName", name)
    text.field("processStartupTime", 0)
    text.key("processShutdownTime")
    text.null()
    text.field("registerTime", 0)
    text.key("unregisterTime")
    text.null()
    text.field("pausedRanges", each: [Int]()) { $0.value($1) }
    // One process: any text serves for its number, which the profile does not have.
    text.field("pid", "0")
    text.field("tid", "\(row.threadID.rawValue)")
    text.field("showMarkersInTimeline", false)
    writeEmptyTable("markers", ["data", "name", "startTime", "endTime", "phase", "category"], &text)
    text.key("samples")
    text.beginObject()
    text.field("stack", each: samples) { Self.write(profile.samples.stack[$1.index], unless: -1, &$0) }
    text.field("time", each: samples) { $0.milliseconds(ofNanoseconds: $1.at.sinceOrigin.count) }
    text.field("weight", each: samples) { $0.value(profile.samples.periods[$1.index]) }
    text.field("weightType", "samples")
    text.field("length", samples.count)
    text.endObject()
    text.endObject()
  }

  private static func write(_ number: Int, unless none: Int, _ text: inout JSONText) {
    if number == none { text.null() } else { text.value(number) }
  }
}
