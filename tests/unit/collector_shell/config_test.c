/* What is told of mistakes that only the whole section shows, and of a zone that is no offset. */
#include "shell/config.h"

#include "base/err.h"
#include "folder.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

struct stage {
    char folder[FOLDER_PATH_MAX], file[FOLDER_PATH_MAX];
};

static int setup(void **state)
{
    static struct stage s;
    folder_make_in_memory(s.folder);
    folder_path(s.file, s.folder, "c.yaml");
    *state = &s;
    return 0;
}

static int teardown(void **state)
{
    folder_remove(((struct stage *)*state)->folder);
    return 0;
}

/* The zone is a distance from UTC in whole minutes, before or behind it; nothing else is. */
static void the_zone_is_an_offset_in_whole_minutes(void **state)
{
    static const struct {
        const char *value;
        int64_t offset_ms;   /* where it is taken */
        const char *refused; /* what is told of it */
    } rows[] = {
        {"7h", 7 * 3600000, NULL},
        {"-210min", -210 * 60000, NULL},
        {"90s", 0, ":2:3: centre: utc_offset must be whole minutes\n"},
        {"Asia/Ho_Chi_Minh", 0,
         ":2:15: centre.utc_offset must be a duration with its unit, such as 500ms, 5s, 2min, 1h "
         "or 7d\n"},
        {"25h", 0, ":2:15: centre.utc_offset must be between -1d and 1d\n"},
    };
    const struct stage *s = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config config = {0};
        struct conf_errors errors;
        FILE *f = fopen(s->file, "w");
        assert_non_null(f);
        assert_true(fprintf(f, "centre:\n  utc_offset: %s\n", rows[i].value) > 0);
        assert_int_equal(fclose(f), 0);
        int err = config_read(s->file, &config, &errors);
        if (!rows[i].refused)
            assert_int_equal(config.centre.utc_offset_ms, rows[i].offset_ms);
        else
            assert_string_equal(errors.text.data + strlen(s->file), rows[i].refused);
        assert_int_equal(err, rows[i].refused ? ERR_SYNTAX : 0);
        conf_errors_done(&errors);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_zone_is_an_offset_in_whole_minutes, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
