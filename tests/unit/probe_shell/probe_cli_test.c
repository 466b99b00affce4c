#include "shell/probe_cli.h"

#include "checks/check_table.h"
#include "io/file.h"
#include "shell/probe_config.h"
#include "unit.h"

#include <string.h>

enum { MANUAL_MAX = 1 << 20 };

static void test_the_manual_is_what_the_tables_say(void **state)
{
    (void)state;
    struct buf made, kept;
    buf_init(&made, MANUAL_MAX);
    buf_init(&kept, MANUAL_MAX);
    probe_cli_manual(&made);
    /* out of date? build/dev/bin/ioc-probe --manual > docs/man/ioc-probe.1 */
    assert_int_equal(file_read(IOC_SOURCE_DIR "/docs/man/ioc-probe.1", &kept), 0);
    assert_int_equal(kept.len, made.len);
    assert_memory_equal(kept.data, made.data, made.len);
    buf_done(&made);
    buf_done(&kept);
}

static void test_the_manual_names_every_option_key_and_metric(void **state)
{
    (void)state;
    struct buf out;
    size_t n = 0;
    buf_init(&out, MANUAL_MAX);
    probe_cli_manual(&out);
    const struct cli *cli = probe_cli();
    for (size_t i = 0; i < cli->options_len; i++)
        assert_non_null(strstr(out.data, cli->options[i].name));
    const struct check_type *const *types = check_table(&n);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < types[i]->n_fields; k++)
            assert_non_null(strstr(out.data, types[i]->fields[k].name));
        for (size_t k = 0; k < types[i]->n_metrics; k++)
            assert_non_null(strstr(out.data, types[i]->metrics[k].name));
    }
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_manual_is_what_the_tables_say),
        cmocka_unit_test(test_the_manual_names_every_option_key_and_metric),
    };
    return cmocka_run_group_tests_name("probe_cli", tests, NULL, NULL);
}
