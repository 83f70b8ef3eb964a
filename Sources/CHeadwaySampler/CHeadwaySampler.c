#define _GNU_SOURCE
#include "CHeadwaySampler.h"

#include <errno.h>

#if defined(__x86_64__) && defined(__linux__)

#include <link.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

// Links above the copied piece that one sample keeps.
enum { link_capacity = 64 };
// A record that only fills the rest of the ring.
enum { sample_padding = 0x80000000u };
// Bytes below the stack pointer that a function may use without moving it.
enum { red_zone = 128 };

// One thread's ring: the handler writes at `head`, the reader reads at `tail`; both count bytes since the
// beginning. Everything that the handler needs is here, so that it follows no other pointer.
struct headway_sampler_ring {
  struct headway_sampler_settings settings;
  struct attachment *attachment;
  timer_t timer;
  int is_armed;
  uint64_t stack_low, stack_high;
  // Touched by the handler only.
  uint32_t previous_cost_ticks;
  size_t mapped_bytes;
  // Release by the handler, acquire by the reader: what lies below `head` has been written.
  _Alignas(128) _Atomic uint64_t head;
  // Relaxed: counts that nothing else depends on; written by the handler only.
  _Atomic uint64_t taken, dropped, skipped_sleeping, handler_ticks;
  // Release by the reader, acquire by the handler: what lies below `tail` may be overwritten.
  _Alignas(128) _Atomic uint64_t tail;
  _Alignas(128) unsigned char bytes[];
};

// Where a thread's handler finds its ring. Freed only by the thread that it belongs to, or never: a late
// signal must find valid memory.
struct attachment {
  // NULL once detached. Sequentially consistent, with `inside`: either the handler sees NULL, or the
  // detaching thread sees the handler inside and waits.
  _Atomic(struct headway_sampler_ring *) ring;
  _Atomic int inside;
};

// Initial-exec, because the general model may allocate at the first access, which a handler must not.
static _Thread_local struct attachment *own __attribute__((tls_model("initial-exec")));
// Relaxed: a count.
static _Atomic uint64_t late_signals;
// What one look at a thread asks for, and what the handler answers. It is mapped for the life of the process,
// because a signal may come after the one who asked has given up.
enum { look_capacity = 256 << 10, look_pieces = look_capacity / 4096 + 1 };
struct look {
  // What was asked for last and has not been answered, or 0: a number never used before. The handler of the
  // thread that takes it by exchanging it for 0 is the only one to write below. Acquire there, release where
  // it is asked: what the asker wrote is then seen.
  _Atomic uint64_t wanted;
  // The number that was answered last. Release by the handler, acquire by the asker: the sample is whole.
  _Atomic uint64_t answered;
  uint32_t stack_bytes;
  struct headway_sample sample;
  unsigned char stack[look_capacity];
};
static struct look *look;
// Held by the one who asks.
static pthread_mutex_t looking = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t installing = PTHREAD_MUTEX_INITIALIZER;
static int installed_signal;
// Set before the first look: the handler compares with it.
static pid_t own_process;

// MARK: inside the signal

// Where the kernel keeps the registers of a sample, in DWARF's order.
static const unsigned char register_order[headway_sampler_registers] = {
    REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8,
    REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};

static inline uint64_t now(int monotonic_ns) {
  if (__builtin_expect(monotonic_ns, 0)) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
  }
  return __builtin_ia32_rdtsc();
}

// `memcpy` would be a call through the linker's table.
static inline void copy_words(void *to, uint64_t from, uint64_t words) {
  const void *source = (const void *)from;
  __asm__ volatile("rep movsq" : "+D"(to), "+S"(source), "+c"(words) : : "memory");
}

// FUTEX_WAKE without the C library, and so without `errno`.
static inline void wake(uint32_t *word) {
  long result;
  __atomic_store_n(word, 1, __ATOMIC_RELEASE);
  register long timeout __asm__("r10") = 0;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"((long)SYS_futex), "D"(word), "S"((long)(FUTEX_WAKE | FUTEX_PRIVATE_FLAG)), "d"(1L),
                     "r"(timeout)
                   : "rcx", "r11", "memory");
  (void)result;
}

// Whether the signal ended a sleep in a system call. The kernel then either steps back to the `syscall`
// instruction, to restart it, or returns -EINTR behind it. A thread that was about to make its call looks
// the same for the length of one instruction. The bytes are readable: they are being executed.
static inline int was_sleeping(const greg_t *registers) {
  uint64_t pc = (uint64_t)registers[REG_RIP];
  const unsigned char *code = (const unsigned char *)pc;
  if ((pc & 4095) != 4095 && code[0] == 0x0f && code[1] == 0x05) return 1;
  return registers[REG_RAX] == -EINTR && (pc & 4095) >= 2 && code[-2] == 0x0f && code[-1] == 0x05;
}

