/* The packed outages of one unit against a plain array. */
#include "core/outage_book.h"

#include "base/err.h"
#include "base/rng.h"
#include "unit.h"

enum { UNIT = 7, ADDED = 1000 };

static const int64_t START_MS = INT64_C(1790000000000);

static void assert_same(struct outage a, struct outage b)
{
    assert_int_equal(a.number, b.number);
    assert_int_equal(a.unit, UNIT);
    assert_int_equal(a.verified, b.verified);
    assert_int_equal(a.cause, b.cause);
    assert_int_equal(a.from.ms, b.from.ms);
    assert_int_equal(a.to.ms, b.to.ms);
    assert_int_equal(a.born.ms, b.born.ms);
}

static struct outage some(struct rng *rng, int64_t *t, bool corrected)
{
    struct outage o = {.number = rng_below(rng, OUTAGE_NUMBERS_END),
                       .verified = rng_below(rng, 2),
                       .cause = (enum cause)rng_below(rng, CAUSE_NONE + 1)};
    *t += (int64_t)rng_below(rng, 1000000000);
    o.from.ms = *t;
    *t += 1 + (int64_t)rng_below(rng, 10000000);
    o.to.ms = rng_below(rng, 10) ? *t : WALL_NEVER_MS;
    o.born.ms = o.from.ms - (corrected ? (int64_t)rng_below(rng, 60000) : 0);
    return o;
}

/* With corrections from outage @p corrected on. */
static void compare(uint64_t seed, size_t corrected)
{
    struct rng rng = {seed};
    struct outage_book book = {0};
    struct outage plain[ADDED];
    int64_t t = START_MS;
    for (size_t n = 0; n < ADDED; n++) {
        plain[n] = some(&rng, &t, n >= corrected);
        assert_int_equal(outage_book_add(&book, &plain[n]), 0);
        if (n > 0 && rng_below(&rng, 8) == 0) { /* the last two are found anew */
            outage_book_cut(&book, book.len - 2U);
            assert_int_equal(outage_book_add(&book, &plain[n - 1]), 0);
            assert_int_equal(outage_book_add(&book, &plain[n]), 0);
        }
        assert_true(book.len <= OUTAGE_BOOK_MAX);
        assert_true(book.len == n + 1 || book.len > OUTAGE_BOOK_MAX - OUTAGE_BOOK_DROP);
        for (size_t i = 0; i < book.len; i++)
            assert_same(outage_book_at(&book, i, UNIT), plain[n + 1 - book.len + i]);
    }
    outage_book_done(&book);
    assert_int_equal(book.len, 0);
}

static void it_holds_the_newest_as_they_were(void **state)
{
    (void)state;
    static const size_t corrected[] = {0, 1, 100, 600, ADDED};
    for (size_t i = 0; i < sizeof corrected / sizeof corrected[0]; i++)
        compare(i + 1, corrected[i]);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct outage_book book = {0};
    const struct outage good = {.number = 1, .from = {5}, .to = {9}, .born = {5}};
    struct outage bad = good;
    bad.number = OUTAGE_NUMBERS_END;
    assert_int_equal(outage_book_add(&book, &bad), ERR_FULL);
    bad = good;
    bad.from.ms = -1;
    assert_int_equal(outage_book_add(&book, &bad), ERR_FULL);
    bad = good;
    bad.to.ms = INT64_C(1) << 42;
    assert_int_equal(outage_book_add(&book, &bad), ERR_FULL);
    assert_int_equal(outage_book_add(&book, &good), 0);
    assert_int_equal(book.len, 1);
    outage_book_done(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds_the_newest_as_they_were),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
