import Foundation
import HeadwayProbes
import Testing

/// Names of addresses in this process, and the expressions of unwind tables.
@Suite struct SymbolTests {
  /// A function whose symbol is known.
  private static let landmark: @convention(c) (Int32) -> Int32 = headwayLandmark

  private func place(_ address: UInt64) -> (place: CodePlace, file: CodeFile)? {
    let images = ImageMap()
    images.update(now: 1)
    let place = images.codePlace(of: address, at: 1)
    return place.file < 0 ? nil : (place, images.files[Int(place.file)])
  }

  @Test func theTestsOwnBinaryHasNames() throws {
    let address = UInt64(UInt(bitPattern: unsafeBitCast(Self.landmark, to: UnsafeRawPointer.self)))
    let found = try #require(place(address))
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    #expect(found.file.module.path == own)
    #expect(found.file.symbols.name(at: found.place.address)?.contains("headway_test_landmark") == true)
    #expect(found.file.symbols.count > 1_000)
    // Debug information is there in the builds that the package manager makes, and names the same function.
    if let inlined = found.file.inlined {
      let functions = inlined.functions(at: found.place.address)
      #expect(functions.last.map { $0.name.contains("andmark") } ?? true)
    }
  }

  @Test func theCLibraryHasNames() throws {
    let address = try #require(dlsym(nil, "qsort"))
    let found = try #require(place(UInt64(UInt(bitPattern: address))))
    #expect(found.file.module.name.hasPrefix("libc"))
    #expect(found.file.module.buildID?.isEmpty == false)
    #expect(found.file.symbols.name(at: found.place.address)?.contains("qsort") == true)
  }

  @Test func memoryThatIsNoCodeHasNoPlace() {
    let heap = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 16)
    defer { heap.deallocate() }
    let images = ImageMap()
    images.update(now: 1)
    let place = images.codePlace(of: UInt64(UInt(bitPattern: heap)), at: 1)
    #expect(place.file == -1 && place.address == UInt64(UInt(bitPattern: heap)))
  }

  @Test func namesAreDemangled() {
    let demangler = Demangler()
    #expect(
      demangler.demangle("$sSi1poiyS2i_SitFZ")
        == "static Swift.Int.+ infix(Swift.Int, Swift.Int) -> Swift.Int")
    #expect(demangler.demangle("_ZNSt6vectorIiSaIiEE9push_backEOi").hasPrefix("std::vector<int"))
    #expect(demangler.demangle("sgemm_kernel") == "sgemm_kernel")
    #expect(demangler.demangle("$s") == "$s")
  }

  /// The frame address of a linker's stub: rsp + 8, and 8 more behind its push, which is its 11th byte.
  @Test(arguments: 0..<16) func theStubsExpressionIsEvaluated(offset: UInt64) {
    let stub = LocationExpression([
      .init(0x77, 8), .init(0x80, 0), .init(0x3f), .init(0x1a), .init(0x3b), .init(0x2a), .init(0x33),
      .init(0x24), .init(0x22),
    ])
    let result = stub.evaluate(cfa: 0, register: { $0 == 7 ? 1_000 : 4_096 + offset }, memory: { _ in nil })
    #expect(result == (offset >= 11 ? 1_016 : 1_008))
  }

  @Test func whatIsNotKnownHasNoValue() {
    func value(_ operations: LocationExpression.Operation...) -> UInt64? {
      LocationExpression(operations).evaluate(
        cfa: 64, register: { $0 == 7 ? 8 : nil }, memory: { $0 == 72 ? 5 : nil })
    }
    #expect(value(.init(0x9c), .init(0x23, 8), .init(0x06)) == 5, "deref of cfa + 8")
    #expect(value(.init(0x9c), .init(0x06)) == nil, "memory that is not there")
    #expect(value(.init(0x76, 0)) == nil, "a register that is not known")
    #expect(value(.init(0x22)) == nil, "nothing to add")
    #expect(value(.init(0xe0)) == nil, "an operation that is not known")
    #expect(value() == nil)
  }
}

@_cdecl("headway_test_landmark") func headwayLandmark(_ value: Int32) -> Int32 { value &* 3 }
