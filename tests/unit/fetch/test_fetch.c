#include "support.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fetch/fetch.h"

/* A port that takes connections and never says a word. */
static int silent_port(int *ret_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 5), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    *ret_port = ntohs(at.sin_port);
    return fd;
}

static void *stop_soon(void *p)
{
    usleep(50000);
    atomic_store((atomic_bool *)p, true);
    return NULL;
}

/* A job that waits for a server that is silent does not keep the program from ending. */
static void a_job_that_stops_waits_for_nobody(void **state)
{
    struct cx *cx = test_cx();
    struct fetched got;
    pthread_t thread;
    atomic_bool stopping = false;
    int port, fd = silent_port(&port);
    (void)state;
    struct fetch f = {.url = str_fmt(cx->arena, "http://127.0.0.1:%d/", port), .timeout_s = 30, .answer_max = 1000};
    cx->stopping = &stopping;
    assert_int_equal(pthread_create(&thread, NULL, stop_soon, &stopping), 0);
    assert_err(cx, fetch(cx, &f, &got), ERR_STOPPING);
    pthread_join(thread, NULL);
    cx->stopping = NULL; /* nor does a request that is asked for by a page stop */
    f.timeout_s = 1;
    assert_err(cx, fetch(cx, &f, &got), ERR_UPSTREAM);
    assert_true(got.silent);
    close(fd);
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_job_that_stops_waits_for_nobody)};
    return cmocka_run_group_tests_name("fetch", tests, NULL, NULL);
}
