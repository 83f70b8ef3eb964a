import HeadwayTrace

/// A file that was disassembled.
package struct DisassembledFile {
  /// Its path.
  package var path: String
  /// The file as a number in the profile's table of modules; `nil` without a run.
  package var module: Int?
  /// Whether all of it was disassembled.
  package var isWhole: Bool
  /// What was found.
  package var disassembly: Disassembly
  /// Names a file.
  package init(path: String, module: Int? = nil, isWhole: Bool, disassembly: Disassembly) {
    self.path = path
    self.module = module
    self.isWhole = isWhole
    self.disassembly = disassembly
  }

  /// The last part of the path.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

extension InstructionMix {
  /// The functions of a file by the floating-point arithmetic that stands in them.
  ///
  /// - Parameter limit: Functions that are listed.
  package init(
    of file: DisassembledFile, disassembler: String, limit: Int, demangle: (String) -> String
  ) {
    let functions = file.disassembly.functions
    let sorted = functions.indices.sorted {
      let (left, right) = (functions[$0].counts, functions[$1].counts)
      return (right.arithmetic, right.total, $0) < (left.arithmetic, left.total, $1)
    }
    self.init(
      disassembler: disassembler,
      functions: sorted.prefix(limit).filter { functions[$0].counts.arithmetic > 0 }.map {
        FunctionMix(
          name: demangle(functions[$0].name), module: file.name, inFile: functions[$0].counts)
      },
      files: [
        FileMix(
          path: file.path, isWhole: file.isWhole, functions: functions.count, inFile: file.disassembly.counts)
      ], samples: nil, warnings: [])
  }

  /// The functions of a run by their samples.
  ///
  /// - Parameters:
  ///   - places: The samples of `profile`.
  ///   - files: The disassembled ones of the profile's modules.
  ///   - limit: Functions that are listed.
  package init(
    of profile: StackProfile, places: SampledPlaces, files: [DisassembledFile], disassembler: String,
    limit: Int
  ) {
    var join = SampleJoin(periods: places.periods, elsewhere: places.outside, unknown: places.unknown)
    var functions: [HotCode] = []
    var mixes: [FileMix] = []
    let byModule = Dictionary(files.map { ($0.module, $0) }) { first, _ in first }
    for (module, addresses) in places.modules.sorted(by: { $0.key < $1.key }) {
      guard let file = byModule[module] else {
        join.elsewhere += addresses.values.reduce(0) { $0 + $1.periods }
        continue
      }
      let hot = HotCode.list(of: addresses, in: file, join: &join)
      mixes.append(
        FileMix(
          path: file.path, isWhole: file.isWhole, functions: file.disassembly.functions.count,
          inFile: file.disassembly.counts,
          inHotFunctions: Set(hot.flatMap(\.blocks)).reduce(into: InstructionCounts()) {
            $0 += file.disassembly.functions[$1].counts
          }))
      functions += hot
    }
    functions.sort { ($1.sampled.total, $0.function) < ($0.sampled.total, $1.function) }
    self.init(
      disassembler: disassembler,
      functions: functions.prefix(limit).map { code in
        FunctionMix(
          name: profile.functions.name[code.function], module: code.file, inFile: code.inFile,
          sampled: code.sampled,
          share: join.periods > 0 ? Double(code.sampled.total) / Double(join.periods) : nil)
      }, files: mixes, samples: join, warnings: [])
  }
}

/// A function with samples.
private struct HotCode {
  var function: Int
  var file: String
  /// The disassembled functions that its samples lie in: more than one where the compiler split it.
  var blocks: Set<Int> = []
  var inFile = InstructionCounts()
  var sampled = InstructionCounts()

  /// The functions of one file, and what its samples add to the join.
  static func list(
    of addresses: [UInt64: SampledPlaces.Place], in file: DisassembledFile, join: inout SampleJoin
  ) -> [HotCode] {
    var found: [Int: HotCode] = [:]
    for (address, place) in addresses {
      guard let code = file.disassembly.places[address] else {
        join.unmatched += place.periods
        continue
      }
      join.joined += place.periods
      var hot = found[place.function] ?? HotCode(function: place.function, file: file.name)
      hot.blocks.insert(code.function)
      hot.sampled.add(code.instruction, place.periods)
      found[place.function] = hot
    }
    return found.values.map { hot in
      var hot = hot
      for block in hot.blocks { hot.inFile += file.disassembly.functions[block].counts }
      return hot
    }
  }
}
