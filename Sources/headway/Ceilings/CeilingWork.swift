import HeadwayEngine
import HeadwayKernels
import HeadwayProbes
import HeadwayThreads
import HeadwayTrace

/// What the workers of one team do while a ceiling is measured: task i works on part i of the memory.
///
/// Ownership, which the team's ordering of phases upholds: the main thread writes ``repetitions`` while no
/// phase runs; during a phase, task i touches part i alone.
final class CeilingWork: TeamWork, @unchecked Sendable {
  // @unchecked: `repetitions` is written by the main thread between phases and read by the workers in them;
  // the team orders the two. All else is constant.

  typealias Handle = NullProbe.Handle

  /// Threads of the team, and parts of the memory.
  let threads: Int
  /// How often the work is done in a phase. Written by the main thread between phases.
  var repetitions = 1
  private let step: CeilingStep
  private let memory: CeilingMemory

  init(threads: Int, step: CeilingStep, memory: CeilingMemory) {
    self.threads = threads
    self.step = step
    self.memory = memory
  }

  /// 10⁹ FLOPs or bytes of one repetition, over all threads.
  func amount(of kind: MachineCeiling.Kind) -> Double {
    let count =
      switch kind {
      case .multiplyAdd: threads * Self.roundsPerRepetition * MultiplyAddPeak.flopsPerRound
      case .memory, .cache:
        threads * triadCount(kind) * Triad.bytesPerElement
      case .blasDense, .simdDense: passes { step.products.denseFlops(sequences: $0) }
      case .blasAttention: passes { step.products.attentionFlops(sequences: $0) }
      }
    return Double(count) / 1e9
  }

  /// Bytes that the threads touch; `nil` where the figure says nothing.
  func workingSet(of kind: MachineCeiling.Kind) -> Int? {
    switch kind {
    case .memory, .cache: threads * 3 * triadCount(kind) * MemoryLayout<Float>.size
    case .multiplyAdd, .blasDense, .blasAttention, .simdDense: nil
    }
  }

  func perform(_ phase: WorkPhase, index: Int, worker: WorkerIndex, probe: Handle) {
    let kind = MachineCeiling.Kind.allCases[Int(phase.rawValue)]
    switch kind {
    case .multiplyAdd:
      MultiplyAddPeak.run(memory.lanes(index), rounds: repetitions * Self.roundsPerRepetition)
    case .memory, .cache:
      let count = triadCount(kind)
      let a = memory.part(index, of: threads)
      for _ in 0..<repetitions { Triad.run(a, b: a + count, c: a + 2 * count, scale: 0.5, count: count) }
    case .blasDense:
      repeatPasses(of: index) { step.products.dense(BLASProduct.self, sequences: $0, in: $1) }
    case .simdDense:
      repeatPasses(of: index) { step.products.dense(SIMDProduct.self, sequences: $0, in: $1) }
    case .blasAttention:
      repeatPasses(of: index) { step.products.attention(BLASProduct.self, sequences: $0, in: $1) }
    }
  }

  static let roundsPerRepetition = 1024

  /// Floats in each of the triad's arrays, on each thread.
  private func triadCount(_ kind: MachineCeiling.Kind) -> Int {
    let bytes = kind == .cache ? memory.cacheBytes : memory.byteCount / threads
    return bytes / (3 * MemoryLayout<Float>.size) / 16 * 16
  }

  private func repeatPasses(of part: Int, _ body: (Int, UnsafeMutablePointer<Float>) -> Void) {
    let products = memory.products(part)
    for _ in 0..<repetitions {
      step.forEachPass(of: part, among: threads) { body($0, products) }
    }
  }

  private func passes(_ flops: (Int) -> Int) -> Int {
    var total = 0
    for part in 0..<threads { step.forEachPass(of: part, among: threads) { total += flops($0) } }
    return total
  }
}

/// How a step's sequences are cut into passes: evenly over the threads, then as the engine cuts a task.
struct CeilingStep {
  let products: StepProducts
  /// Sequences of a step.
  let sequences: Int

  init(_ configuration: RunConfiguration) {
    sequences = configuration.stepBatches * configuration.batchSize
    products = StepProducts(
      channels: configuration.width, layers: configuration.layers, heads: configuration.heads,
      vocabulary: configuration.vocabularySize, length: configuration.sequenceLength,
      sequences: TaskPartition(configuration).sequencesPerPass)
  }

  /// Calls `body` with the number of sequences of each pass of one part.
  func forEachPass(of part: Int, among parts: Int, _ body: (Int) -> Void) {
    var left = sequences * (part + 1) / parts - sequences * part / parts
    while left > 0 {
      let pass = min(left, products.sequences)
      body(pass)
      left -= pass
    }
  }
}

/// The memory that the ceilings are measured in, for any number of threads up to `threads`.
///
/// Allocated and first touched by the main thread: on a machine with several memory nodes it lies on one.
final class CeilingMemory: Sendable {
  /// Bytes that the triad streams through, over all threads.
  let byteCount: Int
  /// Bytes that a thread's triad stays within when it is to stay in the cache.
  let cacheBytes: Int
  private let stream: AlignedBuffer<Float>
  private let chains: [AlignedBuffer<Float>]
  private let workspaces: [AlignedBuffer<Float>]

  init(threads: Int, caches: CacheSizes, products: StepProducts) throws(InputError) {
    // Four times the cache, as STREAM asks for, and no less than what any current cache holds twice.
    byteCount = max(4 * (caches.lastLevelBytes ?? 0), 256 << 20)
    cacheBytes = (caches.secondLevelBytes ?? 256 << 10) / 2
    stream = try AlignedBuffer(count: byteCount / 4, purpose: "memory bandwidth")
    stream.elements.update(repeating: 1)
    var chains: [AlignedBuffer<Float>] = []
    var workspaces: [AlignedBuffer<Float>] = []
    for _ in 0..<threads {
      chains.append(try AlignedBuffer(count: MultiplyAddPeak.lanes, purpose: "multiply-add chains"))
      let space = try AlignedBuffer<Float>(count: products.elementCount, purpose: "matrix products")
      // Small, so that sums that grow from repetition to repetition stay finite.
      space.elements.update(repeating: 1e-4)
      workspaces.append(space)
    }
    self.chains = chains
    self.workspaces = workspaces
    resetLanes()
  }

  /// Puts every chain of multiply-adds at its start.
  func resetLanes() {
    for buffer in chains {
      for lane in buffer.elements.indices { buffer.base[lane] = MultiplyAddPeak.start(lane: lane) }
    }
  }

  /// The multiply-add chains of a thread.
  func lanes(_ part: Int) -> UnsafeMutablePointer<Float> { chains[part].base }

  /// The working memory of a thread's matrix products.
  func products(_ part: Int) -> UnsafeMutablePointer<Float> { workspaces[part].base }

  /// A thread's part of the streamed memory, on a cache line.
  func part(_ part: Int, of parts: Int) -> UnsafeMutablePointer<Float> {
    stream.base + stream.count / parts * part / 16 * 16
  }
}
