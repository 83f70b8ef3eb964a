import CHeadwaySampler

/// One sample as the signal handler left it: registers, a piece of the stack and the links above the piece.
///
/// A view into the reader's buffer: valid until the next sample is read into it.
struct CopiedStack {
  // Invariant: points to a whole record of `headway_sampler_read`, aligned to 16 bytes.
  private let record: UnsafeRawPointer
  private let sample: UnsafePointer<headway_sample>

  init(_ record: UnsafeRawPointer) {
    self.record = record
    sample = record.assumingMemoryBound(to: headway_sample.self)
  }

  /// Ticks of the fast clock.
  var ticks: UInt64 { sample.pointee.ticks }
  /// What the thread's label held.
  var label: Int64 { sample.pointee.label }
  /// Timer periods that the sample stands for.
  var periods: UInt32 { sample.pointee.periods }
  /// Ticks that the handler spent on the thread's previous sample; 0 when there was none.
  var previousCostTicks: UInt32 { sample.pointee.previous_cost_ticks }
  /// Whether the thread slept in a system call.
  var isSleeping: Bool { sample.pointee.flags & UInt32(headway_sample_sleeping) != 0 }

  /// Copies the registers, in DWARF's order.
  func copyRegisters(to registers: UnsafeMutablePointer<UInt64>) {
    let offset = MemoryLayout.offset(of: \headway_sample.registers) ?? 0
    registers.update(
      from: (record + offset).assumingMemoryBound(to: UInt64.self), count: FrameRule.registerCount)
  }

  /// The word at an address of the sampled thread; `nil` outside the copied piece.
  func word(at address: UInt64) -> UInt64? {
    let begin = sample.pointee.stack_address
    let length = UInt64(sample.pointee.stack_bytes)
    guard address >= begin, length >= 8, address - begin <= length - 8 else { return nil }
    return (stack + Int(address - begin)).loadUnaligned(as: UInt64.self)
  }

  /// The link of frame pointers at an address above the copied piece.
  func link(at address: UInt64) -> headway_sample_link? {
    let count = Int(sample.pointee.chain_count)
    let links = (record + MemoryLayout<headway_sample>.size).assumingMemoryBound(to: headway_sample_link.self)
    for index in 0..<count where links[index].address == address { return links[index] }
    return nil
  }

  /// Whether an address lies above the copied piece, where there may be more of the stack.
  func isAbove(_ address: UInt64) -> Bool {
    address &+ 8 > sample.pointee.stack_address + UInt64(sample.pointee.stack_bytes)
  }

  private var stack: UnsafeRawPointer {
    record + MemoryLayout<headway_sample>.size
      + Int(sample.pointee.chain_count) * MemoryLayout<headway_sample_link>.stride
  }
}
