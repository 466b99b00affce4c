/* What is asked of an agent, and which of its answers count: against an agent of a few lines. */
#include "checks/snmp/snmp_poll.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct snmp_profile profile_of(const char *rows)
{
    char text[4096], why[FIELD_WHY_MAX] = "";
    struct snmp_profile profile;
    snprintf(text, sizeof text, "profile: {about: test}\nvalues:\n%s", rows);
    if (snmp_profile_read_text(slice_of(text), &profile, why) != 0)
        fail_msg("%s", why);
    return profile;
}

static bool take(struct snmp_poll *poll, const char *oid, enum snmp_kind kind,
                 struct snmp_found *found)
{
    struct snmp_oid name = {0};
    struct snmp_value value = {.kind = kind};
    assert_int_equal(snmp_oid_read(slice_of(oid), &name), 0);
    return snmp_poll_take(poll, &name, &value, found);
}

static void expect_request(struct snmp_poll *poll, bool bulk, size_t n, const char *first)
{
    char text[SNMP_OID_TEXT_MAX];
    struct snmp_request request;
    assert_true(snmp_poll_next(poll, &request));
    assert_int_equal(request.bulk, bulk);
    assert_int_equal(request.n, n);
    snmp_oid_write(&request.oid[0], text);
    assert_string_equal(text, first);
}

static const char two_and_a_column[] = "  - {name: a, oid: 1.5.1, index: '0'}\n"
                                       "  - {name: c, oid: 1.5.9}\n"
                                       "  - {name: b, oid: 1.5.2, index: '0'}\n";

static void single_values_then_columns(void **state)
{
    (void)state;
    struct snmp_profile profile = profile_of(two_and_a_column);
    struct snmp_poll poll;
    struct snmp_found found;
    struct snmp_request request;
    snmp_poll_init(&poll, &profile, 10);
    expect_request(&poll, false, 3, "1.3.6.1.2.1.1.3.0");
    assert_true(take(&poll, "1.3.6.1.2.1.1.3.0", SNMP_KIND_UNSIGNED, &found));
    assert_null(found.row);
    assert_true(take(&poll, "1.5.1.0", SNMP_KIND_INTEGER, &found));
    assert_int_equal(found.place, 0);
    assert_true(take(&poll, "1.5.2.0", SNMP_KIND_ABSENT, &found));
    assert_int_equal(found.place, 2);
    snmp_poll_answered(&poll);
    expect_request(&poll, true, 1, "1.5.9");
    assert_true(take(&poll, "1.5.9.1", SNMP_KIND_INTEGER, &found));
    assert_true(take(&poll, "1.5.9.2.7", SNMP_KIND_INTEGER, &found));
    assert_int_equal(found.index.len, 2);
    snmp_poll_answered(&poll);
    expect_request(&poll, true, 1, "1.5.9.2.7");
    assert_false(take(&poll, "1.6.1", SNMP_KIND_INTEGER, &found));
    snmp_poll_answered(&poll);
    assert_false(snmp_poll_next(&poll, &request));
    assert_int_equal(poll.values, 4);
    assert_int_equal(poll.odd, 0);
    snmp_profile_done(&profile);
}

static void what_nobody_asked_for_is_left(void **state)
{
    (void)state;
    struct snmp_profile profile = profile_of(two_and_a_column);
    struct snmp_poll poll;
    struct snmp_found found;
    snmp_poll_init(&poll, &profile, 10);
    expect_request(&poll, false, 3, "1.3.6.1.2.1.1.3.0");
    assert_false(take(&poll, "1.5.1.0", SNMP_KIND_INTEGER, &found)); /* not in its place */
    assert_true(take(&poll, "1.5.1.0", SNMP_KIND_INTEGER, &found));
    assert_false(take(&poll, "1.5.3.0", SNMP_KIND_INTEGER, &found));
    assert_false(take(&poll, "1.5.2.0", SNMP_KIND_INTEGER, &found)); /* one too many */
    assert_int_equal(poll.odd, 3);
    snmp_profile_done(&profile);
}

