#include "shell/acceptance.h"

#include "base/err.h"
#include "unit.h"
#include "wire/pack_reader.h"

#include <string.h>

static const char yaml[] = "probe: {id: p1, site: S1}\nbroker: {host: h}\nchecks:\n"
                           "  - {type: tcp, name: a, target: 'h:1', units: [4g], interval: 10s}\n"
                           "  - {type: tcp, name: b, target: 'h:2', units: [5g], interval: 10s}\n"
                           "  - {type: tcp, name: c, target: 'h:3', units: [5g], interval: 10s, "
                           "role: optional}\n";

/* Checks a, b and c as they came out 5 s ago. */
static void with_results(const enum verdict verdict[3], const char *text, int64_t at,
                         void (*look)(const struct acceptance_facts *, struct acceptance *, int))
{
    struct probe_config config;
    struct conf_errors errors;
    struct results results;
    struct acceptance record;
    assert_int_equal(probe_config_read_text("p.yaml", slice_of(text), &config, &errors), 0);
    conf_errors_done(&errors);
    assert_int_equal(results_init(&results, config.checks.len), 0);
    for (size_t i = 0; i < config.checks.len; i++)
        results.result[i] =
            (struct result){.known = true, .verdict = verdict[i], .started = {5000}};
    struct acceptance_facts facts = {.config = &config,
                                     .results = &results,
                                     .now = {10000},
                                     .at = {at},
                                     .by = "An",
                                     .position = "",
                                     .language = STATUS_ENGLISH};
    int err = acceptance_make(&facts, &record);
    look(&facts, &record, err);
    acceptance_done(&record);
    results_done(&results);
    probe_config_done(&config);
}

static void expect_passed(const struct acceptance_facts *f, struct acceptance *r, int err)
{
    (void)f;
    assert_int_equal(err, 0);
    assert_true(r->passed);
    assert_string_equal(r->units.data, "4g 5g");
    assert_int_equal(strlen(r->number), 12);
    assert_string_equal(r->signature, ""); /* there is no key */
}

static void expect_refused(const struct acceptance_facts *f, struct acceptance *r, int err)
{
    (void)f;
    assert_int_equal(err, 0);
    assert_false(r->passed);
}

static void expect_nothing(const struct acceptance_facts *f, struct acceptance *r, int err)
{
    (void)f;
    (void)r;
    assert_int_equal(err, ERR_MISSING);
}

static void required_checks_decide(void **state)
{
    (void)state;

    static const struct {
        enum verdict verdict[3];
        int64_t at;
        void (*look)(const struct acceptance_facts *, struct acceptance *, int);
    } cases[] = {
        {{VERDICT_OK, VERDICT_OK, VERDICT_OK}, 1790000000000, expect_passed},
        {{VERDICT_OK, VERDICT_DEGRADED, VERDICT_FAILED}, 1790000000000, expect_passed},
        {{VERDICT_OK, VERDICT_FAILED, VERDICT_OK}, 1790000000000, expect_refused},
        {{VERDICT_UNKNOWN, VERDICT_OK, VERDICT_OK}, 1790000000000, expect_refused},
        {{VERDICT_OK, VERDICT_OK, VERDICT_OK}, 0, expect_refused}, /* a record needs a date */
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        with_results(cases[i].verdict, yaml, cases[i].at, cases[i].look);
}

static void without_a_required_check_there_is_nothing_to_accept(void **state)
{
    (void)state;

    static const enum verdict verdict[3] = {VERDICT_OK};

    with_results(verdict,
                 "probe: {id: p1, site: S1}\nbroker: {host: h}\nchecks:\n"
                 "  - {type: tcp, name: a, target: 'h:1', units: [4g], role: optional}\n",
                 1790000000000, expect_nothing);
}

/* What the centre reads of it. */
static void expect_pack(const struct acceptance_facts *f, struct acceptance *r, int err)
{
    struct buf out;
    struct pack_reader reader;
    struct reason why;
    uint32_t n = 0;
    assert_int_equal(err, 0);
    buf_init(&out, PACK_BYTES_MAX);
    assert_int_equal(acceptance_pack(r, f, f->at.ms * 1000, &out, &n), 0);
    assert_int_equal(pack_reader_init(&reader), 0);
    assert_int_equal(
        pack_reader_read(&reader, (struct slice){out.data, out.len}, PACK_STREAM, f->at, &why), 0);
    assert_int_equal(reader.len, n);
    assert_true(slice_is(reader.readings[0].check, "accept/record"));
    assert_true(slice_is(reader.readings[0].metric, "accepted"));
    assert_true(reader.readings[0].flag);
    assert_true(slice_is(reader.readings[1].metric, "units"));
    assert_true(slice_is(reader.readings[1].text, "4g 5g"));
    pack_reader_done(&reader);
    buf_done(&out);
}

static void the_centre_is_told_which_units(void **state)
{
    (void)state;

    static const enum verdict verdict[3] = {VERDICT_OK, VERDICT_OK, VERDICT_OK};

    with_results(verdict, yaml, 1790000000000, expect_pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(required_checks_decide),
        cmocka_unit_test(without_a_required_check_there_is_nothing_to_accept),
        cmocka_unit_test(the_centre_is_told_which_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
