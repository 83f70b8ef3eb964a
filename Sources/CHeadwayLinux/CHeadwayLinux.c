#include "CHeadwayLinux.h"

#include <fcntl.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

int headway_ticks_are_monotonic_ns = 0;

#if defined(__x86_64__)
// The kernel falls back to these clock sources when it found the cycle counters of the cores unusable.
static int kernel_distrusts_counter(void) {
  static const char *const slow[] = {"hpet", "acpi_pm", "jiffies", "refined-jiffies"};
  char name[64];
  int file = open("/sys/devices/system/clocksource/clocksource0/current_clocksource", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t length = read(file, name, sizeof name - 1);
  close(file);
  if (length <= 0) return 0;
  name[length] = 0;
  name[strcspn(name, "\n")] = 0;
  for (size_t index = 0; index < sizeof slow / sizeof slow[0]; index++)
    if (strcmp(name, slow[index]) == 0) return 1;
  return 0;
}

// Runs before `main`, so that no thread ever sees the decision change.
__attribute__((constructor)) static void choose_clock(void) {
  unsigned eax, ebx, ecx, edx = 0;
  int invariant = __get_cpuid(0x80000007u, &eax, &ebx, &ecx, &edx) && (edx & (1u << 8));
  headway_ticks_are_monotonic_ns = !invariant || kernel_distrusts_counter();
}

int headway_has_hypervisor(char name[13]) {
  unsigned eax, ebx, ecx = 0, edx;
  name[0] = 0;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & (1u << 31))) return 0;
  __cpuid(0x40000000u, eax, ebx, ecx, edx);
  memcpy(name, &ebx, 4);
  memcpy(name + 4, &ecx, 4);
  memcpy(name + 8, &edx, 4);
  name[12] = 0;
  return 1;
}
#else
int headway_has_hypervisor(char name[13]) {
  name[0] = 0;
  return 0;
}
#endif

// MARK: whether a thread has kept its CPU

#if defined(__linux__) && defined(__GLIBC__) && __GLIBC_PREREQ(2, 35) && __has_include(<sys/rseq.h>)
#include <sys/rseq.h>

// What the kernel reads when it finds the mark: a sequence of no instruction, so that every address lies outside, and the
// signature before its abort address, without which the kernel takes the process for attacked and ends it.
static const struct empty_sequence {
  uint32_t signature;
  uint32_t abort;
  struct {
    uint32_t version, flags;
    uint64_t start, length, abort;
  } descriptor __attribute__((aligned(32)));
} empty_sequence = {
    RSEQ_SIG, 0, {0, 0, (uint64_t)&empty_sequence.abort, 0, (uint64_t)&empty_sequence.abort}};
const uint64_t headway_switch_mark = (uint64_t)&empty_sequence.descriptor;

static uint64_t *registered_word(void) {
  // `rseq_cs` follows two words of 32 bits, by the kernel's interface. The C library registers no area where the kernel
  // refuses or the user has said so (glibc.pthread.rseq=0).
  if (__rseq_size < 16) return NULL;
  return (uint64_t *)((char *)__builtin_thread_pointer() + __rseq_offset + 8);
}

// Whether the kernel clears the mark of a thread that sleeps, which a kernel might not do for one that comes back from a
// system call of its own: it says so of preemption only. A sleep of 0.1 ms may pass without a switch, so more are tried.
static int kernel_clears(uint64_t *word) {
  for (int attempt = 0; attempt < 5; attempt++) {
    struct timespec time = {0, 100000};
    headway_watch_switches(word);
    nanosleep(&time, NULL);
    if (!headway_no_switch(word)) return 1;
  }
  headway_forget_switches(word);
  return 0;
}

uint64_t *headway_switch_word(void) {
  // 0: not tried yet. Relaxed: the answer is all there is, and two threads that try at once find the same.
  static int answer;
  uint64_t *word = registered_word();
  if (!word) return NULL;
  int known = __atomic_load_n(&answer, __ATOMIC_RELAXED);
  if (known == 0) {
    known = kernel_clears(word) ? 1 : -1;
    __atomic_store_n(&answer, known, __ATOMIC_RELAXED);
  }
  return known > 0 ? word : NULL;
}
#else
const uint64_t headway_switch_mark = 0;
uint64_t *headway_switch_word(void) { return NULL; }
#endif
