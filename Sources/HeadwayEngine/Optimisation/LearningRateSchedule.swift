import Foundation
import HeadwayTrace

/// The learning rate over the steps: linear warm-up, then half a cosine (Loshchilov and Hutter 2017).
///
/// With peak p, minimum q, W warm-up steps and S steps in all, step s of 1 … S has the rate
///
///     p · s / W                                          for s ≤ W
///     q + ½ (p − q) (1 + cos(π (s − W) / (S − W)))       after, so that step S has the rate q
package struct LearningRateSchedule: Sendable {
  private let peak: Double
  private let minimum: Double
  private let warmup: Int
  private let steps: Int

  /// The schedule that a configuration asks for.
  package init(_ configuration: RunConfiguration) {
    peak = configuration.learningRate
    minimum = configuration.minimumLearningRate
    warmup = configuration.warmupSteps
    steps = configuration.steps
  }

  /// The rate of a step, counted from 1.
  package func rate(at step: Int) -> Double {
    if step <= warmup { return peak * Double(step) / Double(warmup) }
    let progress = Double(min(step, steps) - warmup) / Double(max(steps - warmup, 1))
    return minimum + 0.5 * (peak - minimum) * (1 + cos(.pi * progress))
  }
}
