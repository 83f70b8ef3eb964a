/* Every way to misuse the C interface that a caller could meet: each is a code and a sentence, none a crash.
 * Prints a line for each expectation that fails; exits with their number. */
#include <headway.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static int failures;

static void expect(int status, int wanted, const char *words, int line) {
    const char *message = headway_error_message();
    if (status == wanted && message && (wanted >= 0 || strstr(message, words))) return;
    printf("line %d: got %d, wanted %d (%s), message: %s\n", line, status, wanted, words, message);
    failures++;
}
#define EXPECT(call, wanted, words) expect(call, wanted, words, __LINE__)

static int state, barrier, site, operation;

static void *leave_open(void *nothing) {
    EXPECT(headway_enter(state), HEADWAY_NOT_REGISTERED, "not registered");
    EXPECT(headway_register("careless", HEADWAY_WORKER), 0, "");
    EXPECT(headway_enter(state), 0, "");
    return nothing; /* Ends inside a state, without retiring. */
}

static void *hammer(void *name) {
    EXPECT(headway_register(name, HEADWAY_WORKER), 0, "");
    for (int i = 0; i < 20000; i++) {
        EXPECT(headway_enter(state), 0, "");
        EXPECT(headway_leave(), 0, "");
        EXPECT(headway_leave(), HEADWAY_BAD_ORDER, "no state to leave");
        EXPECT(headway_complete(1, 1), 0, "");
    }
    return NULL; /* Retired by its end. */
}

int main(int count, char **arguments) {
    EXPECT(headway_enter(0), HEADWAY_NOT_STARTED, "headway_start");
    EXPECT(headway_finish(), HEADWAY_NOT_STARTED, "no recording");
    EXPECT(headway_start(NULL, 0), HEADWAY_BAD_ARGUMENT, "directory is NULL");
    EXPECT(headway_start("", 0), HEADWAY_BAD_ARGUMENT, "directory is empty");
    EXPECT(headway_start("/proc/no/such/place", 0), HEADWAY_FILE_ERROR, "/proc/no");
    EXPECT(headway_start_with(arguments[1], NULL), HEADWAY_BAD_ARGUMENT, "options is NULL");
    struct headway_options options = {.stack_sampling_hz = 4001};
    EXPECT(headway_start_with(arguments[1], &options), HEADWAY_BAD_ARGUMENT, "expected 1 to 4000");
    EXPECT(headway_start(count > 1 ? arguments[1] : NULL, 1 << 20), 0, "");
    EXPECT(headway_start(arguments[1], 0), HEADWAY_ALREADY_STARTED, arguments[1]);
    EXPECT(headway_describe(NULL, "x"), HEADWAY_BAD_ARGUMENT, "name is NULL");
    EXPECT(headway_describe("x", NULL), HEADWAY_BAD_ARGUMENT, "value is NULL");
    EXPECT(headway_state(NULL, 0), HEADWAY_BAD_ARGUMENT, "name is NULL");
    EXPECT(headway_state("s", 99), HEADWAY_BAD_ARGUMENT, "category");
    EXPECT(headway_barrier("b", 0), HEADWAY_BAD_ARGUMENT, "0 participants");
    EXPECT(headway_wait_site("w", -1), HEADWAY_BAD_ARGUMENT, "kind of wait");
    EXPECT(state = headway_state("work", HEADWAY_USEFUL), 0, "");
    EXPECT(barrier = headway_barrier("end", 2), 0, "");
    EXPECT(site = headway_wait_site("queue", HEADWAY_QUEUE_EMPTY), 0, "");
    EXPECT(headway_operation(""), HEADWAY_BAD_ARGUMENT, "name is empty");
    EXPECT(operation = headway_operation("row"), 0, "");
    EXPECT(headway_operation_ended(operation), HEADWAY_NOT_REGISTERED, "headway_register");
    EXPECT(headway_queued(site, 1), HEADWAY_NOT_REGISTERED, "headway_register");
    EXPECT(headway_leave(), HEADWAY_NOT_REGISTERED, "headway_register");
    EXPECT(headway_register(NULL, 0), HEADWAY_BAD_ARGUMENT, "NULL");
    EXPECT(headway_register("main", 77), HEADWAY_BAD_ARGUMENT, "role");
    EXPECT(headway_register("main", HEADWAY_MAIN), 0, "");
    EXPECT(headway_register("again", HEADWAY_MAIN), HEADWAY_BAD_ORDER, "already");
    EXPECT(headway_close_window(), HEADWAY_BAD_ORDER, "not open");
    EXPECT(headway_open_window(), 0, "");
    EXPECT(headway_open_window(), HEADWAY_BAD_ORDER, "opened before");
    EXPECT(headway_enter(-1), HEADWAY_BAD_ARGUMENT, "no state");
    EXPECT(headway_enter(INT_MAX), HEADWAY_BAD_ARGUMENT, "no state");
    EXPECT(headway_leave(), HEADWAY_BAD_ORDER, "no state to leave");
    EXPECT(headway_barrier_depart(barrier), HEADWAY_BAD_ORDER, "has not arrived");
    EXPECT(headway_barrier_arrive(5), HEADWAY_BAD_ARGUMENT, "no barrier");
    EXPECT(headway_barrier_arrive(barrier), 0, "");
    EXPECT(headway_leave(), HEADWAY_BAD_ORDER, "a barrier or a wait");
    EXPECT(headway_barrier_depart(barrier), HEADWAY_BAD_ORDER, "before its 2 participants");
    EXPECT(headway_wait_end(site), HEADWAY_BAD_ORDER, "not waiting");
    EXPECT(headway_wait_begin(site), 0, "");
    EXPECT(headway_wait_end(site), 0, "");
    EXPECT(headway_operation_ended(operation), 0, "");
    EXPECT(headway_operation_ended(7), HEADWAY_BAD_ARGUMENT, "handle of no operation");
    EXPECT(headway_queued(site, 3), 0, "");
    EXPECT(headway_queued(site, -1), HEADWAY_BAD_ARGUMENT, "-1 items");
    EXPECT(headway_queued(9, 1), HEADWAY_BAD_ARGUMENT, "handle of no wait site");
    EXPECT(headway_complete(-1, 0), HEADWAY_BAD_ARGUMENT, "-1 tasks");
    EXPECT(headway_step_end(1), HEADWAY_BAD_ORDER, "in no step");
    EXPECT(headway_step_begin(), 0, "");
    EXPECT(headway_step_begin(), HEADWAY_BAD_ORDER, "in a step already");
    EXPECT(headway_step_end(1), 0, "");
    pthread_t threads[3];
    char *names[] = {"one", "two"};
    pthread_create(&threads[2], NULL, leave_open, NULL);
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, hammer, names[i]);
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    EXPECT(headway_enter(state), 0, "");
    EXPECT(headway_retire(), HEADWAY_BAD_ORDER, "inside 1 states");
    EXPECT(headway_retire(), HEADWAY_NOT_REGISTERED, "not registered");
    EXPECT(headway_finish(), 0, "");
    EXPECT(headway_finish(), HEADWAY_NOT_STARTED, "no recording");
    EXPECT(headway_complete(1, 1), HEADWAY_NOT_STARTED, "no recording");
    return failures;
}
