/// Protocol buffers messages taken apart, by field number and without a schema: what the tests read with.
struct WireMessage {
  enum Value: Equatable {
    case number(UInt64)
    case bytes([UInt8])
  }

  private(set) var fields: [(field: Int, value: Value)] = []

  /// Takes a message apart; `nil` when the bytes are none.
  init?(_ bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    var offset = 0
    func varint() -> UInt64? {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 70, by: 7) {
        guard offset < bytes.count else { return nil }
        let byte = bytes[offset]
        offset += 1
        if shift < 64 { value |= UInt64(byte & 127) << shift }
        if byte < 128 { return value }
      }
      return nil
    }
    while offset < bytes.count {
      guard let tag = varint() else { return nil }
      switch tag & 7 {
      case 0:
        guard let value = varint() else { return nil }
        fields.append((Int(tag >> 3), .number(value)))
      case 1:
        guard offset + 8 <= bytes.count else { return nil }
        let value = bytes[offset..<offset + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        offset += 8
        fields.append((Int(tag >> 3), .number(value)))
      case 2:
        guard let length = varint(), length <= UInt64(bytes.count - offset) else { return nil }
        fields.append((Int(tag >> 3), .bytes(Array(bytes[offset..<offset + Int(length)]))))
        offset += Int(length)
      default: return nil
      }
    }
  }

  /// The numbers of a field, packed or not.
  func numbers(_ field: Int) -> [UInt64] {
    fields.filter { $0.field == field }.flatMap { entry -> [UInt64] in
      switch entry.value {
      case .number(let number): return [number]
      case .bytes(let bytes):
        var numbers: [UInt64] = []
        var value: UInt64 = 0
        var shift: UInt64 = 0
        for byte in bytes {
          value |= UInt64(byte & 127) << shift
          shift += 7
          if byte < 128 {
            numbers.append(value)
            (value, shift) = (0, 0)
          }
        }
        return numbers
      }
    }
  }

  /// The first number of a field.
  func number(_ field: Int) -> UInt64? { numbers(field).first }

  /// The messages of a field; what cannot be taken apart is left out.
  func messages(_ field: Int) -> [WireMessage] {
    fields.compactMap { entry in
      if entry.field == field, case .bytes(let bytes) = entry.value { WireMessage(bytes) } else { nil }
    }
  }

  /// The first message of a field.
  func message(_ field: Int) -> WireMessage? { messages(field).first }

  /// The texts of a field.
  func texts(_ field: Int) -> [String] {
    fields.compactMap { entry in
      if entry.field == field, case .bytes(let bytes) = entry.value {
        String(decoding: bytes, as: UTF8.self)
      } else {
        nil
      }
    }
  }

  /// The first text of a field.
  func text(_ field: Int) -> String? { texts(field).first }
}
