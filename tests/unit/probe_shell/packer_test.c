#include "shell/packer.h"

#include "base/err.h"
#include "checks/tcp/tcp_check.h"
#include "unit.h"
#include "wire/pack_reader.h"

#include <stdio.h>
#include <string.h>

enum { PACKS = 8, CHECKS = 2, PERIOD_MS = 30000 };

struct given {
    enum outbox_kind kind;
    uint32_t readings;
    char text[PACK_BYTES_MAX + 1];
};

static struct given given[PACKS];
static size_t n_given;

static void take(void *arg, enum outbox_kind kind, struct slice body, uint32_t readings)
{
    (void)arg;
    assert_true(n_given < PACKS);
    struct given *g = &given[n_given++];
    g->kind = kind;
    g->readings = readings;
    memcpy(g->text, body.at, body.len);
    g->text[body.len] = '\0';
}

static const struct check_common common = {.name = "a", .site = "S1"};

static struct check_report report_of(enum verdict verdict, double connect_ms)
{
    struct check_report report;
    check_report_clear(&report);
    report.verdict = verdict;
    check_report_number(&report, 0, connect_ms);
    return report;
}

static void add(struct packer *p, enum outbox_kind kind, int64_t time_us, enum verdict verdict,
                int64_t now_ms)
{
    struct check_report report = report_of(verdict, 1.5);
    struct packer_entry entry = {.index = 0,
                                 .type = &tcp_check,
                                 .common = &common,
                                 .kind = kind,
                                 .time_us = time_us,
                                 .report = &report};
    assert_int_equal(packer_add(p, &entry, (struct mono_ms){now_ms}), 0);
}

static void start(struct packer *p)
{
    n_given = 0;
    assert_int_equal(packer_init(p, CHECKS, PERIOD_MS, (struct mono_ms){0}, take, NULL), 0);
}

static void test_a_report_is_its_verdict_and_its_known_values(void **state)
{
    (void)state;
    struct packer p;
    start(&p);
    add(&p, OUTBOX_TIMED, INT64_C(1790000000123456), VERDICT_OK, 10);
    assert_false(packer_close(&p, (struct mono_ms){20}, false));
    assert_true(packer_close(&p, (struct mono_ms){PERIOD_MS}, false));
    assert_int_equal(n_given, 1);
    assert_int_equal(given[0].readings, 2);
    assert_string_equal(given[0].text, "[{\"bn\":\"S1/\",\"bt\":1790000000.123456,\"n\":\"tcp/a/"
                                       "state\",\"v\":0},{\"n\":\"tcp/a/connect\",\"u\":\"ms\","
                                       "\"v\":1.5}]");
    packer_done(&p);
}

static void test_numbers_beside_the_table_go_with_their_report(void **state)
{
    (void)state;
    struct packer p;
    start(&p);
    const struct check_extra extra[] = {{"free", "B", 7}, {"rows", NULL, -0.5}};
    struct check_report report = report_of(VERDICT_OK, NAN);
    report.extra = extra;
    report.n_extra = 2;
    struct packer_entry entry = {.type = &tcp_check,
                                 .common = &common,
                                 .time_us = INT64_C(1790000000000000),
                                 .report = &report};
    assert_int_equal(packer_add(&p, &entry, (struct mono_ms){10}), 0);
    assert_true(packer_close(&p, (struct mono_ms){PERIOD_MS}, false));
    assert_string_equal(given[0].text,
                        "[{\"bn\":\"S1/\",\"bt\":1790000000.000000,\"n\":\"tcp/a/state\",\"v\":0},"
                        "{\"n\":\"tcp/a/free\",\"u\":\"B\",\"v\":7},"
                        "{\"n\":\"tcp/a/rows\",\"v\":-0.5}]");
    packer_done(&p);
}

static void test_a_changed_verdict_leaves_at_once(void **state)
{
    (void)state;
    struct packer p;
    start(&p);
    add(&p, OUTBOX_TIMED, INT64_C(1790000000000000), VERDICT_FAILED, 10);
    assert_true(packer_close(&p, (struct mono_ms){10}, false));
    assert_int_equal(n_given, 1);
    add(&p, OUTBOX_TIMED, INT64_C(1790000001000000), VERDICT_FAILED, 1010);
    assert_false(packer_close(&p, (struct mono_ms){1010}, false));
    packer_done(&p);
}

static void test_an_empty_pack_is_never_given_away(void **state)
{
    (void)state;
    struct packer p;
    start(&p);
    assert_true(packer_close(&p, (struct mono_ms){PERIOD_MS}, false)); /* the period ended */
    packer_close(&p, (struct mono_ms){PERIOD_MS + 1}, true);
    assert_int_equal(n_given, 0);
    packer_done(&p);
}

static void test_one_pack_carries_one_kind_of_time(void **state)
{
    (void)state;
    struct packer p;
    start(&p);
    add(&p, OUTBOX_MONOTONIC, (OUTBOX_RECORD_MONO_ZERO_MS + 5) * 1000, VERDICT_OK, 10);
    add(&p, OUTBOX_TIMED, INT64_C(1790000000000000), VERDICT_OK, 20);
    packer_close(&p, (struct mono_ms){30}, true);
    assert_int_equal(n_given, 2);
    assert_int_equal(given[0].kind, OUTBOX_MONOTONIC);
    assert_int_equal(given[1].kind, OUTBOX_TIMED);
    packer_done(&p);
}

static void test_a_pack_never_outgrows_a_message(void **state)
{
    (void)state;
    struct packer p;
    start(&p);
    uint32_t readings = 0;
    for (int i = 0; i < 1200; i++)
        add(&p, OUTBOX_TIMED, INT64_C(1790000000000000) + i * INT64_C(1234567), VERDICT_OK, i);
    packer_close(&p, (struct mono_ms){2000}, true);
    assert_true(n_given > 1);
    for (size_t i = 0; i < n_given; i++) {
        struct pack_reader reader;
        struct reason why;
        struct slice body = {given[i].text, strlen(given[i].text)};
        assert_true(body.len <= PACK_BYTES_MAX);
        assert_int_equal(pack_reader_init(&reader), 0);
        assert_int_equal(pack_reader_read(&reader, body, PACK_STREAM,
                                          (struct wall_ms){INT64_C(1790002000000)}, &why),
                         0);
        assert_int_equal(reader.len, given[i].readings);
        pack_reader_done(&reader);
        readings += given[i].readings;
    }
    assert_int_equal(readings, 2400);
    packer_done(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_report_is_its_verdict_and_its_known_values),
        cmocka_unit_test(test_numbers_beside_the_table_go_with_their_report),
        cmocka_unit_test(test_a_changed_verdict_leaves_at_once),
        cmocka_unit_test(test_an_empty_pack_is_never_given_away),
        cmocka_unit_test(test_one_pack_carries_one_kind_of_time),
        cmocka_unit_test(test_a_pack_never_outgrows_a_message),
    };
    return cmocka_run_group_tests_name("packer", tests, NULL, NULL);
}
