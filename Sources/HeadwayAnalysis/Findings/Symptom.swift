import HeadwayTrace

/// One value that a cause is judged by, under a key that is the same in every run.
package struct Measure: Equatable, Sendable {
  /// The name under which the wording asks for it.
  package var key: String
  /// What was asked of the data.
  package var query: String
  /// The answer.
  package var value: Double
  /// `share`, `ratio` or `count`.
  package var unit: String
  /// The interval over runs, where there are enough.
  package var interval: SavingInterval?

  /// Pairs a question with its answer.
  package init(_ key: String, _ query: String, _ value: Double, unit: String = "share") {
    self.key = key
    self.query = query
    self.value = value
    self.unit = unit
  }

  var evidence: Finding.Evidence {
    Finding.Evidence(
      query: query, value: value, unit: unit, lower: interval?.lower, upper: interval?.upper)
  }
}

/// How a symptom is put to a person.
package struct Wording: Equatable, Sendable {
  /// What was seen, a full sentence without its full stop.
  package var observation: String
  /// The cause that would explain it, to follow "consistent with"; absent where the observation is all.
  package var explanation: String?
  /// What to change.
  package var change: String
  /// What observation would refute the finding.
  package var refutation: String

  /// Assembles the words.
  package init(observation: String, explanation: String?, change: String, refutation: String) {
    self.observation = observation
    self.explanation = explanation
    self.change = change
    self.refutation = refutation
  }
}

/// What one run, or the runs of one cell together, show of a cause: the values, before any threshold.
package struct Symptom: Sendable {
  /// The cause in question.
  package var cause: Cause
  /// Share of the wall time that would vanish at best, by the cause's model.
  package var saving: Double
  /// The interval of the saving over runs.
  package var interval: SavingInterval?
  /// Whether the cause is present by its own criterion; the threshold on the saving comes later.
  package var isPresent: Bool
  /// Whether the cause is worth a finding even where its model saves nothing.
  package var needsNoSaving: Bool
  /// The values.
  package var measures: [Measure]
  /// Puts the values in words.
  package var word: @Sendable (Symptom) -> Wording

  /// Assembles a symptom; a saving that is no number counts as none.
  package init(
    _ cause: Cause, saving: Double, isPresent: Bool = true, needsNoSaving: Bool = false,
    measures: [Measure], word: @escaping @Sendable (Symptom) -> Wording
  ) {
    self.cause = cause
    self.saving = saving.isFinite ? min(max(saving, 0), 1) : 0
    self.isPresent = isPresent
    self.needsNoSaving = needsNoSaving
    self.measures = measures
    self.word = word
  }

  /// The value under a key; zero when there is none.
  package subscript(key: String) -> Double { measures.first { $0.key == key }?.value ?? 0 }

  /// Whether it is worth a finding, given the smallest saving that the data can carry.
  package func isNotable(above threshold: Double) -> Bool {
    isPresent && (needsNoSaving || saving >= threshold)
  }
}
