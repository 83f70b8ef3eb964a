extension StackProfile {
  /// Checks a profile that was read: every number must name something, and columns must have equal lengths.
  ///
  /// - Throws: ``InputError`` naming the table that does not hold together.
  public func check(subject: String) throws(InputError) {
    func require(_ holds: Bool, _ field: String, _ problem: String) throws(InputError) {
      if holds { return }
      throw InputError(
        subject, field: field, problem: problem,
        remedy: "it may be truncated or from another version; record the run again")
    }
    try require(schema == Self.schemaName, "schema", "got \(schema), and this tool reads \(Self.schemaName)")
    try require(
      functions.module.count == functions.count, "functions", "its columns differ in length")
    try require(
      Set([frames.address.count, frames.line.count, frames.isInlined.count]) == [frames.count], "frames",
      "its columns differ in length")
    try require(stacks.caller.count == stacks.count, "stacks", "its columns differ in length")
    try require(
      Set([
        samples.thread.count, samples.ticksSincePrevious.count, samples.isSleeping.count,
        samples.state.count, samples.periods.count,
      ]) == [samples.count], "samples", "its columns differ in length")
    try require(
      functions.module.allSatisfy { (-1..<modules.count).contains($0) }, "functions.module",
      "it names a module that is not there")
    try require(
      frames.function.allSatisfy { (0..<functions.count).contains($0) }, "frames.function",
      "it names a function that is not there")
    try require(
      stacks.frame.allSatisfy { (0..<frames.count).contains($0) }, "stacks.frame",
      "it names a frame that is not there")
    try require(
      zip(stacks.caller, 0...).allSatisfy { $0 >= -1 && $0 < $1 }, "stacks.caller",
      "it names a stack that does not come before")
    try require(
      samples.stack.allSatisfy { (-1..<stacks.count).contains($0) }, "samples.stack",
      "it names a stack that is not there")
    try require(
      samples.thread.allSatisfy { (0..<threads.count).contains($0) }, "samples.thread",
      "it names a thread that is not there")
    try require(
      samples.state.allSatisfy { (-1..<states.count).contains($0) }, "samples.state",
      "it names a state that is not there")
  }
}