/* A column ends at the end of the view, where its agent turns in circles and without rows. */
static void a_walk_ends(void **state)
{
    (void)state;
    static const char *const answers[][2] = {
        {"1.5.9.1", "1.5.9.1"}, /* the same again */
        {"1.5.9.5", "1.5.9.3"}, /* backwards */
        {"1.5.9.5", "1.5.9"},   /* the column itself */
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct snmp_profile profile = profile_of("  - {name: c, oid: 1.5.9}\n");
        struct snmp_poll poll;
        struct snmp_found found;
        struct snmp_request request;
        snmp_poll_init(&poll, &profile, 10);
        assert_true(snmp_poll_next(&poll, &request));
        snmp_poll_answered(&poll); /* an answer with nothing in it */
        expect_request(&poll, true, 1, "1.5.9");
        assert_true(take(&poll, answers[i][0], SNMP_KIND_INTEGER, &found));
        assert_false(take(&poll, answers[i][1], SNMP_KIND_INTEGER, &found));
        assert_false(take(&poll, "1.5.9.99", SNMP_KIND_INTEGER, &found)); /* nor what follows */
        snmp_poll_answered(&poll);
        assert_false(snmp_poll_next(&poll, &request));
        assert_int_equal(poll.odd, 1);
        snmp_profile_done(&profile);
    }
}

static void the_end_of_the_view_ends_a_walk(void **state)
{
    (void)state;
    struct snmp_profile profile =
        profile_of("  - {name: c, oid: 1.5.9}\n  - {name: d, oid: 1.6}\n");
    struct snmp_poll poll;
    struct snmp_found found;
    struct snmp_request request;
    snmp_poll_init(&poll, &profile, 10);
    assert_true(snmp_poll_next(&poll, &request));
    snmp_poll_answered(&poll);
    expect_request(&poll, true, 1, "1.5.9");
    assert_false(take(&poll, "1.5.9", SNMP_KIND_END, &found));
    snmp_poll_answered(&poll);
    expect_request(&poll, true, 1, "1.6");
    snmp_poll_answered(&poll); /* no variable at all */
    assert_false(snmp_poll_next(&poll, &request));
    assert_int_equal(poll.odd, 0);
    snmp_profile_done(&profile);
}

static void what_is_too_big_is_asked_for_in_parts(void **state)
{
    (void)state;
    struct snmp_profile profile = profile_of(two_and_a_column);
    struct snmp_poll poll;
    struct snmp_found found;
    struct snmp_request request;
    snmp_poll_init(&poll, &profile, 5);
    expect_request(&poll, false, 3, "1.3.6.1.2.1.1.3.0");
    snmp_poll_refused(&poll, 1);
    expect_request(&poll, false, 1, "1.3.6.1.2.1.1.3.0");
    assert_true(take(&poll, "1.3.6.1.2.1.1.3.0", SNMP_KIND_UNSIGNED, &found));
    snmp_poll_answered(&poll);
    expect_request(&poll, false, 1, "1.5.1.0");
    snmp_poll_refused(&poll, 5); /* genErr: left out */
    expect_request(&poll, false, 1, "1.5.2.0");
    snmp_poll_refused(&poll, 1); /* even one is too big */
    for (uint32_t repetitions = 5; repetitions > 0; repetitions /= 2) {
        assert_true(snmp_poll_next(&poll, &request));
        assert_true(request.bulk);
        assert_int_equal(request.repetitions, repetitions);
        snmp_poll_refused(&poll, 1);
    }
    assert_false(snmp_poll_next(&poll, &request));
    assert_int_equal(poll.odd, 3);
    snmp_profile_done(&profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_values_then_columns),
        cmocka_unit_test(what_nobody_asked_for_is_left),
        cmocka_unit_test(a_walk_ends),
        cmocka_unit_test(the_end_of_the_view_ends_a_walk),
        cmocka_unit_test(what_is_too_big_is_asked_for_in_parts),
    };
    return cmocka_run_group_tests_name("snmp_poll", tests, NULL, NULL);
}
