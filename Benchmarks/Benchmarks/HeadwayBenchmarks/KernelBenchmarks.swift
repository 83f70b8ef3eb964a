import Benchmark
import HeadwayKernels

/// Matrix products of the shapes that training has, on one thread: simd beside blas.
func kernelBenchmarks() {
  for (rows, inputs, outputs) in [(128, 128, 512), (256, 1024, 256), (512, 256, 1000)] {
    let shape = "\(rows) × \(inputs) × \(outputs)"
    product("product: \(shape), simd", SIMDKernels.self, rows, inputs, outputs)
    product("product: \(shape), blas", BLASKernels.self, rows, inputs, outputs)
  }
}

private func product<K: KernelSet>(
  _ name: String, _: K.Type, _ rows: Int, _ inputs: Int, _ outputs: Int
) where K.Scalar == Float {
  let configuration = Benchmark.Configuration(
    metrics: [.wallClock, .throughput], scalingFactor: .one, maxDuration: .seconds(1))
  Benchmark(name, configuration: configuration) { benchmark in
    let x = [Float](repeating: 0.5, count: rows * inputs)
    let w = [Float](repeating: 0.25, count: inputs * outputs)
    var y = [Float](repeating: 0, count: rows * outputs)
    x.withUnsafeBufferPointer { x in
      w.withUnsafeBufferPointer { w in
        y.withUnsafeMutableBufferPointer { y in
          // Invariant: none of the arrays is empty, so each has a base address.
          guard let x = x.baseAddress, let w = w.baseAddress, let y = y.baseAddress else { return }
          benchmark.startMeasurement()
          for _ in benchmark.scaledIterations {
            K.linearForward(y, x: x, w: w, bias: nil, rows: rows, inputs: inputs, outputs: outputs)
          }
          benchmark.stopMeasurement()
          blackHole(y[0])
        }
      }
    }
  }
}
