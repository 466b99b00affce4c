#include "core/coverage_walk.h"

#include "base/buf.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>

/* "4g/any 4g/all ..." */
static void note(void *context, const struct coverage_line *line)
{
    struct buf *out = context;
    buf_printf(out, "%s%s/%u", out->len ? " " : "", coverage_technology_word((int)line->technology),
               line->who);
}

static void assert_lines(const char *area, const char *expected)
{
    char words[256];
    struct inventory *inv = sample_inventory(NULL, sample_province, 1000);
    struct coverage *c = coverage_new(inv, (struct wall_ms){sample_ms("2026-11-22")});
    struct buf out;
    buf_init(&out, sizeof words);
    assert_non_null(c);
    coverage_walk(c, NULL, inv, sample_area(inv, area), note, &out);
    snprintf(words, sizeof words, "%.*s", (int)out.len, out.data ? out.data : "");
    assert_string_equal(words, expected);
    buf_done(&out);
    coverage_free(c);
    inventory_free(inv);
}

/* 4G and 5G imply 2G and 3G nominally, but no unit is one: no line of them. Operator a (0) has no
 * fibre, so has no line of it; all (4294967294) needs every operator that has fibre, and that is b.
 */
static void technologies_that_no_unit_has_say_nothing(void **state)
{
    (void)state;
    assert_lines("p", "4g/4294967293 4g/4294967294 4g/0 4g/1 5g/4294967293 5g/0 "
                      "fibre/4294967293 fibre/4294967294 fibre/1 "
                      "mobile/4294967293 mobile/4294967294 mobile/0 mobile/1");
}

/* v12 is meant to be served by operator a alone. */
static void nothing_is_said_where_nothing_is_meant_to_be_served(void **state)
{
    (void)state;
    assert_lines("v12", "4g/4294967293 4g/0 5g/4294967293 5g/0 mobile/4294967293 mobile/0");
}

static void words_of_who(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 1000);
    assert_string_equal(coverage_walk_who(inv, COVERAGE_ANY), "any");
    assert_string_equal(coverage_walk_who(inv, COVERAGE_ALL), "all");
    assert_string_equal(coverage_walk_who(inv, sample_operator(inv, "b")), "b");
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(technologies_that_no_unit_has_say_nothing),
        cmocka_unit_test(nothing_is_said_where_nothing_is_meant_to_be_served),
        cmocka_unit_test(words_of_who),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
