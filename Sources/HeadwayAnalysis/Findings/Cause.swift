/// The kinds of cause that findings name. The raw values are stable: scripts rely on them.
public enum Cause: String, CaseIterable, Sendable {
  /// Work that the main thread does alone while the workers wait for it.
  case serialSection = "serial_section"
  /// Workers that arrive at the end of a step at different times.
  case loadImbalance = "load_imbalance"
  /// A number of tasks that the workers cannot share evenly.
  case unevenTasks = "uneven_tasks"
  /// The time that a barrier itself takes to let its participants go on.
  case barrierLatency = "barrier_latency"
  /// Waiting at barriers as a whole, as the queue toggle judges it.
  case barrierWait = "barrier_wait"
  /// More threads ready than CPUs to run them.
  case oversubscription
  /// CPUs that others use.
  case foreignLoad = "foreign_load"
  /// Steps that wait for their input.
  case inputBound = "input_bound"
  /// CPU time spent polling.
  case spinning
  /// A main thread that polls while the others work.
  case busyMain = "busy_main"
  /// Waiting for a lock that another thread holds.
  case lockContention = "lock_contention"
  /// A producer that delivers in bursts which its queue is too short to level.
  case burstyProducer = "bursty_producer"
  /// Work that takes more CPU time while other threads work.
  case interference
  /// Creating and joining threads inside the training loop.
  case threadLifecycle = "thread_lifecycle"
  /// A worker that burns CPU time and completes no task.
  case noProgress = "no_progress"
  /// Threads that burn CPU time while nothing is completed.
  case livelock
  /// Threads that all wait, and nobody runs.
  case deadlock
  /// Threads that are ready, get no CPU, and complete nothing.
  case starvation
  /// A worker that took part and then no more.
  case attrition
  /// One worker that gets most of the tasks.
  case hogging
  /// Time that no state explains.
  case unknownTime = "unknown_time"
  /// The cost of measuring.
  case probeOverhead = "probe_overhead"
}
