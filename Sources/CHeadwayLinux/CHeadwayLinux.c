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
