/// An entry of the definitions: what a number in the records stands for. Numbers of each kind count from 0
/// in the order of the file.
///
/// | bytes | content |
/// |---|---|
/// | 1, 1, 2 | kind (1 thread, 2 state, 3 site), code of the role, category or site kind, number |
/// | 2, 2 | bytes of the name, bytes of the second name (a state's site) |
/// | 4, 4, 8 | threads only: process, thread, events dropped |
/// | … | the names in UTF-8, then zeros up to a multiple of 8 |
///
/// The first four bytes are stored last: an entry without them does not exist.
public enum TraceDefinition: Equatable, Sendable {
  /// A row of a thread.
  case thread(RecordedThread)
  /// A state.
  case state(StateDefinition)
  /// A waiting site.
  case site(SiteDefinition)

  /// The place of a thread's count of dropped events inside its entry.
  public static let droppedOffset = 16
  private static let headBytes = 8
  private static let threadBytes = 16

  /// The entry's bytes, a multiple of 8.
  public func encoded(number: UInt16) -> [UInt8] {
    var name = ""
    var second = ""
    var bytes = ByteWriter()
    switch self {
    case .thread(let thread):
      name = thread.name
      bytes.append(UInt8(1))
      bytes.append(Self.code(of: thread.role, in: TraceFormat.roles) ?? TraceFormat.noRole)
    case .state(let state):
      name = state.name
      second = state.site ?? ""
      bytes.append(UInt8(2))
      bytes.append(Self.code(of: state.category, in: TraceFormat.categories) ?? 0)
    case .site(let site):
      name = site.name
      bytes.append(UInt8(3))
      bytes.append(Self.code(of: site.kind, in: TraceFormat.siteKinds) ?? 0)
    }
    let names = (Self.kept(name), Self.kept(second))
    bytes.append(number)
    bytes.append(UInt16(names.0.count))
    bytes.append(UInt16(names.1.count))
    if case .thread(let thread) = self {
      bytes.append(thread.processID)
      bytes.append(thread.threadID.rawValue)
      bytes.append(UInt64(clamping: thread.eventsDropped))
    }
    bytes.append(contentsOf: names.0)
    bytes.append(contentsOf: names.1)
    bytes.pad(toMultipleOf: 8)
    return bytes.bytes
  }

  /// Decodes the entry at `offset` of the definitions and moves `offset` behind it; `nil` at their end,
  /// also when the entry is not all there, which `isCut` then says.
  static func decode(
    _ bytes: [UInt8], at offset: inout Int, isCut: inout Bool, file: String
  ) throws(InputError) -> (definition: TraceDefinition, number: Int)? {
    guard let head: UInt32 = bytes.number(at: offset) else {
      isCut = isCut || bytes.count < TraceFormat.definitionBytes
      return nil
    }
    let kind = UInt8(truncatingIfNeeded: head)
    guard kind != 0 else { return nil }
    let code = UInt8(truncatingIfNeeded: head >> 8)
    let place = "definition at byte \(TraceFormat.headerBytes + offset)"
    func damaged(_ problem: String) -> InputError {
      InputError(
        file, field: place, problem: problem, remedy: "the trace is damaged; record the run again")
    }
    guard (1...3).contains(kind) else { throw damaged("unknown kind \(kind)") }
    guard let nameBytes: UInt16 = bytes.number(at: offset + 4),
      let secondBytes: UInt16 = bytes.number(at: offset + 6)
    else {
      isCut = true
      return nil
    }
    let start = offset + headBytes + (kind == 1 ? threadBytes : 0)
    let middle = start + Int(nameBytes)
    let end = middle + Int(secondBytes)
    guard end <= bytes.count else {
      if bytes.count >= TraceFormat.definitionBytes { throw damaged("its name ends outside") }
      isCut = true
      return nil
    }
    let name = String(decoding: bytes[start..<middle], as: UTF8.self)
    let second = String(decoding: bytes[middle..<end], as: UTF8.self)
    let number = Int(head >> 16)
    defer { offset = (end + 7) / 8 * 8 }
    switch kind {
    case 1:
      guard let process: Int32 = bytes.number(at: offset + 8),
        let thread: Int32 = bytes.number(at: offset + 12),
        let dropped: UInt64 = bytes.number(at: offset + droppedOffset)
      else { throw damaged("its head ends outside") }
      guard code == TraceFormat.noRole || Int(code) < TraceFormat.roles.count else {
        throw damaged("unknown role \(code)")
      }
      let role = code == TraceFormat.noRole ? nil : TraceFormat.roles[Int(code)]
      return (
        .thread(
          RecordedThread(
            name: name, role: role, processID: process, threadID: ThreadID(thread),
            eventsDropped: Int(clamping: dropped))), number
      )
    case 2:
      guard Int(code) < TraceFormat.categories.count else { throw damaged("unknown category \(code)") }
      let category = TraceFormat.categories[Int(code)]
      return (
        .state(StateDefinition(name: name, category: category, site: second.isEmpty ? nil : second)), number
      )
    default:
      guard Int(code) < TraceFormat.siteKinds.count else { throw damaged("unknown site kind \(code)") }
      return (.site(SiteDefinition(name: name, kind: TraceFormat.siteKinds[Int(code)])), number)
    }
  }

  private static func code<Case: Equatable>(of value: Case?, in list: [Case]) -> UInt8? {
    value.flatMap { list.firstIndex(of: $0) }.map { UInt8($0) }
  }

  /// As much of a name as is kept, cut between characters.
  private static func kept(_ name: String) -> [UInt8] {
    var name = name[...]
    while name.utf8.count > TraceFormat.nameLimit { name.removeLast() }
    return Array(name.utf8)
  }
}