static inline uint64_t largest_record(uint64_t stack_bytes) {
  return sizeof(struct headway_sample) + link_capacity * sizeof(struct headway_sample_link) + stack_bytes;
}

// Follows the frame pointers, reading only between the stack pointer and the end of the thread's own
// stack, and keeps the links that lie above the copied piece.
static inline uint32_t follow_chain(
    uint64_t frame, uint64_t low, uint64_t copied_end, uint64_t high, struct headway_sample_link *links) {
  uint32_t count = 0;
  for (int steps = 0; steps < 512 && count < link_capacity; steps++) {
    if (frame < low || (frame & 7) != 0 || frame > high - 16) break;
    const uint64_t *words = (const uint64_t *)frame;
    uint64_t next = words[0];
    if (frame + 16 > copied_end) {
      links[count].address = frame;
      links[count].next = next;
      links[count].return_address = words[1];
      links[count].padding = 0;
      count++;
    }
    if (next <= frame) break;
    low = frame;
    frame = next;
  }
  return count;
}

__attribute__((no_sanitize("address", "thread"), no_stack_protector))
static void capture(struct headway_sampler_ring *ring, const siginfo_t *info, const ucontext_t *context) {
  const struct headway_sampler_settings *settings = &ring->settings;
  const greg_t *registers = context->uc_mcontext.gregs;
  int is_sleeping = !settings->counts_cpu_time && was_sleeping(registers);
  if (is_sleeping && !settings->keeps_sleeping) {
    atomic_fetch_add_explicit(&ring->skipped_sleeping, 1, memory_order_relaxed);
    return;
  }

  // The piece of stack, from the red zone up, in whole 16 bytes.
  uint64_t pointer = (uint64_t)registers[REG_RSP];
  uint64_t low = (pointer - red_zone) & ~15ull;
  int is_foreign = pointer < ring->stack_low + red_zone + 16 || pointer > ring->stack_high - 16;
  uint64_t length = is_foreign ? 0 : (ring->stack_high - low) & ~15ull;
  if (length > settings->stack_bytes) length = settings->stack_bytes;

  // Room for the largest record in one stretch; a shorter rest of the ring is filled with padding. The ring
  // holds two such records, so that an empty one has room wherever its end is.
  uint64_t capacity = settings->ring_bytes;
  uint64_t most = largest_record(length);
  uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
  uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
  uint64_t offset = head & (capacity - 1);
  uint64_t skip = capacity - offset < most ? capacity - offset : 0;
  if (head - tail + skip + most > capacity) {
    atomic_fetch_add_explicit(&ring->dropped, 1, memory_order_relaxed);
    return;
  }
  if (skip) {
    struct headway_sample *filler = (struct headway_sample *)(ring->bytes + offset);
    filler->record_bytes = (uint32_t)skip;
    filler->flags = sample_padding;
    offset = 0;
  }

  struct headway_sample *sample = (struct headway_sample *)(ring->bytes + offset);
  sample->flags = (is_sleeping ? headway_sample_sleeping : 0) | (is_foreign ? headway_sample_foreign_stack : 0);
  sample->ticks = now((int)settings->ticks_are_monotonic_ns);
  sample->label = settings->label ? *(const volatile int64_t *)settings->label : -1;
  sample->periods = info->si_overrun < 0 ? 1 : (uint32_t)info->si_overrun + 1;
  for (int index = 0; index < headway_sampler_registers; index++)
    sample->registers[index] = (uint64_t)registers[register_order[index]];
  struct headway_sample_link *links = (struct headway_sample_link *)(sample + 1);
  uint32_t count = is_foreign ? 0
                              : follow_chain((uint64_t)registers[REG_RBP], pointer, low + length,
                                             ring->stack_high, links);
  sample->chain_count = count;
  sample->stack_address = low;
  sample->stack_bytes = (uint32_t)length;
  sample->previous_cost_ticks = ring->previous_cost_ticks;
  copy_words(links + count, low, length / 8);
  uint64_t bytes = sizeof *sample + count * sizeof *links + length;
  sample->record_bytes = (uint32_t)bytes;

  uint64_t before = head - tail;
  uint64_t after = before + skip + bytes;
  atomic_store_explicit(&ring->head, head + skip + bytes, memory_order_release);
  atomic_fetch_add_explicit(&ring->taken, 1, memory_order_relaxed);
  if (before < capacity / 2 && after >= capacity / 2 && settings->wake) wake(settings->wake);
}

