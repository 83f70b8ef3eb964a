import HeadwayTrace

extension Experiment {
  /// The experiment of a sweep that removes a symptom's cause from a cell, if the sweep has one.
  package static func judging(
    _ symptom: Symptom, of cell: CellSummary, in sweep: SweepSummary, margin: Double
  ) -> Experiment? {
    for (axis, isRemedy) in remedies(of: symptom, usableCpus: sweep.machine.usableCpus) {
      let partners = sweep.cells.filter { cell.differs(from: $0, onlyIn: axis) && isRemedy(cell, $0) }
      let nearest = partners.max { ($0.threads ?? 0) < ($1.threads ?? 0) }
      let experiment = nearest.flatMap { Experiment(axis: axis, before: cell, after: $0, margin: margin) }
      if let experiment { return experiment }
    }
    return nil
  }

  private typealias Remedy = (axis: String, isRemedy: (CellSummary, CellSummary) -> Bool)

  /// The changes that would take a cause away, most direct first.
  private static func remedies(of symptom: Symptom, usableCpus: Double) -> [Remedy] {
    func switching(_ axis: String, from old: String, to new: String) -> Remedy {
      (axis, { $0.value(of: axis) == old && $1.value(of: axis) == new })
    }
    let queue = switching("scheduling", from: "barrier", to: "queue")
    switch symptom.cause {
    case .serialSection:
      let first = SerialSection.states(of: symptom).first?.name
      return first == "reduce"
        ? [switching("reduction", from: "serial", to: "segmented")]
        : first == "optimize" ? [switching("optimizer", from: "serial", to: "segmented")] : []
    case .loadImbalance, .barrierWait: return [queue]
    case .barrierLatency:
      return [("barrier", { $1.value(of: "barrier") == "spin_then_block" && $0.id != $1.id }), queue]
    case .unevenTasks: return [switching("grain", from: "batch", to: "sequence")]
    case .oversubscription:
      return [
        (
          "threads",
          { $0.hasCpuForEach(of: usableCpus) == false && $1.hasCpuForEach(of: usableCpus) == true }
        )
      ]
    case .inputBound:
      return [("prefetch", { isOff($0.value(of: "prefetch")) && !isOff($1.value(of: "prefetch")) })]
    case .spinning, .busyMain:
      return [
        (
          "barrier",
          { $0.value(of: "barrier").hasPrefix("spin") && !$1.value(of: "barrier").hasPrefix("spin") }
        )
      ]
    case .threadLifecycle: return [switching("thread_lifetime", from: "per_epoch", to: "persistent")]
    case .hogging: return [queue]
    case .lockContention, .burstyProducer, .interference, .foreignLoad, .noProgress, .livelock, .deadlock,
      .starvation, .attrition, .unknownTime,
      .probeOverhead:
      return []
    }
  }

  private static func isOff(_ prefetch: String) -> Bool { ["off", "0", "false"].contains(prefetch) }
}
