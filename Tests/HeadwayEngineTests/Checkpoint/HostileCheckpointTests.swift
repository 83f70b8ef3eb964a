import Foundation
import HeadwayEngine
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Damaged and made-up checkpoints: one sentence each, never a crash.
@Suite(.serialized) struct HostileCheckpointTests {
  /// A good checkpoint, whose files a test may damage and restore.
  struct Victim {
    let planted: PlantedCorpus
    let path: String

    init() throws {
      planted = try PlantedCorpus(train: PlantedCorpus.prose(words: 120))
      path = planted.directory.path("out")
      try train(try .tiny.with(["steps": "1"]), planted.corpus).checkpoint.save(to: path)
    }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: path + "/" + name)) }

    func write(_ bytes: Data, _ name: String) throws {
      try bytes.write(to: URL(filePath: path + "/" + name))
    }

    /// The error of loading, or `nil`; anything but an `InputError` fails the test.
    func loadError() -> InputError? {
      do {
        _ = try Checkpoint.load(path, for: .training)
        return nil
      } catch {
        return error
      }
    }
  }

  static let files = [
    "config.json", "model.safetensors", "optimizer.safetensors", "tokenizer.json", "trainer_state.json",
  ]

  /// Every file cut at offsets through its whole length: the error names the file.
  @Test(arguments: files) func everyTruncationIsRefused(name: String) throws {
    let victim = try Victim()
    let whole = try victim.bytes(name)
    let offsets = Set(
      (0..<64).map { $0 * whole.count / 64 } + Array(0..<16) + [whole.count / 2, whole.count - 2])
    for offset in offsets.sorted() {
      try victim.write(whole.prefix(offset), name)
      let error = victim.loadError()
      #expect(
        error?.subject.hasSuffix(name) == true, "\(name) cut at \(offset): \(String(describing: error))")
    }
    try FileManager.default.removeItem(atPath: victim.path + "/" + name)
    #expect("\(victim.loadError().map(\.description) ?? "")".contains(name))
  }

  /// Seeded bit flips and byte overwrites in each header: loads or refuses, and never crashes. A flip that
  /// still loads leaves the weights' shapes as they were.
  @Test(arguments: files) func damagedHeadersNeverCrash(name: String) throws {
    let victim = try Victim()
    let whole = try victim.bytes(name)
    let random = CounterGenerator(seed: 11, stream: name)
    let reach = name.hasSuffix(".safetensors") ? min(whole.count, 2000) : whole.count
    var refused = 0
    for round in 0..<100 {
      var damaged = whole
      for hit in 0..<(1 + round % 3) {
        let draw = random.bits(at: UInt64(8 * round + hit))
        let place = Int(draw >> 16) % reach
        damaged[place] = round % 2 == 0 ? damaged[place] ^ (1 << UInt8(draw & 7)) : UInt8(draw & 0xFF)
      }
      try victim.write(damaged, name)
      if victim.loadError() != nil { refused += 1 }
    }
    #expect(refused > 25)
  }

  /// The header's JSON replaced, data as it was.
  private func replaceHeader(_ victim: Victim, _ change: (inout [String: Any]) -> Void) throws {
    let file = try victim.bytes("model.safetensors")
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var header = try #require(
      try JSONSerialization.jsonObject(with: file[8..<(8 + length)]) as? [String: Any])
    change(&header)
    let json = try JSONSerialization.data(withJSONObject: header)
    let prefix = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
    try victim.write(prefix + json + file[(8 + length)...], "model.safetensors")
  }

  static let name = "transformer.wte.weight"
  static let entries: [(what: String, entry: String?, words: String)] = [
    ("missing", nil, "gap"),
    ("dtype", #"{"dtype": "F16", "shape": [257, 8], "data_offsets": [0, 8224]}"#, "F32"),
    ("shape", #"{"dtype": "F32", "shape": [8, 257], "data_offsets": [0, 8224]}"#, "shape"),
    ("negative", #"{"dtype": "F32", "shape": [-257, -8], "data_offsets": [0, 8224]}"#, "absurd"),
    ("overflow", #"{"dtype": "F32", "shape": [\#(Int.max), 8], "data_offsets": [0, 8224]}"#, "absurd"),
    ("size", #"{"dtype": "F32", "shape": [257, 8], "data_offsets": [0, 8220]}"#, "needs 8224"),
    ("beyond", #"{"dtype": "F32", "shape": [257, 8], "data_offsets": [1000000000, 1000008224]}"#, "lie in"),
    ("backwards", #"{"dtype": "F32", "shape": [257, 8], "data_offsets": [8224, 0]}"#, "lie in"),
    ("three", #"{"dtype": "F32", "shape": [257, 8], "data_offsets": [0, 1, 8224]}"#, "lie in"),
    ("overlap", #"{"dtype": "F32", "shape": [257, 8], "data_offsets": [8, 8232]}"#, "before it"),
    ("no shape", #"{"dtype": "F32", "data_offsets": [0, 8224]}"#, "shape"),
    ("not a name", #"{"dtype": 7, "shape": [257, 8], "data_offsets": [0, 8224]}"#, "dtype"),
  ]

  @Test(arguments: 0..<entries.count) func badEntriesAreNamed(index: Int) throws {
    let victim = try Victim()
    let (what, entry, words) = Self.entries[index]
    let value = try entry.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) }
    try replaceHeader(victim) { $0[Self.name] = value }
    let error = try #require(victim.loadError(), "\(what)")
    #expect(error.subject.hasSuffix("model.safetensors"))
    #expect(error.description.contains(words), "\(what): \(error)")
  }

  @Test func surplusAndOverlappingTensorsAndAbsurdLengthsAreRefused() throws {
    let victim = try Victim()
    let whole = try victim.bytes("model.safetensors")
    try replaceHeader(victim) { header in
      header["transformer.h.9.extra"] = ["dtype": "F32", "shape": [0], "data_offsets": [0, 0]]
    }
    #expect(victim.loadError()?.field == "transformer.h.9.extra")
    try victim.write(whole, "model.safetensors")
    try replaceHeader(victim) { header in
      header["transformer.wpe.weight"] = ["dtype": "F32", "shape": [8, 8], "data_offsets": [0, 256]]
    }
    #expect(victim.loadError()?.problem.contains("overlaps") == true)
    for length in [0, 1, UInt64(whole.count), 1 << 40, .max] {
      let prefix = withUnsafeBytes(of: length.littleEndian) { Data($0) }
      try victim.write(prefix + whole.dropFirst(8), "model.safetensors")
      #expect(victim.loadError()?.field == "header length", "\(length)")
    }
  }

  @Test func weightsThatAreNoNumbersAreRefused() throws {
    let victim = try Victim()
    var file = try victim.bytes("model.safetensors")
    let end = file.count
    file.replaceSubrange((end - 4)..<end, with: withUnsafeBytes(of: Float.nan) { Data($0) })
    try victim.write(file, "model.safetensors")
    let error = try #require(victim.loadError())
    #expect(error.field?.hasPrefix("transformer.") == true)
    #expect(error.problem.contains("nan"))
  }

  static let settings: [(key: String, value: String)] = [
    ("vocab_size", "0"), ("vocab_size", "-5"), ("vocab_size", "1099511627776"), ("n_embd", "1073741824"),
    ("n_head", "3"), ("n_layer", "0"), ("n_layer", "1000000"), ("n_positions", "0"), ("n_inner", "7"),
    ("model_type", #""llama""#), ("activation_function", #""relu""#), ("tie_word_embeddings", "false"),
    ("layer_norm_epsilon", "0.000001"), ("n_embd", #""eight""#), ("headway", "7"),
  ]

  @Test(arguments: 0..<settings.count) func badModelSettingsAreNamed(index: Int) throws {
    let victim = try Victim()
    let (key, value) = Self.settings[index]
    var config = try #require(
      try JSONSerialization.jsonObject(with: try victim.bytes("config.json")) as? [String: Any])
    config[key] = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
    try victim.write(try JSONSerialization.data(withJSONObject: config), "config.json")
    let error = try #require(victim.loadError())
    #expect(error.subject.hasSuffix("config.json"))
    #expect(error.field.map { $0.replacing("_", with: "").lowercased() } == key.replacing("_", with: ""))
  }

  /// A config.json of a model far larger than the weights beside it asks for no memory.
  @Test func aHugeModelIsRefusedBeforeItIsAllocated() throws {
    let victim = try Victim()
    var config = try #require(
      try JSONSerialization.jsonObject(with: try victim.bytes("config.json")) as? [String: Any])
    for (key, value) in ["n_embd": 16_384, "n_inner": 65_536, "n_layer": 256, "n_head": 256] {
      config[key] = value
    }
    try victim.write(try JSONSerialization.data(withJSONObject: config), "config.json")
    #expect(victim.loadError()?.description.contains("truncated") == true)
  }

  @Test func whatIsNoCheckpointIsRefused() throws {
    let victim = try Victim()
    for path in [victim.planted.directory.path("none"), victim.planted.directory.path("train.bin")] {
      #expect("\(path)") {
        try Checkpoint.load(path, for: .inference)
      } throws: { error in
        "\(error)".contains("not a checkpoint")
      }
    }
  }
}
