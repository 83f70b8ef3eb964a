import Foundation
import HeadwayKernels
import HeadwayTrace

/// AdamW with decoupled decay (Loshchilov and Hutter 2019) on the flat parameters; matrices are decayed,
/// vectors are not.
package struct AdamW<K: KernelSet>: Sendable where K.Scalar == Float {
  private let layout: ParameterLayout
  private let schedule: LearningRateSchedule
  private let configuration: RunConfiguration

  /// The optimizer of a configuration.
  package init(_ layout: ParameterLayout, _ configuration: RunConfiguration) {
    self.layout = layout
    self.configuration = configuration
    schedule = LearningRateSchedule(configuration)
  }

  /// The scalars of a step, counted from 1.
  ///
  /// - Parameter norm: The gradient's global norm. Above `gradient_clip` the gradient is scaled down to
  ///   it; a clip of 0 leaves it alone.
  package func scalars(step: Int, norm: Double) -> AdamWStep {
    let clip = configuration.gradientClip
    return AdamWStep(
      rate: schedule.rate(at: step), beta1: configuration.beta1, beta2: configuration.beta2,
      correction1: 1 - pow(configuration.beta1, Double(step)),
      correction2: 1 - pow(configuration.beta2, Double(step)), decay: configuration.weightDecay,
      gradientScale: clip > 0 && norm > clip ? clip / norm : 1)
  }

  /// Updates the parameters of some chunks. Callers on different threads give disjoint chunks.
  package func update(
    _ parameters: Parameters, gradient: UnsafePointer<Float>, chunks: Range<Int>, scalars: AdamWStep
  ) {
    let boundary = layout.decayedCount / ParameterLayout.chunk
    var undecayed = scalars
    undecayed.decay = 0
    apply(parameters, gradient, chunks.clamped(to: 0..<boundary), scalars)
    apply(parameters, gradient, chunks.clamped(to: boundary..<layout.chunkCount), undecayed)
  }

  private func apply(
    _ parameters: Parameters, _ gradient: UnsafePointer<Float>, _ chunks: Range<Int>, _ step: AdamWStep
  ) {
    guard !chunks.isEmpty else { return }
    let start = chunks.lowerBound * ParameterLayout.chunk
    K.adamW(
      weights: parameters.weights.base + start, gradients: gradient + start,
      firstMoment: parameters.moments.first.base + start,
      secondMoment: parameters.moments.second.base + start,
      count: chunks.count * ParameterLayout.chunk, step: step)
  }
}
