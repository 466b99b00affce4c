#include "core/pack_period.h"

#include "unit.h"

enum { CHECKS = 20 };

static void open_one(struct pack_period *p)
{
    assert_int_equal(pack_period_init(p, CHECKS, PACK_PERIOD_MS, (struct mono_ms){0}), 0);
}

static void closes_every_period(void **state)
{
    (void)state;
    struct pack_period p;
    open_one(&p);
    pack_period_verdict(&p, 0, VERDICT_OK);
    pack_period_added(&p, 80);
    assert_int_equal(pack_period_deadline(&p).ms, 30000);
    assert_false(pack_period_closes(&p, (struct mono_ms){29999}));
    assert_true(pack_period_closes(&p, (struct mono_ms){30000}));
    pack_period_next(&p, (struct mono_ms){30010});
    assert_int_equal(p.bytes, 0);
    assert_int_equal(pack_period_deadline(&p).ms, 60010);
    pack_period_done(&p);
}

static void an_empty_pack_never_closes(void **state)
{
    (void)state;
    struct pack_period p;
    open_one(&p);
    assert_false(pack_period_closes(&p, (struct mono_ms){90000}));
    pack_period_next(&p, (struct mono_ms){90000});
    assert_int_equal(pack_period_deadline(&p).ms, 120000);
    pack_period_done(&p);
}

static void a_changed_verdict_closes_at_once(void **state)
{
    (void)state;
    struct pack_period p;
    open_one(&p);
    struct mono_ms now = {5000};
    pack_period_verdict(&p, 0, VERDICT_OK);
    pack_period_added(&p, 80);
    assert_false(pack_period_closes(&p, now));
    pack_period_verdict(&p, 0, VERDICT_FAILED);
    pack_period_added(&p, 80);
    assert_true(pack_period_closes(&p, now));
    pack_period_next(&p, now);
    now.ms += 10000;
    pack_period_verdict(&p, 0, VERDICT_FAILED); /* no change */
    pack_period_added(&p, 80);
    assert_false(pack_period_closes(&p, now));
    pack_period_verdict(&p, 0, VERDICT_UNKNOWN);
    assert_true(pack_period_closes(&p, now));
    pack_period_done(&p);
}

static void a_first_verdict_is_news_unless_it_is_ok(void **state)
{
    (void)state;
    struct pack_period p;
    open_one(&p);
    pack_period_verdict(&p, 1, VERDICT_OK);
    pack_period_added(&p, 80);
    assert_false(pack_period_closes(&p, (struct mono_ms){1}));
    pack_period_verdict(&p, 2, VERDICT_DEGRADED);
    pack_period_added(&p, 80);
    assert_true(pack_period_closes(&p, (struct mono_ms){1}));
    pack_period_done(&p);
}

static void twenty_changes_in_a_second_make_two_packs(void **state)
{
    (void)state;
    struct pack_period p;
    open_one(&p);
    int packs = 0;
    for (int64_t ms = 0; ms < 3000; ms += 10) {
        struct mono_ms now = {ms};
        if (ms < 1000 && ms % 50 == 0) {
            pack_period_verdict(&p, (size_t)(ms / 50), VERDICT_FAILED);
            pack_period_added(&p, 80);
        }
        if (pack_period_closes(&p, now)) {
            pack_period_next(&p, now);
            packs++;
        }
    }
    assert_int_equal(packs, 2);
    assert_int_equal(p.bytes, 0);
    pack_period_done(&p);
}

static void a_pack_never_outgrows_its_bound(void **state)
{
    (void)state;
    struct pack_period p;
    open_one(&p);
    assert_false(pack_period_full(&p, 70000)); /* alone it is the encoder's to refuse */
    pack_period_added(&p, 65000);
    assert_false(pack_period_full(&p, 536));
    assert_true(pack_period_full(&p, 537));
    assert_true(pack_period_full(&p, SIZE_MAX));
    pack_period_done(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closes_every_period),
        cmocka_unit_test(an_empty_pack_never_closes),
        cmocka_unit_test(a_changed_verdict_closes_at_once),
        cmocka_unit_test(a_first_verdict_is_news_unless_it_is_ok),
        cmocka_unit_test(twenty_changes_in_a_second_make_two_packs),
        cmocka_unit_test(a_pack_never_outgrows_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
