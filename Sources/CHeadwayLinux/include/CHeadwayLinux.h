// Linux calls and machine instructions that Swift cannot express by itself.
// Each shim says why it exists; delete it when Swift can do without.
#ifndef HEADWAY_LINUX_H
#define HEADWAY_LINUX_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/perf_event.h>
#include <malloc.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "CHeadwaySpawn.h"

#define HEADWAY_INLINE static inline __attribute__((always_inline))

// MARK: clocks

// Nonzero when the cycle counter must not be used as a clock on this machine; decided once, before
// `main`, and constant afterwards. Exists because Swift has no constructor that runs before every thread.
extern int headway_ticks_are_monotonic_ns;

// The same as a function, which Swift may call from every thread.
HEADWAY_INLINE int headway_clock_is_monotonic(void) { return headway_ticks_are_monotonic_ns; }

// CLOCK_MONOTONIC in nanoseconds. Exists so that inlined Swift needs no `timespec` of Glibc's overlay.
HEADWAY_INLINE uint64_t headway_monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// The fast clock: an instruction that Swift has no intrinsic for.
HEADWAY_INLINE uint64_t headway_ticks(void) {
#if defined(__x86_64__)
  if (__builtin_expect(headway_ticks_are_monotonic_ns, 0)) return headway_monotonic_ns();
  return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
  uint64_t value;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(value));
  return value;
#else
  return headway_monotonic_ns();
#endif
}

