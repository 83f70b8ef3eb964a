import HeadwayProbes
import HeadwayTrace

/// Who hears of the operations of a pass as they end, one after another.
package protocol OperationClock {
  /// The operation that ran since the last call, or since the state around it was entered, has ended.
  func ended(_ operation: ModelOperation)
}

/// Nobody: the calls compile away.
package struct NoOperationClock: OperationClock {
  /// A clock; all are alike.
  package init() {}
  /// Nothing.
  @inline(__always) package func ended(_ operation: ModelOperation) {}
}

/// A thread's probe: books the time where operations are timed, and compiles away with the null probe.
struct ProbeOperationClock<Handle: ThreadProbe>: OperationClock {
  let probe: Handle
  let numbers: EngineOperations

  @inline(__always) func ended(_ operation: ModelOperation) { probe.ended(numbers[operation]) }
}

/// The numbers of the engine's operations, registered once before the window opens.
struct EngineOperations: Sendable {
  private let embedding, layerNorm, attentionInput, attention, attentionOutput: OperationID
  private let expansion, gelu, projection, residual, head, crossEntropy: OperationID
  private let reduction, norm, optimizer: OperationID
  /// Setting a gradient slot to zero.
  let clear: OperationID
  /// The sum of the slots and its squares.
  let reductionAndNorm: OperationID
  /// What the optimizer needs of a step beside the gradient.
  let scalars: OperationID

  init(_ probe: some Probe) {
    func number(_ operation: ModelOperation) -> OperationID { probe.operation(operation.rawValue) }
    func number(_ operation: AuxiliaryOperation) -> OperationID { probe.operation(operation.rawValue) }
    embedding = number(.embedding)
    layerNorm = number(.layerNorm)
    attentionInput = number(.attentionInput)
    attention = number(.attention)
    attentionOutput = number(.attentionOutput)
    expansion = number(.expansion)
    gelu = number(.gelu)
    projection = number(.projection)
    residual = number(.residual)
    head = number(.head)
    crossEntropy = number(.crossEntropy)
    clear = number(.clear)
    reduction = number(.reduction)
    norm = number(.norm)
    reductionAndNorm = number(.reductionAndNorm)
    scalars = number(.scalars)
    optimizer = number(.optimizer)
  }

  /// The number of an operation; one load where the case is a constant.
  @inline(__always) subscript(operation: ModelOperation) -> OperationID {
    switch operation {
    case .embedding: embedding
    case .layerNorm: layerNorm
    case .attentionInput: attentionInput
    case .attention: attention
    case .attentionOutput: attentionOutput
    case .expansion: expansion
    case .gelu: gelu
    case .projection: projection
    case .residual: residual
    case .head: head
    case .crossEntropy: crossEntropy
    case .reduction: reduction
    case .norm: norm
    case .optimizer: optimizer
    }
  }
}
