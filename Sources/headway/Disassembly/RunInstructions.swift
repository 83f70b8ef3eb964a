import Foundation
import HeadwayAnalysis
import HeadwayProbes
import HeadwayTrace

/// The instructions that a run's samples found: disassembles the files that the profile names.
struct RunInstructions {
  let profile: StackProfile
  let disassembler: Disassembler

  /// Of a library only functions with samples are disassembled, and no more than this many.
  private static let mostRanges = 64

  /// Joins the samples with the files as they are now. A file that has changed since the run is left out, with a
  /// warning.
  ///
  /// - Throws: ``InputError`` when a file cannot be disassembled.
  func mix(limit: Int) throws(InputError) -> InstructionMix {
    let places = SampledPlaces(profile)
    var files: [DisassembledFile] = []
    var warnings: [String] = []
    for (module, addresses) in places.modules.sorted(by: { $0.key < $1.key }) {
      let path = profile.modules[module].path
      // What the kernel maps into every process has no file.
      if path.hasPrefix("[") { continue }
      let file = CodeFile(path: path)
      guard file.module.buildID == profile.modules[module].buildID,
        FileManager.default.isReadableFile(atPath: path)
      else {
        warnings.append("\(path) is gone or has changed since the run: its samples are not joined")
        continue
      }
      let isWhole = !profile.modules[module].name.contains(".so")
      let ranges = isWhole ? nil : Self.ranges(of: addresses, in: file)
      files.append(
        DisassembledFile(
          path: path, module: module, isWhole: isWhole,
          disassembly: try disassembler.read(path, ranges: ranges, wanted: Set(addresses.keys))))
    }
    var mix = InstructionMix(
      of: profile, places: places, files: files, disassembler: disassembler.version, limit: limit)
    mix.warnings = warnings
    if let samples = mix.samples {
      if samples.periods < 100 {
        mix.warnings.append("\(samples.periods) samples are few: the shares are rough")
      }
      if samples.unmatched > 0 {
        mix.warnings.append(
          "\(samples.unmatched) samples lie at addresses at which no instruction was found")
      }
    }
    return mix
  }

  /// The functions that addresses lie in, those with the most samples first. Code without a symbol is disassembled
  /// from the address itself on.
  private static func ranges(
    of addresses: [UInt64: SampledPlaces.Place], in file: CodeFile
  ) -> [Range<UInt64>] {
    var periods: [Range<UInt64>: Int] = [:]
    for (address, place) in addresses {
      let range = file.symbols.extent(at: address) ?? address..<(address + 16)
      periods[range, default: 0] += place.periods
    }
    return periods.sorted { ($1.value, $0.key.lowerBound) < ($0.value, $1.key.lowerBound) }
      .prefix(mostRanges).map(\.key)
  }
}
