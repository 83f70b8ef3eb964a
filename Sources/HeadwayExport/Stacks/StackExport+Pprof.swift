import HeadwayTrace

extension StackExport {
  /// A gzipped profile for pprof.
  ///
  /// The values of a sample are its number of timer periods and the time that they stand for: CPU time or wall
  /// time, as the timers counted. Its labels are `thread`, `role`, `state` where it is known, and, where the
  /// timers counted wall time, `activity`: `asleep`, or `awake` for running or ready.
  ///
  /// - Throws: ``InputError`` when it cannot be compressed.
  ///
  /// Source: pprof's `proto/profile.proto`, by field number; docs/exports.md lists the fields used.
  public func pprof() throws(InputError) -> [UInt8] { try Gzip.compress(pprofMessage()) }

  /// The profile before it is compressed.
  package func pprofMessage() -> [UInt8] {
    var tables = PprofBuilder(profile)
    var message = ProtobufMessage()
    let clock = profile.mode == .cpu ? "cpu" : "wall"
    for (type, unit) in [("samples", "count"), (clock, "nanoseconds")] {
      let (type, unit) = (tables.string(type), tables.string(unit))
      message.message(1) {
        $0.unsigned(1, type)
        $0.unsigned(2, unit)
      }
    }
    for (key, periods) in periodsByKey() { write(key, periods, &tables, &message) }
    writeMappings(&tables, &message)
    writeLocations(&tables, &message)
    writeFunctions(&tables, &message)
    let comments = notes.sentences.map { tables.string($0) } + [tables.string(name)]
    let (type, unit) = (tables.string(clock), tables.string("nanoseconds"))
    for text in tables.strings { message.text(6, text) }
    if let startedAt { message.signed(9, Int64(startedAt.timeIntervalSince1970) * 1_000_000_000) }
    if let durationNs { message.signed(10, durationNs) }
    message.message(11) {
      $0.unsigned(1, type)
      $0.unsigned(2, unit)
    }
    message.signed(12, Int64(periodNs))
    message.packed(13, comments)
    message.unsigned(14, type)
    return message.takeBytes()
  }

  /// From the first sample to the last, or the measured window.
  private var durationNs: Int64? {
    let times = samples.flatMap { [$0.first, $0.last].compactMap { $0?.at } }
    guard let first = times.min(), let last = times.max() else { return nil }
    return (last - first).count + Int64(periodNs)
  }

  /// Timer periods by what samples are told apart by, in the order of their first samples.
  private func periodsByKey() -> [(key: PprofBuilder.Key, periods: Int)] {
    var places: [PprofBuilder.Key: Int] = [:]
    var sums: [(key: PprofBuilder.Key, periods: Int)] = []
    for (thread, samples) in samples.enumerated() {
      for sample in samples {
        let key = PprofBuilder.Key(
          stack: profile.samples.stack[sample.index], thread: thread,
          state: profile.samples.state[sample.index], isAsleep: profile.samples.isSleeping[sample.index])
        let periods = profile.samples.periods[sample.index]
        if let place = places[key] {
          sums[place].periods += periods
        } else {
          places[key] = sums.count
          sums.append((key, periods))
        }
      }
    }
    return sums
  }

  private func write(
    _ key: PprofBuilder.Key, _ periods: Int, _ tables: inout PprofBuilder, _ message: inout ProtobufMessage
  ) {
    let thread = profile.threads[key.thread]
    var labels = [("thread", thread.name), ("role", thread.role.rawValue)]
    if key.state >= 0 { labels.append(("state", profile.states[key.state])) }
    if profile.mode == .wall { labels.append(("activity", key.isAsleep ? "asleep" : "awake")) }
    let numbers = labels.map { (tables.string($0.0), tables.string($0.1)) }
    let locations = tables.locations(of: key.stack)
    message.message(2) { sample in
      sample.packed(1, locations)
      sample.packed(2, [UInt64(periods), UInt64(periods * periodNs)])
      for (name, value) in numbers {
        sample.message(3) {
          $0.unsigned(1, name)
          $0.unsigned(2, value)
        }
      }
    }
  }

  private func writeMappings(_ tables: inout PprofBuilder, _ message: inout ProtobufMessage) {
    // Just beyond the highest address that was seen: how long the modules are, nobody recorded.
    var limits = Array(repeating: UInt64(0), count: profile.modules.count)
    for (function, address) in zip(profile.frames.function, profile.frames.address) {
      let module = profile.functions.module[function]
      if module >= 0 { limits[module] = max(limits[module], address &+ 1) }
    }
    for (index, module) in profile.modules.enumerated() {
      let path = tables.string(module.path)
      let buildID = module.buildID.map { tables.string($0) }
      message.message(3) {
        // The addresses are the module's own, so that every mapping begins at 0.
        $0.unsigned(1, UInt64(index + 1))
        $0.unsigned(3, limits[index])
        $0.unsigned(5, path)
        if let buildID { $0.unsigned(6, buildID) }
        // All that could be learnt of the code is there: pprof is not to look for the module's file.
        for field in 7...10 { $0.bool(field, true) }
      }
    }
  }

  private func writeLocations(_ tables: inout PprofBuilder, _ message: inout ProtobufMessage) {
    for (index, frames) in tables.locations.enumerated() {
      message.message(4) { location in
        location.unsigned(1, UInt64(index + 1))
        guard let outermost = frames.last else {
          location.message(4) { $0.unsigned(1, UInt64(profile.functions.count + 1)) }
          return
        }
        let module = profile.functions.module[profile.frames.function[outermost]]
        if module >= 0 { location.unsigned(2, UInt64(module + 1)) }
        location.unsigned(3, profile.frames.address[outermost])
        for frame in frames {
          location.message(4) {
            $0.unsigned(1, UInt64(profile.frames.function[frame] + 1))
            if profile.frames.line[frame] > 0 { $0.signed(2, Int64(profile.frames.line[frame])) }
          }
        }
      }
    }
  }

  private func writeFunctions(_ tables: inout PprofBuilder, _ message: inout ProtobufMessage) {
    for (index, name) in (profile.functions.name + [Self.unknownFrame]).enumerated() {
      let text = tables.string(name)
      message.message(5) {
        $0.unsigned(1, UInt64(index + 1))
        $0.unsigned(2, text)
      }
    }
  }
}
