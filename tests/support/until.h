/**
 * @file
 * Waiting for a condition on a loop, with an end: for tests that include io/loop.h and unit.h.
 */
#ifndef SUPPORT_UNTIL_H
#define SUPPORT_UNTIL_H

#include "io/loop.h"
#include "unit.h"

/** How long UNTIL() waits. */
enum { UNTIL_PATIENCE_MS = 60000 };

/** What the tick of UNTIL() does. */
static inline void until_tick(void *arg)
{
    (void)arg;
}

/** Turns the loop until @p condition holds; fails the test if it does not come to. */
#define UNTIL(loop, condition)                                                  \
    do {                                                                        \
        struct loop_timer *tick_;                                               \
        int64_t end_ = loop_stopwatch_us() + UNTIL_PATIENCE_MS * INT64_C(1000); \
        assert_int_equal(loop_timer_open((loop), until_tick, NULL, &tick_), 0); \
        loop_timer_every(tick_, 10, 10);                                        \
        bool met_;                                                              \
        while (!(met_ = (condition)) && loop_stopwatch_us() < end_)             \
            loop_turn(loop);                                                    \
        loop_timer_close(tick_);                                                \
        _assert_true(met_, #condition, __FILE__, __LINE__);                     \
    } while (0)

#endif
