import Foundation
import HeadwayCorpus
import HeadwayTrace
import Testing

/// Every way in which a corpus cannot be had, and its one sentence.
@Suite struct CorpusErrorTests {
  private func refusal(
    _ source: String, to output: String, _ change: (inout CorpusOptions) -> Void = { _ in }
  ) -> String {
    sentence { try CorpusBuilder(sources: [source], options: smallOptions(change)).build(to: output) }
  }

  @Test func `a source that is no text is refused and nothing is left behind`() throws {
    let scratch = try ScratchDirectory()
    let out = scratch["out"]
    let missing = scratch["missing"]
    #expect(refusal(missing, to: out) == "\(missing): there is no such file or directory; check the path.")
    let empty = try scratch.write([], to: "in/empty.txt")
    #expect(refusal(empty, to: out) == "\(empty): the file is empty; name a text file in UTF-8.")
    let binary = try scratch.write([0x7F, 0x45, 0, 1], to: "in/program")
    #expect(
      refusal(binary, to: out)
        == "\(binary): the file is binary, it holds NUL bytes; name a text file in UTF-8.")
    let latin = try scratch.write([0x61, 0xE9, 0x62], to: "in/latin")
    #expect(refusal(latin, to: out) == "\(latin): the file is not text in UTF-8; name a text file in UTF-8.")
    let directory = scratch["in"]
    #expect(
      refusal(directory, to: out)
        == "\(directory): there is no text file in it; it has only files that are no text "
        + "(1 binary, 1 not UTF-8, 1 empty); name a text file, or a directory with text files in UTF-8.")
    try FileManager.default.createDirectory(atPath: scratch["bare/.git"], withIntermediateDirectories: true)
    #expect(
      refusal(scratch["bare"], to: out)
        == "\(scratch["bare"]): there is no text file in it; "
        + "name a text file, or a directory with text files in UTF-8.")
    try #require(mkfifo(scratch["pipe"], 0o600) == 0)
    #expect(refusal(scratch["pipe"], to: out).contains("this is neither a file nor a directory"))
    #expect(sentence { try CorpusBuilder(sources: []) }.hasPrefix("corpus: no source was named"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() == ["bare", "in", "pipe"])
  }

  @Test func `a text too short for the vocabulary is refused and nothing is left behind`() throws {
    let scratch = try ScratchDirectory()
    let source = try scratch.write(text: "abab abab abab", to: "t.txt")
    let message = refusal(source, to: scratch["out"]) { $0.vocabularySize = 5000 }
    #expect(message.hasPrefix("\(source): the text yields a vocabulary of "))
    #expect(
      message.contains("but vocabulary_size asks for 5000; use more text, or a vocabulary_size of at most"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["t.txt"])
  }

  @Test func `options out of range are refused as usage`() throws {
    let scratch = try ScratchDirectory()
    let source = try scratch.write(text: prose(seed: 1, words: 300), to: "t.txt")
    let out = scratch["out"]
    #expect(refusal(source, to: out) { $0.vocabularySize = 256 }.hasPrefix("vocabulary_size: got 256"))
    #expect(
      refusal(source, to: out) { $0.validationShare = 0.95 }.hasPrefix("validation_share: got 0.95, expected")
    )
    #expect(refusal(source, to: out) { $0.validationShare = .nan }.hasPrefix("validation_share: got nan"))
    #expect(refusal(source, to: out) { $0.limitBytes = 0 }.hasPrefix("limit_bytes: got 0"))
    #expect(refusal(source, to: out) { $0.maximumFileBytes = 0 }.hasPrefix("maximum_file_bytes: got 0"))
    #expect(
      refusal(source, to: out) { $0.limitBytes = 10 }.hasSuffix(
        "no file fits into limit_bytes of 10, and files are taken whole; raise limit_bytes."))
  }

  @Test func `an output that is taken or impossible is refused`() throws {
    let scratch = try ScratchDirectory()
    let source = try scratch.write(text: prose(seed: 1, words: 300), to: "t.txt")
    #expect(
      refusal(source, to: source)
        == "\(source): there is a file in its place; remove it, or choose another output.")
    #expect(
      refusal(source, to: scratch.path)
        == "\(scratch.path): the directory is not empty; remove it, or choose another output.")
    let below = source + "/out"
    #expect(
      refusal(source, to: below).hasPrefix(
        "\(source): it is a file, not a directory; choose another path"))
    try FileManager.default.createDirectory(atPath: scratch["empty"], withIntermediateDirectories: true)
    let options = smallOptions()
    #expect(
      try CorpusBuilder(sources: [source], options: options).build(to: scratch["empty/"]).train.count > 0)
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may read and write everything"))
  func `files and directories without permission are refused or counted`() throws {
    let scratch = try ScratchDirectory()
    let source = try scratch.write(text: prose(seed: 1, words: 300), to: "t/a.txt")
    let locked = try scratch.write(text: prose(seed: 2, words: 300), to: "t/locked.txt")
    try scratch.write(text: "never", to: "t/closed/b.txt")
    chmod(locked, 0)
    chmod(scratch["t/closed"], 0)
    defer { chmod(scratch["t/closed"], 0o755) }
    let reading = "could not read: permission is denied; change the permissions, or choose another place."
    #expect(refusal(locked, to: scratch["out"]) == "\(locked): \(reading)")
    #expect(refusal(scratch["t/closed"], to: scratch["out"]) == "\(scratch["t/closed"]): \(reading)")
    let corpus = try CorpusBuilder(sources: [scratch["t"]], options: smallOptions()).build(to: scratch["out"])
    #expect(corpus.facts.filesSkipped.unreadable == 2)
    #expect(corpus.facts.filesTaken == 1)
    try FileManager.default.createDirectory(atPath: scratch["fixed"], withIntermediateDirectories: true)
    chmod(scratch["fixed"], 0o555)
    defer { chmod(scratch["fixed"], 0o755) }
    #expect(
      refusal(source, to: scratch["fixed/out"]).hasPrefix(
        "\(scratch["fixed/out"]): could not create the directory: permission is denied"))
  }

  @Test func `a corpus whose files do not belong together is refused`() throws {
    let scratch = try ScratchDirectory()
    let source = try scratch.write(text: prose(seed: 1, words: 300), to: "t.txt")
    let good = try CorpusBuilder(sources: [source], options: smallOptions()).build(to: scratch["good"])
    func broken(_ name: String, _ change: (Data) -> Data?) throws -> String {
      let copy = scratch["copy"]
      try? FileManager.default.removeItem(atPath: copy)
      try FileManager.default.copyItem(atPath: good.directory, toPath: copy)
      let file = URL(fileURLWithPath: copy + "/" + name)
      let changed = try change(Data(contentsOf: file))
      try FileManager.default.removeItem(at: file)
      try changed?.write(to: file)
      return sentence { try Corpus.open(copy) }.replacing(copy + "/", with: "")
    }
    func replacing(_ old: String, _ new: String) -> (Data) -> Data {
      { Data(String(decoding: $0, as: UTF8.self).replacing(old, with: new).utf8) }
    }
    #expect(
      try broken("corpus.json", replacing("headway.corpus/1", "headway.corpus/2"))
        == "corpus.json: schema: got headway.corpus/2, expected headway.corpus/1; "
        + "the corpus is from another version of Headway; build it again.")
    #expect(try broken("corpus.json") { $0.prefix(40) }.hasPrefix("corpus.json: the JSON is not valid"))
    #expect(try broken("corpus.json", replacing("train_tokens", "trained")).contains("is missing"))
    #expect(
      try broken("corpus.json") { _ in nil }
        == "corpus.json: there is no such file or directory; check the path.")
    #expect(
      try broken("corpus.json", replacing("\"vocabulary_size\" : 270", "\"vocabulary_size\" : 271"))
        == "tokenizer.json: it has 270 tokens, but corpus.json says 271; "
        + "the files are of different corpora; build the corpus again.")
    #expect(
      try broken("tokenizer.json") { $0.dropLast(20) }.hasPrefix("tokenizer.json: the JSON is not valid"))
    let count = good.train.count
    #expect(
      try broken("train.bin") { $0.dropLast(2) }
        == "train.bin: it has \(count - 1) tokens, but corpus.json says \(count); "
        + "it is truncated or of another corpus; build the corpus again.")
    #expect(try broken("train.bin") { $0.dropLast() }.contains("is odd"))
    #expect(
      try broken("train.bin") { _ in Data() } == "train.bin: the token file is empty; build the corpus again."
    )
    #expect(
      try broken("validation.bin") { $0.dropLast(2) + Data([14, 1]) }.contains(
        "has the id 270, but the vocabulary has 270 tokens"))
    #expect(try broken("validation.bin") { _ in nil }.contains("no such file"))
  }
}

