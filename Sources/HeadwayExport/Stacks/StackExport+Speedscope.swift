import HeadwayTrace

extension StackExport {
  /// JSON for speedscope.app: a profile of weighted samples for each thread that has any.
  ///
  /// A weight is the time that the sample's timer periods stand for. Neighbouring samples of one stack become
  /// one with the sum of their weights.
  ///
  /// Source: `https://www.speedscope.app/file-format-schema.json`.
  public func speedscope() -> [UInt8] {
    var text = JSONText()
    text.beginObject()
    text.field("$schema", "https://www.speedscope.app/file-format-schema.json")
    text.field("exporter", "headway \(Manifest.currentToolVersion)")
    text.field("name", name)
    text.key("shared")
    text.beginObject()
    // The frame of what could not be unwound has the number after the last.
    text.field("frames", each: 0...profile.frames.count) { writeFrame($1, &$0) }
    text.endObject()
    text.field("profiles", each: samples.indices.filter { !samples[$0].isEmpty }) {
      writeProfile(ofThread: $1, &$0)
    }
    text.endObject()
    text.endLine()
    return text.takeBytes()
  }

  private func writeFrame(_ frame: Int, _ text: inout JSONText) {
    guard frame < profile.frames.count else {
      text.beginObject()
      text.field("name", Self.unknownFrame)
      text.endObject()
      return
    }
    let function = profile.frames.function[frame]
    let module = profile.functions.module[function]
    text.beginObject()
    text.field("name", profile.functions.name[function])
    if module >= 0 { text.field("file", profile.modules[module].path) }
    if profile.frames.line[frame] > 0 { text.field("line", profile.frames.line[frame]) }
    text.endObject()
  }

  private func writeProfile(ofThread thread: Int, _ text: inout JSONText) {
    var runs: [(stack: Int, weight: Int)] = []
    for sample in samples[thread] {
      let stack = profile.samples.stack[sample.index]
      let weight = profile.samples.periods[sample.index] * periodNs
      if runs.last?.stack == stack {
        runs[runs.count - 1].weight += weight
      } else {
        runs.append((stack, weight))
      }
    }
    text.beginObject()
    text.field("type", "sampled")
    text.field("name", profile.threads[thread].name)
    text.field("unit", "nanoseconds")
    text.field("startValue", 0)
    text.field("endValue", runs.reduce(0) { $0 + $1.weight })
    text.field("samples", each: runs) { text, run in
      text.beginArray()
      let frames = run.stack < 0 ? [profile.frames.count] : profile.frames(of: run.stack).reversed()
      for frame in frames { text.value(frame) }
      text.endArray()
    }
    text.field("weights", each: runs) { $0.value($1.weight) }
    text.endObject()
  }
}
