#include "base/field.h"

#include "base/err.h"
#include "unit.h"

#include <string.h>

static const char *const COLOURS[] = {"red", "green", NULL};

struct thing {
    bool on;
    int64_t count;
    double ratio;
    int64_t every_ms;
    int64_t room;
    char name[8];
    int colour;
    struct field_texts units;
};

#define MEMBER(m) offsetof(struct thing, m), sizeof(((struct thing *)0)->m)

static const struct field FIELDS[] = {
    {"on", FIELD_BOOL, MEMBER(on), 0, 0, "true", NULL, "Whether it runs.", NULL},
    {"count", FIELD_I64, MEMBER(count), 1, 9, "3", NULL, "How many.", NULL},
    {"ratio", FIELD_F64, MEMBER(ratio), -1, 1, "0.5", NULL, "How much.", NULL},
    {"every", FIELD_DURATION, MEMBER(every_ms), 1000, 3600000, "10s", NULL, "How often.", NULL},
    {"room", FIELD_BYTES, MEMBER(room), 0, 0, "64KiB", NULL, "How large.", NULL},
    {"name", FIELD_TEXT, MEMBER(name), 0, 0, NULL, NULL, "Its name.", NULL},
    {"colour", FIELD_WORD, MEMBER(colour), 0, 0, "green", NULL, "Its colour.", COLOURS},
    {"units", FIELD_TEXTS, MEMBER(units), 0, 0, "5g@a,4g@b", NULL, "Its units.", NULL},
};

enum { FIELDS_LEN = sizeof FIELDS / sizeof *FIELDS };

static int set(struct thing *thing, const char *name, const char *text, char *why)
{
    const struct field *row = field_find(FIELDS, FIELDS_LEN, slice_of(name));
    assert_non_null(row);
    why[0] = '\0';
    return field_set(row, thing, slice_of(text), why);
}

static void defaults_come_from_the_rows(void **state)
{
    (void)state;
    struct thing thing;
    memset(&thing, 0xff, sizeof thing);
    field_defaults(FIELDS, FIELDS_LEN, &thing);
    assert_true(thing.on);
    assert_int_equal(thing.count, 3);
    assert_true(thing.ratio == 0.5);
    assert_int_equal(thing.every_ms, 10000);
    assert_int_equal(thing.room, 65536);
    assert_string_equal(thing.name, "");
    assert_int_equal(thing.colour, 1);
    assert_int_equal(thing.units.len, 2);
    assert_string_equal(thing.units.text[1], "4g@b");
}

static void quantities_have_units(void **state)
{
    (void)state;

    static const struct {
        const char *key, *text;
        int64_t value;
    } good[] = {
        {"every", "1000ms", 1000}, {"every", "5s", 5000},     {"every", "1.5min", 90000},
        {"every", "1h", 3600000},  {"room", "7", 7},          {"room", "64MB", 64000000},
        {"room", "2MiB", 2097152}, {"room", "1GiB", 1 << 30},
    };
    struct thing thing;
    char why[FIELD_WHY_MAX];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(set(&thing, good[i].key, good[i].text, why), 0);
        int64_t got = strcmp(good[i].key, "every") == 0 ? thing.every_ms : thing.room;
        assert_int_equal(got, good[i].value);
    }
}

static void refusals_say_what_is_allowed(void **state)
{
    (void)state;

    static const struct {
        const char *key, *text;
        int err;
        const char *why;
    } bad[] = {
        {"on", "yes", ERR_SYNTAX, "must be true or false"},
        {"count", "x", ERR_SYNTAX, "must be a whole number"},
        {"count", "10", ERR_RANGE, "must be between 1 and 9"},
        {"count", "99999999999999999999", ERR_RANGE, "is too large"},
        {"ratio", "1.01", ERR_RANGE, "must be between -1 and 1"},
        {"every", "5", ERR_SYNTAX,
         "must be a duration with its unit, such as 500ms, 5s, 2min, 1h or 7d"},
        {"every", "5 s", ERR_SYNTAX, NULL},
        {"every", "", ERR_SYNTAX, NULL},
        {"every", "999ms", ERR_RANGE, "must be between 1s and 1h"},
        {"every", "1000.5ms", ERR_RANGE, "must be whole milliseconds"},
        {"room", "64Ki", ERR_SYNTAX, "must be a size, such as 65536, 64KiB, 64MB or 1GiB"},
        {"room", "9e18GiB", ERR_SYNTAX, NULL},
        {"room", "99999999999GiB", ERR_RANGE, NULL},
        {"name", "12345678", ERR_TOO_LONG, "is longer than 7 bytes"},
        {"colour", "blue", ERR_UNKNOWN, "must be one of red, green"},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct thing thing, before;
        memset(&thing, 0x5a, sizeof thing);
        before = thing;
        char why[FIELD_WHY_MAX];
        assert_int_equal(set(&thing, bad[i].key, bad[i].text, why), bad[i].err);
        assert_true(strlen(why) > 0);
        if (bad[i].why)
            assert_string_equal(why, bad[i].why);
        assert_memory_equal(&thing, &before, sizeof thing);
    }
}

static void lists_are_bounded(void **state)
{
    (void)state;
    struct thing thing = {0};
    char why[FIELD_WHY_MAX];
    for (int i = 0; i < 16; i++)
        assert_int_equal(set(&thing, "units", "u", why), 0);
    assert_int_equal(set(&thing, "units", "u", why), ERR_FULL);
    assert_int_equal(thing.units.len, 16);
}

static void suggests_the_nearest_name(void **state)
{
    (void)state;

    static const struct {
        const char *name, *meant;
    } cases[] = {
        {"evrey", "every"}, {"coulor", "colour"}, {"nam", "name"},    {"unit", "units"},
        {"zzz", NULL},      {"", NULL},           {"cuont", "count"}, {"units_of", "units"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *meant = field_suggest(FIELDS, FIELDS_LEN, slice_of(cases[i].name));
        if (cases[i].meant)
            assert_string_equal(meant, cases[i].meant);
        else
            assert_null(meant);
    }
}

static void the_manual_names_every_key(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 65536);
    field_manual(FIELDS, FIELDS_LEN, &out);
    assert_int_equal(out.err, 0);
    for (size_t i = 0; i < FIELDS_LEN; i++) {
        assert_non_null(strstr(out.data, FIELDS[i].name));
        assert_non_null(strstr(out.data, FIELDS[i].about));
    }
    assert_non_null(strstr(out.data, "(duration, 1s to 1h; default 10s)"));
    assert_non_null(strstr(out.data, "(text; required)"));
    assert_non_null(strstr(out.data, "(word: red, green; default green)"));
    buf_done(&out);
}

static void troff_shows_any_text(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 256);
    field_troff("\\r \\\\ and .x", &out);
    assert_string_equal(out.data, "\\er \\e\\e and .x");
    buf_clear(&out);
    field_troff(".x", &out);
    field_troff("'y", &out);
    assert_string_equal(out.data, "\\&.x\\&'y");
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_come_from_the_rows),
        cmocka_unit_test(quantities_have_units),
        cmocka_unit_test(refusals_say_what_is_allowed),
        cmocka_unit_test(lists_are_bounded),
        cmocka_unit_test(suggests_the_nearest_name),
        cmocka_unit_test(the_manual_names_every_key),
        cmocka_unit_test(troff_shows_any_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
