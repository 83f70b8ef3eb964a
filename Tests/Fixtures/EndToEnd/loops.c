// Loops whose instructions are known: intrinsics leave the compiler no choice of width, and a volatile sum none of
// vectorising.
#include <immintrin.h>
#include <stdio.h>

__attribute__((noinline, target("avx2,fma"))) float packed_loop(const float *x, int count) {
  __m256 sum = _mm256_setzero_ps();
  for (int i = 0; i + 8 <= count; i += 8) {
    __m256 value = _mm256_loadu_ps(x + i);
    sum = _mm256_fmadd_ps(value, value, sum);
  }
  float lanes[8];
  _mm256_storeu_ps(lanes, sum);
  return lanes[3];
}

__attribute__((noinline)) float narrow_loop(const float *x, int count) {
  __m128 sum = _mm_setzero_ps();
  for (int i = 0; i + 4 <= count; i += 4) sum = _mm_add_ps(sum, _mm_mul_ps(_mm_loadu_ps(x + i), sum));
  float lanes[4];
  _mm_storeu_ps(lanes, sum);
  return lanes[1];
}

__attribute__((noinline)) float scalar_loop(const float *x, int count) {
  volatile float sum = 0;
  for (int i = 0; i < count; i++) sum = sum * 0.5f + x[i];
  return sum;
}

__attribute__((noinline)) int whole_numbers(int count) {
  volatile int sum = 0;
  for (int i = 0; i < count; i++) sum += i;
  return sum;
}

int main(void) {
  float x[64] = {1};
  printf("%f\n", packed_loop(x, 64) + narrow_loop(x, 64) + scalar_loop(x, 64) + whole_numbers(9));
  return 0;
}