static inline long system_call(long number, long a, long b, long c, long d, long e, long f) {
  long result;
  register long fourth __asm__("r10") = d;
  register long fifth __asm__("r8") = e;
  register long sixth __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth)
                   : "rcx", "r11", "memory");
  return result;
}

// Answers a look. The bounds of the thread's stack are not known here, so the kernel copies it, page by page,
// and stops where nothing is mapped.
__attribute__((no_sanitize("address", "thread"), no_stack_protector))
static void answer_look(const siginfo_t *info, const ucontext_t *context) {
  uint64_t number = (uint64_t)(uintptr_t)info->si_value.sival_ptr;
  if (!look || number == 0) return;
  if (!atomic_compare_exchange_strong_explicit(
          &look->wanted, &number, 0, memory_order_acquire, memory_order_relaxed))
    return;
  const greg_t *registers = context->uc_mcontext.gregs;
  struct headway_sample *sample = &look->sample;
  sample->flags = was_sleeping(registers) ? headway_sample_sleeping : 0;
  for (int index = 0; index < headway_sampler_registers; index++)
    sample->registers[index] = (uint64_t)registers[register_order[index]];
  uint64_t low = ((uint64_t)registers[REG_RSP] - red_zone) & ~15ull;
  uint64_t end = low + look->stack_bytes;
  struct iovec here = {look->stack, look->stack_bytes}, there[look_pieces];
  long count = 0;
  for (uint64_t from = low; from < end && count < look_pieces; count++) {
    uint64_t to = (from | 4095) + 1;
    if (to > end) to = end;
    there[count].iov_base = (void *)from;
    there[count].iov_len = to - from;
    from = to;
  }
  long copied = system_call(SYS_process_vm_readv, own_process, (long)&here, 1, (long)there, count, 0);
  sample->stack_address = low;
  sample->stack_bytes = copied > 0 ? (uint32_t)copied & ~15u : 0;
  atomic_store_explicit(
      &look->answered, (uint64_t)(uintptr_t)info->si_value.sival_ptr, memory_order_release);
}

__attribute__((no_sanitize("address", "thread"), no_stack_protector))
static void handle(int number, siginfo_t *info, void *context) {
  (void)number;
  struct attachment *attachment = own;
  if (info->si_code == SI_QUEUE && info->si_pid == own_process) answer_look(info, context);
  if (info->si_code != SI_TIMER) return;
  if (!attachment) {
    atomic_fetch_add_explicit(&late_signals, 1, memory_order_relaxed);
    return;
  }
  atomic_store(&attachment->inside, 1);
  struct headway_sampler_ring *ring = atomic_load(&attachment->ring);
  if (ring) {
    int monotonic_ns = (int)ring->settings.ticks_are_monotonic_ns;
    uint64_t begin = now(monotonic_ns);
    capture(ring, info, context);
    uint64_t cost = now(monotonic_ns) - begin;
    atomic_fetch_add_explicit(&ring->handler_ticks, cost, memory_order_relaxed);
    ring->previous_cost_ticks = cost > UINT32_MAX ? UINT32_MAX : (uint32_t)cost;
  } else {
    atomic_fetch_add_explicit(&late_signals, 1, memory_order_relaxed);
  }
  atomic_store(&attachment->inside, 0);
}

// MARK: outside the signal

// Installs the handler once, on SIGPROF or, where somebody else uses that, on a free real-time signal. It
// stays: the default action of a late signal would end the process. Returns the signal or 0.
static int install(void) {
  pthread_mutex_lock(&installing);
  struct sigaction current;
  if (installed_signal != 0 && sigaction(installed_signal, NULL, &current) == 0
      && current.sa_sigaction == handle) {
    pthread_mutex_unlock(&installing);
    return installed_signal;
  }
  struct timespec warm;
  clock_gettime(CLOCK_MONOTONIC, &warm);  // Binds the call before the handler might make it.
  int chosen = 0;
  for (int candidate = SIGRTMIN + 4 - 1; candidate < SIGRTMAX && !chosen; candidate++) {
    int number = candidate < SIGRTMIN + 4 ? SIGPROF : candidate;
    if (sigaction(number, NULL, &current) != 0) continue;
    if ((current.sa_flags & SA_SIGINFO) || (current.sa_handler != SIG_DFL && current.sa_handler != SIG_IGN))
      continue;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigemptyset(&action.sa_mask);
    if (sigaction(number, &action, NULL) == 0) chosen = number;
  }
  if (chosen) installed_signal = chosen;
  pthread_mutex_unlock(&installing);
  return chosen;
}

