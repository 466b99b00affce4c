#include "io/loop.h"

#include "unit.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

struct seen {
    struct loop *loop;
    struct loop_timer *timer;
    struct loop_poll *poll;
    int count, events, fd;
    struct now first, again;
};

static void count_and_stop_at_three(void *arg)
{
    struct seen *seen = arg;
    if (++seen->count == 3)
        loop_timer_close(seen->timer);
}

static void a_repeating_timer_ends_with_its_close(void **state)
{
    (void)state;
    struct seen seen = {0};
    assert_int_equal(loop_open(&seen.loop), 0);
    assert_int_equal(loop_timer_open(seen.loop, count_and_stop_at_three, &seen, &seen.timer), 0);
    loop_timer_every(seen.timer, 0, 1);
    loop_run(seen.loop);
    assert_int_equal(seen.count, 3);
    loop_close(seen.loop);
}

static void read_now_twice(void *arg)
{
    struct seen *seen = arg;
    seen->first = loop_now(seen->loop);
    int64_t until = loop_stopwatch_us() + 3000;
    while (loop_stopwatch_us() < until)
        ;
    seen->again = loop_now(seen->loop);
    loop_timer_close(seen->timer);
}

static void now_stands_still_within_a_turn(void **state)
{
    (void)state;
    struct seen seen = {0};
    assert_int_equal(loop_open(&seen.loop), 0);
    assert_int_equal(loop_timer_open(seen.loop, read_now_twice, &seen, &seen.timer), 0);
    struct now before = loop_now(seen.loop);
    loop_timer_at(seen.timer, mono_add(before.mono, 20));
    assert_true(loop_timer_is_set(seen.timer));
    loop_run(seen.loop);
    assert_int_equal(seen.first.mono.ms, seen.again.mono.ms);
    assert_int_equal(seen.first.wall.ms, seen.again.wall.ms);
    assert_true(mono_since(seen.first.mono, before.mono) >= 20);
    assert_true(seen.first.wall.ms > 1577836800000); /* 2020 */
    loop_close(seen.loop);
}

static void a_past_deadline_fires_at_once(void **state)
{
    (void)state;
    struct seen seen = {.count = 2};
    assert_int_equal(loop_open(&seen.loop), 0);
    assert_int_equal(loop_timer_open(seen.loop, count_and_stop_at_three, &seen, &seen.timer), 0);
    loop_timer_at(seen.timer, mono_add(loop_now(seen.loop).mono, -1000));
    loop_run(seen.loop);
    assert_int_equal(seen.count, 3);
    loop_close(seen.loop);
}

/* Sets itself again at once, as who waits for something that another turn brings; gives up after
 * a thousand times. */
static void again_at_once(void *arg)
{
    struct seen *seen = arg;
    if (seen->events > 0 || ++seen->count == 1000)
        loop_timer_close(seen->timer);
    else
        loop_timer_after(seen->timer, 0);
}

static void note_event(void *arg)
{
    struct seen *seen = arg;
    seen->events++;
}

static void a_timer_that_is_set_again_at_once_leaves_the_loop_its_turns(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct loop_wake *wake;
    assert_int_equal(loop_open(&seen.loop), 0);
    assert_int_equal(loop_timer_open(seen.loop, again_at_once, &seen, &seen.timer), 0);
    assert_int_equal(loop_wake_open(seen.loop, note_event, &seen, &wake), 0);
    loop_timer_after(seen.timer, 0);
    loop_wake_send(wake);
    while (seen.events == 0)
        loop_turn(seen.loop);
    assert_true(seen.count < 1000);
    loop_wake_close(wake);
    loop_run(seen.loop);
    loop_close(seen.loop);
}

static void hand_on(void *arg)
{
    struct seen *seen = arg;
    if (++seen->count < 5000)
        loop_timer_soon(seen->timer);
    else
        loop_timer_close(seen->timer);
}

