// Starting a program inside fences that `posix_spawn` does not have: a limit on its memory, a working directory,
// and an end that comes with the end of whoever started it.
#ifndef HEADWAY_SPAWN_H
#define HEADWAY_SPAWN_H

#include <stdint.h>
#include <sys/types.h>

// What a program is started with. All pointers are borrowed for the call.
struct headway_start {
  const char *executable;      // The path of the program; PATH is not searched.
  char *const *arguments;      // Null-terminated, the program's name first.
  char *const *environment;    // Null-terminated.
  const char *working_directory;  // NULL: that of the caller.
  const char *log;             // Both outputs are appended to it.
  uint64_t memory_limit_bytes; // Of address space (RLIMIT_AS); 0: as the caller's.
  int guardian;                // From `headway_guard`; negative: none.
};

// Starts a program in a process group of its own, with standard input from nowhere and with every signal as a
// fresh process has it. Returns its number, or a negative errno. The kernel ends it when the calling thread ends
// (PR_SET_PDEATHSIG), and the guard ends its whole group when the calling process does.
//
// Exists because Swift has no `fork`, and `posix_spawn` has none of these fences. Between fork and exec the child
// calls async-signal-safe functions only, as a program with several threads must.
pid_t headway_start_program(const struct headway_start *start);

// Starts a process in a session of its own that ends the process group it was last told of once the calling
// process is gone, however it went. Returns its number, or a negative errno; `*guard` is what to give to
// `headway_start_program`. It holds no file of the caller but its end of a pair of sockets.
pid_t headway_guard(int *guard);

// Tells the guard that there is no group to end any more. Call before the group's leader is waited for: until then
// its number cannot belong to anybody else.
void headway_guard_forget(int guard);

// Closes the caller's end, upon which the guard ends, and waits for that.
void headway_guard_end(pid_t process, int guard);

#endif
