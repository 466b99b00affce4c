#include "core/listening.h"

#include "base/rng.h"
#include "unit.h"

#include <string.h>

/* Instant by instant against readings 8 and 9. */
enum { LENGTH = 300, SETTLE = 20, ROUNDS = 60 };

struct plain {
    bool global[LENGTH];
    bool connection[LENGTH];
    bool heard[LENGTH];
    int64_t marker; /* -1 = none */
};

static bool plain_before_marker(const struct plain *p, int64_t t)
{
    if (!p->global[t])
        return false;
    int64_t connection = t;
    while (connection >= 0 && !p->connection[connection])
        connection--;
    if (connection < 0)
        return true;
    int64_t start = connection + SETTLE;
    for (int64_t h = connection; h < start && h < LENGTH; h++)
        if (p->heard[h])
            start = h;
    return t >= start;
}

static bool plain_at(const struct plain *p, int64_t t)
{
    if (p->marker < 0)
        return false;
    if (t < p->marker)
        return plain_before_marker(p, t);
    for (int64_t c = p->marker; c < LENGTH; c++)
        if (p->connection[c])
            return false;
    return plain_before_marker(p, p->marker - 1);
}

static void compare(const struct listening *l, const struct instants *heard, const struct plain *p)
{
    for (int64_t t = 0; t < LENGTH; t++) {
        struct listening_stretch stretch = listening_at(l, heard, t);
        assert_int_equal(stretch.listened, plain_at(p, t));
        assert_true(stretch.until > t);
        for (int64_t x = t; x < stretch.until && x < LENGTH; x++)
            assert_int_equal(plain_at(p, x), stretch.listened);
    }
}

static void compare_sums(struct rng *rng, const struct listening *l, const struct instants *heard,
                         const struct plain *p)
{
    int64_t from = (int64_t)rng_below(rng, LENGTH);
    int64_t to = from + (int64_t)rng_below(rng, LENGTH);
    int64_t sum = 0, deaf = to;
    for (int64_t t = from; t < to && t < LENGTH; t++) {
        sum += t < p->marker && plain_at(p, t);
        if (deaf == to && !plain_at(p, t))
            deaf = t;
    }
    assert_true(listening_sum(l, heard, from, to) == sum);
    if (deaf < LENGTH)
        assert_true(listening_first_deaf(l, heard, from, to) == deaf);
}

static void one_step(struct rng *rng, struct listening *l, struct instants *heard, struct plain *p,
                     int64_t *now)
{
    *now += 1 + (int64_t)rng_below(rng, 15);
    if (*now >= LENGTH)
        return;
    switch (rng_below(rng, 5)) {
    case 0:
        assert_int_equal(listening_connect(l, *now), 0);
        p->connection[*now] = true;
        break;
    case 1:
        assert_int_equal(instants_add(heard, *now, 100), 0);
        p->heard[*now] = true;
        break;
    default: {
        int64_t from = p->marker >= 0 && rng_below(rng, 3) ? p->marker : *now - 1;
        from = from < p->marker ? p->marker : from;
        assert_int_equal(listening_add(l, from, *now), 0);
        if (*now > from) {
            for (int64_t t = from; t < *now; t++)
                p->global[t] = true;
            p->marker = *now;
        }
    }
    }
}

static void random_listening_agrees_instant_by_instant(void **state)
{
    (void)state;
    struct rng rng = {3};
    for (int round = 0; round < ROUNDS; round++) {
        struct listening l = {.settle_ms = SETTLE};
        struct instants heard = {0};
        static struct plain p;
        memset(&p, 0, sizeof p);
        p.marker = -1;
        for (int64_t now = 0; now < LENGTH;) {
            one_step(&rng, &l, &heard, &p, &now);
            if (rng_below(&rng, 8) == 0) {
                compare(&l, &heard, &p);
                compare_sums(&rng, &l, &heard, &p);
            }
        }
        listening_done(&l);
        instants_done(&heard);
    }
}

static void it_stays_bounded(void **state)
{
    (void)state;
    struct listening l = {.settle_ms = SETTLE};
    struct instants heard = {0};
    for (int64_t t = 0; t < 100000; t += 4) {
        assert_int_equal(listening_connect(&l, t), 0);
        assert_int_equal(listening_add(&l, t + 1, t + 2), 0);
    }
    assert_true(l.spans.len <= LISTENING_MAX && l.connections.len <= LISTENING_MAX);
    assert_false(listening_at(&l, &heard, 1).listened);
    assert_true(listening_marker(&l) == 99998);
    listening_done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_listening_agrees_instant_by_instant),
        cmocka_unit_test(it_stays_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
