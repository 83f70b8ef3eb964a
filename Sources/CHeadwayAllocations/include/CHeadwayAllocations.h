// Counts the allocations of a process, thread by thread: a program that is linked with this target gets
// malloc and its kin from here, which count and hand on to the C library's own.
//
// Exists because Swift cannot define the functions that its runtime, Foundation and OpenBLAS allocate with.
// `free` is not among them: what it is given came from the C library, and a program that frees as much as
// ever allocates as much.
#ifndef HEADWAY_ALLOCATIONS_H
#define HEADWAY_ALLOCATIONS_H

#include <stdint.h>

// What has been allocated since the start: a counter, never reset.
typedef struct {
  // Calls of malloc, calloc, realloc, reallocarray, memalign, aligned_alloc and posix_memalign.
  uint64_t calls;
  // Bytes asked for in them.
  uint64_t bytes;
} headway_allocations;

// Whether allocations of the C library itself arrive here, tried with one of them. Zero under a sanitizer,
// which needs these functions itself, and with another C library than glibc.
int headway_allocations_are_counted(void);

// Leaves what the calling thread allocates from now on out of the process's count: for threads of the tool's own.
// `CHeadwayLinux` calls it where it is linked.
void headway_allocations_exempt_thread(void);

// Of the calling thread. Threads beyond the first 1023 of a process share one count.
headway_allocations headway_allocations_of_thread(void);

// Of all threads that are not exempt, those that ended included. Safe at any time; a few cache lines for each thread so far.
headway_allocations headway_allocations_of_process(void);

#endif
