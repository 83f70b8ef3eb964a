// OpenBLAS's C interface, and the two instructions of the kernels that Swift cannot express.
//
// Debian keeps <cblas.h> twice: in a directory that pkg-config names, and as a link in the architecture's own
// include directory, which is searched without pkg-config.
#include <cblas.h>

// Eight floats; Swift sees it as SIMD8<Float>.
typedef float headway_float8 __attribute__((vector_size(32)));

// Why: SIMD8.squareRoot() becomes eight scalar roots, each with a call for negative numbers. This is one vsqrtps.
static inline __attribute__((always_inline)) headway_float8 headway_square_root(headway_float8 x) {
  return __builtin_elementwise_sqrt(x);
}

// Why: Swift has no CPUID. The answer includes that the operating system saves the wide registers.
// 1 where the instructions exist; other architectures need none and answer 1.
static inline int headway_cpu_has_avx2(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") != 0;
#else
  return 1;
#endif
}

static inline int headway_cpu_has_fma(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("fma") != 0;
#else
  return 1;
#endif
}
