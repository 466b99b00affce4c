/* The file of what checks remember, around checks on a port that has no module. */
#include "shell/memory.h"

#include "folder.h"
#include "io/file.h"
#include "shell/check_env.h"
#include "unit.h"

#include <stdio.h>

#define HEAD "ioc-probe memory 1\n"
#define LEVEL "sfp/a lo\t-600 -601 -1200\n"

static char folder[FOLDER_PATH_MAX], file[FOLDER_PATH_MAX];
static struct check_env env;
static struct probe_config config;
static struct rng rng;

static void on_report(void *arg, size_t index, struct now started,
                      const struct check_report *report)
{
    (void)arg, (void)index, (void)started, (void)report;
}

static void on_period(void *arg)
{
    (void)arg;
}

static void stop(void *arg)
{
    loop_stop(arg);
}

static int set_up(void **state)
{
    static const char text[] = "probe: {id: p1, site: S1}\nbroker: {host: h}\nchecks:\n"
                               "  - {type: sfp, name: a, target: lo}\n"
                               "  - {type: sfp, name: b, target: lo}\n"
                               "  - {type: host, name: self}\n";

    (void)state;
    struct conf_errors errors;
    folder_make(folder);
    folder_path(file, folder, "memory");
    int err = probe_config_read_text("p.yaml", slice_of(text), &config, &errors);
    conf_errors_done(&errors);
    return err ? err : check_env_open(&env);
}

static int tear_down(void **state)
{
    (void)state;
    check_env_close(&env);
    probe_config_done(&config);
    folder_remove(folder);
    return 0;
}

/* One life of the probe, in which no check runs: what the file holds afterwards. */
static void live(struct buf *ret_file)
{
    struct memory *memory;
    struct watch *watch;
    char deadman[64];
    assert_int_equal(memory_open(env.loop, folder, on_period, NULL, &memory), 0);
    assert_int_equal(watch_open(&env, &config, &rng, on_report, NULL, &watch), 0);
    memory_give(memory, watch);
    snprintf(deadman, sizeof deadman, "%.*s", (int)memory_deadman(memory).len,
             memory_deadman(memory).len ? memory_deadman(memory).at : "");
    memory_take(memory, watch, slice_of(deadman));
    watch_close(watch);
    memory_close(memory, stop, env.loop);
    loop_run(env.loop);
    buf_init(ret_file, 4096);
    if (file_read(file, ret_file) != 0)
        buf_str(ret_file, "none");
}

static void expect_life(const char *before, const char *after)
{
    struct buf found;
    assert_int_equal(file_replace(file, before, strlen(before), 0600), 0);
    live(&found);
    assert_string_equal(found.data, after);
    buf_done(&found);
}

static void nothing_is_written_of_nothing(void **state)
{
    (void)state;
    struct buf found;
    live(&found);
    assert_string_equal(found.data, "none");
    buf_done(&found);
}

static void what_checks_remember_outlives_a_restart(void **state)
{
    (void)state;
    expect_life(HEAD LEVEL "end\n", HEAD LEVEL "end\n");
}

static void so_does_what_the_deadman_remembers(void **state)
{
    (void)state;
    expect_life(HEAD "deadman\tgone 1 2 199 told 3\n" LEVEL "end\n",
                HEAD "deadman\tgone 1 2 199 told 3\n" LEVEL "end\n");
}

/* A check that is gone, or looks at something else now, is forgotten. */
static void what_is_of_no_check_is_forgotten(void **state)
{
    (void)state;
    expect_life(HEAD LEVEL "sfp/b eth7\t-700\nsfp/gone lo\t-700\nend\n", HEAD LEVEL "end\n");
}

/* One check's nonsense costs that check's memory only; so does what a check gets that keeps none.
 */
static void nonsense_of_one_check_is_its_own(void **state)
{
    (void)state;
    expect_life(HEAD LEVEL "sfp/b lo\t-7x0\nhost/self \t1\nend\n", HEAD LEVEL "end\n");
}

static void a_file_that_makes_no_sense_is_forgotten(void **state)
{
    (void)state;
    expect_life("\x7f\x45LF", HEAD "end\n");
    expect_life(HEAD LEVEL, HEAD "end\n");
    expect_life("ioc-probe memory 9\n" LEVEL "end\n", HEAD "end\n");
}

/* What was taken while a write was under way is written after it. */
static void the_newest_is_written_last(void **state)
{
    (void)state;
    struct memory *memory;
    struct watch *watch, *empty;
    struct probe_config none = {0};
    struct buf found;
    assert_int_equal(file_replace(file, HEAD LEVEL "end\n", strlen(HEAD LEVEL "end\n"), 0600), 0);
    assert_int_equal(memory_open(env.loop, folder, on_period, NULL, &memory), 0);
    assert_int_equal(watch_open(&env, &config, &rng, on_report, NULL, &watch), 0);
    assert_int_equal(watch_open(&env, &none, &rng, on_report, NULL, &empty), 0);
    memory_give(memory, watch);
    memory_take(memory, empty, (struct slice){0}); /* is being written */
    memory_take(memory, watch, (struct slice){0});
    watch_close(watch);
    watch_close(empty);
    memory_close(memory, stop, env.loop);
    loop_run(env.loop);
    buf_init(&found, 4096);
    assert_int_equal(file_read(file, &found), 0);
    assert_string_equal(found.data, HEAD LEVEL "end\n");
    buf_done(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_written_of_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_checks_remember_outlives_a_restart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(so_does_what_the_deadman_remembers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_of_no_check_is_forgotten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nonsense_of_one_check_is_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_makes_no_sense_is_forgotten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_newest_is_written_last, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
