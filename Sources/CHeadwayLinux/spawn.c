#define _GNU_SOURCE
#include "CHeadwayLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Sends or receives one number over a pair of sockets, which carry so few bytes whole. Sockets rather than pipes,
// because writing to a pipe that nobody reads raises a signal. Returns 1, or 0 at the end or on failure.
static int put_number(int file, int32_t number) {
  ssize_t done;
  do done = send(file, &number, sizeof number, MSG_NOSIGNAL);
  while (done < 0 && errno == EINTR);
  return done == (ssize_t)sizeof number;
}

static int get_number(int file, int32_t *number) {
  ssize_t done;
  do done = read(file, number, sizeof *number);
  while (done < 0 && errno == EINTR);
  return done == (ssize_t)sizeof *number;
}

// MARK: in the child, between fork and exec: async-signal-safe calls only

static int set_signals(void) {
  struct sigaction fresh;
  memset(&fresh, 0, sizeof fresh);
  fresh.sa_handler = SIG_DFL;
  // Numbers that cannot be set (SIGKILL, the C library's own) say so and stay what they are.
  for (int number = 1; number < NSIG; number++) sigaction(number, &fresh, NULL);
  sigset_t none;
  sigemptyset(&none);
  return sigprocmask(SIG_SETMASK, &none, NULL);
}

static int set_files(const struct headway_start *start) {
  int nowhere = open("/dev/null", O_RDONLY);
  int log = open(start->log, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (nowhere < 0 || log < 0) return -1;
  if (dup2(nowhere, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) return -1;
  if (nowhere > 2) close(nowhere);
  if (log > 2) close(log);
  return start->working_directory ? chdir(start->working_directory) : 0;
}

static int set_memory(uint64_t bytes) {
  if (bytes == 0) return 0;
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0) return -1;
  limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
  limit.rlim_max = limit.rlim_cur;
  return setrlimit(RLIMIT_AS, &limit);
}

// `starter` brings one number once the guard knows this process; it takes an errno, or closes with exec.
static void become(const struct headway_start *start, int starter) {
  int32_t word = 0;
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Whoever started this process may have ended before the line above.
  if (!get_number(starter, &word)) _exit(127);
  if (set_signals() == 0 && set_files(start) == 0 && set_memory(start->memory_limit_bytes) == 0)
    execve(start->executable, start->arguments, start->environment);
  put_number(starter, errno);
  _exit(127);
}

// MARK: in the caller

pid_t headway_start_program(const struct headway_start *start) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -errno;
  pid_t child = fork();
  int code = errno;
  if (child == 0) {
    close(ends[0]);
    if (start->guardian >= 0) close(start->guardian);
    become(start, ends[1]);
  }
  close(ends[1]);
  if (child > 0) {
    // Here too, so that the group exists before anybody signals it; the second of the two calls changes nothing.
    setpgid(child, child);
    if (start->guardian >= 0) put_number(start->guardian, child);
    put_number(ends[0], 1);
    int32_t reason = 0;
    if (get_number(ends[0], &reason)) {
      if (start->guardian >= 0) headway_guard_forget(start->guardian);
      while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
      child = -reason;
    }
  } else {
    child = -code;
  }
  close(ends[0]);
  return child;
}

// MARK: the guard

// Runs in the guard's process, which shares no file with the one that it watches but the other end of its socket.
static void watch(int watched) {
  setsid();
  prctl(PR_SET_NAME, "headway-guard", 0, 0, 0);
  struct sigaction ignore;
  memset(&ignore, 0, sizeof ignore);
  ignore.sa_handler = SIG_IGN;
  for (int number = 1; number < NSIG; number++) sigaction(number, &ignore, NULL);
  if (dup2(watched, 3) < 0) _exit(1);
  // Standard files that stayed open would keep alive the pipe of whoever reads what the watched process writes.
  int nowhere = open("/dev/null", O_RDWR);
  if (nowhere >= 0)
    for (int file = 0; file < 3; file++) dup2(nowhere, file);
  int closed = -1;
#ifdef SYS_close_range
  closed = (int)syscall(SYS_close_range, 4u, ~0u, 0);
#endif
  if (closed != 0)
    for (int file = 4; file < 65536; file++) close(file);
  int32_t group = 0, told;
  while (get_number(3, &told)) group = told;
  if (group > 0) kill(-group, SIGKILL);
  _exit(0);
}

pid_t headway_guard(int *guard) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -errno;
  pid_t process = fork();
  int code = errno;
  if (process == 0) {
    close(ends[0]);
    watch(ends[1]);
  }
  close(ends[1]);
  if (process < 0) {
    close(ends[0]);
    return -code;
  }
  *guard = ends[0];
  return process;
}

void headway_guard_forget(int guard) { put_number(guard, 0); }

void headway_guard_end(pid_t process, int guard) {
  close(guard);
  while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {}
}
