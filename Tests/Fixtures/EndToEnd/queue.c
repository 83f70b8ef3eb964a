/* Notes what a queue holds, says so, and goes on until its standard input ends: for a test that looks at it meanwhile. */
#include <headway.h>
#include <stdio.h>
#include <stdlib.h>

static int check(int status) {
    if (status >= 0) return status;
    fprintf(stderr, "queue: %s\n", headway_error_message());
    exit(1);
}

int main(int count, char **arguments) {
    check(headway_start(count > 1 ? arguments[1] : NULL, 0));
    int jobs = check(headway_wait_site("jobs", HEADWAY_QUEUE_EMPTY));
    check(headway_register("main", HEADWAY_MAIN));
    check(headway_open_window());
    check(headway_queued(jobs, 7));
    puts("noted");
    fflush(stdout);
    while (getchar() != EOF) {}
    check(headway_retire());
    check(headway_finish());
    return 0;
}
