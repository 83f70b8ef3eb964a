import HeadwayTrace

/// The recorded tasks one after the other, cut or joined to the grain of another configuration.
struct TaskStream {
  private var tasks: [MeasuredWork]
  private let perStep: Int

  init(_ steps: [RecordedStep], from recorded: RunConfiguration, to configuration: RunConfiguration) {
    tasks = steps.flatMap(\.tasks)
    perStep = StepShape(configuration).tasks
    let size = configuration.batchSize
    switch (recorded.grain, configuration.grain) {
    case (.batch, .sequence):
      tasks = tasks.flatMap { task in
        let part = MeasuredWork(wallNs: task.wallNs / Double(size), cpuNs: task.cpuNs / Double(size))
        return Array(repeating: part, count: size)
      }
    case (.sequence, .batch):
      tasks = stride(from: 0, to: tasks.count - size + 1, by: size).map { first in
        tasks[first..<first + size].reduce(.none, +)
      }
    default: break
    }
  }

  /// The tasks of a step: its own where the number of tasks is the same.
  func tasks(ofStep step: Int) -> [MeasuredWork] {
    (0..<perStep).map { tasks[(step * perStep + $0) % tasks.count] }
  }
}
