import CElfutils
import Glibc

/// How often the loader has added and removed objects: unchanged while the set is.
struct LoaderVersion: Equatable {
  var added: UInt64
  var removed: UInt64

  /// Asks the loader.
  static func read() -> LoaderVersion {
    var version = LoaderVersion(added: 0, removed: 0)
    withUnsafeMutablePointer(to: &version) { target in
      _ = headway_iterate_objects(
        { info, _, context in
          guard let info, let context else { return 1 }
          context.assumingMemoryBound(to: LoaderVersion.self).pointee = LoaderVersion(info.pointee)
          return 1
        }, target)
    }
    return version
  }

  init(added: UInt64, removed: UInt64) {
    self.added = added
    self.removed = removed
  }

  init(_ info: headway_loaded_object) {
    self.init(added: info.added, removed: info.removed)
  }
}

/// An executable or library that the loader has mapped.
struct LoadedObject {
  /// Its path; empty for the program itself.
  var path: String
  /// What is added to the file's addresses.
  var bias: UInt64
  /// The executable parts of memory that it fills.
  var executable: [Range<UInt64>]
  /// The object's image in memory, where it has no file: what the kernel maps into every process.
  // Invariant: the kernel's shared object stays mapped as long as the process lives.
  var image: UnsafeMutableRawBufferPointer?
  /// Whether this is the program that runs.
  var isMainProgram: Bool

  /// Everything that is loaded now, and the version of that set.
  static func all(version: inout LoaderVersion?) -> [LoadedObject] {
    // Invariant: used only during the call, on this thread.
    var gathered = Gathered()
    withUnsafeMutablePointer(to: &gathered) { target in
      _ = headway_iterate_objects(
        { info, _, context in
          guard let info, let context else { return 1 }
          context.assumingMemoryBound(to: Gathered.self).pointee.add(info.pointee)
          return 0
        }, target)
    }
    version = gathered.version
    return gathered.objects
  }

  private struct Gathered {
    var objects: [LoadedObject] = []
    var version: LoaderVersion?

    mutating func add(_ info: headway_loaded_object) {
      version = LoaderVersion(info)
      let name = info.name.map { String(cString: $0) } ?? ""
      let bias = UInt64(info.bias)
      var executable: [Range<UInt64>] = []
      var fileBytes: UInt64 = 0
      for index in 0..<Int(info.header_count) {
        guard let header = info.headers?[index], header.p_type == UInt32(PT_LOAD) else { continue }
        fileBytes = max(fileBytes, header.p_offset + header.p_filesz)
        guard header.p_flags & UInt32(PF_X) != 0 else { continue }
        let begin = bias &+ header.p_vaddr
        executable.append(begin..<(begin &+ header.p_memsz))
      }
      let kernel = UInt64(getauxval(UInt(AT_SYSINFO_EHDR)))
      let isKernels = kernel != 0 && executable.contains { $0.contains(kernel) }
      let image = isKernels ? Self.image(at: kernel) : nil
      objects.append(
        LoadedObject(
          path: image != nil ? "[vdso]" : name, bias: bias, executable: executable, image: image,
          isMainProgram: objects.isEmpty && name.isEmpty))
    }

    /// The whole of an image that the kernel mapped: its section headers, which come last, included.
    private static func image(at address: UInt64) -> UnsafeMutableRawBufferPointer? {
      guard let start = UnsafeMutableRawPointer(bitPattern: UInt(address)) else { return nil }
      let header = start.assumingMemoryBound(to: Elf64_Ehdr.self).pointee
      let bytes = Int(header.e_shoff) + Int(header.e_shnum) * Int(header.e_shentsize)
      return UnsafeMutableRawBufferPointer(start: start, count: bytes)
    }
  }
}
