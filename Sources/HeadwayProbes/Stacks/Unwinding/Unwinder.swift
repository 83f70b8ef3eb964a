import CHeadwaySampler

/// Walks a copied stack from the interrupted instruction to the thread's first frame.
///
/// Each step applies the rule that the module's unwind tables have for the address; rules are read by
/// elfutils once per address and kept. Where a module has none, the frame pointer is followed. Above the
/// copied piece, only the links of frame pointers that the handler kept are left.
///
/// Why the steps are made here: elfutils reads the tables, and also names the functions, so that one library
/// does both; its rule for an address never changes and can be kept, which libunwind's remote unwinding and
/// libdwfl's thread unwinding do not allow: they interpret the tables anew for every frame of every sample.
/// On Debian 12 with Swift 6.3.1, of 24,000 samples of optimised Swift, `qsort` and its callback, the kernel's
/// shared object and OpenBLAS, none failed. The tables are needed: of functions that call others, all of the
/// Swift runtime's and nine tenths of a Swift program's keep a frame pointer, but 6 % of the C library's.
///
/// Belongs to one thread at a time.
final class Unwinder {
  /// How a walk ended.
  enum End {
    /// At the thread's first frame.
    case complete
    /// At the end of what was copied, or at ``depthCapacity``.
    case truncated
    /// For want of a rule, or because memory did not hold a stack.
    case failed
  }

  /// Frames of one stack that are kept.
  static let depthCapacity = 256

  private let images: ImageMap
  // Invariant: both hold `FrameRule.registerCount` words, allocated and freed here.
  private var registers: UnsafeMutablePointer<UInt64>
  private var caller: UnsafeMutablePointer<UInt64>
  /// Bit i: register i is known.
  private var known: UInt32 = 0
  /// The places of the last walk, innermost first.
  private(set) var places: [CodePlace] = []

  init(images: ImageMap) {
    self.images = images
    registers = .allocate(capacity: FrameRule.registerCount)
    caller = .allocate(capacity: FrameRule.registerCount)
    places.reserveCapacity(Self.depthCapacity)
  }

  deinit {
    registers.deallocate()
    caller.deallocate()
  }

  /// Walks a stack into ``places``.
  func walk(_ stack: CopiedStack) -> End {
    places.removeAll(keepingCapacity: true)
    stack.copyRegisters(to: registers)
    known = (1 << UInt32(FrameRule.registerCount)) - 1
    // A caller's address is the one behind its call, which may belong to the next function.
    var isExact = true
    while true {
      let address = registers[FrameRule.returnAddress]
      if address == 0 { return .complete }
      guard places.count < Self.depthCapacity else { return .truncated }
      let (place, rule) = images.place(of: isExact ? address : address - 1, at: stack.ticks)
      places.append(place)
      switch step(rule, stack) {
      case .stepped: isExact = rule?.isSignalFrame ?? false
      case .ended: return .complete
      case .above: return followLinks(stack)
      case .lost: return .failed
      }
    }
  }

  /// How one step ended.
  private enum Step {
    case stepped
    case ended
    case above
    case lost
  }

  private func step(_ rule: FrameRule?, _ stack: CopiedStack) -> Step {
    guard let rule else { return stepByFramePointer(stack) }
    guard let cfa = frameAddress(rule, stack) else { return .lost }
    // The stack grows downwards: a caller's frame lies above, or this is no stack.
    guard cfa > registers[FrameRule.stackPointer] else { return .lost }
    caller.update(from: registers, count: FrameRule.registerCount)
    var callerKnown = known
    for (register, recovery) in rule.recoveries {
      let value: UInt64?
      switch recovery {
      case .saved(let offset): value = stack.word(at: cfa &+ UInt64(bitPattern: offset))
      case .moved(let other): value = self.register(other)
      case .lost: value = nil
      case .computed(let expression): value = evaluate(expression, cfa, stack)
      }
      if let value {
        caller[register] = value
        callerKnown |= 1 << UInt32(register)
      } else {
        callerKnown &= ~(1 << UInt32(register))
        guard register == FrameRule.returnAddress else { continue }
        if case .lost = recovery { return .ended }
        return stack.isAbove(cfa &- 8) ? .above : .lost
      }
    }
    caller[FrameRule.stackPointer] = cfa
    known = callerKnown
    swap(&registers, &caller)
    return .stepped
  }

  /// What compilers write at the start of a function with a frame pointer: push rbp; mov rbp, rsp.
  private func stepByFramePointer(_ stack: CopiedStack) -> Step {
    guard let frame = register(FrameRule.framePointer), frame >= registers[FrameRule.stackPointer] else {
      return .lost
    }
    guard let next = stack.word(at: frame), let address = stack.word(at: frame &+ 8) else {
      return stack.link(at: frame) == nil ? .lost : .above
    }
    registers[FrameRule.framePointer] = next
    registers[FrameRule.stackPointer] = frame &+ 16
    registers[FrameRule.returnAddress] = address
    known = 1 << UInt32(FrameRule.framePointer) | 1 << UInt32(FrameRule.stackPointer)
    known |= 1 << UInt32(FrameRule.returnAddress)
    return .stepped
  }

  /// Above the copied piece: return addresses from the links. A caller that set up no frame pointer is
  /// missing there.
  ///
  /// The chain ends with a zero, or, on the main thread, where the C library's start code calls `main`: it
  /// keeps no frame pointer, so the link that leads into it goes nowhere.
  private func followLinks(_ stack: CopiedStack) -> End {
    guard var frame = register(FrameRule.framePointer) else { return .truncated }
    while let link = stack.link(at: frame), places.count < Self.depthCapacity {
      if link.return_address == 0 { return .complete }
      let place = images.place(of: link.return_address - 1, at: stack.ticks).place
      places.append(place)
      if link.next == 0 || link.next <= frame && isInCLibrary(place) { return .complete }
      frame = link.next
    }
    return .truncated
  }

  private func isInCLibrary(_ place: CodePlace) -> Bool {
    place.file >= 0 && images.files[Int(place.file)].module.name.hasPrefix("libc.so")
  }

  private func frameAddress(_ rule: FrameRule, _ stack: CopiedStack) -> UInt64? {
    switch rule.frameAddress {
    case .register(let number, let offset):
      register(number).map { $0 &+ UInt64(bitPattern: offset) }
    case .computed(let expression): evaluate(expression, 0, stack, isAddress: true)
    }
  }

  /// An expression's value: what it computes, or what was saved where it points to.
  private func evaluate(
    _ expression: LocationExpression, _ cfa: UInt64, _ stack: CopiedStack, isAddress: Bool = false
  ) -> UInt64? {
    let result = expression.evaluate(
      cfa: cfa, register: { self.register($0) }, memory: { stack.word(at: $0) })
    return expression.isValue || isAddress ? result : result.flatMap { stack.word(at: $0) }
  }

  private func register(_ number: Int) -> UInt64? {
    number < FrameRule.registerCount && known & (1 << UInt32(number)) != 0 ? registers[number] : nil
  }
}
