public import CHeadwayVectors

/// What the processor must offer before any operator of this module may be called.
///
/// The whole module is compiled for AVX2 and FMA on x86-64, the reference set included; on a machine without
/// them the first call would end in SIGILL.
public enum InstructionSet {
  /// The required processor features that this machine lacks, by their /proc/cpuinfo names; empty when the
  /// kernels may run.
  ///
  /// Emitted into the caller, which is compiled without those features, so that the question itself runs
  /// anywhere. Nothing is required on other architectures.
  @_alwaysEmitIntoClient
  public static func missing() -> [String] {
    var absent: [String] = []
    if headway_cpu_has_avx2() == 0 { absent.append("avx2") }
    if headway_cpu_has_fma() == 0 { absent.append("fma") }
    return absent
  }
}
