#include "checks/sfp/sfp_baseline.h"

#include "base/err.h"
#include "unit.h"

#include <string.h>

#define MINUTE_MS INT64_C(60000)

/* Minutes of one level. */
static void live(struct sfp_baseline *b, int64_t *minute, int64_t minutes, double dbm)
{
    for (int64_t end = *minute + minutes; *minute < end; ++*minute)
        sfp_baseline_add(b, (struct mono_ms){*minute * MINUTE_MS}, dbm);
}

static void the_first_hour_has_no_level(void **state)
{
    (void)state;
    struct sfp_baseline b = {.n = 0};
    int64_t minute = 0;
    live(&b, &minute, 60, -10);
    assert_true(isnan(sfp_baseline_drop(&b, -20)));
    live(&b, &minute, 1, -10);
    assert_near(sfp_baseline_drop(&b, -14), 4, 1e-6);
    assert_near(sfp_baseline_drop(&b, -9), -1, 1e-6);
}

/* A loss is not usual before six of seven days, and is after seven. */
static void a_loss_stays_one_for_six_days(void **state)
{
    (void)state;
    struct sfp_baseline b = {.n = 0};
    int64_t minute = 0;
    live(&b, &minute, 8 * 1440, -10);
    live(&b, &minute, 6 * 1440, -14);
    assert_near(sfp_baseline_drop(&b, -14), 4, 1e-6);
    live(&b, &minute, 1440 + 60, -14);
    assert_near(sfp_baseline_drop(&b, -14), 0, 1e-6);
}

static void one_bright_hour_is_no_level(void **state)
{
    (void)state;
    struct sfp_baseline b = {.n = 0};
    int64_t minute = 0;
    live(&b, &minute, 24 * 60, -10);
    live(&b, &minute, 60, -5);
    live(&b, &minute, 2 * 60, -10);
    assert_near(sfp_baseline_drop(&b, -10), 0, 1e-6);
}

static struct slice text_of(const struct buf *b)
{
    return (struct slice){b->data, b->len};
}

/* The level of another life is that of this one, and the days go on. */
static void what_is_written_is_read_again(void **state)
{
    static const int64_t hours[] = {1,
                                    5,
                                    SFP_BASELINE_HOURS - 1,
                                    SFP_BASELINE_HOURS,
                                    SFP_BASELINE_HOURS + 1,
                                    3 * SFP_BASELINE_HOURS + 7};

    (void)state;
    for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
        struct sfp_baseline before = {.n = 0}, after = {.n = 0};
        struct buf first, second;
        int64_t minute = 0, later = 0;
        for (int64_t hour = 0; hour < hours[i]; hour++)
            live(&before, &minute, 60, -10 - 0.01 * (double)(hour % 100));
        live(&before, &minute, 1, -10);
        buf_init(&first, 4096);
        buf_init(&second, 4096);
        sfp_baseline_write(&before, &first);
        assert_int_equal(sfp_baseline_read(text_of(&first), &after), 0);
        assert_near(sfp_baseline_drop(&after, -14), sfp_baseline_drop(&before, -14), 0.005);
        sfp_baseline_write(&after, &second);
        assert_true(slice_equal(text_of(&first), text_of(&second)));
        live(&before, &minute, 7 * 1440, -12);
        live(&after, &later, 7 * 1440 + 1, -12);
        assert_near(sfp_baseline_drop(&after, -12), 0, 0.005);
        assert_near(sfp_baseline_drop(&before, -12), 0, 0.005);
        buf_done(&first);
        buf_done(&second);
    }
}

static void nothing_is_written_of_nothing(void **state)
{
    (void)state;
    struct sfp_baseline b = {.n = 0};
    struct buf out;
    buf_init(&out, 64);
    sfp_baseline_write(&b, &out);
    assert_int_equal(out.len, 0);
    buf_done(&out);
}

static void what_was_never_written_is_refused(void **state)
{
    static const char *const cases[] = {"",           " ",   "-600 ",      "-600  -600",
                                        "-600\t-600", "nan", "-6.00",      "-10001",
                                        "10001",      "x",   "-600 -600x", "1e3"};

    (void)state;
    char many[5 * (SFP_BASELINE_HOURS + 1) + 1] = "";
    for (size_t i = 0; i <= SFP_BASELINE_HOURS; i++)
        memcpy(many + 5 * i, "-600 ", 6);
    many[sizeof many - 2] = 0;
    for (size_t i = 0; i <= sizeof cases / sizeof *cases; i++) {
        struct sfp_baseline b = {.n = 0};
        const char *text = i < sizeof cases / sizeof *cases ? cases[i] : many;
        if (sfp_baseline_read(slice_of(text), &b) != ERR_CORRUPT || b.n != 0)
            fail_msg("\"%s\" is taken", text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_hour_has_no_level),
        cmocka_unit_test(a_loss_stays_one_for_six_days),
        cmocka_unit_test(one_bright_hour_is_no_level),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(nothing_is_written_of_nothing),
        cmocka_unit_test(what_was_never_written_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
