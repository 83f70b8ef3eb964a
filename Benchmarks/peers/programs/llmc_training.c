// Trains a model with the functions of llm.c's train_gpt2.c and prints how long each step took.
//
// Compiled with -DTESTING, which leaves out that file's own main, and with its directory on the include path.
// Arguments: vocabulary width layers heads sequences length rate beta1 beta2 epsilon decay seconds tokens checkpoint
#include "train_gpt2.c"

#include <stdint.h>
#include <time.h>

#define UNTIMED_STEPS 5
#define BATCHES 64

static int64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static uint64_t state = 1;
static double uniform(void) {  // SplitMix64, in [0, 1)
  uint64_t z = (state += 0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static double normal(void) { return sqrt(-2 * log(1 - uniform())) * cos(6.283185307179586 * uniform()); }

// llm.c builds a model from a file only.
static void write_checkpoint(const char *path, int V, int C, int L, int H, int T) {
  FILE *file = fopenCheck(path, "wb");
  int header[256] = {20240326, 3, T, V, L, H, C, V};
  fwrite(header, sizeof(int), 256, file);
  GPT2Config config = {.max_seq_len = T, .vocab_size = V, .padded_vocab_size = V, .num_layers = L,
                       .num_heads = H, .channels = C};
  size_t sizes[NUM_PARAMETER_TENSORS];
  fill_in_parameter_sizes(sizes, config);
  for (int tensor = 0; tensor < NUM_PARAMETER_TENSORS; tensor++) {
    int is_gain = tensor == 2 || tensor == 8 || tensor == 14;
    int is_residual = tensor == 6 || tensor == 12;
    int is_matrix = tensor <= 1 || tensor == 4 || tensor == 10 || is_residual;
    double scale = is_residual ? 0.02 / sqrt(2.0 * L) : 0.02;
    for (size_t i = 0; i < sizes[tensor]; i++) {
      float value = is_gain ? 1 : is_matrix ? (float)(scale * normal()) : 0;
      fwrite(&value, sizeof value, 1, file);
    }
  }
  fcloseCheck(file);
}

static long peak_kib(void) {
  FILE *file = fopenCheck("/proc/self/status", "r");
  char line[256];
  long peak = -1;
  while (fgets(line, sizeof line, file)) { sscanf(line, "VmHWM: %ld", &peak); }
  fcloseCheck(file);
  return peak;
}

int main(int count, char **arguments) {
  if (count != 15) { fprintf(stderr, "llmc_training: 14 arguments expected\n"); return 64; }
  int number[6];
  for (int i = 0; i < 6; i++) { number[i] = atoi(arguments[1 + i]); }
  int V = number[0], C = number[1], L = number[2], H = number[3], B = number[4], T = number[5];
  float optimizer[5];
  for (int i = 0; i < 5; i++) { optimizer[i] = (float)atof(arguments[7 + i]); }
  double seconds = atof(arguments[12]);

  FILE *file = fopenCheck(arguments[13], "rb");
  fseekCheck(file, 0, SEEK_END);
  long tokens = ftell(file) / 2;
  fseekCheck(file, 0, SEEK_SET);
  uint16_t *text = mallocCheck((size_t)tokens * 2);
  freadCheck(text, 2, (size_t)tokens, file);
  fcloseCheck(file);
  int *inputs = mallocCheck(sizeof(int) * BATCHES * B * T), *targets = mallocCheck(sizeof(int) * BATCHES * B * T);
  for (int row = 0; row < BATCHES * B; row++) {
    long start = (long)(uniform() * (double)(tokens - T - 1));
    for (int t = 0; t < T; t++) {
      inputs[row * T + t] = text[start + t];
      targets[row * T + t] = text[start + t + 1];
    }
  }
  free(text);

  write_checkpoint(arguments[14], V, C, L, H, T);
  GPT2 model;
  gpt2_build_from_checkpoint(&model, arguments[14]);

  double first = 0;
  size_t capacity = 1 << 20, steps = 0;
  int64_t *durations = mallocCheck(capacity * sizeof(int64_t));
  int64_t last = 0, end = INT64_MAX;
  for (int index = 0; steps < capacity && last < end; index++) {
    int offset = index % BATCHES * B * T;
    gpt2_forward(&model, inputs + offset, targets + offset, B, T);
    gpt2_zero_grad(&model);
    gpt2_backward(&model);
    gpt2_update(&model, optimizer[0], optimizer[1], optimizer[2], optimizer[3], optimizer[4], index + 1);
    if (index == 0) { first = model.mean_loss; }
    int64_t now = now_ns();
    if (index >= UNTIMED_STEPS) { durations[steps++] = now - last; }
    if (index == UNTIMED_STEPS - 1) { end = now + (int64_t)(seconds * 1e9); }
    last = now;
  }

  printf("{\"version\": \"llm.c\", \"first_loss\": %.6f, \"last_loss\": %.6f, \"peak_rss_bytes\": %ld, \"steps_ns\": [",
         first, model.mean_loss, peak_kib() * 1024);
  for (size_t i = 0; i < steps; i++) { printf("%s%lld", i ? ", " : "", (long long)durations[i]); }
  printf("]}\n");
  return 0;
}
