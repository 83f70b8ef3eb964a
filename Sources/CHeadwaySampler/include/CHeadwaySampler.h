// The signal handler of the stack sampler: all code of the project that runs inside a signal.
//
// A timer interrupts each attached thread. The handler copies the registers, a bounded piece of the
// thread's own stack and, beyond that piece, its chain of frame pointers into a ring that was allocated
// when the thread was attached. It calls no library function, takes no lock and allocates nothing; the
// stack is unwound later, on another thread.
#ifndef HEADWAY_SAMPLER_H
#define HEADWAY_SAMPLER_H

#include <stdint.h>

// How one thread is sampled.
struct headway_sampler_settings {
  // Nanoseconds from one sample to the next, above zero.
  uint64_t period_ns;
  // Nanoseconds until the first sample, above zero: lets threads be interrupted at different moments.
  uint64_t first_ns;
  // Whether the timer counts the thread's own CPU time; wall time (CLOCK_MONOTONIC) otherwise.
  uint32_t counts_cpu_time;
  // Whether samples of a thread that sleeps in a system call are kept.
  uint32_t keeps_sleeping;
  // Whether time stamps are CLOCK_MONOTONIC nanoseconds instead of the time-stamp counter.
  uint32_t ticks_are_monotonic_ns;
  // The largest piece of stack that a sample copies, in bytes; a multiple of 16.
  uint32_t stack_bytes;
  // The size of the ring in bytes; a power of two, 4096 or more, with room for two of the largest samples.
  uint32_t ring_bytes;
  // A word that the thread itself writes and that each sample keeps, such as its current state; or NULL.
  // Must stay valid until the thread has been detached.
  const int64_t *label;
  // A futex word. The handler sets it to 1 and wakes its waiter when a ring becomes half full. Must stay
  // valid until the thread has been detached.
  uint32_t *wake;
};

// The registers of a sample, numbered as DWARF numbers them on x86-64; the last is the return address
// column, here the interrupted instruction.
enum { headway_sampler_registers = 17 };

enum {
  // The thread slept in a system call: it was off the CPU. Otherwise it ran or was ready to run.
  headway_sample_sleeping = 1,
  // The stack pointer was outside the thread's own stack: nothing was copied.
  headway_sample_foreign_stack = 2,
};

// One sample, followed by `chain_count` links and `stack_bytes` bytes of stack.
struct headway_sample {
  // Bytes of the whole record, a multiple of 16.
  uint32_t record_bytes;
  uint32_t flags;
  uint64_t ticks;
  int64_t label;
  // Timer periods that this sample stands for: more than one when the thread could not be interrupted.
  uint32_t periods;
  uint32_t chain_count;
  uint64_t registers[headway_sampler_registers];
  // The address that the copied piece of stack came from, and its length.
  uint64_t stack_address;
  uint32_t stack_bytes;
  // Ticks that the handler spent on the sample before this one; 0 when there was none.
  uint32_t previous_cost_ticks;
  uint32_t padding[2];
};

// One frame-pointer link above the copied piece: what two words at `address` held.
struct headway_sample_link {
  uint64_t address;
  uint64_t next;
  uint64_t return_address;
  uint64_t padding;
};

// What has happened to one thread's samples so far.
struct headway_sampler_counts {
  // Samples written to the ring.
  uint64_t taken;
  // Samples that found the ring full.
  uint64_t dropped;
  // Timer ticks while the thread slept, where sleeping is not kept.
  uint64_t skipped_sleeping;
  // Ticks of the clock spent inside the handler.
  uint64_t handler_ticks;
  // Signals of the whole process that came after their thread had been detached.
  uint64_t late;
};

struct headway_sampler_ring;

// Begins to sample the calling thread, and installs the handler when it is the first. 0 or an errno:
// EBUSY when the thread is being sampled already or every signal is taken, ENOTSUP on another CPU than x86-64.
int headway_sampler_attach(const struct headway_sampler_settings *settings, struct headway_sampler_ring **ring);

// Ends the sampling of a thread; its ring can still be read. From any thread, once per ring; a thread that
// ends must be detached before. When this has returned, the handler touches the ring no more.
void headway_sampler_detach(struct headway_sampler_ring *ring);

// Copies the oldest sample into `buffer` and frees its room; returns its bytes, or 0 when there is none or it
// does not fit. By one reader at a time. `buffer` must be aligned to 16 bytes. A NULL buffer gives the
// counts only.
uint32_t headway_sampler_read(
    struct headway_sampler_ring *ring, void *buffer, uint32_t capacity, struct headway_sampler_counts *counts);

// Frees a ring whose thread has been detached.
void headway_sampler_release(struct headway_sampler_ring *ring);

// Takes one sample of another thread of this process, attached or not, by a signal of its own. The sample and
// up to `stack_bytes` (a multiple of 16) of its stack are copied into `buffer`, aligned to 16 bytes; its label
// is -1 and it has no links. One call at a time; others wait for it.
//
// Returns the sample's bytes; 0 with an errno in `*reason` otherwise: ESRCH when there is no such thread,
// ETIMEDOUT when it did not take the signal within `timeout_ns` (it sleeps uninterruptibly, has the signal
// blocked, or is not given a CPU), EBUSY when every signal is taken, ENOTSUP on another CPU than x86-64.
uint32_t headway_sampler_look(
    int32_t thread, uint32_t stack_bytes, uint64_t timeout_ns, void *buffer, uint32_t capacity, int *reason);

#endif