/* What the loop would wait for its next event is asked of it, not of a watch. */
static void soon_is_without_a_wait(void **state)
{
    (void)state;
    struct seen seen = {0};
    assert_int_equal(loop_open(&seen.loop), 0);
    assert_int_equal(loop_timer_open(seen.loop, hand_on, &seen, &seen.timer), 0);
    loop_timer_after(seen.timer, 60000);
    uv_run(loop_uv(seen.loop), UV_RUN_NOWAIT); /* before its first turn it knows of no wait */
    loop_timer_after(seen.timer, 0);
    assert_int_equal(uv_backend_timeout(loop_uv(seen.loop)), 1);
    loop_timer_soon(seen.timer);
    assert_int_equal(uv_backend_timeout(loop_uv(seen.loop)), 0);
    assert_int_equal(seen.count, 0); /* not from within */
    loop_run(seen.loop);
    assert_int_equal(seen.count, 5000);
    loop_close(seen.loop);
}

static void *wake_from_outside(void *arg)
{
    loop_wake_send(arg);
    return NULL;
}

static void stop(void *arg)
{
    struct seen *seen = arg;
    seen->count++;
    loop_stop(seen->loop);
}

static void another_thread_wakes(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct loop_wake *wake;
    pthread_t thread;
    assert_int_equal(loop_open(&seen.loop), 0);
    assert_int_equal(loop_wake_open(seen.loop, stop, &seen, &wake), 0);
    assert_int_equal(pthread_create(&thread, NULL, wake_from_outside, wake), 0);
    loop_run(seen.loop);
    pthread_join(thread, NULL);
    assert_int_equal(seen.count, 1);
    loop_wake_close(wake);
    loop_close(seen.loop);
}

static void raise_usr1(void *arg)
{
    (void)arg;
    raise(SIGUSR1);
}

static void signals_come_on_the_loop(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct loop_signal *sig;
    assert_int_equal(loop_open(&seen.loop), 0);
    assert_int_equal(loop_signal_open(seen.loop, SIGUSR1, stop, &seen, &sig), 0);
    assert_int_equal(loop_timer_open(seen.loop, raise_usr1, NULL, &seen.timer), 0);
    loop_timer_every(seen.timer, 0, 1000);
    loop_run(seen.loop);
    assert_int_equal(seen.count, 1);
    loop_timer_close(seen.timer);
    loop_signal_close(sig);
    loop_close(seen.loop);
}

static void readable(void *arg, int events)
{
    struct seen *seen = arg;
    seen->events = events;
    loop_poll_close(seen->poll);
}

static void a_descriptor_is_watched(void **state)
{
    (void)state;
    struct seen seen = {0};
    int fd[2];
    assert_int_equal(pipe(fd), 0);
    assert_int_equal(loop_open(&seen.loop), 0);
    assert_int_equal(loop_poll_open(seen.loop, fd[0], readable, &seen, &seen.poll), 0);
    assert_int_equal(loop_poll_want(seen.poll, LOOP_READ), 0);
    assert_int_equal(write(fd[1], "x", 1), 1);
    loop_run(seen.loop);
    assert_int_equal(seen.events, LOOP_READ);
    loop_close(seen.loop);
    close(fd[0]);
    close(fd[1]);
}

static void add_ten(void *arg)
{
    ((struct seen *)arg)->count += 10;
}

static void add_one_if_work_is_done(void *arg)
{
    struct seen *seen = arg;
    seen->count += seen->count == 10;
}

static void work_is_done_before_done(void **state)
{
    (void)state;
    struct seen seen = {0};
    assert_int_equal(loop_open(&seen.loop), 0);
    assert_int_equal(loop_work(seen.loop, add_ten, add_one_if_work_is_done, &seen), 0);
    loop_run(seen.loop);
    assert_int_equal(seen.count, 11);
    loop_close(seen.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_repeating_timer_ends_with_its_close),
        cmocka_unit_test(now_stands_still_within_a_turn),
        cmocka_unit_test(a_past_deadline_fires_at_once),
        cmocka_unit_test(a_timer_that_is_set_again_at_once_leaves_the_loop_its_turns),
        cmocka_unit_test(soon_is_without_a_wait),
        cmocka_unit_test(another_thread_wakes),
        cmocka_unit_test(signals_come_on_the_loop),
        cmocka_unit_test(a_descriptor_is_watched),
        cmocka_unit_test(work_is_done_before_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
