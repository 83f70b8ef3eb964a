/// A protocol buffers message under construction: the wire format, and nothing of any schema.
///
/// Fields are written in the order of the calls. A default value is written like any other: whether a field
/// is left out is the caller's business.
///
///     var event = ProtobufMessage()
///     event.unsigned(9, 1)
///     event.message(4) { $0.text(10, "cpu_ns") }
///
/// Source: protobuf.dev, "Encoding". Wire types: 0 varint, 1 eight bytes, 2 length and bytes.
package struct ProtobufMessage {
  /// The message so far.
  package private(set) var bytes: [UInt8] = []

  /// An empty message.
  package init() {}

  /// `uint32`, `uint64` or an enumeration.
  package mutating func unsigned(_ field: Int, _ value: UInt64) {
    tag(field, 0)
    varint(value)
  }

  /// `int32` or `int64`: a negative number takes ten bytes.
  package mutating func signed(_ field: Int, _ value: Int64) {
    unsigned(field, UInt64(bitPattern: value))
  }

  /// `bool`.
  package mutating func bool(_ field: Int, _ value: Bool) { unsigned(field, value ? 1 : 0) }

  /// `fixed64`.
  package mutating func fixed(_ field: Int, _ value: UInt64) {
    tag(field, 1)
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// `string`.
  package mutating func text(_ field: Int, _ value: String) {
    tag(field, 2)
    varint(UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  /// A repeated number in its packed form; nothing when there is none.
  package mutating func packed(_ field: Int, _ values: [UInt64]) {
    if values.isEmpty { return }
    message(field) { inner in
      for value in values { inner.varint(value) }
    }
  }

  /// A message inside this one. `body` writes its fields.
  ///
  /// Complexity: O(bytes of the inner message).
  package mutating func message(_ field: Int, _ body: (inout ProtobufMessage) -> Void) {
    tag(field, 2)
    let place = bytes.count
    // Most lengths fit one byte; a longer one moves the message.
    bytes.append(0)
    body(&self)
    let length = bytes.count - place - 1
    if length < 128 {
      bytes[place] = UInt8(length)
    } else {
      var head = ProtobufMessage()
      head.varint(UInt64(length))
      bytes.replaceSubrange(place...place, with: head.bytes)
    }
  }

  /// Hands out the bytes so far and starts anew.
  package mutating func takeBytes() -> [UInt8] {
    let taken = bytes
    bytes = []
    bytes.reserveCapacity(taken.count)
    return taken
  }

  private mutating func tag(_ field: Int, _ wireType: UInt64) { varint(UInt64(field) << 3 | wireType) }

  /// Seven bits a byte, the lowest first; the top bit says that more follow.
  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 128 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
