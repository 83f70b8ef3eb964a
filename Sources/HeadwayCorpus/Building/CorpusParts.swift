import Foundation
import HeadwayFiles
import HeadwayTrace

/// Writes the texts and tokens of a corpus into the directory where it is staged.
struct CorpusParts {
  /// Where the files are written.
  let place: StagedPlace

  /// Joins the documents into the two texts and returns where they were cut.
  ///
  /// The whole text is written once, as the text to train on; its end is copied and then cut off.
  func writeText(
    from reader: inout DocumentReader, validationShare: Double, _ progress: (CorpusProgress) -> Void
  ) throws(InputError) -> Int {
    var writer = try place.writer(CorpusSplit.train.textFile)
    try reader.write(to: &writer, progress: progress)
    try writer.finish()
    let train = place.path(CorpusSplit.train.textFile)
    let cut: Int
    do {
      let whole = try MappedFile(path: train)
      cut = whole.withText {
        TextSplit.cut($0, validationShare: validationShare, starts: reader.starts)
      }
      var end = try place.writer(CorpusSplit.validation.textFile)
      try whole.withText { (text) throws(InputError) in try end.write(text[cut...]) }
      try end.finish()
    }
    // The mapping of the whole is gone: nothing reads past the new end.
    guard truncate(train, off_t(cut)) == 0 else {
      throw SystemFailure.error(.write, place.destination(CorpusSplit.train.textFile), code: errno)
    }
    return cut
  }

  /// Writes a text's tokens and, if it is kept, its index; removes the text otherwise.
  ///
  /// - Returns: The number of tokens.
  func writeTokens(
    of text: MappedFile, _ split: CorpusSplit, with encoder: inout TokenEncoder, keepsText: Bool,
    progress: (Int) -> Void
  ) throws(InputError) -> Int {
    var encoding = TextEncoding()
    var writer = try place.writer(split.tokensFile)
    try text.withText { (text) throws(InputError) in
      try encoding.encode(
        text, with: &encoder, to: &writer, subject: place.destination(split.textFile), progress: progress)
    }
    try writer.finish()
    guard keepsText else {
      guard unlink(text.path) == 0 else {
        throw SystemFailure.error(.write, place.destination(split.textFile), code: errno)
      }
      return encoding.tokenCount
    }
    var index = try place.writer(split.indexFile)
    try index.write(TextIndex.header(tokenCount: encoding.tokenCount, textBytes: text.count))
    try index.write(numbers: encoding.index.numbers)
    try index.finish()
    return encoding.tokenCount
  }
}

extension FileWriter {
  /// Appends numbers, little-endian.
  package mutating func write<Number: FixedWidthInteger>(numbers: [Number]) throws(InputError) {
    try numbers.map(\.littleEndian).withUnsafeBufferPointer { (values) throws(InputError) in
      try write(UnsafeRawBufferPointer(values))
    }
  }
}
