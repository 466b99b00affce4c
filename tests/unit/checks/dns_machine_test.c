#include "checks/dns/dns_machine.h"

#include "unit.h"

static const struct dns_records records = {
    4, {{5, 60, "alias.example"}, {1, 300, "10.0.0.1"}, {1, 30, "10.0.0.2"}, {28, 5, "fd00::1"}}};

static void counts_the_type_asked_for(void **state)
{
    (void)state;
    const struct field_texts none = {0};
    struct dns_finding f = dns_machine_find(&records, 1, &none);
    assert_int_equal(f.answers, 2);
    assert_int_equal(f.ttl_s, 30);
    assert_string_equal(f.first, "10.0.0.1");
    assert_true(f.expected);
    f = dns_machine_find(&records, 15, &none);
    assert_int_equal(f.answers, 0);
    assert_null(f.first);
}

static void one_expected_answer_is_enough(void **state)
{
    (void)state;
    const struct field_texts second = {2, {"10.9.9.9", "10.0.0.2"}};
    const struct field_texts other = {1, {"10.9.9.9"}};
    const struct field_texts alias = {1, {"ALIAS.example."}};
    assert_true(dns_machine_find(&records, 1, &second).expected);
    assert_false(dns_machine_find(&records, 1, &other).expected);
    assert_true(dns_machine_find(&records, 5, &alias).expected);
}

static void sameness(void **state)
{
    (void)state;
    assert_true(dns_machine_same("fd00::1", "fd00:0:0:0::1"));
    assert_true(dns_machine_same("a.b", "A.B."));
    assert_true(dns_machine_same("10 mx.example", "10 MX.example"));
    assert_false(dns_machine_same("10.0.0.1", "10.0.0.10"));
    assert_false(dns_machine_same("", "a"));
}

/* RFC 1035 section 3.2.2 and RFC 3596 section 2.1 */
static void numbers_are_the_standards(void **state)
{
    (void)state;

    static const struct {
        const char *word;
        int type;
    } known[] = {{"A", 1},  {"AAAA", 28}, {"CNAME", 5}, {"MX", 15},
                 {"NS", 2}, {"PTR", 12},  {"TXT", 16}};

    for (int i = 0; i < 7; i++) {
        assert_string_equal(dns_machine_records[i], known[i].word);
        assert_int_equal(dns_machine_type(i), known[i].type);
    }
    assert_null(dns_machine_records[7]);
    assert_string_equal(dns_machine_rcode(3), "no such name");
    assert_string_equal(dns_machine_rcode(16), "an unusual error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_the_type_asked_for),
        cmocka_unit_test(one_expected_answer_is_enough),
        cmocka_unit_test(sameness),
        cmocka_unit_test(numbers_are_the_standards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
