#include "codec/api_schema.h"

#include "unit.h"

#include <string.h>

static bool is_plain(struct slice type)
{
    static const char *const words[] = {"text", "int", "number", "bool", "instant", "map"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_is(type, words[i]))
            return true;
    return false;
}

/* Without what says that it may be null. */
static struct slice sure(struct slice type)
{
    type.len -= type.len && type.at[type.len - 1] == '?';
    return type;
}

/* Nor that it is a list, perhaps of what may be null. */
static struct slice bare(struct slice type)
{
    type = sure(type);
    if (type.len > 2 && type.at[0] == '[' && type.at[type.len - 1] == ']')
        type = sure((struct slice){type.at + 1, type.len - 2});
    return type;
}

static void every_type_is_known(void **state)
{
    (void)state;
    size_t n = 0;
    const struct api_schema *schemas = api_schemas(&n);
    for (size_t i = 0; i < n; i++) {
        assert_true(api_schema_find(slice_of(schemas[i].name)) == &schemas[i]); /* named once */
        assert_true(schemas[i].about[strlen(schemas[i].about) - 1] == '.');
        for (const char *at = schemas[i].fields; *at;) {
            size_t len = strcspn(at, " ");
            const char *colon = memchr(at, ':', len);
            assert_non_null(colon);
            struct slice type = bare((struct slice){colon + 1, len - (size_t)(colon + 1 - at)});
            if (!is_plain(type) && !api_schema_find(type))
                fail_msg("%s: type %.*s is unknown", schemas[i].name, (int)type.len, type.at);
            at += len + strspn(at + len, " ");
        }
    }
}

static void assert_type(const char *type, const char *json)
{
    char text[256];
    struct buf out;
    buf_init(&out, sizeof text);
    struct emit e = emit_to(&out);
    emit_object(&e, NULL);
    api_schema_type(&e, "x", slice_of(type));
    emit_end(&e);
    assert_true(slice_is((struct slice){out.data, out.len}, json));
    buf_done(&out);
}

static void types_as_open_api(void **state)
{
    (void)state;
    assert_type("instant", "{\"x\":{\"type\":\"string\",\"format\":\"date-time\"}}");
    assert_type("number?", "{\"x\":{\"nullable\":true,\"type\":\"number\"}}");
    assert_type("count", "{\"x\":{\"$ref\":\"#/components/schemas/count\"}}");
    assert_type("[unit]", "{\"x\":{\"type\":\"array\",\"items\":{\"$ref\":"
                          "\"#/components/schemas/unit\"}}}");
    assert_type("[number?]", "{\"x\":{\"type\":\"array\",\"items\":{\"nullable\":true,"
                             "\"type\":\"number\"}}}");
    assert_type("measured?", "{\"x\":{\"nullable\":true,\"allOf\":[{\"$ref\":"
                             "\"#/components/schemas/measured\"}]}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_known),
        cmocka_unit_test(types_as_open_api),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