@Suite(.serialized) struct FullDiskTests {
  @Test(.enabled(if: SmallDisk.isPossible, "only a superuser who may mount has a small file system"))
  func `a full file system stops the build in words and leaves nothing`() throws {
    let scratch = try ScratchDirectory()
    let source = try scratch.write(text: prose(seed: 1, words: 40_000), to: "t.txt")
    let disk = try #require(SmallDisk())
    let message = sentence {
      try CorpusBuilder(sources: [source], options: smallOptions()).build(to: disk.path + "/out")
    }
    #expect(
      message.hasPrefix("\(disk.path)/out/train.txt: could not write: there is no space left on the disk"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == [])
    withExtendedLifetime(disk) {}
  }
}

/// A file system of 64 KiB in memory, unmounted when the test lets go of it.
private final class SmallDisk {
  let path: String
  // Released, and with it removed, after the unmounting in `deinit`.
  private let scratch: ScratchDirectory

  init?() {
    guard geteuid() == 0, let scratch = try? ScratchDirectory() else { return nil }
    self.scratch = scratch
    path = scratch["disk"]
    mkdir(path, 0o755)
    guard mount("none", path, "tmpfs", 0, "size=64k") == 0 else { return nil }
  }

  deinit { umount(path) }

  static var isPossible: Bool { SmallDisk() != nil }
}
