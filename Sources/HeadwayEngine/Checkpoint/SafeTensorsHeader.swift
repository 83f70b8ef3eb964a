import Foundation
import HeadwayFiles
import HeadwayTrace

/// The header of a safetensors file: which tensor lies where behind it.
///
/// Format (huggingface/safetensors): 8 bytes little-endian header length n, n bytes of JSON that map each
/// name to `dtype`, `shape` and `data_offsets` [begin, end) relative to the data, then the data without
/// gaps. `__metadata__` maps strings to strings. Only `F32` is read and written here; attention masks, which
/// older versions of `transformers` saved among the weights, may be of any type and are left out.
struct SafeTensorsHeader: Sendable {
  /// One tensor of the file.
  struct Entry: Codable, Equatable, Sendable {
    var dtype: String
    var shape: [Int]
    var dataOffsets: [Int]
  }

  /// A header longer than this is refused: the format's own limit.
  static let longest = 100_000_000

  /// Bytes of an element, by the format's name of its type.
  private static let elementBytes = [
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2,
    "I8": 1, "U8": 1, "BOOL": 1,
  ]

  /// The tensors by name, without masks.
  let entries: [String: Entry]
  /// Bytes before the data: 8 and the JSON.
  let dataStart: Int

  /// Lays out tensors one after the other, in the order given.
  init(laying tensors: [(name: String, shape: [Int])]) {
    var end = 0
    var entries: [String: Entry] = [:]
    for tensor in tensors {
      let bytes = 4 * tensor.shape.reduce(1, *)
      entries[tensor.name] = Entry(dtype: "F32", shape: tensor.shape, dataOffsets: [end, end + bytes])
      end += bytes
    }
    self.entries = entries
    dataStart = 0
  }

  /// The header's bytes: length and JSON, padded with spaces so that the data is 8-byte aligned.
  func encoded() throws -> Data {
    var values = entries.mapValues { Value.tensor($0) }
    values["__metadata__"] = .metadata(["format": "pt"])
    var json = try HeadwayJSON.line(values)
    while json.count % 8 != 0 { json.append(0x20) }
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json
  }

  /// Reads and checks the header of a file: the length fits, the JSON is well formed, every tensor is F32
  /// with offsets that match its shape, and together they cover the data without gap or overlap.
  init(of file: borrowing FileDescriptor) throws(InputError) {
    let size = try file.size()
    guard size >= 8 else { throw Self.broken(file, "header length", "the file has only \(size) bytes") }
    let count = try file.read(count: 8, at: 0).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard count >= 2, count <= Self.longest, Int(count) <= size - 8 else {
      throw Self.broken(file, "header length", "\(count) does not fit a file of \(size) bytes")
    }
    let json = try file.read(count: Int(count), at: 8)
    let values = try HeadwayJSON.decode([String: Value].self, from: Data(json), subject: file.path)
    var entries: [String: Entry] = [:]
    for (name, value) in values {
      if case .tensor(let entry) = value { entries[name] = entry }
    }
    dataStart = 8 + Int(count)
    try Self.check(entries, file, dataSize: size - dataStart)
    self.entries = entries.filter { !Self.isMask($0.key) }
  }

  /// Whether a tensor is a causal mask or its fill value: `h.3.attn.bias`, `transformer.h.3.attn.masked_bias`.
  private static func isMask(_ name: String) -> Bool {
    name.hasSuffix(".attn.bias") || name.hasSuffix(".attn.masked_bias")
  }

  private static func check(
    _ entries: [String: Entry], _ file: borrowing FileDescriptor, dataSize: Int
  ) throws(InputError) {
    var ranges: [(name: String, begin: Int, end: Int)] = []
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      guard var bytes = Self.elementBytes[entry.dtype], entry.dtype == "F32" || Self.isMask(name) else {
        throw InputError(
          file.path, field: name, problem: "dtype is \(entry.dtype), expected F32",
          remedy: "convert it in Python: model.float().save_pretrained(DIRECTORY)")
      }
      for extent in entry.shape {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
        guard extent >= 0, !overflow else { throw Self.broken(file, name, "shape \(entry.shape) is absurd") }
        bytes = product
      }
      guard entry.dataOffsets.count == 2, let begin = entry.dataOffsets.first,
        let end = entry.dataOffsets.last, begin >= 0, begin <= end, end <= dataSize
      else {
        throw Self.broken(
          file, name, "data_offsets \(entry.dataOffsets) do not lie in \(dataSize) bytes of data")
      }
      guard end - begin == bytes else {
        throw Self.broken(
          file, name, "shape \(entry.shape) needs \(bytes) bytes, data_offsets give \(end - begin)")
      }
      ranges.append((name, begin, end))
    }
    ranges.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    var covered = 0
    for range in ranges {
      guard range.begin == covered else {
        let fault = range.begin < covered ? "overlaps the tensor before it" : "leaves a gap before it"
        throw Self.broken(file, range.name, "\(fault) at byte \(range.begin) of the data")
      }
      covered = range.end
    }
    guard covered == dataSize else {
      throw Self.broken(file, "data", "the tensors cover \(covered) of \(dataSize) bytes")
    }
  }

  static func broken(_ file: borrowing FileDescriptor, _ field: String, _ problem: String) -> InputError {
    InputError(
      file.path, field: field, problem: problem,
      remedy: "the file is damaged or not a safetensors file; save the checkpoint again")
  }

  /// A value of the header's JSON object.
  private enum Value: Codable {
    case tensor(Entry)
    case metadata([String: String])

    init(from decoder: any Decoder) throws {
      if decoder.codingPath.last?.stringValue == "__metadata__" {
        self = .metadata(try [String: String](from: decoder))
      } else {
        self = .tensor(try Entry(from: decoder))
      }
    }

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .tensor(let entry): try entry.encode(to: encoder)
      case .metadata(let pairs): try pairs.encode(to: encoder)
      }
    }
  }
}
