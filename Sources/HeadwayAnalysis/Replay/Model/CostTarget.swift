import HeadwayTrace

/// The costs of steps in one configuration on a number of cores.
struct CostTarget {
  private let model: CostModel
  private let recorded: RunConfiguration
  private let wanted: RunConfiguration
  private let options: ReplayOptions
  private let foreignShare: Double
  private let slots: (recorded: Int, wanted: Int)
  private let bytes: (task: Double, reduction: Double, update: Double)
  private let taskScale: Double

  init(_ model: CostModel, _ wanted: RunConfiguration, cores: Int, options: ReplayOptions) {
    self.model = model
    recorded = model.recorded
    self.wanted = wanted
    self.options = options
    slots = (StepShape(recorded).tasks, StepShape(wanted).tasks)
    foreignShare = model.keptShare(
      ofForeignTimeBeside: max(1, min(wanted.threads, slots.wanted, cores)), cores: cores)
    let cost = wanted.stepCost
    func moved(_ isIncluded: (OperationCost) -> Bool) -> Double {
      cost.operations.reduce(0) { isIncluded($1) ? $0 + Double($1.bytes) : $0 }
    }
    bytes = (
      moved { $0.part != .update } / Double(slots.wanted),
      moved { $0.operation == .reduction || $0.operation == .norm }, moved { $0.operation == .optimizer }
    )
    let share = model.recording.forwardShare
    taskScale =
      share * (options.scales["forward"] ?? 1) + (1 - share) * (options.scales["backward"] ?? 1)
  }

  func costs(of step: RecordedStep, tasks: [MeasuredWork]) -> StepCosts {
    var parts = reduction(of: step)
    let reductionParts = parts.count
    // The norm and the scalars lie in the state `optimize` too.
    parts.append(.serial(serial(step.norm) * (options.scales["optimize"] ?? 1)))
    parts += update(of: step)
    parts.append(.serial(Work(coreNs: step.restNs)))
    return StepCosts(
      assemble: assembly(step.assemble),
      tasks: tasks.map { parallel($0, bytes: bytes.task) * taskScale },
      parts: parts, reductionParts: reductionParts, gap: Work(coreNs: step.gapNs))
  }

  /// Work of a phase, which the other workers' work accompanied.
  private func parallel(_ work: MeasuredWork, bytes: Double) -> Work {
    let speed = speed(ofBusy: model.recordedBusy)
    let taken =
      model.wasOversubscribed
      ? work.cpuNs * model.foreign : (work.wallNs - work.cpuNs)
    let core = work.cpuNs + taken * foreignShare
    return Work(coreNs: core * speed, cpuNs: work.cpuNs * speed, bytes: bytes)
  }

  /// Work that nothing of the run accompanied.
  private func serial(_ work: MeasuredWork, bytes: Double = 0) -> Work {
    Work(coreNs: work.wallNs, cpuNs: work.cpuNs, bytes: bytes)
  }

  private func speed(ofBusy busy: Int) -> Double {
    guard let speeds = options.speeds, !speeds.isEmpty else { return 1 }
    return speeds[min(busy, speeds.count) - 1]
  }

  private func assembly(_ work: MeasuredWork) -> Work {
    if let rate = options.loaderTokensPerSecond, rate > 0 {
      return Work(coreNs: Double(wanted.tokensPerStep) / rate * 1e9)
    }
    let batches = Double(wanted.stepBatches) / Double(recorded.stepBatches)
    let factor = batches * (options.scales["batch.assemble"] ?? 1)
    // Beside the workers its wall time holds their share of the cores.
    let own = recorded.prefetch > 0 ? Work(coreNs: work.cpuNs) : serial(work)
    return own * factor
  }

  // MARK: - Reduction and update

  /// Squaring reads one array where an addition reads two and writes one of them.
  private static let squareShare = 0.5

  private func reduction(of step: RecordedStep) -> [StepCosts.Part] {
    let scale = options.scales["reduce"] ?? 1
    let measured = step.reduction.map { $0.map { pieces($0, mode: recorded.reduction != .serial) } }
    let total = measured.joined().reduce(.none, +)
    // What one addition of two slots costs; the squares count as half of one.
    let additions = Double(slots.recorded - 1) + Self.squareShare
    let unit = total * (scale / additions)
    let all = unit * (Double(slots.wanted - 1) + Self.squareShare)
    let isSame = slots.recorded == slots.wanted && recorded.reduction == wanted.reduction
    func moving(_ work: Work, _ share: Double) -> Work {
      Work(coreNs: work.coreNs, cpuNs: work.cpuNs, bytes: bytes.reduction * share)
    }
    func scaled(_ pieces: [Work]) -> StepCosts.Part {
      .phase(pieces.map { moving($0 * scale, 1 / Double(pieces.count)) })
    }
    switch wanted.reduction {
    case .serial: return [.serial(moving(all, 1))]
    case .segmented:
      if isSame, let own = measured.first, own.count == wanted.threads { return [scaled(own)] }
      return [split(moving(all, 1))]
    case .tree:
      let levels = StepShape.levels(slots: slots.wanted)
      let pair = moving(unit, 1 / (Double(slots.wanted - 1) + Self.squareShare))
      let climbs = (0..<levels).map { level -> StepCosts.Part in
        let pairs = StepShape.pairs(slots: slots.wanted, level: level)
        if isSame, level < measured.count, measured[level].count == pairs {
          return .phase(measured[level].map { moving($0 * scale, pair.bytes / max(bytes.reduction, 1)) })
        }
        return .phase(Array(repeating: pair, count: pairs))
      }
      let squares = measured.count == levels + 1 ? measured[levels] : []
      let summed = isSame ? squares.reduce(.none, +) * scale : unit * Self.squareShare
      return climbs + [split(moving(summed, 0))]
    }
  }

  private func update(of step: RecordedStep) -> [StepCosts.Part] {
    let scale = options.scales["optimize"] ?? 1
    let measured = step.update.map { pieces($0, mode: recorded.optimizer == .segmented) * scale }
    var total = measured.reduce(.none, +)
    total.bytes = bytes.update
    switch wanted.optimizer {
    case .serial: return [.serial(total)]
    case .segmented:
      guard recorded.optimizer == .segmented, measured.count == wanted.threads else { return [split(total)] }
      return [
        .phase(
          measured.map {
            Work(coreNs: $0.coreNs, cpuNs: $0.cpuNs, bytes: bytes.update / Double(measured.count))
          })
      ]
    }
  }

  private func pieces(_ work: MeasuredWork, mode isParallel: Bool) -> Work {
    isParallel ? parallel(work, bytes: 0) : serial(work)
  }

  /// Equal pieces, one for each worker.
  private func split(_ work: Work) -> StepCosts.Part {
    .phase(Array(repeating: work * (1 / Double(wanted.threads)), count: wanted.threads))
  }
}
