#ifndef HEADWAY_H
#define HEADWAY_H

/*
 * Headway's C interface: records where the thread-seconds of a multi-threaded engine went.
 *
 * A process has one recording at a time. Link with -lHeadwayC. Every function but headway_error_message
 * returns a number of enum headway_status below zero when it fails, and then has done nothing; otherwise
 * zero, or the handle that it makes. Misuse is such a failure and never ends the process.
 *
 * Threads: headway_start, headway_describe, headway_open_window, headway_close_window and headway_finish are
 * one thread's; while the window opens or closes and while the recording ends, every other registered thread
 * must wait or have retired. States, barriers and wait sites may be registered by any thread, before the
 * window opens. All other functions speak of the calling thread, and any number of threads may call them at
 * once.
 *
 * Strings are UTF-8, copied before the call returns. docs/instrument-your-engine.md has an example.
 */

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a call returns when it fails. */
enum headway_status {
    HEADWAY_OK = 0,
    HEADWAY_NOT_STARTED = -1,     /* no recording is going on */
    HEADWAY_ALREADY_STARTED = -2, /* a recording is going on */
    HEADWAY_NOT_REGISTERED = -3,  /* the calling thread has not been registered */
    HEADWAY_BAD_ARGUMENT = -4,    /* NULL, a number out of range, or a handle that nobody made */
    HEADWAY_BAD_ORDER = -5,       /* a call that another one must come before, or has come already */
    HEADWAY_FILE_ERROR = -6       /* a file or directory could not be written */
};

/* What a state's time counts as. */
enum headway_category { HEADWAY_USEFUL, HEADWAY_SPIN, HEADWAY_BLOCKED, HEADWAY_LIFECYCLE };

/* What a thread is for. */
enum headway_role { HEADWAY_MAIN, HEADWAY_CONTROL, HEADWAY_WORKER, HEADWAY_PREFETCH };

/* What is waited for at a wait site. */
enum headway_wait_kind {
    HEADWAY_QUEUE_EMPTY,
    HEADWAY_QUEUE_FULL,
    HEADWAY_INPUT_NOT_READY,
    HEADWAY_LATCH,
    HEADWAY_LOCK
};

/* Starts recording into a directory that does not exist yet or is empty. Events beyond trace_bytes are
 * counted and not kept; with 0 there is no trace, and nothing to report on if the process is killed. */
int headway_start(const char *directory, uint64_t trace_bytes);

/* What a recording may have beside states, waits and progress. What is zero is off; initialise with {0}. */
struct headway_options {
    uint64_t trace_bytes;       /* as for headway_start */
    uint32_t stack_sampling_hz; /* samples of each registered thread's stack in a second, up to 4000 */
    uint32_t samples_wall_time; /* sleeping threads are sampled too; otherwise only a thread's CPU time counts */
    uint32_t watchdog_seconds;  /* without completed work, after which a stall is recorded */
    uint32_t counters;          /* the kernel's performance events of every registered thread */
    uint32_t operations;        /* the ends of operations are noted */
};
int headway_start_with(const char *directory, const struct headway_options *options);
/* Adds a fact to the report's header, such as "threads" and "4". */
int headway_describe(const char *name, const char *value);

/* Registers a state, a barrier of `participants` threads, a place where threads wait. Returns a handle. */
int headway_state(const char *name, int category);
int headway_barrier(const char *name, int participants);
int headway_wait_site(const char *name, int kind);
/* Registers an operation, a short part of a state. Returns a handle. */
int headway_operation(const char *name);

/* Registers the calling thread, and ends its part. A thread that ends without retiring is retired. */
int headway_register(const char *name, int role);
int headway_retire(void);

/* Enters a state: the one around it stops counting until the matching headway_leave. */
int headway_enter(int state);
int headway_leave(void);
/* An operation has ended: it gets the time since the one before it in the same state, or since the state was
 * entered. One reading of the clock; nothing where operations are not noted. */
int headway_operation_ended(int operation);

/* Around the engine's own barrier: before it and after it, on every participant. */
int headway_barrier_arrive(int barrier);
int headway_barrier_depart(int barrier);

/* Around the engine's own waiting, where it did have to wait. */
int headway_wait_begin(int site);
int headway_wait_end(int site);

/* How many items a queue holds that the calling thread has just used, by the wait site at which threads wait for
 * its items: shown by headway top while the program runs, and kept nowhere. One reading of the clock and one store. */
int headway_queued(int site, int64_t items);

/* Counts completed work. Tokens are the unit of the throughput, 0 where there is none. */
int headway_complete(int64_t tasks, int64_t tokens);
/* Around one step of the engine; the step's number is the caller's. */
int headway_step_begin(void);
int headway_step_end(int64_t index);

/* The measured window: what lies outside it is in no figure. */
int headway_open_window(void);
int headway_close_window(void);
/* Ends the recording; closes the window if it is open. Then: headway report DIRECTORY. */
int headway_finish(void);

/* Why the calling thread's last failing call failed, as a sentence; never NULL. Valid until its next one. */
const char *headway_error_message(void);

#ifdef __cplusplus
}
#endif

#endif
