/* A blocked matrix product on pthreads: blocked_product RUN_DIRECTORY [THREADS STEPS]
 * A feeder puts rows of blocks into a small queue, workers take them, and all meet at a barrier. */
#include <headway.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
enum { SIZE = 192, BLOCK = 16, ROOM = 2 };
static float a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];
static int queue[ROOM], waiting, steps = 10, workers = 3, multiplying, feeding, empty, full, step_end;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t meeting;

static void check(int status) {
    if (status < 0) { /* Otherwise HEADWAY_OK, or a handle. */
        fprintf(stderr, "blocked_product: %s\n", headway_error_message());
        exit(1);
    }
}
static void put(int row) {
    pthread_mutex_lock(&lock);
    if (waiting == ROOM) {
        check(headway_wait_begin(full));
        while (waiting == ROOM) pthread_cond_wait(&changed, &lock);
        check(headway_wait_end(full));
    }
    queue[waiting++] = row;
    check(headway_queued(empty, waiting)); /* For headway top, while it runs. */
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}
static int take(void) {
    pthread_mutex_lock(&lock);
    if (waiting == 0) {
        check(headway_wait_begin(empty));
        while (waiting == 0) pthread_cond_wait(&changed, &lock);
        check(headway_wait_end(empty));
    }
    int row = queue[0]; /* First in, first out: a -1 must not overtake the last row. */
    memmove(queue, queue + 1, (size_t)--waiting * sizeof *queue);
    check(headway_queued(empty, waiting));
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return row;
}
static void meet(void) {
    check(headway_barrier_arrive(step_end));
    pthread_barrier_wait(&meeting);
    check(headway_barrier_depart(step_end));
}
static void multiply(int row) {
    for (int i = row; i < row + BLOCK; i++)
        for (int k = 0; k < SIZE; k++)
            for (int j = 0; j < SIZE; j++) c[i][j] += a[i][k] * b[k][j];
    check(headway_complete(1, (int64_t)BLOCK * SIZE * SIZE));
}
static void *work(void *name) {
    check(headway_register(name, HEADWAY_WORKER));
    check(headway_enter(multiplying)); /* Waits and barriers inside it count by themselves. */
    for (int step = 0; step < steps; step++) {
        for (int row = take(); row >= 0; row = take()) multiply(row);
        meet();
    }
    check(headway_leave());
    return NULL; /* The thread retires with its end. */
}
int main(int count, char **arguments) {
    if (count > 3) workers = atoi(arguments[2]), steps = atoi(arguments[3]);
    struct headway_options options = {.trace_bytes = 64 << 20, .stack_sampling_hz = 99, .watchdog_seconds = 30};
    check(headway_start_with(count > 1 ? arguments[1] : NULL, &options));
    check(headway_describe("engine", "blocked product"));
    check(multiplying = headway_state("multiply", HEADWAY_USEFUL));
    check(feeding = headway_state("feed", HEADWAY_USEFUL));
    check(empty = headway_wait_site("rows", HEADWAY_QUEUE_EMPTY));
    check(full = headway_wait_site("room", HEADWAY_QUEUE_FULL));
    check(step_end = headway_barrier("step_end", workers + 1));
    check(headway_register("main", HEADWAY_MAIN));
    for (int i = 0; i < SIZE * SIZE; i++) a[0][i] = b[0][i] = (float)(i % 7);
    pthread_barrier_init(&meeting, NULL, (unsigned)workers + 1);
    check(headway_open_window());
    check(headway_enter(feeding));
    pthread_t threads[workers];
    char names[workers][16];
    for (int i = 0; i < workers; i++) {
        snprintf(names[i], 16, "worker-%d", i);
        pthread_create(&threads[i], NULL, work, names[i]);
    }
    for (int step = 0; step < steps; step++) {
        check(headway_step_begin());
        for (int row = 0; row < SIZE; row += BLOCK) put(row);
        for (int i = 0; i < workers; i++) put(-1); /* No more rows. */
        meet();
        check(headway_step_end(step));
    }
    check(headway_leave());
    check(headway_close_window());
    for (int i = 0; i < workers; i++) pthread_join(threads[i], NULL);
    check(headway_finish());
    return c[1][1] > 0 ? 0 : 1;
}
