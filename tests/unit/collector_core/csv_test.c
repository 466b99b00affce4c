#include "core/csv.h"

#include "base/err.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

/* All records of a text as "LINE:cell|cell\n", errors as "LINE!why\n". */
static void render(struct slice bytes, char *out, size_t size)
{
    struct csv csv;
    struct csv_row row;
    const char *why = "";
    size_t len = 0;
    int err;
    out[0] = '\0';
    csv_init(&csv, bytes);
    while ((err = csv_next(&csv, &row, &why)) != ERR_END) {
        if (err != 0) {
            len += (size_t)snprintf(out + len, size - len, "%u!%s\n", row.line, why);
            continue;
        }
        len += (size_t)snprintf(out + len, size - len, "%u:", row.line);
        for (size_t i = 0; i < row.len; i++)
            len += (size_t)snprintf(out + len, size - len, "%s%.*s", i ? "|" : "",
                                    (int)row.cells[i].len, row.cells[i].at);
        len += (size_t)snprintf(out + len, size - len, "\n");
    }
}

static void reads_what_offices_write(void **state)
{
    (void)state;

    static const struct {
        const char *text, *records;
    } cases[] = {
        {"", ""},
        {"\n\r\n", ""},
        {"a,b\n1,2\n", "1:a|b\n2:1|2\n"},
        {"a,b\n1,2", "1:a|b\n2:1|2\n"},
        {"\xef\xbb\xbf"
         "a;b\r\n1;2\r\n",
         "1:a|b\n2:1|2\n"},
        {"a;b\n1,5;2\n", "1:a|b\n2:1,5|2\n"},
        {"a\tb\n1,5\t2\n", "1:a|b\n2:1,5|2\n"},
        {"a\n1\n", "1:a\n2:1\n"},
        {"a,b\n ,\n1,\n", "1:a|b\n3:1|\n"},
        {"a,b\n\"1,2\",\"say \"\"hi\"\"\"\n", "1:a|b\n2:1,2|say \"hi\"\n"},
        {"a,b\n\"two\nlines\",x\ny,z\n", "1:a|b\n2:two\nlines|x\n4:y|z\n"},
        {"a,b\n  \"q\"  , w \n", "1:a|b\n2:q|w\n"},
        {"a,b\nx\"y,z\n", "1:a|b\n2:x\"y|z\n"},
        {"a,b\n\"\",1\n", "1:a|b\n2:|1\n"},
        {"\"a;b\",c\n1,2\n", "1:a;b|c\n2:1|2\n"},
        {"a,b\n1,2,3\n4\n", "1:a|b\n2:1|2|3\n3:4\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[512];
        render(slice_of(cases[i].text), out, sizeof out);
        assert_string_equal(out, cases[i].records);
    }
}

static void goes_on_after_a_bad_line(void **state)
{
    (void)state;

    static const struct {
        const char *text, *records;
    } cases[] = {
        {"a,b\n\"open,2\n3,4\n", "1:a|b\n2!a quote is opened and never closed\n3:3|4\n"},
        {"a,b\n\"1\"x,2\n3,4\n", "1:a|b\n2!text after a closing quote\n3:3|4\n"},
        {"a,b\n\"", "1:a|b\n2!a quote is opened and never closed\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[512];
        render(slice_of(cases[i].text), out, sizeof out);
        assert_string_equal(out, cases[i].records);
    }
}

static void holds_its_bounds(void **state)
{
    (void)state;
    char out[512];
    size_t len = CSV_RECORD_MAX + 16;
    char *text = malloc(len);
    assert_non_null(text);
    memset(text, 'x', len);
    text[len - 3] = text[len - 1] = '\n';
    text[len - 2] = 'a';
    render((struct slice){text, len}, out, sizeof out);
    assert_string_equal(out, "1!the record is too long\n2:a\n");
    text[0] = '"';
    render((struct slice){text, len}, out, sizeof out);
    assert_string_equal(out, "1!a quote is opened and never closed\n2:a\n");
    memset(text, ',', CSV_CELLS_MAX);
    text[CSV_CELLS_MAX] = '\n';
    render((struct slice){text, CSV_CELLS_MAX + 1}, out, sizeof out);
    assert_string_equal(out, "1!too many cells\n");
    memset(text, '"', CSV_UNQUOTED_MAX * 2 + 4);
    text[CSV_UNQUOTED_MAX * 2 + 4] = '\n';
    render((struct slice){text, CSV_UNQUOTED_MAX * 2 + 5}, out, sizeof out);
    assert_string_equal(out, "1!its quoted cells are too long\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_offices_write),
        cmocka_unit_test(goes_on_after_a_bad_line),
        cmocka_unit_test(holds_its_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
