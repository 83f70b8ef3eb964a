// The instructions of the kernels that Swift cannot be relied upon to choose. Each shim says why it exists.
#ifndef HEADWAY_VECTORS_H
#define HEADWAY_VECTORS_H

// Eight floats; Swift sees it as SIMD8<Float>.
typedef float headway_float8 __attribute__((vector_size(32)));
typedef int headway_int8 __attribute__((vector_size(32)));

// Why: in Swift 6.3 these operations of SIMD8<Float> are loops over the lanes, which the optimizer turns back into
// vectors in small functions only; a polynomial became scalar code, four times slower. To be deleted once
// addingProduct, squareRoot and replacing(with:where:) are lowered to vectors.

// a · b + c, rounded once.
static inline __attribute__((always_inline)) headway_float8 headway_multiply_add(
    headway_float8 a, headway_float8 b, headway_float8 c) {
  return __builtin_elementwise_fma(a, b, c);
}

// √x; NaN for negative lanes.
static inline __attribute__((always_inline)) headway_float8 headway_square_root(headway_float8 x) {
  return __builtin_elementwise_sqrt(x);
}

// left < right ? a : b in each lane; b where either is NaN.
static inline __attribute__((always_inline)) headway_float8 headway_where_less(
    headway_float8 left, headway_float8 right, headway_float8 a, headway_float8 b) {
  headway_int8 mask = left < right;
  return (headway_float8)((mask & (headway_int8)a) | (~mask & (headway_int8)b));
}

// The first `count` lanes of x, then those of filler.
static inline __attribute__((always_inline)) headway_float8 headway_first_lanes(
    headway_float8 x, int count, headway_float8 filler) {
  headway_int8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
  headway_int8 mask = lane < count;
  return (headway_float8)((mask & (headway_int8)x) | (~mask & (headway_int8)filler));
}

// Why: the measured peak of multiply-adds must be the machine's, so the loop must stay in registers: twelve
// independent chains x ← x · factor + term, which is more than latency times throughput of any current core, and
// fits into sixteen registers with the two operands. Swift keeps an array of vectors in memory.
// `chains` holds 96 floats; each chain is eight of them, read first and written last.
static inline void headway_multiply_add_chains(float *chains, float factor, float term, long rounds) {
  headway_float8 x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11;
  headway_float8 a = {factor, factor, factor, factor, factor, factor, factor, factor};
  headway_float8 b = {term, term, term, term, term, term, term, term};
#define HEADWAY_CHAINS(OPERATION)                                                                              \
  OPERATION(0) OPERATION(1) OPERATION(2) OPERATION(3) OPERATION(4) OPERATION(5)                                \
  OPERATION(6) OPERATION(7) OPERATION(8) OPERATION(9) OPERATION(10) OPERATION(11)
#define HEADWAY_LOAD(I) __builtin_memcpy(&x##I, chains + 8 * I, sizeof x##I);
#define HEADWAY_STEP(I) x##I = __builtin_elementwise_fma(x##I, a, b);
#define HEADWAY_STORE(I) __builtin_memcpy(chains + 8 * I, &x##I, sizeof x##I);
  HEADWAY_CHAINS(HEADWAY_LOAD)
  for (long round = 0; round < rounds; round++) { HEADWAY_CHAINS(HEADWAY_STEP) }
  HEADWAY_CHAINS(HEADWAY_STORE)
#undef HEADWAY_CHAINS
#undef HEADWAY_LOAD
#undef HEADWAY_STEP
#undef HEADWAY_STORE
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

#endif
