import Foundation
import HeadwayCorpus
import HeadwayEngine
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// A model that Hugging Face's `transformers` saved, and what it computes with it; made by
/// `make_gpt2_golden.py` in the fixtures. `make test-interop` compares with the libraries themselves.
@Suite struct TransformersTests {
  private struct Expected: Decodable {
    var text: String
    var ids: [UInt16]
    var logits: [[Float]]
  }

  /// A copy of the fixture that a test may change.
  private struct Saved {
    let directory: TemporaryDirectory
    let path: String

    init() throws {
      directory = try TemporaryDirectory()
      path = directory.path("gpt2")
      let fixture = packageRoot.appending(path: "Tests/Fixtures/HeadwayEngine/gpt2")
      try FileManager.default.copyItem(at: fixture, to: URL(filePath: path))
    }

    func change(_ name: String, _ change: (inout [String: Any]) throws -> Void) throws {
      let url = URL(filePath: path + "/" + name)
      var object = try #require(
        try JSONSerialization.jsonObject(with: try Data(contentsOf: url)) as? [String: Any])
      try change(&object)
      try JSONSerialization.data(withJSONObject: object).write(to: url)
    }

    /// Rewrites the weights' file: its header by name, and bytes to append to the data.
    func changeTensors(_ change: (inout [String: Any], inout Data) throws -> Void) throws {
      let url = URL(filePath: path + "/model.safetensors")
      let file = try Data(contentsOf: url)
      let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      var header = try #require(
        try JSONSerialization.jsonObject(with: file[8..<(8 + length)]) as? [String: Any])
      var values = Data(file[(8 + length)...])
      try change(&header, &values)
      let json = try JSONSerialization.data(withJSONObject: header)
      try (withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json + values).write(to: url)
    }

    /// The largest difference from the logits that `transformers` computed, of the largest logit.
    func difference() throws -> Float {
      let expected = try JSONDecoder().decode(
        Expected.self, from: Data(contentsOf: URL(filePath: path + "/expected.json")))
      let model = try Checkpoint.load(path, for: .inference)
      #expect(try model.tokenizer.encode(expected.text) == expected.ids)
      let rows = try Evaluator(model, kernels: .reference).logits(of: expected.ids)
      #expect(rows.count == expected.logits.count && expected.ids.count > 2 * model.contextLength)
      var (difference, largest): (Float, Float) = (0, 0)
      for (row, wanted) in zip(rows, expected.logits) {
        #expect(row.count == 257 && wanted.count == 17)
        for (index, value) in wanted.enumerated() {
          difference = max(difference, abs(row[16 * index] - value))
          largest = max(largest, abs(value))
        }
      }
      #expect(largest > 0.1)
      return difference / largest
    }

    func refusal() -> String { sentence { _ = try Checkpoint.load(path, for: .inference) } }
  }

  @Test func aSavedModelComputesTheSameLogits() throws {
    #expect(try Saved().difference() < 1e-5)
    let saved = try Saved()
    let model = try Checkpoint.load(saved.path, for: .inference)
    #expect(model.state == nil)
    #expect(try Evaluator(model).logits(of: [1, 2, 3, 4, 5, 6, 7, 8], windows: 1).count == 6)
  }

  @Test func olderFilesAreReadTheSame() throws {
    let saved = try Saved()
    try saved.changeTensors { header, values in
      for (name, entry) in header where name.hasPrefix("transformer.") {
        header[name] = nil
        header[String(name.dropFirst("transformer.".count))] = entry
      }
      func append(_ name: String, _ dtype: String, _ shape: [Int], _ bytes: Data) {
        header[name] = [
          "dtype": dtype, "shape": shape, "data_offsets": [values.count, values.count + bytes.count],
        ]
        values.append(bytes)
      }
      let embedding = try #require(header["wte.weight"] as? [String: Any])
      let place = try #require(embedding["data_offsets"] as? [Int])
      append("lm_head.weight", "F32", [257, 4], values[place[0]..<place[1]])
      append("h.0.attn.bias", "BOOL", [1, 1, 3, 3], Data(repeating: 1, count: 9))
      append("h.1.attn.masked_bias", "F16", [], Data([0, 0xF0]))
    }
    try saved.change("config.json") { config in
      config["dtype"] = nil
      config["torch_dtype"] = "float32"
      config["n_inner"] = NSNull()
      config["n_ctx"] = 6
      config["layer_norm_epsilon"] = nil
      config["a_later_key"] = ["nested": [1]]
    }
    #expect(try saved.difference() < 1e-5)
    // The head is tied here: one that differs would be another model.
    try saved.changeTensors { header, values in
      let head = try #require(header["lm_head.weight"] as? [String: Any])
      values[try #require(head["data_offsets"] as? [Int])[0] + 1] ^= 1
    }
    #expect(saved.refusal().contains("lm_head.weight: it differs from the token embedding"))
  }

  static let refused: [(key: String, value: String, words: String)] = [
    ("dtype", "float16", "dtype: got float16, expected float32; convert it in Python: model.float()"),
    ("torch_dtype", "bfloat16", "torch_dtype: got bfloat16, expected float32"),
    ("scale_attn_weights", "false", "scale_attn_weights: got false, expected true"),
    ("scale_attn_by_inverse_layer_idx", "true", "scale_attn_by_inverse_layer_idx: got true, expected false"),
    ("add_cross_attention", "true", "add_cross_attention: got true, expected false"),
    ("n_inner", "17", "n_inner: got 17, expected 4 · n_embd = 16"),
  ]

  @Test(arguments: 0..<refused.count) func whatTheModelCannotComputeIsRefused(index: Int) throws {
    let (key, value, words) = Self.refused[index]
    let saved = try Saved()
    try saved.change("config.json") { config in
      config[key] = ["true": true, "false": false][value] ?? (Int(value) ?? value as Any)
    }
    #expect(saved.refusal().contains(words), "\(saved.refusal())")
  }

  @Test func weightsOfAnotherTypeAreRefusedInWords() throws {
    let saved = try Saved()
    try saved.changeTensors { header, _ in
      var entry = try #require(header["transformer.wpe.weight"] as? [String: Any])
      entry["dtype"] = "BF16"
      header["transformer.wpe.weight"] = entry
    }
    #expect(
      saved.refusal().contains("transformer.wpe.weight: dtype is BF16, expected F32; convert it in Python"))
  }

  /// GPT-2 always has biases, so a model without them is saved with zeros; anything else would be another model.
  @Test func aModelWithoutBiasesIsSavedWithZeros() throws {
    let planted = try PlantedCorpus(train: PlantedCorpus.prose(words: 120))
    let path = planted.directory.path("out")
    let outcome = try train(try .tiny.with(["steps": "2", "bias": "false"]), planted.corpus)
    try outcome.checkpoint.save(to: path)
    #expect(try Checkpoint.load(path, for: .training).weightBitsHash == outcome.loss.weightBitsHash)
    let url = URL(filePath: path + "/model.safetensors")
    let file = try Data(contentsOf: url)
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try #require(
      try JSONSerialization.jsonObject(with: file[8..<(8 + length)]) as? [String: Any])
    var full = ModelShape(outcome.configuration)
    full.bias = true
    let names = Set(ParameterLayout(full).tensors.map { "transformer." + $0.name })
    #expect(Set(header.keys).subtracting(["__metadata__"]) == names)
    for name in names where name.hasSuffix(".bias") {
      let entry = try #require(header[name] as? [String: Any])
      let place = try #require(entry["data_offsets"] as? [Int])
      #expect(file[(8 + length + place[0])..<(8 + length + place[1])].allSatisfy { $0 == 0 }, "\(name)")
    }
    let entry = try #require(header["transformer.h.0.mlp.c_fc.bias"] as? [String: Any])
    var damaged = file
    damaged[8 + length + (try #require(entry["data_offsets"] as? [Int]))[0] + 3] = 0x3F
    try damaged.write(to: url)
    #expect(
      sentence { _ = try Checkpoint.load(path, for: .inference) }.contains(
        "transformer.h.0.mlp.c_fc.bias: it is not all zeros, but config.json says headway.bias: false"))
  }
}