struct bounds {
  uint64_t low, high;
};

// The C library keeps a thread's control block and its static thread-local storage on the thread's stack, above its
// first frame: some kilobytes that no sample needs.
static void end_below(struct bounds *stack, uint64_t address) {
  if (address > stack->low && address < stack->high) stack->high = address & ~15ull;
}

static int end_below_storage(struct dl_phdr_info *module, size_t size, void *stack) {
  if (size >= offsetof(struct dl_phdr_info, dlpi_tls_data) + sizeof module->dlpi_tls_data)
    end_below(stack, (uint64_t)module->dlpi_tls_data);
  return 0;
}

// The bounds of the frames on the calling thread's stack.
static int find_stack(struct bounds *stack) {
  pthread_attr_t attributes;
  int status = pthread_getattr_np(pthread_self(), &attributes);
  if (status != 0) return status;
  void *address;
  size_t size;
  status = pthread_attr_getstack(&attributes, &address, &size);
  pthread_attr_destroy(&attributes);
  stack->low = (uint64_t)address;
  stack->high = (uint64_t)address + size;
  end_below(stack, (uint64_t)__builtin_thread_pointer());
  dl_iterate_phdr(end_below_storage, stack);
  return status;
}

static int arm(struct headway_sampler_ring *ring, int number) {
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = number;
  event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
  clockid_t clock = ring->settings.counts_cpu_time ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
  if (timer_create(clock, &event, &ring->timer) != 0) return errno;
  struct itimerspec times = {
      .it_interval = {(time_t)(ring->settings.period_ns / 1000000000u),
                      (long)(ring->settings.period_ns % 1000000000u)},
      .it_value = {(time_t)(ring->settings.first_ns / 1000000000u),
                   (long)(ring->settings.first_ns % 1000000000u)}};
  ring->is_armed = timer_settime(ring->timer, 0, &times, NULL) == 0;
  if (ring->is_armed) return 0;
  int status = errno;
  timer_delete(ring->timer);
  return status;
}

int headway_sampler_attach(const struct headway_sampler_settings *settings, struct headway_sampler_ring **out) {
  if (settings->period_ns == 0 || settings->first_ns == 0 || settings->stack_bytes % 16 != 0
      || settings->ring_bytes < 4096 || (settings->ring_bytes & (settings->ring_bytes - 1)) != 0
      || 2 * largest_record(settings->stack_bytes) > settings->ring_bytes)
    return EINVAL;
  if (own && atomic_load(&own->ring)) return EBUSY;
  int number = install();
  if (number == 0) return EBUSY;
  struct bounds stack;
  int status = find_stack(&stack);
  if (status != 0) return status;

  // Populated, so that the handler meets no page for the first time.
  size_t bytes = sizeof(struct headway_sampler_ring) + settings->ring_bytes;
  struct headway_sampler_ring *ring =
      mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (ring == MAP_FAILED) return errno;
  struct attachment *attachment = own ? own : calloc(1, sizeof *attachment);
  if (!attachment) {
    munmap(ring, bytes);
    return ENOMEM;
  }
  ring->settings = *settings;
  ring->attachment = attachment;
  ring->stack_low = stack.low;
  ring->stack_high = stack.high;
  ring->mapped_bytes = bytes;
  own = attachment;
  atomic_store(&attachment->ring, ring);
  status = arm(ring, number);
  if (status != 0) {
    headway_sampler_detach(ring);
    headway_sampler_release(ring);
    return status;
  }
  *out = ring;
  return 0;
}

void headway_sampler_detach(struct headway_sampler_ring *ring) {
  struct attachment *attachment = ring->attachment;
  if (!attachment) return;
  ring->attachment = NULL;
  atomic_store(&attachment->ring, NULL);
  if (ring->is_armed) timer_delete(ring->timer);
  ring->is_armed = 0;
  if (own == attachment) {
    // The thread's own handler cannot be inside now, and finds nothing from here on.
    own = NULL;
    atomic_signal_fence(memory_order_seq_cst);
    free(attachment);
    return;
  }
  while (atomic_load(&attachment->inside)) sched_yield();
}

