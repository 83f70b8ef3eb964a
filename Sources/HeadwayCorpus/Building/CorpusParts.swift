import Foundation
import HeadwayTrace

/// Writes the files of a corpus into the directory where it is staged; errors name their final place.
struct CorpusParts {
  /// The directory that is filled.
  let path: String
  /// The directory as it will be known.
  let destination: String

  /// The path of a file while staged.
  func path(_ name: String) -> String { path + "/" + name }

  /// Joins the documents into the two texts and returns where they were cut.
  ///
  /// The whole text is written once, as the text to train on; its end is copied and then cut off.
  func writeText(
    from reader: inout DocumentReader, validationShare: Double, _ progress: (CorpusProgress) -> Void
  ) throws(InputError) -> Int {
    var writer = try self.writer(CorpusSplit.train.textFile)
    try reader.write(to: &writer, progress: progress)
    try writer.finish()
    let train = path(CorpusSplit.train.textFile)
    let cut: Int
    do {
      let whole = try MappedFile(path: train)
      cut = whole.withText {
        TextSplit.cut($0, validationShare: validationShare, starts: reader.starts)
      }
      var end = try self.writer(CorpusSplit.validation.textFile)
      try whole.withText { (text) throws(InputError) in try end.write(text[cut...]) }
      try end.finish()
    }
    // The mapping of the whole is gone: nothing reads past the new end.
    guard truncate(train, off_t(cut)) == 0 else {
      throw FileFailure.cannotWrite(destination + "/" + CorpusSplit.train.textFile, errno)
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
    var writer = try self.writer(split.tokensFile)
    try text.withText { (text) throws(InputError) in
      try encoding.encode(text, with: &encoder, to: &writer, progress: progress)
    }
    try writer.finish()
    guard keepsText else {
      guard unlink(text.path) == 0 else {
        throw FileFailure.cannotWrite(destination + "/" + split.textFile, errno)
      }
      return encoding.tokenCount
    }
    var index = try self.writer(split.indexFile)
    try index.write(TextIndex.header(tokenCount: encoding.tokenCount, textBytes: text.count))
    try index.write(numbers: encoding.index.numbers)
    try index.finish()
    return encoding.tokenCount
  }

  /// Writes a document; `nil` when it could not be encoded as JSON.
  func write(_ document: Data?, to name: String) throws(InputError) {
    guard let document else {
      throw InputError(
        destination + "/" + name, problem: "it cannot be written as JSON", remedy: "report this as a defect")
    }
    var writer = try self.writer(name)
    try writer.write(document)
    try writer.finish()
  }

  private func writer(_ name: String) throws(InputError) -> FileWriter {
    try FileWriter(path: path(name), subject: destination + "/" + name)
  }
}
