import HeadwayTrace

/// Instruction mixes in words.
enum InstructionWords {
  /// Samples at arithmetic below which the file's own instructions say more.
  private static let fewSamples = 10

  /// What a function computes with: by its samples where enough of them are at arithmetic.
  static func verdict(_ function: FunctionMix) -> String {
    if let sampled = function.sampled, sampled.arithmetic >= fewSamples {
      return verdict(sampled.packedShare)
    }
    return verdict(function.inFile.packedShare) + (function.sampled == nil ? "" : " (in file)")
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

  static let note =
    "Packed and scalar: floating-point arithmetic, comparison and conversion. Other vector: moves, shuffles, logic and"
    + " whole numbers in vector registers. Packed from 80 % of the arithmetic on, scalar up to 20 %."
}
