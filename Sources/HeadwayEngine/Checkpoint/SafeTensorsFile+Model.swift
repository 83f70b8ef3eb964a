import HeadwayFiles
import HeadwayTrace

/// `model.safetensors` as `transformers` has it.
extension SafeTensorsFile {
  /// Hugging Face's prefix of GPT-2's tensor names.
  private static let prefix = "transformer."
  /// The head, which is tied to the token embedding and so need not be in the file.
  private static let head = "lm_head.weight"

  /// Writes a model's weights under GPT-2's names. A model without biases gets biases of zeros, so that
  /// GPT-2, which always has them, computes the same.
  static func writeModel(
    _ weights: AlignedBuffer<Float>, layout: ParameterLayout, _ name: String, in place: StagedPlace
  ) throws(InputError) {
    let zeros = absentBiases(layout).map { (name: prefix + $0.name, shape: $0.shape) }
    try write([(prefix, weights)], zeros: zeros, layout: layout, name, in: place)
  }

  /// Reads a model's weights, whoever wrote them: names with or without `transformer.`, with or without the
  /// tied head.
  ///
  /// - Throws: ``InputError`` as ``read(_:layout:from:)``; also for a bias that is not zero where the model has
  ///   none, and a head that differs from the token embedding.
  static func readModel(
    into weights: AlignedBuffer<Float>, layout: ParameterLayout, from path: String
  ) throws(InputError) {
    let file = try FileDescriptor.reading(path)
    let header = try SafeTensorsHeader(of: file)
    let embedding = layout.tensors[layout.tokenEmbedding]
    let prefix = header.entries[embedding.name] == nil ? prefix : ""
    var surplus = try read([(prefix, weights)], layout: layout, from: file, header)
    for tensor in absentBiases(layout) {
      let name = prefix + tensor.name
      guard surplus.remove(name) != nil else { continue }
      let values = try AlignedBuffer<Float>(count: tensor.count, purpose: "biases")
      let places = UnsafeMutableBufferPointer(start: values.base, count: tensor.count)
      try read(name, shape: tensor.shape, into: places, from: file, header)
      guard places.allSatisfy({ $0 == 0 }) else {
        throw SafeTensorsHeader.broken(
          file, name, "it is not all zeros, but config.json says headway.bias: false")
      }
    }
    if surplus.remove(head) != nil {
      let values = try AlignedBuffer<Float>(count: embedding.count, purpose: "head")
      let places = UnsafeMutableBufferPointer(start: values.base, count: embedding.count)
      try read(head, shape: embedding.shape, into: places, from: file, header)
      guard
        places.elementsEqual(
          UnsafeBufferPointer(start: weights.base + embedding.offset, count: embedding.count))
      else {
        throw SafeTensorsHeader.broken(
          file, head, "it differs from the token embedding, to which Headway's head is tied")
      }
    }
    if let name = surplus.min() {
      throw SafeTensorsHeader.broken(file, name, "config.json describes no such tensor")
    }
  }

  /// The bias tensors that GPT-2 has and a model without biases lacks; none for a model that has them.
  private static func absentBiases(_ layout: ParameterLayout) -> [ParameterTensor] {
    var shape = layout.shape
    shape.bias = true
    let present = Set(layout.tensors.map(\.name))
    return ParameterLayout(shape).tensors.filter { !present.contains($0.name) }
  }
}
