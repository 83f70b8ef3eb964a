#include "CHeadwayAllocations.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer) || __has_feature(leak_sanitizer)
#define HEADWAY_SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(HEADWAY_SANITIZED)

// The C library's own functions, exported under these names for this purpose.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

// One thread's count, in cache lines of its own: no two threads write to one, except to the last cell.
// 128 bytes because the hardware fetches lines in pairs.
struct cell {
  _Alignas(128) uint64_t calls;
  uint64_t bytes;
};

enum { cell_count = 1024 };

// Zero before any constructor runs, so that the first allocation of the loader finds them ready. Pages that
// no thread has claimed take no memory. The one after the last is of the exempt threads, and in no sum.
static struct cell cells[cell_count + 1];
static uint32_t claimed;

// The calling thread's cell. Initial-exec: a fixed offset from the thread pointer, so that finding it never
// allocates, as a dynamic thread-local may.
static __thread struct cell *own __attribute__((tls_model("initial-exec")));

// A cell is claimed once and never given back: the counts of ended threads stay in the sum.
__attribute__((noinline)) static struct cell *claim(void) {
  // Relaxed: the addition itself hands out the place; nothing else is published by it.
  uint32_t place = __atomic_fetch_add(&claimed, 1, __ATOMIC_RELAXED);
  own = &cells[place < cell_count - 1 ? place : cell_count - 1];
  return own;
}

static inline __attribute__((always_inline)) void note(size_t bytes) {
  struct cell *cell = own;
  if (__builtin_expect(cell == NULL, 0)) cell = claim();
  // Relaxed throughout: counters that order nothing.
  if (__builtin_expect(cell < &cells[cell_count - 1], 1)) {
    // The thread is the only writer: a load and a store, no locked instruction.
    __atomic_store_n(&cell->calls, __atomic_load_n(&cell->calls, __ATOMIC_RELAXED) + 1, __ATOMIC_RELAXED);
    __atomic_store_n(&cell->bytes, __atomic_load_n(&cell->bytes, __ATOMIC_RELAXED) + bytes, __ATOMIC_RELAXED);
  } else {
    __atomic_fetch_add(&cell->calls, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&cell->bytes, bytes, __ATOMIC_RELAXED);
  }
}

// Exported from the executable, because the C library defines the same names: the dynamic linker then gives
// these to every library of the process.
#define HEADWAY_EXPORT __attribute__((visibility("default"), used))

HEADWAY_EXPORT void *malloc(size_t bytes) {
  note(bytes);
  return __libc_malloc(bytes);
}

HEADWAY_EXPORT void *calloc(size_t count, size_t bytes) {
  note(count * bytes);  // A product that overflows is refused below, and counted as something.
  return __libc_calloc(count, bytes);
}

HEADWAY_EXPORT void *realloc(void *memory, size_t bytes) {
  note(bytes);
  return __libc_realloc(memory, bytes);
}

HEADWAY_EXPORT void *reallocarray(void *memory, size_t count, size_t bytes) {
  size_t total;
  if (__builtin_mul_overflow(count, bytes, &total)) {
    errno = ENOMEM;
    return NULL;
  }
  return realloc(memory, total);
}

HEADWAY_EXPORT void *memalign(size_t alignment, size_t bytes) {
  note(bytes);
  return __libc_memalign(alignment, bytes);
}

HEADWAY_EXPORT void *aligned_alloc(size_t alignment, size_t bytes) {
  note(bytes);
  return __libc_memalign(alignment, bytes);
}

HEADWAY_EXPORT int posix_memalign(void **memory, size_t alignment, size_t bytes) {
  if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  note(bytes);
  int before = errno;
  void *result = __libc_memalign(alignment, bytes);
  errno = before;
  if (result == NULL) return ENOMEM;
  *memory = result;
  return 0;
}

void headway_allocations_exempt_thread(void) { own = &cells[cell_count]; }

int headway_allocations_are_counted(void) {
  // An allocation inside the C library, which reaches `malloc` through the dynamic linker as every library
  // does: it arrives here only where this executable's functions took the place of the C library's.
  headway_allocations before = headway_allocations_of_thread();
  char *(*volatile duplicate)(const char *) = strdup;  // Volatile, so that the compiler cannot do without.
  char *copy = duplicate("tried");
  headway_allocations after = headway_allocations_of_thread();
  free(copy);
  return after.calls > before.calls;
}

headway_allocations headway_allocations_of_thread(void) {
  struct cell *cell = own;
  headway_allocations counts = {0, 0};
  if (cell == NULL) return counts;
  counts.calls = __atomic_load_n(&cell->calls, __ATOMIC_RELAXED);
  counts.bytes = __atomic_load_n(&cell->bytes, __ATOMIC_RELAXED);
  return counts;
}

headway_allocations headway_allocations_of_process(void) {
  headway_allocations sum = {0, 0};
  uint32_t used = __atomic_load_n(&claimed, __ATOMIC_RELAXED);
  if (used > cell_count) used = cell_count;
  for (uint32_t place = 0; place < used; place++) {
    sum.calls += __atomic_load_n(&cells[place].calls, __ATOMIC_RELAXED);
    sum.bytes += __atomic_load_n(&cells[place].bytes, __ATOMIC_RELAXED);
  }
  return sum;
}

#else

void headway_allocations_exempt_thread(void) {}

int headway_allocations_are_counted(void) { return 0; }

headway_allocations headway_allocations_of_thread(void) { return (headway_allocations){0, 0}; }

headway_allocations headway_allocations_of_process(void) { return (headway_allocations){0, 0}; }

#endif
