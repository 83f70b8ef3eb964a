import Foundation
import HeadwayFiles
import HeadwayTrace

#if _endian(big)
  #error("safetensors data is little-endian; a big-endian host needs byte swaps here")
#endif

/// Writing flat buffers to a safetensors file and reading them back, tensor by tensor.
enum SafeTensorsFile {
  /// One flat buffer under one name prefix.
  typealias Part = (prefix: String, buffer: AlignedBuffer<Float>)

  /// Writes a new file with every tensor of the layout from every part, and brings it to the disk.
  ///
  /// - Parameter zeros: Names and shapes of tensors that follow, filled with zeros.
  static func write(
    _ parts: [Part], zeros: [(name: String, shape: [Int])] = [], layout: ParameterLayout, _ name: String,
    in place: StagedPlace
  ) throws(InputError) {
    var file = try place.writer(name)
    let header = SafeTensorsHeader(
      laying: parts.flatMap { part in
        layout.tensors.map { (name: part.prefix + $0.name, shape: $0.shape) }
      } + zeros)
    try file.write(try encoded(for: place.destination(name)) { try header.encoded() })
    for part in parts {
      for tensor in layout.tensors {
        try file.write(
          UnsafeRawBufferPointer(start: part.buffer.base + tensor.offset, count: 4 * tensor.count))
      }
    }
    for tensor in zeros { try file.write([UInt8](repeating: 0, count: 4 * tensor.shape.reduce(1, *))) }
    try file.finish()
  }

  /// Reads every tensor of the layout into every part.
  ///
  /// - Throws: ``InputError`` naming the file and the tensor when one is missing, unexpected, of another
  ///   shape or type, out of the file's bounds, or holds a value that is not finite.
  static func read(_ parts: [Part], layout: ParameterLayout, from path: String) throws(InputError) {
    let file = try FileDescriptor.reading(path)
    let header = try SafeTensorsHeader(of: file)
    if let surplus = try read(parts, layout: layout, from: file, header).min() {
      throw SafeTensorsHeader.broken(file, surplus, "config.json describes no such tensor")
    }
  }

  /// Reads every tensor of the layout into every part, and returns the names of the file's other tensors.
  static func read(
    _ parts: [Part], layout: ParameterLayout, from file: borrowing FileDescriptor, _ header: SafeTensorsHeader
  ) throws(InputError) -> Set<String> {
    var surplus = Set(header.entries.keys)
    for part in parts {
      for tensor in layout.tensors {
        let name = part.prefix + tensor.name
        surplus.remove(name)
        let values = UnsafeMutableBufferPointer(start: part.buffer.base + tensor.offset, count: tensor.count)
        try read(name, shape: tensor.shape, into: values, from: file, header)
      }
    }
    return surplus
  }

  /// Reads one tensor into memory of its size.
  static func read(
    _ name: String, shape: [Int], into values: UnsafeMutableBufferPointer<Float>,
    from file: borrowing FileDescriptor, _ header: SafeTensorsHeader
  ) throws(InputError) {
    guard let entry = header.entries[name] else {
      throw SafeTensorsHeader.broken(file, name, "the tensor is missing")
    }
    guard entry.shape == shape else {
      throw SafeTensorsHeader.broken(file, name, "shape is \(entry.shape), config.json asks for \(shape)")
    }
    try file.read(
      into: UnsafeMutableRawBufferPointer(values), at: header.dataStart + entry.dataOffsets[0])
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw SafeTensorsHeader.broken(file, name, "element \(index) is \(values[index])")
    }
  }
}