// CPU time of the calling thread in nanoseconds; UINT64_MAX when it cannot be read.
HEADWAY_INLINE uint64_t headway_thread_cpu_ns(void) {
  struct timespec now;
  if (__builtin_expect(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0, 0)) return UINT64_MAX;
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// CPU time of another thread of this process in nanoseconds; UINT64_MAX when it cannot be read.
// Exists because the clock's number is made of the thread's by a kernel macro (CPUCLOCK_PERTHREAD |
// CPUCLOCK_SCHED), and `pthread_getcpuclockid` wants a handle that a probe does not have.
HEADWAY_INLINE uint64_t headway_cpu_ns_of(int32_t thread_id) {
  clockid_t clock = (clockid_t)((~(uint32_t)thread_id << 3) | 4u | 2u);
  struct timespec now;
  if (clock_gettime(clock, &now) != 0) return UINT64_MAX;
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// MARK: threads

// The kernel's number of the calling thread. Exists because Glibc's overlay lacks `gettid`.
HEADWAY_INLINE int32_t headway_gettid(void) { return (int32_t)syscall(SYS_gettid); }

// The CPU that the calling thread runs on; -1 when unknown.
HEADWAY_INLINE int32_t headway_getcpu(void) {
  unsigned cpu = 0;
  return syscall(SYS_getcpu, &cpu, NULL, NULL) == 0 ? (int32_t)cpu : -1;
}

// Names the calling thread; the kernel keeps 15 bytes. Exists because `prctl` is variadic and
// `pthread_setname_np` is a GNU extension that Swift's view of <pthread.h> lacks.
HEADWAY_INLINE void headway_set_thread_name(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

// Gives up the rest of the time slice.
HEADWAY_INLINE void headway_yield(void) { sched_yield(); }

// Tells the core that a polling loop is running. Exists because Swift has no such intrinsic.
HEADWAY_INLINE void headway_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// CPUs that the calling thread may run on; 0 when unknown. Exists because the CPU_* macros are not
// imported into Swift.
HEADWAY_INLINE int32_t headway_affinity_count(void) {
  uint64_t mask[1024 / 8];
  long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
  if (bytes <= 0) return 0;
  int32_t count = 0;
  for (long word = 0; word < bytes / 8; word++) count += __builtin_popcountll(mask[word]);
  return count;
}

// Switches of the calling thread off the CPU so far; 0 or an errno. Exists because RUSAGE_THREAD is
// hidden from Swift's view of <sys/resource.h>.
HEADWAY_INLINE int headway_thread_switches(int64_t *voluntary, int64_t *involuntary) {
  struct rusage usage;
  if (getrusage((__rusage_who_t)1 /* RUSAGE_THREAD */, &usage) != 0) return errno;
  *voluntary = usage.ru_nvcsw;
  *involuntary = usage.ru_nivcsw;
  return 0;
}

// MARK: whether a thread has kept its CPU

// What a watched thread's word holds: the address of a restartable sequence (rseq) of no instruction.
extern const uint64_t headway_switch_mark;

// The calling thread's word that the kernel clears when the thread loses its CPU or gets a signal, or NULL where there is
// none or the kernel was seen not to clear it. It is `rseq_cs` of <linux/rseq.h>: the kernel sets it to zero when it
// "detects that it is preempting or delivering a signal outside of the range targeted by the rseq_cs". Valid as long as
// the thread, and for that thread only. Others that use the word, such as an allocator, only make it say "switched".
// Exists because the registration is the C library's, and made of a thread pointer. The first call takes 0.2 ms.
uint64_t *headway_switch_word(void);

// Begins to watch: as long as ``headway_no_switch`` says so, the thread has kept its CPU since.
HEADWAY_INLINE void headway_watch_switches(uint64_t *word) {
  __atomic_store_n(word, headway_switch_mark, __ATOMIC_RELAXED);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

// Ends the watching: the mark lies in this library, which may be unloaded before the thread ends.
HEADWAY_INLINE void headway_forget_switches(uint64_t *word) { __atomic_store_n(word, 0, __ATOMIC_RELAXED); }

// Whether the thread has kept its CPU up to now.
HEADWAY_INLINE _Bool headway_no_switch(const uint64_t *word) {
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  return __atomic_load_n(word, __ATOMIC_RELAXED) == headway_switch_mark;
}

// MARK: futex

// Sleeps while *word == expected; a negative timeout waits for ever. Returns 0 when woken, or EAGAIN (the
// word had changed), EINTR, ETIMEDOUT. Exists because the futex has no libc function.
HEADWAY_INLINE int headway_futex_wait(const uint32_t *word, uint32_t expected, int64_t timeout_ns) {
  struct timespec relative = {timeout_ns / 1000000000, timeout_ns % 1000000000};
  long result = syscall(
      SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, timeout_ns < 0 ? NULL : &relative, NULL, 0);
  return result == 0 ? 0 : errno;
}

// Wakes at most `count` sleepers (INT_MAX: all); returns how many were woken.
HEADWAY_INLINE int headway_futex_wake(const uint32_t *word, int count) {
  return (int)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

// MARK: files

// Exchanges two files or directories in one step; 0 or an errno. Exists because `renameat2` is a GNU
// extension that Swift's view of <stdio.h> lacks.
HEADWAY_INLINE int headway_exchange(const char *left, const char *right) {
  unsigned exchange = 2 /* RENAME_EXCHANGE */;
  return syscall(SYS_renameat2, AT_FDCWD, left, AT_FDCWD, right, exchange) == 0 ? 0 : errno;
}

// MARK: memory order in mapped memory

// Atomic accesses to words of mapped memory. Exists because `Atomic` must own its storage.
HEADWAY_INLINE uint64_t headway_load_acquire_u64(const uint64_t *word) {
  return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}
HEADWAY_INLINE void headway_store_release_u64(uint64_t *word, uint64_t value) {
  __atomic_store_n(word, value, __ATOMIC_RELEASE);
}
HEADWAY_INLINE void headway_store_release_u32(uint32_t *word, uint32_t value) {
  __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

// MARK: heap

// Bytes of the heap in use and bytes kept free in it; returns 0, or ENOSYS where the C library cannot say
// (before glibc 2.33). Exists because the overlay of Glibc in Swift lacks <malloc.h>.
HEADWAY_INLINE int headway_heap(uint64_t *used, uint64_t *idle) {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
  struct mallinfo2 facts = mallinfo2();
  *used = facts.uordblks + facts.hblkhd;
  *idle = facts.fordblks;
  return 0;
#else
  (void)used;
  (void)idle;
  return ENOSYS;
#endif
}

// MARK: machine

// Writes the hypervisor's name (at most 12 characters and a zero) and returns 1, or returns 0 without one.
// A function of the library, because CPUID has no Swift intrinsic.
int headway_has_hypervisor(char name[13]);

// The same for Swift.
HEADWAY_INLINE _Bool headway_hypervisor(char *name) { return headway_has_hypervisor(name) != 0; }

// MARK: performance events

// A reading of a counter: its count, the time in which it could have counted and the time in which it did.
// Both times stand still while its thread is off the CPU.
struct headway_perf_reading {
  uint64_t value;
  uint64_t enabled_ns;
  uint64_t running_ns;
};

// The number of files that the process may have open. Exists because RLIMIT_NOFILE is an enumeration to the C
// library's header and a number to getrlimit.
HEADWAY_INLINE uint64_t headway_open_file_limit(void) {
  struct rlimit limit;
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : UINT64_MAX;
}

// Opens a counter of the calling thread, alone; a file descriptor or -errno. `group` is the descriptor of a counter
// that it shall count together with, or -1. What the kernel does for the thread is counted only if
// `counts_kernel`. Exists because perf_event_open has no libc function and its structure has bit fields.
HEADWAY_INLINE int headway_perf_open(uint32_t type, uint64_t config, int group, _Bool counts_kernel) {
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.type = type;
  attributes.size = sizeof attributes;
  attributes.config = config;
  attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  attributes.exclude_kernel = !counts_kernel;
  attributes.exclude_hv = 1;
  long descriptor = syscall(SYS_perf_event_open, &attributes, 0, -1, group, PERF_FLAG_FD_CLOEXEC);
  return descriptor >= 0 ? (int)descriptor : -errno;
}

// Reads a counter, from any thread; 0 or an errno. A short reading is EIO.
HEADWAY_INLINE int headway_perf_read(int descriptor, struct headway_perf_reading *reading) {
  ssize_t count = read(descriptor, reading, sizeof *reading);
  if (count == (ssize_t)sizeof *reading) return 0;
  return count < 0 ? errno : EIO;
}

// Leaves the allocations of the calling thread, one of the tool's own, out of the program's count. Weak, because
// only the headway command is linked with the counter; elsewhere there is nothing to leave them out of.
extern void headway_allocations_exempt_thread(void) __attribute__((weak));
HEADWAY_INLINE void headway_exempt_own_allocations(void) {
  if (headway_allocations_exempt_thread) headway_allocations_exempt_thread();
}

#endif