uint32_t headway_sampler_read(
    struct headway_sampler_ring *ring, void *buffer, uint32_t capacity, struct headway_sampler_counts *counts) {
  uint32_t bytes = 0;
  uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
  uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
  while (buffer && tail < head) {
    const struct headway_sample *sample =
        (const struct headway_sample *)(ring->bytes + (tail & (ring->settings.ring_bytes - 1)));
    uint32_t length = sample->record_bytes;
    if (sample->flags != sample_padding) {
      if (length > capacity) break;
      memcpy(buffer, sample, length);
      bytes = length;
    }
    tail += length;
    atomic_store_explicit(&ring->tail, tail, memory_order_release);
    if (bytes) break;
  }
  counts->taken = atomic_load_explicit(&ring->taken, memory_order_relaxed);
  counts->dropped = atomic_load_explicit(&ring->dropped, memory_order_relaxed);
  counts->skipped_sleeping = atomic_load_explicit(&ring->skipped_sleeping, memory_order_relaxed);
  counts->handler_ticks = atomic_load_explicit(&ring->handler_ticks, memory_order_relaxed);
  counts->late = atomic_load_explicit(&late_signals, memory_order_relaxed);
  return bytes;
}

void headway_sampler_release(struct headway_sampler_ring *ring) { munmap(ring, ring->mapped_bytes); }

static uint64_t monotonic_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// Maps what looks need; under the lock. 0 or an errno.
static int prepare_looks(void) {
  own_process = getpid();
  if (look) return 0;
  void *memory =
      mmap(NULL, sizeof *look, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return errno;
  look = memory;
  return 0;
}

// Asks one thread; under the lock. 0 when the answer is there, or an errno.
static int ask(int32_t thread, uint32_t stack_bytes, uint64_t timeout_ns) {
  static uintptr_t last;
  int status = prepare_looks();
  if (status != 0) return status;
  int signal_number = install();
  if (signal_number == 0) return EBUSY;
  uintptr_t number = ++last;
  look->stack_bytes = stack_bytes;
  memset(&look->sample, 0, sizeof look->sample);
  siginfo_t info;
  memset(&info, 0, sizeof info);
  info.si_signo = signal_number;
  info.si_code = SI_QUEUE;
  info.si_pid = own_process;
  info.si_uid = getuid();
  info.si_value.sival_ptr = (void *)number;
  atomic_store_explicit(&look->wanted, number, memory_order_release);
  if (syscall(SYS_rt_tgsigqueueinfo, own_process, thread, signal_number, &info) != 0) {
    status = errno;
    atomic_store_explicit(&look->wanted, 0, memory_order_relaxed);
    return status;
  }
  uint64_t begin = monotonic_ns();
  while (atomic_load_explicit(&look->answered, memory_order_acquire) != number) {
    if (monotonic_ns() - begin < timeout_ns) {
      sched_yield();
      continue;
    }
    // Taken back, so that nobody answers from now on; or the answer is being written at this moment.
    uint64_t wanted = number;
    if (atomic_compare_exchange_strong_explicit(
            &look->wanted, &wanted, 0, memory_order_relaxed, memory_order_relaxed))
      return ETIMEDOUT;
  }
  return 0;
}

uint32_t headway_sampler_look(
    int32_t thread, uint32_t stack_bytes, uint64_t timeout_ns, void *buffer, uint32_t capacity, int *reason) {
  *reason = EINVAL;
  if (stack_bytes % 16 != 0 || stack_bytes > look_capacity
      || capacity < sizeof(struct headway_sample) + stack_bytes)
    return 0;
  pthread_mutex_lock(&looking);
  *reason = ask(thread, stack_bytes, timeout_ns);
  uint32_t bytes = 0;
  if (*reason == 0) {
    look->sample.label = -1;
    look->sample.periods = 1;
    bytes = (uint32_t)sizeof look->sample + look->sample.stack_bytes;
    look->sample.record_bytes = bytes;
    memcpy(buffer, &look->sample, sizeof look->sample);
    memcpy((char *)buffer + sizeof look->sample, look->stack, look->sample.stack_bytes);
  }
  pthread_mutex_unlock(&looking);
  return bytes;
}

#else

int headway_sampler_attach(const struct headway_sampler_settings *settings, struct headway_sampler_ring **ring) {
  (void)settings, (void)ring;
  return ENOTSUP;
}

void headway_sampler_detach(struct headway_sampler_ring *ring) { (void)ring; }

uint32_t headway_sampler_read(
    struct headway_sampler_ring *ring, void *buffer, uint32_t capacity, struct headway_sampler_counts *counts) {
  (void)ring, (void)buffer, (void)capacity, (void)counts;
  return 0;
}

void headway_sampler_release(struct headway_sampler_ring *ring) { (void)ring; }

uint32_t headway_sampler_look(
    int32_t thread, uint32_t stack_bytes, uint64_t timeout_ns, void *buffer, uint32_t capacity, int *reason) {
  (void)thread, (void)stack_bytes, (void)timeout_ns, (void)buffer, (void)capacity;
  *reason = ENOTSUP;
  return 0;
}

#endif
