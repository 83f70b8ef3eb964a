/// What the shipped engine times beside the operations of ``ModelOperation``, by its names in the books.
public enum AuxiliaryOperation: String, Codable, Sendable, CaseIterable {
  /// Setting a gradient slot to zero.
  case clear
  /// The sum of the gradient slots and its squares, chunk by chunk: one operation, because the two alternate
  /// every few hundred nanoseconds.
  case reductionAndNorm = "reduction_and_norm"
  /// The sum of the squares and the scalars of the step: its learning rate, its clipping.
  case scalars

  /// The counted operations that it consists of; none where ``StepCost`` counts nothing.
  public var counted: [ModelOperation] { self == .reductionAndNorm ? [.reduction, .norm] : [] }
}

extension ModelOperation {
  /// The counted operations that a timed one consists of, given by its name in the books; none where nothing is
  /// counted, and for the names of other engines.
  public static func counted(in name: String) -> [ModelOperation] {
    ModelOperation(rawValue: name).map { [$0] } ?? AuxiliaryOperation(rawValue: name)?.counted ?? []
  }
}
