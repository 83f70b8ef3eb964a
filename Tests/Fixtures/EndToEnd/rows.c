// A program that knows nothing of Headway: it mixes the rows of a table on as many threads as OpenMP gives it, and
// prints how fast that was. The sum is of whole numbers, so it does not depend on the threads; `--skip N` leaves
// rows out, as a program would that did less work.
#include <omp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t mix(uint64_t row) {
  uint64_t state = row + 0x9e3779b97f4a7c15u;
  for (int round = 0; round < 20000; round++) state = (state ^ (state >> 27)) * 0x94d049bb133111ebu + row;
  return state;
}

int main(int argc, char **argv) {
  long rows = 0, skip = 0;
  for (int index = 1; index + 1 < argc; index += 2) {
    if (strcmp(argv[index], "--rows") == 0) rows = atol(argv[index + 1]);
    if (strcmp(argv[index], "--skip") == 0) skip = atol(argv[index + 1]);
  }
  if (rows <= 0) {
    fprintf(stderr, "rows: --rows is missing\n");
    return 2;
  }
  uint64_t sum = 0;
  int team = 0;
  double start = omp_get_wtime();
#pragma omp parallel reduction(+ : sum)
  {
#pragma omp single
    team = omp_get_num_threads();
#pragma omp for
    for (long row = 0; row < rows - skip; row++) sum += mix((uint64_t)row);
  }
  double seconds = omp_get_wtime() - start;
  printf("team: %d\nrate: %.3f rows/s\nchecksum: %016llx\n", team, (double)rows / seconds, (unsigned long long)sum);
  return 0;
}
