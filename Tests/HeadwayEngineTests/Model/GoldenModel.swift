import Foundation
import HeadwayEngine
import HeadwayKernels
import HeadwayTestSupport
import HeadwayTrace

/// A small GPT-2 whose numbers an independent program has worked out in double precision:
/// `Tests/Fixtures/HeadwayEngineTests/golden_gradients/generate.py`.
struct GoldenModel {
  let shape: ModelShape
  let sequences: Int
  let length: Int
  let tokens: [Int32]
  let targets: [Int32]
  /// The tensors of the file, `weights.wte.weight` and so on.
  private let tensors: [String: [Double]]
  private let settings: [String: String]

  /// What stops a broken fixture.
  struct Broken: Error { let what: String }

  /// Reads `NAME.safetensors`: a header of JSON, then the numbers.
  init(_ name: String) throws {
    let path = "Tests/Fixtures/HeadwayEngineTests/golden_gradients/\(name).safetensors"
    let file = try Data(contentsOf: packageRoot.appending(path: path))
    let count = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard file.count > 8 + count,
      let header = try JSONSerialization.jsonObject(with: file[8..<(8 + count)]) as? [String: [String: Any]],
      let settings = header["__metadata__"] as? [String: String]
    else { throw Broken(what: "header") }
    var tensors: [String: [Double]] = [:]
    for (name, entry) in header where name != "__metadata__" {
      guard let type = entry["dtype"] as? String, let places = entry["data_offsets"] as? [Int] else {
        throw Broken(what: name)
      }
      let content = file[(8 + count + places[0])..<(8 + count + places[1])]
      tensors[name] = try Self.numbers(Data(content), of: type)
    }
    func size(_ key: String) throws -> Int {
      guard let value = settings[key].flatMap({ Int($0) }) else { throw Broken(what: key) }
      return value
    }
    func integers(_ name: String) throws -> [Int32] {
      guard let values = tensors[name] else { throw Broken(what: name) }
      return values.map { Int32($0) }
    }
    shape = ModelShape(
      vocabulary: try size("vocabulary"), positions: try size("positions"), channels: try size("channels"),
      layers: try size("layers"), heads: try size("heads"), bias: try size("bias") == 1)
    sequences = try size("sequences")
    length = try size("length")
    tokens = try integers("tokens")
    targets = try integers("targets")
    self.tensors = tensors
    self.settings = settings
  }

  private static func numbers(_ content: Data, of type: String) throws -> [Double] {
    func values<Value>(_: Value.Type) -> [Value] {
      content.withUnsafeBytes { bytes in
        (0..<bytes.count / MemoryLayout<Value>.size).map {
          bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Value>.size, as: Value.self)
        }
      }
    }
    switch type {
    case "F64": return values(Double.self)
    case "F32": return values(Float.self).map(Double.init)
    case "I32": return values(Int32.self).map(Double.init)
    default: throw Broken(what: type)
    }
  }

  /// One array of the file.
  func values(_ name: String) throws -> [Double] {
    guard let values = tensors[name] else { throw Broken(what: name) }
    return values
  }

  /// A part of the file for every tensor of the model, by the tensor's name.
  func part(_ prefix: String) -> [String: [Double]] {
    var part: [String: [Double]] = [:]
    for (name, values) in tensors where name.hasPrefix(prefix + ".") {
      part[String(name.dropFirst(prefix.count + 1))] = values
    }
    return part
  }

  /// The step that the optimizer is about to take, from 1.
  var step: Int { settings["step"].flatMap { Int($0) } ?? 0 }

  /// The configuration whose optimizer the fixture stands for.
  func configuration() throws -> RunConfiguration {
    var keys: [String: String] = [:]
    for key in [
      "steps", "warmup_steps", "learning_rate", "minimum_learning_rate", "weight_decay", "beta1", "beta2",
      "gradient_clip",
    ] { keys[key] = settings[key] }
    return try RunConfiguration.tiny.with(keys)
  }
}

/// Values by tensor in the flat buffers of a layout.
extension ParameterLayout {
  /// Copies values into their places. The names must be exactly the layout's.
  func place<Scalar: BinaryFloatingPoint>(
    _ values: [String: [Double]], into buffer: UnsafeMutablePointer<Scalar>
  ) throws {
    guard Set(values.keys) == Set(tensors.map(\.name)) else {
      throw GoldenModel.Broken(what: "the tensors' names")
    }
    for tensor in tensors {
      guard let numbers = values[tensor.name], numbers.count == tensor.count else {
        throw GoldenModel.Broken(what: tensor.name)
      }
      for (index, number) in numbers.enumerated() { buffer[tensor.offset + index] = Scalar(number) }
    }
  }

  /// Reads every tensor back, by name.
  func values<Scalar: BinaryFloatingPoint>(of buffer: UnsafePointer<Scalar>) -> [String: [Double]] {
    var values: [String: [Double]] = [:]
    for tensor in tensors {
      values[tensor.name] = (0..<tensor.count).map { Double(buffer[tensor.offset + $0]) }
    }
    return values
  }
}

/// The largest difference of each tensor's elements, in units of the tensor's largest element. What is
/// missing, or no number, is infinitely far away.
func deviations(_ found: [String: [Double]], from truth: [String: [Double]]) -> [String: Double] {
  truth.reduce(into: [:]) { deviations, entry in
    let (name, expected) = entry
    guard let values = found[name], values.count == expected.count else {
      return deviations[name] = .infinity
    }
    let largest = expected.reduce(0) { max($0, abs($1)) }
    let worst = zip(values, expected).reduce(0.0) { worst, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(worst, difference)
    }
    deviations[name] = worst / largest
  }
}

extension [String: Double] {
  /// The names whose value is not within a tolerance.
  func beyond(_ tolerance: Double) -> [String] { filter { !($0.value <= tolerance) }.keys.sorted() }
}
