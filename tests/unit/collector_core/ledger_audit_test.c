#include "core/ledger_audit.h"

#include "unit.h"

#include <string.h>

static const struct stream_mark SOUND = {.epoch = 9,
                                         .upto = 20,
                                         .highest = 23,
                                         .stored = 10,
                                         .refused = 4,
                                         .untimed = 3,
                                         .lost = 2,
                                         .missing = 1};
static const struct ledger TOTALS = {.control = 1,
                                     .duplicate = 2,
                                     .ignored = 4,
                                     .refused = 8,
                                     .untimed = 3,
                                     .stored = 12,
                                     .plain_bounded = 5,
                                     .taken = 29,
                                     .readings_stored = 100,
                                     .readings_written = 60,
                                     .readings_dead = 12,
                                     .requeued = 6,
                                     .readings_requeued = 2,
                                     .readings_beyond = 7};

enum { PENDING = 23 };

static struct ledger_audit audit_of(const struct stream_mark *mark, const struct ledger *ledger,
                                    uint64_t pending)
{
    static const struct ledger_letters letters = {10, 4, 3, 2, 1};
    struct ledger_audit audit = {0};
    ledger_audit_mark(&audit, 7, mark);
    ledger_audit_totals(&audit, ledger, pending);
    ledger_audit_intake(&audit, 34, 5, ledger->taken);
    ledger_audit_letters(&audit, &letters);
    return audit;
}

static void a_sound_ledger_has_no_findings(void **state)
{
    (void)state;
    assert_int_equal(audit_of(&SOUND, &TOTALS, PENDING).broken, 0);
}

static void a_broken_mark_is_named_with_both_sides(void **state)
{
    (void)state;
    struct stream_mark mark = SOUND;
    mark.refused--;
    struct ledger_audit audit = audit_of(&mark, &TOTALS, PENDING);
    assert_int_equal(audit.broken, 1);
    assert_int_equal(audit.finding[0].equation, LEDGER_PACKS);
    assert_int_equal(audit.finding[0].probe, 7);
    assert_int_equal(audit.finding[0].epoch, 9);
    assert_int_equal(audit.finding[0].left, 23);
    assert_int_equal(audit.finding[0].right, 22);
}

/* Each counter alone, one too many: some equation notices. */
static void every_counter_of_the_equations_is_watched(void **state)
{
    (void)state;
    struct ledger wrong = TOTALS;
    uint64_t *const counters[] = {&wrong.control,         &wrong.duplicate,
                                  &wrong.ignored,         &wrong.refused,
                                  &wrong.untimed,         &wrong.stored,
                                  &wrong.plain_bounded,   &wrong.taken,
                                  &wrong.readings_stored, &wrong.readings_written,
                                  &wrong.readings_dead,   &wrong.readings_beyond,
                                  &wrong.requeued,        &wrong.readings_requeued};
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        wrong = TOTALS;
        ++*counters[i];
        assert_true(audit_of(&SOUND, &wrong, PENDING).broken > 0);
    }
    assert_int_equal(audit_of(&SOUND, &TOTALS, PENDING + 1).broken_of[LEDGER_READINGS], 1);
}

static void streams_and_totals_are_held_against_each_other(void **state)
{
    (void)state;
    struct stream_mark mark = SOUND;
    mark.untimed++;
    mark.refused--;
    assert_int_equal(audit_of(&mark, &TOTALS, PENDING).broken_of[LEDGER_UNTIMED], 1);
    mark = SOUND;
    mark.stored += 3; /* one more than messages were stored */
    mark.upto += 3;
    mark.highest += 3;
    assert_int_equal(audit_of(&mark, &TOTALS, PENDING).broken_of[LEDGER_STORED], 1);
}

static void more_findings_than_are_listed_are_counted(void **state)
{
    (void)state;
    struct ledger_audit audit = {0};
    struct stream_mark mark = SOUND;
    mark.lost++;
    for (uint32_t probe = 0; probe < 100; probe++)
        ledger_audit_mark(&audit, probe, &mark);
    assert_int_equal(audit.broken, 100);
    assert_int_equal(audit.len, LEDGER_FINDINGS_MAX);
    struct ledger_audit same = audit;
    assert_true(ledger_audit_equal(&audit, &same));
    same.finding[3].right++;
    assert_false(ledger_audit_equal(&audit, &same));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_ledger_has_no_findings),
        cmocka_unit_test(a_broken_mark_is_named_with_both_sides),
        cmocka_unit_test(every_counter_of_the_equations_is_watched),
        cmocka_unit_test(streams_and_totals_are_held_against_each_other),
        cmocka_unit_test(more_findings_than_are_listed_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
