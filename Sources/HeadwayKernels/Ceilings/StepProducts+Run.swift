extension StepProducts {
  /// Runs the forward and backward products of the linear layers and the head, on the calling thread.
  ///
  /// - Parameters:
  ///   - sequences: b; the products have b · T rows.
  ///   - memory: ``elementCount`` finite floats, aligned to 64 bytes; read and overwritten.
  package func dense<P: MatrixProduct>(
    _ product: P.Type, sequences b: Int, in memory: UnsafeMutablePointer<Float>
  ) {
    precondition(b <= sequences, "the memory holds \(sequences) sequences")
    let n = b * length
    var next = memory
    func take(_ count: Int) -> UnsafeMutablePointer<Float> {
      defer { next += Self.padded(count) }
      return next
    }
    for linear in linears {
      let (k, m) = (linear.inputs, linear.outputs)
      let x = take(2 * sequences * length * k)
      let dx = x + sequences * length * k
      let y = take(sequences * length * m)
      let w = take(2 * k * m)
      let dw = w + k * m
      for _ in 0..<linear.count {
        let (plain, turned): (Operand, Operand) =
          linear.isTied
          ? (.transposed(w, stride: k), .rows(w, stride: k))
          : (.rows(w, stride: m), .transposed(w, stride: m))
        // y = x · w
        P.multiply(
          y, stride: m, a: .rows(x, stride: k), b: plain, rows: n, columns: m, depth: k, addend: nil)
        // dx = dy · wᵀ
        P.multiply(
          dx, stride: k, a: .rows(y, stride: m), b: turned, rows: n, columns: k, depth: m, addend: nil)
        // dw += xᵀ · dy, or its transpose where w is.
        if linear.isTied {
          P.multiply(
            dw, stride: k, a: .transposed(y, stride: m), b: .rows(x, stride: k), rows: m, columns: k,
            depth: n, addend: Addend(dw, rowStride: k))
        } else {
          P.multiply(
            dw, stride: m, a: .transposed(x, stride: k), b: .rows(y, stride: m), rows: k, columns: m,
            depth: n, addend: Addend(dw, rowStride: m))
        }
      }
    }
  }

  /// Runs the products of attention, forward and backward, head by head, on the calling thread: whole squares,
  /// since a general product knows of no diagonal.
  ///
  /// - Parameters:
  ///   - sequences: b.
  ///   - memory: As in ``dense(_:sequences:in:)``.
  package func attention<P: MatrixProduct>(
    _ product: P.Type, sequences b: Int, in memory: UnsafeMutablePointer<Float>
  ) {
    precondition(b <= sequences, "the memory holds \(sequences) sequences")
    let (c, t, size) = (channels, length, channels / heads)
    let rows = sequences * t
    let qkv = memory
    let dqkv = qkv + 3 * rows * c
    let out = dqkv + 3 * rows * c
    let dout = out + rows * c
    let p = memory + Self.padded(8 * rows * c)
    let dp = p + t * t
    for _ in 0..<layers {
      for sequence in 0..<b {
        for head in 0..<heads {
          let place = sequence * t * 3 * c + head * size
          let (q, k, v) = (qkv + place, qkv + place + c, qkv + place + 2 * c)
          let (dq, dk, dv) = (dqkv + place, dqkv + place + c, dqkv + place + 2 * c)
          let o = out + sequence * t * c + head * size
          let slope = dout + sequence * t * c + head * size
          func multiply(
            _ result: UnsafeMutablePointer<Float>, _ stride: Int, _ a: Operand, _ b: Operand, _ columns: Int,
            _ depth: Int
          ) {
            P.multiply(
              result, stride: stride, a: a, b: b, rows: t, columns: columns, depth: depth, addend: nil)
          }
          multiply(p, t, .rows(q, stride: 3 * c), .transposed(k, stride: 3 * c), t, size)
          multiply(o, c, .rows(p, stride: t), .rows(v, stride: 3 * c), size, t)
          multiply(dp, t, .rows(slope, stride: c), .transposed(v, stride: 3 * c), t, size)
          multiply(dv, 3 * c, .transposed(p, stride: t), .rows(slope, stride: c), size, t)
          multiply(dq, 3 * c, .rows(dp, stride: t), .rows(k, stride: 3 * c), size, t)
          multiply(dk, 3 * c, .transposed(dp, stride: t), .rows(q, stride: 3 * c), size, t)
        }
      }
    }
  }
}
