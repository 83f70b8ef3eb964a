extension VectorKernels {
  /// Per sequence and head: scores = q · kᵀ up to the diagonal; probabilities = softmax(scores/√D) per row,
  /// zeros behind the diagonal; out = probabilities · v.
  public static func attentionForward(
    _ out: UnsafeMutablePointer<Float>, probabilities: UnsafeMutablePointer<Float>,
    qkv: UnsafePointer<Float>, batch b: Int, time t: Int, channels c: Int, heads h: Int
  ) {
    let layout = HeadLayout(channels: c, heads: h)
    let scale = 1 / Float(layout.size).squareRoot()
    for sequence in 0..<b {
      for head in 0..<h {
        let query = qkv + (sequence &* t &* layout.stride &+ head &* layout.size)
        let matrix = probabilities + (sequence &* h &+ head) &* t &* t
        CausalProduct.lower(
          matrix, a: .rows(query, stride: layout.stride),
          b: .transposed(query + c, stride: layout.stride), time: t, depth: layout.size)
        for row in 0..<t {
          CausalRow(base: matrix + row &* t, count: row &+ 1, width: t).softmax(scale: scale)
        }
        CausalProduct.timesLower(
          out + (sequence &* t &* c &+ head &* layout.size), stride: c, lower: matrix,
          b: .rows(query + 2 &* c, stride: layout.stride), time: t, columns: layout.size)
      }
    }
  }

  /// Inverts, from the last line back: `out = p · v`: dp = dout · vᵀ, dv = pᵀ · dout;
  /// `p = softmax(score/√D)`: dscore = p · (dp − Σ p · dp)/√D; `score = q · kᵀ`: dq = dscore · k,
  /// dk = dscoreᵀ · q. Of `scratch`, T·T elements are used: dp, then dscore.
  public static func attentionBackward(
    dqkv: UnsafeMutablePointer<Float>, dout: UnsafePointer<Float>,
    probabilities: UnsafePointer<Float>, qkv: UnsafePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, batch b: Int, time t: Int, channels c: Int, heads h: Int
  ) {
    let layout = HeadLayout(channels: c, heads: h)
    let scale = 1 / Float(layout.size).squareRoot()
    let stride = layout.stride
    for sequence in 0..<b {
      for head in 0..<h {
        let origin = sequence &* t &* stride &+ head &* layout.size
        let query = qkv + origin
        let querySlope = dqkv + origin
        let slope = Operand.rows(dout + (sequence &* t &* c &+ head &* layout.size), stride: c)
        let matrix = probabilities + (sequence &* h &+ head) &* t &* t
        CausalProduct.timesLowerTransposed(
          querySlope + 2 &* c, stride: stride, lower: matrix, b: slope, time: t, columns: layout.size)
        CausalProduct.lower(
          scratch, a: slope, b: .transposed(query + 2 &* c, stride: stride), time: t, depth: layout.size)
        for row in 0..<t {
          CausalRow(base: scratch + row &* t, count: row &+ 1, width: t)
            .softmaxBackward(probabilities: matrix + row &* t, scale: scale)
        }
        CausalProduct.timesLower(
          querySlope, stride: stride, lower: scratch, b: .rows(query + c, stride: stride), time: t,
          columns: layout.size)
        CausalProduct.timesLowerTransposed(
          querySlope + c, stride: stride, lower: scratch, b: .rows(query, stride: stride), time: t,
          columns: layout.size)
      }
    }
  }
}
