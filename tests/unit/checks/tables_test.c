/* What the tables of every type of check promise: documented, bounded, packable, consistent. */
#include "checks/check_table.h"

#include "unit.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_sentence(const char *text)
{
    size_t len = text ? strlen(text) : 0;
    return len > 3 && isupper((unsigned char)text[0]) && text[len - 1] == '.';
}

static char *text_of(const char *folder, const char *name, const char *file)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s/%s/%s", IOC_SOURCE_DIR, folder, name, file);
    FILE *in = fopen(path, "r");
    if (!in)
        fail_msg("%s is missing", path);
    char *text = calloc(1, 65536);
    assert_non_null(text);
    assert_true(fread(text, 1, 65535, in) > 0);
    fclose(in);
    return text;
}

/* The manual for people names every key and metric, in backticks. */
static void readme_names(const char *readme, const char *name)
{
    char quoted[80];
    snprintf(quoted, sizeof quoted, "`%s`", name);
    if (!strstr(readme, quoted))
        fail_msg("the README does not name %s", quoted);
}

static void check_row(const struct check_type *type, const struct field *row)
{
    size_t n = 0;
    const struct field *common = check_common_fields(&n);
    assert_true(is_sentence(row->about));
    assert_true(row->offset >= sizeof(struct check_common));
    assert_true(row->offset + row->size <= type->config_size);
    if (field_find(common, n, slice_of(row->name)))
        fail_msg("%s: key %s is a common one", type->name, row->name);
    if ((row->type == FIELD_F64 || row->type == FIELD_I64) && (!row->unit || row->max <= row->min))
        fail_msg("%s: key %s has no unit or no range", type->name, row->name);
    assert_ptr_equal(field_find(type->fields, type->n_fields, slice_of(row->name)), row);
}

static void check_tables(const struct check_type *type)
{
    char *readme = text_of("probes/checks", type->name, "README.md");
    assert_true(pack_part_ok(slice_of(type->name)));
    assert_true(is_sentence(type->about));
    assert_true(type->n_metrics > 0 && type->n_metrics <= CHECK_METRICS_MAX);
    assert_true(type->config_size >= sizeof(struct check_common) && type->state_size > 0);
    assert_true(type->verify && type->start && type->expire);
    for (size_t i = 0; i < type->n_fields; i++) {
        check_row(type, &type->fields[i]);
        readme_names(readme, type->fields[i].name);
    }
    for (size_t i = 0; i < type->n_metrics; i++) {
        const struct check_metric *metric = &type->metrics[i];
        readme_names(readme, metric->name);
        assert_true(is_sentence(metric->about));
        assert_true(pack_part_ok(slice_of(metric->name)));
        assert_true(pack_metric_ok(slice_of(metric->name)));
        assert_string_not_equal(metric->name, "state");
        assert_true(!metric->unit || strlen(metric->unit) <= PACK_UNIT_MAX);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(metric->name, type->metrics[j].name);
    }
    free(readme);
}

/* Index of the key at @p offset of the configuration. */
static size_t row_at(const struct check_type *type, size_t offset)
{
    for (size_t i = 0; i < type->n_fields; i++) {
        if (type->fields[i].offset == offset)
            return i;
    }
    fail_msg("%s: a limit stands in no key", type->name);
    return 0;
}

/* A limit stands in a key of its level, and every such key is some limit's. */
static void check_limits(const struct check_type *type)
{
    static const char *const starts[] = {"degraded_", "failed_"};
    bool used[64] = {false};

    for (size_t i = 0; i < type->n_limits; i++) {
        const struct threshold *limit = &type->limits[i];
        const size_t rows[] = {row_at(type, limit->degraded_at), row_at(type, limit->failed_at)};
        bool found = false;
        for (size_t j = 0; j < type->n_metrics; j++)
            found = found || (strcmp(type->metrics[j].name, limit->metric) == 0 &&
                              type->metrics[j].kind == READING_NUMBER);
        if (!found)
            fail_msg("%s: a limit on %s, which is no number", type->name, limit->metric);
        for (int level = 0; level < 2; level++) {
            const struct field *row = &type->fields[rows[level]];
            size_t start = strlen(starts[level]);
            assert_int_equal(row->type, FIELD_F64);
            assert_memory_equal(row->name, starts[level], start);
            assert_string_equal(row->name + start, type->fields[rows[0]].name + strlen(starts[0]));
            used[rows[level]] = true;
        }
    }
    for (size_t i = 0; i < type->n_fields; i++) {
        const char *name = type->fields[i].name;
        if (strncmp(name, "degraded_", 9) == 0 || strncmp(name, "failed_", 7) == 0)
            assert_true(used[i]);
    }
}

static void tables_are_whole(void **state)
{
    (void)state;
    size_t n = 0;
    const struct check_type *const *types = check_table(&n);
    assert_true(n >= 6);
    for (size_t i = 0; i < n; i++) {
        check_tables(types[i]);
        check_limits(types[i]);
    }
}

static void common_keys_are_whole(void **state)
{
    (void)state;
    size_t n = 0;
    const struct field *rows = check_common_fields(&n);
    for (size_t i = 0; i < n; i++) {
        assert_true(is_sentence(rows[i].about));
        assert_true(rows[i].offset + rows[i].size <= sizeof(struct check_common));
    }
}

static void kinds_are_the_table(void **state)
{
    (void)state;
    size_t n = 0;
    struct conf_kind kinds[CHECK_TABLE_MAX];
    const struct check_type *const *types = check_table(&n);
    assert_int_equal(check_table_kinds(kinds), n);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(kinds[i].word, types[i]->name);
        assert_ptr_equal(check_table_find(slice_of(types[i]->name)), types[i]);
    }
    assert_null(check_table_find(slice_of("icm")));
}

/* The checks of deploy/examples/probe.yaml, by the tables: every type is there, and all are right.
 */
static void the_example_configures_every_type(void **state)
{
    (void)state;
    size_t n = 0;
    bool seen[CHECK_TABLE_MAX] = {false};
    struct conf_kind kinds[CHECK_TABLE_MAX];
    struct conf_section section = {.name = "checks", .about = "What to look at.", .max = 64};
    struct conf_list list = {0};
    struct conf_errors errors;
    section.fields = check_common_fields(&section.len);
    section.kinds = kinds;
    section.kinds_len = check_table_kinds(kinds);
    char *text = text_of("deploy", "examples", "probe.yaml");
    const char *checks = strstr(text, "\nchecks:");
    assert_non_null(checks);
    conf_errors_init(&errors, "probe.yaml");
    if (conf_read_text(&section, 1, slice_of(checks), &list, &errors) != 0)
        fail_msg("%s", errors.text.data);
    for (size_t i = 0; i < list.len; i++)
        seen[list.items[i].kind - kinds] = true;
    (void)check_table(&n);
    for (size_t i = 0; i < n; i++)
        assert_true(seen[i]);
    conf_done(&section, 1, &list);
    conf_errors_done(&errors);
    free(text);
}

int main(void)
{
    setenv("IOC_PROFILES", IOC_SOURCE_DIR "/deploy/profiles", 1); /* none is installed */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_whole),
        cmocka_unit_test(common_keys_are_whole),
        cmocka_unit_test(kinds_are_the_table),
        cmocka_unit_test(the_example_configures_every_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
