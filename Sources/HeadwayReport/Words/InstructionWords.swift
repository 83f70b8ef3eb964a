import HeadwayTrace

/// Instruction mixes in words.
enum InstructionWords {
  /// Samples at arithmetic below which the file's own instructions say more.
  private static let fewSamples = 10

  /// What a function computes with: by its samples where enough of them are at arithmetic; otherwise, marked, by
  /// what stands in the file.
  static func verdict(_ function: FunctionMix) -> String {
    if let sampled = function.sampled, sampled.arithmetic >= fewSamples {
      return verdict(sampled.packedShare)
    }
    return verdict(function.inFile.packedShare) + (function.sampled == nil ? "" : "*")
  }

  private static func verdict(_ packedShare: Double?) -> String {
    switch packedShare {
    case nil: "no arithmetic"
    case .some(0.8...): "packed"
    case .some(...0.2): "scalar"
    default: "mixed"
    }
  }

  /// The width of the packed arithmetic, in bits.
  static func width(_ counts: InstructionCounts, else other: InstructionCounts?) -> String {
    (counts.packedWidth ?? other?.packedWidth).map(String.init) ?? Numerals.absent
  }

  /// What became of the samples.
  static func join(_ samples: SampleJoin) -> String {
    "\(Numerals.plural(samples.periods, "sample")) of running threads in the window: \(Numerals.count(samples.joined))"
      + " at an instruction that was found, \(Numerals.count(samples.elsewhere)) in other code,"
      + " \(Numerals.count(samples.unmatched)) at no instruction, \(Numerals.count(samples.unknown)) at an unknown"
      + " place. The shares of a row are of the function's samples, by the instruction that was to come next; a single"
      + " instruction's neighbours get some of its samples, which a loop's sum evens out."
  }

  /// A function's name without its module: the type and the function.
  static func name(_ function: FunctionMix) -> String {
    let short = FunctionWords.short(function.name)
    let parts = short.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 2 && !short.contains(" ") ? parts.dropFirst().joined(separator: ".") : short
  }

  /// What the columns mean.
  static func note(_ mix: InstructionMix) -> String {
    let mark = mix.samples == nil ? "" : "*: too few samples at arithmetic, so by what stands in the file. "
    return mark
      + "Packed and scalar: floating-point arithmetic, comparison and conversion. Other vector: moves,"
      + " shuffles, logic and whole numbers in vector registers. Packed from 80 % of the arithmetic on, scalar up to"
      + " 20 %. Disassembled by \(mix.disassembler)."
  }
}
