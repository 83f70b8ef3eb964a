/// One mapping of a process's address space: an entry of `/proc/self/smaps`.
package struct MemoryMapping: Equatable, Sendable {
  /// The first address.
  package var start: UInt64
  /// The address after the last.
  package var end: UInt64
  /// `rw-p` and the like.
  package var permissions: String
  /// The mapped file, a name in brackets, or nothing.
  package var path: String
  /// Resident bytes.
  package var residentBytes = 0

  /// A mapping of which nothing is resident.
  package init(start: UInt64, end: UInt64, permissions: String, path: String) {
    self.start = start
    self.end = end
    self.permissions = permissions
    self.path = path
  }
}

extension MemoryMapping {
  /// Parses `/proc/self/smaps`; `nil` when it has no mapping or one without a resident size.
  package static func parse(smaps text: String) -> [MemoryMapping]? {
    var mappings: [MemoryMapping] = []
    var sized = 0
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let line = Substring(line)
      if line.hasPrefix("Rss:") {
        let fields = line.split(separator: " ")
        guard fields.count >= 2, let kilobytes = Int(fields[1]), !mappings.isEmpty else { return nil }
        mappings[mappings.count - 1].residentBytes = kilobytes << 10
        sized += 1
      } else if let mapping = MemoryMapping(head: line) {
        mappings.append(mapping)
      }
    }
    return mappings.isEmpty || sized != mappings.count ? nil : mappings
  }

  /// Parses `start-end permissions offset device inode path`; `nil` for any other line.
  private init?(head line: Substring) {
    // A path may hold spaces: the sixth field is the rest of the line.
    let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
    guard fields.count >= 5, fields[1].utf8.count == 4 else { return nil }
    let bounds = fields[0].split(separator: "-")
    guard bounds.count == 2, let start = UInt64(bounds[0], radix: 16),
      let end = UInt64(bounds[1], radix: 16), start < end
    else { return nil }
    self.init(
      start: start, end: end, permissions: String(fields[1]),
      path: fields.count > 5 ? String(fields[5].drop { $0 == " " }) : "")
  }
}
