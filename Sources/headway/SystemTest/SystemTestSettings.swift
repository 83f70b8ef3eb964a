import Foundation
import HeadwayTrace

/// The small settings that are built in, for places without the project's profiles and for a first look.
enum SystemTestSettings {
  /// The project's profiles, where the command stands beside them.
  static let trainingProfile = "profiles/seed-small.yaml"
  static let phasesProfile = "profiles/phases.yaml"

  /// A model that trains in seconds.
  static func training(sources: [String]) -> String {
    """
    # The built-in training of headway report --system-test.
    name: system-test-training
    corpus: { sources: \(list(sources)), vocabulary_size: 512, limit_bytes: 4_000_000 }
    base:
      width: 64
      layers: 2
      heads: 4
      batch_size: 4
      sequence_length: 32
      batches_per_step: 8
      steps: 120
      learning_rate: 3e-3
      warmup_steps: 10
      threads: \(ProcessInfo.processInfo.activeProcessorCount)
    axes: { scheduling: [barrier] }
    blocks: { minimum: 1, maximum: 1 }

    """
  }

  /// The engine's eight historical phases on a tiny model; six blocks are the fewest that carry an interval.
  static func phases(corpus: String, vocabularySize: Int, tokenizer: String) -> String {
    """
    # The built-in phases of headway report --system-test: those of profiles/phases.yaml on a tiny model.
    name: system-test-phases
    corpus: { sources: \(list([corpus])), vocabulary_size: \(vocabularySize), tokenizer: \(tokenizer) }
    base:
      width: 32
      layers: 1
      heads: 2
      batch_size: 2
      sequence_length: 16
      batches_per_step: 8
      steps: 12
      warmup_steps: 2
      evaluation_batches: 0
      threads: 4
    phases:
      - name: "0"
        set:
          thread_lifetime: per_epoch
          scheduling: barrier
          prefetch: off
          kernels: reference
          reduction: serial
          optimizer: serial
          grain: batch
      - name: "1"
        set: { thread_lifetime: persistent }
      - name: "2A"
        set: { prefetch: on }
      - name: "2B"
        set: { scheduling: queue }
      - name: "2C"
        set: { kernels: simd }
      - name: "2D"
        set: { reduction: segmented }
      - name: "2E"
        set: { grain: sequence }
      - name: "3"
        set: { kernels: blas, threads: 2 }
    baseline: { phase: "0" }
    blocks: { minimum: 6, maximum: 6 }
    overhead_check: false
    timeout_seconds: 300

    """
  }

  /// Words as a YAML sequence; JSON's strings are YAML's.
  private static func list(_ words: [String]) -> String {
    String(decoding: (try? HeadwayJSON.line(words)) ?? Data("[]".utf8), as: UTF8.self)
  }
}
