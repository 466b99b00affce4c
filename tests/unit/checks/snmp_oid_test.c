#include "checks/snmp/snmp_oid.h"

#include "base/err.h"
#include "unit.h"

#include <string.h>

static struct snmp_oid oid_of(const char *text)
{
    struct snmp_oid oid = {0};
    assert_int_equal(snmp_oid_read(slice_of(text), &oid), 0);
    return oid;
}

static void texts_are_read_and_written(void **state)
{
    (void)state;

    static const struct {
        const char *text, *want;
        int err;
    } cases[] = {
        {"1.3.6.1", "1.3.6.1", 0},       {".1.3.6.1", "1.3.6.1", 0},    {"0", "0", 0},
        {"4294967295", "4294967295", 0}, {"4294967296", "", ERR_RANGE}, {"", "", ERR_SYNTAX},
        {".", "", ERR_SYNTAX},           {"1.", "", ERR_SYNTAX},        {"1..2", "", ERR_SYNTAX},
        {"1.a", "", ERR_SYNTAX},         {"-1", "", ERR_SYNTAX},        {"1. 2", "", ERR_SYNTAX},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct snmp_oid oid = {0};
        char text[SNMP_OID_TEXT_MAX];
        if (snmp_oid_read(slice_of(cases[i].text), &oid) != cases[i].err)
            fail_msg("\"%s\"", cases[i].text);
        snmp_oid_write(&oid, text);
        assert_string_equal(text, cases[i].want);
    }
}

static void no_text_is_too_long_for_its_place(void **state)
{
    (void)state;
    char text[SNMP_OID_TEXT_MAX] = "", back[SNMP_OID_TEXT_MAX];
    struct snmp_oid oid = {0};
    for (int i = 0; i < SNMP_OID_MAX; i++)
        strcat(text, i ? ".4294967295" : "4294967295");
    oid = oid_of(text);
    assert_int_equal(oid.len, SNMP_OID_MAX);
    snmp_oid_write(&oid, back);
    assert_string_equal(back, text);
    assert_int_equal(snmp_oid_join(&oid, &oid, &oid), ERR_TOO_LONG);
}

/* RFC 3416: a walk goes by lexicographical order, a table's row before its children. */
static void order_is_that_of_a_walk(void **state)
{
    (void)state;
    static const char *const sorted[] = {"1.3", "1.3.6", "1.3.6.1", "1.3.6.1.0", "1.3.6.2", "1.4"};
    for (size_t i = 0; i < 6; i++) {
        for (size_t j = 0; j < 6; j++) {
            struct snmp_oid a = oid_of(sorted[i]), b = oid_of(sorted[j]);
            int way = snmp_oid_order(&a, &b);
            assert_int_equal((way > 0) - (way < 0), (i > j) - (i < j));
        }
    }
}

static void an_index_is_what_follows(void **state)
{
    (void)state;
    struct snmp_oid root = oid_of("1.3.6"), index = {0}, whole = {0};
    struct snmp_oid below = oid_of("1.3.6.10.20"), same = root, other = oid_of("1.3.60.1");
    char text[SNMP_OID_TEXT_MAX];
    assert_true(snmp_oid_below(&root, &below, &index));
    snmp_oid_write(&index, text);
    assert_string_equal(text, "10.20");
    assert_int_equal(snmp_oid_join(&root, &index, &whole), 0);
    assert_int_equal(snmp_oid_order(&whole, &below), 0);
    assert_true(snmp_oid_below(&root, &same, &index));
    assert_int_equal(index.len, 0);
    assert_false(snmp_oid_below(&root, &other, &index));
    assert_false(snmp_oid_below(&below, &root, &index));
}

static void a_part_is_found_again_by_its_number(void **state)
{
    (void)state;
    struct snmp_oid a = oid_of("4194304000.1"), b = oid_of("4194304000.2");
    assert_true(snmp_oid_hash(&a, 1) == snmp_oid_hash(&b, 1));
    assert_true(snmp_oid_hash(&a, 2) != snmp_oid_hash(&b, 2));
    assert_true(snmp_oid_hash(&a, 2) == snmp_oid_hash(&a, 99));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_read_and_written),
        cmocka_unit_test(no_text_is_too_long_for_its_place),
        cmocka_unit_test(order_is_that_of_a_walk),
        cmocka_unit_test(an_index_is_what_follows),
        cmocka_unit_test(a_part_is_found_again_by_its_number),
    };
    return cmocka_run_group_tests_name("snmp_oid", tests, NULL, NULL);
}
