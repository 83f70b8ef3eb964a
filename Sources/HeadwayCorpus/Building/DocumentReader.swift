import Foundation
import HeadwayFiles
import HeadwayTrace

/// Reads the files of a walk one after another and joins those that are text.
struct DocumentReader {
  /// What was passed over, by reason.
  private(set) var skipped: SkippedFiles
  /// Files taken.
  private(set) var taken = 0
  /// Bytes of text so far, separators included.
  private(set) var textBytes = 0
  /// Where each document starts in the text.
  private(set) var starts: [Int] = []

  private let walk: SourceWalk
  private let options: CorpusOptions
  private let subject: String

  /// Prepares to read what a walk found.
  init(_ walk: SourceWalk, options: CorpusOptions, subject: String) {
    self.walk = walk
    self.options = options
    self.subject = subject
    skipped = walk.skipped
  }

  /// Writes the documents to a file, with the special token's text between each two (nothing where the
  /// tokens are characters).
  ///
  /// - Throws: ``InputError`` when a named file is not text, when no file is, when a file holds a character
  ///   that a given tokenizer lacks, or when the disk is full.
  mutating func write(
    to writer: inout FileWriter, progress: (CorpusProgress) -> Void
  ) throws(InputError) {
    var bytes: [UInt8] = []
    let separator = Array(options.separator.utf8)
    let files = options.order.arrange(walk.files)
    for (number, file) in files.enumerated() {
      if number % 64 == 0 { progress(CorpusProgress(phase: .reading, done: number, total: files.count)) }
      guard try read(file, into: &bytes) else { continue }
      try requireKnown(bytes, of: file)
      if taken > 0 {
        try writer.write(separator)
        textBytes += separator.count
      }
      starts.append(textBytes)
      try writer.write(bytes)
      textBytes += bytes.count
      taken += 1
    }
    progress(CorpusProgress(phase: .reading, done: files.count, total: files.count))
    guard taken > 0 else { throw nothingTaken() }
  }

  /// Reads one file; `false` when it is passed over and counted.
  private mutating func read(_ file: SourceFile, into bytes: inout [UInt8]) throws(InputError) -> Bool {
    if file.bytes > options.maximumFileBytes && !file.isNamed {
      skipped.tooLarge += 1
      return false
    }
    let separator = taken > 0 ? options.separator.utf8.count : 0
    if let limit = options.limitBytes, file.bytes > 0, textBytes + separator + file.bytes > limit {
      skipped.overLimit += 1
      skipped.overLimitBytes += file.bytes
      return false
    }
    do {
      try StoredFile.read(file.path, into: &bytes)
    } catch {
      if file.isNamed { throw error }
      skipped.unreadable += 1
      return false
    }
    let (count, problem): (WritableKeyPath<SkippedFiles, Int>, String)
    if bytes.isEmpty {
      (count, problem) = (\.empty, "the file is empty")
    } else if bytes.contains(0) {
      (count, problem) = (\.binary, "the file is binary, it holds NUL bytes")
    } else if !bytes.withUnsafeBufferPointer({ UTF8Check.isValid($0) }) {
      (count, problem) = (\.notUtf8, "the file is not text in UTF-8")
    } else {
      return true
    }
    if file.isNamed { throw InputError(file.path, problem: problem, remedy: "name a text file in UTF-8") }
    skipped[keyPath: count] += 1
    return false
  }

  /// Refuses a document that a given character tokenizer cannot encode, while its lines can still be named.
  private func requireKnown(_ bytes: [UInt8], of file: SourceFile) throws(InputError) {
    guard let tokenizer = options.existingTokenizer, tokenizer.kind == .characters else { return }
    _ = try tokenizer.encode(bytes, subject: file.path)
  }

  private func nothingTaken() -> InputError {
    if skipped.overLimit > 0, let limit = options.limitBytes {
      return InputError(
        subject, problem: "no file fits into limit_bytes of \(limit), and files are taken whole",
        remedy: "raise limit_bytes")
    }
    let found = skipped.describe().map { "it has only files that are no text (\($0))" }
    return InputError(
      subject, problem: "there is no text file in it" + (found.map { "; " + $0 } ?? ""),
      remedy: "name a text file, or a directory with text files in UTF-8")
  }
}
