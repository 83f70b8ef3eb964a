/// Where head `head` of a sequence finds its rows in qkv (T, 3C): token `t`'s query starts at
/// `query + t · stride`, its key C elements later, its value 2C later.
struct HeadLayout {
  /// Elements of a head: D = C/H.
  let size: Int
  /// Elements from a token to the next: 3C.
  let stride: Int
  /// C.
  let channels: Int

  /// The layout of `heads` heads in `channels` channels.
  init(channels: Int, heads: Int) {
    size = channels / heads
    stride = 3 * channels
    self.channels = channels
  }
}

extension ReferenceKernels {
  /// Per sequence and head, for each token t over the tokens u ≤ t:
  /// score = q(t)·k(u)/√D; probability = softmax of the scores; out(t) = Σ probability · v(u).
  /// Probabilities above the diagonal are set to zero.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func attentionForward(
    _ out: UnsafeMutablePointer<Scalar>, probabilities: UnsafeMutablePointer<Scalar>,
    qkv: UnsafePointer<Scalar>, batch b: Int, time t: Int, channels c: Int, heads h: Int
  ) {
    let layout = HeadLayout(channels: c, heads: h)
    let scale = 1 / Scalar(layout.size).squareRoot()
    for sequence in 0..<b {
      for head in 0..<h {
        let queries = qkv + sequence * t * layout.stride + head * layout.size
        let keys = queries + c
        let values = queries + 2 * c
        let matrix = probabilities + (sequence * h + head) * t * t
        for i in 0..<t {
          let row = matrix + i * t
          var largest = -Scalar.infinity
          for j in 0...i {
            var sum: Scalar = 0
            for d in 0..<layout.size {
              sum += queries[i * layout.stride + d] * keys[j * layout.stride + d]
            }
            row[j] = sum * scale
            largest = max(largest, row[j])
          }
          var total: Scalar = 0
          for j in 0...i {
            row[j] = Scalar.exponential(row[j] - largest)
            total += row[j]
          }
          for j in 0...i { row[j] /= total }
          for j in i + 1..<t { row[j] = 0 }
          let result = out + (sequence * t + i) * c + head * layout.size
          for d in 0..<layout.size { result[d] = 0 }
          for j in 0...i {
            for d in 0..<layout.size { result[d] += row[j] * values[j * layout.stride + d] }
          }
        }
      }
    }
  }

  /// Inverts, from the last line back:
  /// `out(i) = Σⱼ p(i, j) · v(j)`: dp(i, j) = dout(i)·v(j) and dv(j) += p(i, j) · dout(i);
  /// `p = softmax(score)`: dscore(i, j) = p(i, j) · (dp(i, j) − Σ_u p(i, u) · dp(i, u));
  /// `score(i, j) = q(i)·k(j)/√D`: dq(i) += dscore · k(j)/√D and dk(j) += dscore · q(i)/√D.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func attentionBackward(
    dqkv: UnsafeMutablePointer<Scalar>, dout: UnsafePointer<Scalar>,
    probabilities: UnsafePointer<Scalar>, qkv: UnsafePointer<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>, batch b: Int, time t: Int, channels c: Int, heads h: Int
  ) {
    let layout = HeadLayout(channels: c, heads: h)
    let scale = 1 / Scalar(layout.size).squareRoot()
    for i in 0..<b * t * layout.stride { dqkv[i] = 0 }
    for sequence in 0..<b {
      for head in 0..<h {
        let origin = sequence * t * layout.stride + head * layout.size
        let matrix = probabilities + (sequence * h + head) * t * t
        for i in 0..<t {
          let row = matrix + i * t
          let slope = dout + (sequence * t + i) * c + head * layout.size
          var projection: Scalar = 0
          for j in 0...i {
            let value = origin + j * layout.stride + 2 * c
            var sum: Scalar = 0
            for d in 0..<layout.size {
              sum += slope[d] * qkv[value + d]
              dqkv[value + d] += row[j] * slope[d]
            }
            scratch[j] = sum
            projection += row[j] * sum
          }
          let query = origin + i * layout.stride
          for j in 0...i {
            let scoreSlope = row[j] * (scratch[j] - projection) * scale
            let key = origin + j * layout.stride + c
            for d in 0..<layout.size {
              dqkv[query + d] += scoreSlope * qkv[key + d]
              dqkv[key + d] += scoreSlope * qkv[query + d]
            }
          }
        }
      }
    }
  }
}
