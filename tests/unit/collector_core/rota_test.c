/* The rota: read with every mistake told at its place, and who is on duty. */
#include "core/rota.h"

#include "base/err.h"
#include "base/iso.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static char told[2048];

static void on_complaint(void *context, size_t line, size_t column, const char *text)
{
    (void)context;
    size_t len = strlen(told);
    snprintf(told + len, sizeof told - len, "%zu:%zu: %s\n", line, column, text);
}

static int read_text(struct rota *r, const char *text, const struct inventory *inv)
{
    struct rota_reading reading = {
        .zone_min = 420, .dial_code = "84", .inv = inv, .complain = on_complaint};
    told[0] = '\0';
    rota_init(r);
    return rota_read(r, slice_of(text), &reading);
}

static struct wall_ms at(const char *text)
{
    struct wall_ms t = {0};
    assert_int_equal(iso_parse(slice_of(text), 420, &t), 0);
    return t;
}

static void every_mistake_is_told_at_its_place(void **state)
{
    (void)state;
    struct rota r;
    struct inventory *inv = sample_inventory(NULL, sample_province, sample_ms("2026-01-01"));
    int err = read_text(&r,
                        "person,phone,role,scope,from,to,mail\n"
                        "Lan,0900000001,lead,,,\n"
                        ",0900000002,lead,,,\n"
                        "An,xyz,lead,nowhere,,\n"
                        "Bình,0900000003,lead,,2026-11-31,\n"
                        "Bình,0900000003,lead,,2026-11-22,2026-11-21\n",
                        inv);
    assert_int_equal(err, ERR_SYNTAX);
    assert_string_equal(told, "1:33: header: \"mail\" is no column of a rota\n"
                              "3:1: person: \"\" has none\n"
                              "4:4: phone: \"xyz\" is no phone number\n"
                              "4:13: scope: \"nowhere\" is no area of the inventory\n"
                              "5:23: from: \"2026-11-31\" is no date (2026-11-22 or "
                              "2026-11-22T14:05)\n"
                              "6:34: to: \"2026-11-21\" must be later than from\n");
    rota_done(&r);
    assert_int_equal(read_text(&r, "person;role\nLan;lead\n", NULL), ERR_SYNTAX);
    assert_non_null(strstr(told, "1:1: phone: \"person\" begins the header, and this column is "
                                 "missing\n"));
    rota_done(&r);
    inventory_free(inv);
}

static void a_turn_of_duty_may_be_for_an_area_only(void **state)
{
    (void)state;
    struct rota r;
    char phones[4][PHONE_MAX];
    struct inventory *inv = sample_inventory(NULL, sample_province, sample_ms("2026-01-01"));
    struct wall_ms now = {sample_ms("2026-11-22")};
    assert_int_equal(read_text(&r,
                               "person,phone,role,scope\n"
                               "Lan,0900000001,field,c1\n"
                               "Minh,0900000002,field,c2\n"
                               "An,0900000003,field,\n",
                               inv),
                     0);
    assert_int_equal(rota_phones(&r, inv, "field", "v11", now, phones, 4), 2);
    assert_string_equal(phones[0], "84900000001");
    assert_string_equal(phones[1], "84900000003");
    assert_int_equal(rota_phones(&r, inv, "field", "p", now, phones, 4), 1);
    assert_int_equal(rota_phones(&r, inv, "field", "", now, phones, 4), 3);
    assert_int_equal(rota_phones(&r, inv, "field", "", now, phones, 2), 2);
    rota_done(&r);
    inventory_free(inv);
}

static void whoever_is_on_duty_is_told_once(void **state)
{
    (void)state;
    struct rota r;
    char phones[4][PHONE_MAX];
    assert_int_equal(read_text(&r,
                               "\xEF\xBB\xBFperson;phone;role;scope;from;to\r\n"
                               "Lan;0900000001;lead;;2026-11-22T07:00;2026-11-22T19:00\r\n"
                               "Minh;0900000002;lead;;2026-11-22T19:00;2026-11-23T07:00\r\n"
                               "Lan;+84900000001;lead;;;\r\n"
                               "An;0900000003;field;;;\r\n",
                               NULL),
                     0);
    assert_int_equal(rota_phones(&r, NULL, "lead", "", at("2026-11-22T08:00"), phones, 4), 1);
    assert_string_equal(phones[0], "84900000001");
    assert_int_equal(rota_phones(&r, NULL, "lead", "", at("2026-11-22T19:00"), phones, 4), 2);
    assert_string_equal(phones[0], "84900000002");
    assert_int_equal(rota_phones(&r, NULL, "nobody", "", at("2026-11-22T08:00"), phones, 4), 0);
    assert_string_equal(rota_find(&r, "84900000002", at("2026-11-22T20:00"))->person, "Minh");
    assert_null(rota_find(&r, "84900000002", at("2026-11-22T08:00")));
    assert_true(rota_has_role(&r, "field"));
    assert_false(rota_has_role(&r, "boss"));
    rota_done(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_is_told_at_its_place),
        cmocka_unit_test(a_turn_of_duty_may_be_for_an_area_only),
        cmocka_unit_test(whoever_is_on_duty_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
