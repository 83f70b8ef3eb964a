import HeadwayAnalysis
import Testing

/// Golden lines: what each instruction is, whichever disassembler printed it.
@Suite struct InstructionClassTests {
  private func line(_ text: String) -> DisassemblyLine {
    Array(text.utf8).withUnsafeBytes { DisassemblyLine($0) }
  }

  private func instruction(_ text: String) -> InstructionClass? {
    guard case .instruction(_, let instruction) = line("    1040:\t" + text) else { return nil }
    return instruction
  }

  @Test(arguments: [
    ("vfmadd231ps (%rax,%rcx,4),%ymm1,%ymm2", 256, true), ("vfnmadd213pd %zmm1,%zmm2,%zmm3", 512, true),
    ("vfmaddsub132ps %xmm1,%xmm2,%xmm3", 128, true), ("vfmsub231ps %ymm1,%ymm2,%ymm3", 256, true),
    ("addps  %xmm1,%xmm0", 128, false), ("vmulpd %ymm1,%ymm2,%ymm3", 256, false),
    ("vaddps 0x20(%rdi),%zmm1,%zmm2{%k1}{z}", 512, false), ("vdivps %ymm0,%ymm1,%ymm2", 256, false),
    ("sqrtps %xmm1,%xmm1", 128, false), ("vrsqrtps %ymm1,%ymm1", 256, false),
    ("vrcpps %ymm1,%ymm1", 256, false), ("vmaxps %ymm1,%ymm2,%ymm3", 256, false),
    ("vcmpltps %ymm1,%ymm2,%ymm3", 256, false), ("cmpneqps %xmm1,%xmm2", 128, false),
    ("vcvtdq2ps %ymm1,%ymm2", 256, false), ("vcvttps2dq %ymm1,%ymm2", 256, false),
    ("cvtps2pd %xmm1,%xmm2", 128, false), ("vcvtpd2psy 0x10(%rax),%xmm1", 128, false),
    ("vhaddps %xmm1,%xmm2,%xmm3", 128, false), ("vroundps $0x8,%ymm1,%ymm2", 256, false),
    ("vaddsubps %ymm1,%ymm2,%ymm3", 256, false), ("vdpps  $0xff,%xmm1,%xmm2,%xmm3", 128, false),
  ])
  func packed(text: String, width: Int, isFused: Bool) {
    #expect(instruction(text) == .packed(width: width, isFused: isFused), "\(text)")
  }

  @Test(arguments: [
    ("vfmadd231ss 0x4(%rax),%xmm1,%xmm2", true), ("vfnmsub213sd %xmm1,%xmm2,%xmm3", true),
    ("addss  %xmm1,%xmm0", false), ("vmulsd (%rax),%xmm2,%xmm3", false), ("sqrtss %xmm1,%xmm1", false),
    ("ucomiss %xmm1,%xmm0", false), ("vcomisd %xmm1,%xmm0", false), ("cvtsi2ss %eax,%xmm0", false),
    ("vcvtsi2sdl 0x8(%rsp),%xmm1,%xmm1", false), ("cvttss2si %xmm0,%eax", false),
    ("cvtsd2ss %xmm0,%xmm0", false), ("vcmpltss %xmm1,%xmm2,%xmm3", false), ("maxss  %xmm1,%xmm0", false),
    ("vroundss $0x9,%xmm1,%xmm2,%xmm3", false), ("fadds  (%rax)", false), ("fmulp  %st,%st(1)", false),
    ("fucomip %st(1),%st", false),
  ])
  func scalar(text: String, isFused: Bool) {
    #expect(instruction(text) == .scalar(isFused: isFused), "\(text)")
  }

  @Test(arguments: [
    "movaps %xmm1,%xmm0", "vmovups (%rdi),%ymm0", "vmovss (%rdi),%xmm0", "movsd  %xmm0,(%rsp)",
    "vmovddup %xmm1,%xmm2", "vbroadcastss (%rax),%ymm1", "vpermilps $0x4e,%ymm1,%ymm2",
    "vperm2f128 $0x1,%ymm1,%ymm2,%ymm3", "shufps $0x0,%xmm0,%xmm0", "unpcklps %xmm1,%xmm0",
    "vblendvps %ymm1,%ymm2,%ymm3,%ymm4", "vextractf128 $0x1,%ymm1,%xmm2", "insertps $0x10,%xmm1,%xmm0",
    "vxorps %xmm0,%xmm0,%xmm0", "andnps %xmm1,%xmm0", "vandpd %ymm1,%ymm2,%ymm3", "vpabsd %ymm1,%ymm2",
    "vpdpbusd %ymm1,%ymm2,%ymm3", "paddd  %xmm1,%xmm0", "vpmulld %ymm1,%ymm2,%ymm3",
    "pshufd $0x0,%xmm0,%xmm0",
    "vmovmskps %ymm1,%eax", "movd   %eax,%xmm0", "vgatherdps %ymm1,(%rax,%ymm2,4),%ymm3",
    "vtestps %ymm1,%ymm1", "aesenc %xmm1,%xmm0", "vmaskmovps (%rax),%ymm1,%ymm2",
  ])
  func otherVector(text: String) {
    #expect(instruction(text) == .otherVector, "\(text)")
  }

  @Test(arguments: [
    "endbr64", "ret", "push   %rbp", "vzeroupper", "movsl  %ds:(%rsi),%es:(%rdi)", "rep stos %al,%es:(%rdi)",
    "lock xadd %eax,(%rdx)", "call   1139 <xmm_helper>", "jmp    1139 <addps+0x4>",
    "data16 cs nopw 0x0(%rax,%rax,1)",
    "fldt   0x10(%rsp)", "fxch   %st(1)", "fnstcw (%rsp)", "lea    0xe0(%rip),%rdi        # 2004 <ymm_table>",
    "cmpsb  %es:(%rdi),%ds:(%rsi)", "prefetcht0 (%rax)",
  ])
  func rest(text: String) {
    #expect(instruction(text) == .rest, "\(text)")
  }

  @Test func bothDisassemblersAreRead() {
    #expect(line("0000000000001040 <main>:") == .function(address: 0x1040, name: "main"))
    #expect(line("00000000003b9af0 <$s7Headway>:") == .function(address: 0x3b9af0, name: "$s7Headway"))
    #expect(line("/bin/x:     file format elf64-x86-64") == .format("elf64-x86-64"))
    #expect(line("/bin/x:\tfile format elf64-x86-64") == .format("elf64-x86-64"))
    for name in ["fast", "cafe", "a", "0"] {
      #expect(line("\(name):     file format elf64-x86-64") == .format("elf64-x86-64"), "\(name)")
    }
    // GNU and LLVM set the same instruction differently.
    #expect(
      line("  3b9af0:\tvaddps %ymm1,%ymm2,%ymm3") == line("  3b9af0:      \tvaddps\t%ymm1, %ymm2, %ymm3"))
    #expect(
      line("  3b9af0:\tvaddps %ymm1,%ymm2,%ymm3")
        == .instruction(address: 0x3b9af0, .packed(width: 256, isFused: false)))
  }

  @Test(arguments: [
    "", "\t...", "Disassembly of section .text:", "    1055:\t(bad)", "    1055:      \t<unknown>",
    "deadbeef",
    "    1040:", "0000000000001040 <main>", "cafe something", "        ", ":", "    1040: ",
  ])
  func anythingElseIsNothing(text: String) {
    #expect(line(text) == .other, "\(text)")
  }
}
