/* Real plugins of Debian's monitoring-plugins-basic, and scripts that no plugin should be. */
#include "checks/plugin/plugin_check.h"

#include "folder.h"
#include "rig.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DUMMY "/usr/lib/nagios/plugins/check_dummy"
#define DISK "/usr/lib/nagios/plugins/check_disk"
#define PROCS "/usr/lib/nagios/plugins/check_procs"

static char folder[FOLDER_PATH_MAX];

static void open_command(struct rig *rig, const char *const *words)
{
    rig_open(rig, "");
    rig_type(rig, &plugin_check);
    for (; *words; words++)
        rig_set(rig, "command", *words);
    rig_check(rig);
}

static void open_script(struct rig *rig, const char *script)
{
    open_command(rig, (const char *[]){"/bin/sh", "-c", script, NULL});
}

/* A script too long for one word: a file of its own. */
static void open_file(struct rig *rig, const char *script)
{
    char path[FOLDER_PATH_MAX];
    folder_path(path, folder, "script");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", script);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0700), 0);
    open_command(rig, (const char *[]){path, NULL});
}

static double extra(const struct rig *rig, const char *name, const char *unit)
{
    for (size_t i = 0; i < rig->last.n_extra; i++) {
        const struct check_extra *one = &rig->last.extra[i];
        if (strcmp(one->name, name) != 0)
            continue;
        if (unit ? !one->unit || strcmp(one->unit, unit) != 0 : one->unit != NULL)
            fail_msg("%s is in %s", name, one->unit ? one->unit : "no unit");
        return one->number;
    }
    fail_msg("no value %s", name);
    return NAN;
}

/* Processes whose command line holds @p mark: what a run has left behind. */
static int living(const char *mark)
{
    DIR *proc = opendir("/proc");
    int n = 0;
    assert_non_null(proc);
    for (const struct dirent *entry; (entry = readdir(proc));) {
        char path[300], line[300] = "";
        snprintf(path, sizeof path, "/proc/%.250s/cmdline", entry->d_name);
        FILE *file = fopen(path, "r");
        size_t len = file ? fread(line, 1, sizeof line - 1, file) : 0;
        if (file)
            fclose(file);
        for (size_t i = 0; i < len; i++)
            line[i] = line[i] ? line[i] : ' ';
        n += strstr(line, mark) != NULL;
    }
    closedir(proc);
    return n;
}

/* What was killed takes a moment to go. */
static void assert_gone(const char *mark)
{
    int64_t end_us = loop_stopwatch_us() + 60000000;
    while (living(mark) > 0 && loop_stopwatch_us() < end_us)
        sched_yield();
    assert_int_equal(living(mark), 0);
}

/* ---- Debian's own ---- */

static void dummy_says_each_verdict(void **state)
{
    static const struct {
        const char *code;
        enum verdict verdict;
    } cases[] = {
        {"0", VERDICT_OK}, {"1", VERDICT_DEGRADED}, {"2", VERDICT_FAILED}, {"3", VERDICT_UNKNOWN}};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct rig rig;
        open_command(&rig,
                     (const char *[]){DUMMY, cases[i].code, "said | 'a b'=1;2;3 rta=4ms", NULL});
        assert_int_equal(rig_run(&rig)->verdict, cases[i].verdict);
        if (cases[i].verdict != VERDICT_OK)
            assert_non_null(strstr(rig.last.reason, ": said"));
        assert_near(extra(&rig, "a_b", NULL), 1, 0);
        assert_near(extra(&rig, "rta", "ms"), 4, 0);
        rig_close(&rig);
    }
}

static void disk_measures_the_disk(void **state)
{
    (void)state;
    struct rig rig;
    open_command(&rig, (const char *[]){DISK, "-w", "0%", "-c", "0%", "-p", "/", NULL});
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
    assert_memory_equal(rig_value(&rig, "output")->text, "DISK OK", 7);
    assert_true(extra(&rig, "root", "B") > 1e6);
    assert_true(rig_value(&rig, "runtime")->number > 0);
    rig_close(&rig);
    open_command(&rig, (const char *[]){DISK, "-c", "100%", "-p", "/", NULL});
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_FAILED);
    assert_memory_equal(rig.last.reason, "DISK CRITICAL", 13);
    rig_close(&rig);
}

static void procs_counts_processes(void **state)
{
    (void)state;
    struct rig rig;
    open_command(&rig, (const char *[]){PROCS, "-w", "1:", NULL});
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
    assert_true(extra(&rig, "procs", NULL) >= 1);
    rig_close(&rig);
    open_command(&rig, (const char *[]){PROCS, "-c", "100000:", NULL});
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_FAILED);
    rig_close(&rig);
}

/* ---- none of anybody's ---- */

static void a_flood_is_cut_and_its_writer_killed(void **state)
{
    (void)state;
    struct rig rig;
    open_script(&rig, "head -c 1000000000 /dev/zero; echo mark-47110");
    rig_set(&rig, "timeout", "20s");
    rig_check(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_UNKNOWN);
    assert_string_equal(rig.last.reason, "it printed more than 64 KiB and was killed");
    rig_close(&rig);
    assert_gone("mark-47110");
}

/* Children and grandchildren in the group go too; the pipe they hold keeps nobody waiting. */
static void what_never_ends_is_killed_with_its_group(void **state)
{
    (void)state;
    struct rig rig;
    open_file(&rig, "stay() { tail -s 47110 -f /dev/null; }\nstay & (stay &); trap '' TERM; stay");
    rig_set(&rig, "timeout", "300ms");
    rig_check(&rig);
    for (int run = 0; run < 2; run++) {
        int64_t start_us = loop_stopwatch_us();
        assert_int_equal(rig_run(&rig)->verdict, VERDICT_UNKNOWN);
        assert_string_equal(rig.last.reason, "the plugin did not end in time and was killed");
        assert_false(rig_value(&rig, "runtime")->known);
        assert_true(loop_stopwatch_us() - start_us < 30000000); /* it would stay for ever */
    }
    rig_close(&rig);
    assert_gone("tail -s 47110");
}

static void what_it_leaves_behind_is_killed_and_not_waited_for(void **state)
{
    (void)state;
    struct rig rig;
    open_script(&rig, "tail -s 47111 -f /dev/null & echo done; exit 1");
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_DEGRADED);
    assert_string_equal(rig.last.reason, "done");
    rig_close(&rig);
    assert_gone("tail -s 47111");
}

/* One that leaves the group escapes the kill, and still delays nobody, pipe in hand. */
static void a_daemon_delays_nobody(void **state)
{
    (void)state;
    struct rig rig;
    open_file(&rig, "mkfifo $0.fifo\nsetsid sh -c \"echo up > $0.fifo; exec timeout 20 tail -f "
                    "/dev/null\" &\nread line < $0.fifo; echo $line");
    int64_t start_us = loop_stopwatch_us();
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
    assert_true(loop_stopwatch_us() - start_us < 15000000);
    rig_close(&rig);
}

static void signals_and_foreign_codes_are_unknown(void **state)
{
    static const char *const cases[][2] = {
        {"kill -9 $$", "signal 9 ended the plugin"},
        {"exit 77", "exit code 77 is no plugin's"},
        {"exit 3", "the plugin ended with code 3 and no word"},
    };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct rig rig;
        open_script(&rig, cases[i][0]);
        assert_int_equal(rig_run(&rig)->verdict, VERDICT_UNKNOWN);
        assert_string_equal(rig.last.reason, cases[i][1]);
        rig_close(&rig);
    }
}

static void what_cannot_be_run_is_unknown(void **state)
{
    (void)state;
    struct rig rig;
    char path[FOLDER_PATH_MAX];
    open_command(&rig, (const char *[]){"/nowhere/at/all", NULL});
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_UNKNOWN);
    assert_string_equal(rig.last.reason, "/nowhere/at/all: not found");
    rig_close(&rig);
    folder_path(path, folder, "plain");
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0 && close(fd) == 0);
    open_command(&rig, (const char *[]){path, NULL});
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_UNKNOWN);
    assert_non_null(strstr(rig.last.reason, "permission denied"));
    rig_close(&rig);
}

static void its_own_range_is_the_reason_when_it_says_nothing(void **state)
{
    (void)state;
    struct rig rig;
    open_script(&rig, "echo '|a=1;5;9 b=7;5;9'; exit 1");
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_DEGRADED);
    assert_string_equal(rig.last.reason, "b is out of the plugin's range");
    rig_close(&rig);
}

/* A plugin gets no shell, no file and no variable of ours. */
static void it_gets_nothing_of_ours(void **state)
{
    (void)state;
    struct rig rig;
    char path[FOLDER_PATH_MAX];
    folder_path(path, folder, "secret");
    int fd = open(path, O_CREAT | O_RDWR, 0600); /* inherited unless somebody sees to it */
    assert_true(fd > 2);
    assert_int_equal(setenv("SECRET", "told", 1), 0);
    open_file(&rig, "n=$(ls /proc/self/fd | wc -l)\n" /* 0, 1, 2 and the folder */
                    "[ $n = 4 ] && [ -z \"$SECRET\" ] && [ \"$LC_ALL\" = C ] && ! read line && "
                    "echo bare && exit 0\necho $n $SECRET; exit 2");
    rig_run(&rig);
    if (rig.last.verdict != VERDICT_OK)
        fail_msg("%s", rig.last.reason);
    rig_close(&rig);
    open_command(&rig, (const char *[]){"/bin/echo", "$HOME;`id`", NULL});
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
    assert_string_equal(rig_value(&rig, "output")->text, "$HOME;`id`");
    rig_close(&rig);
    close(fd);
}

static void doubled_and_surplus_values_are_counted(void **state)
{
    (void)state;
    struct rig rig;
    open_file(&rig, "printf 'x|a=1 a=2 runtime=3 bad u=U'; for i in $(seq 40); do printf ' v%d=%d' "
                    "$i $i; done");
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
    assert_int_equal(rig.last.n_extra, CHECK_EXTRA_MAX);
    assert_near(extra(&rig, "a", NULL), 1, 0);
    assert_near(extra(&rig, "v31", NULL), 31, 0);
    /* the second a, a runtime that is ours, `bad`, and v32 to v40 */
    assert_near(rig_value(&rig, "perf_left")->number, 12, 0);
    rig_close(&rig);
}

static void letters_nobody_can_show_do_not_pass(void **state)
{
    (void)state;
    struct rig rig;
    open_script(&rig, "printf 'h\\033[2Ji\\tall\\n'; exit 2");
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_FAILED);
    assert_string_equal(rig.last.reason, "h?[2Ji?all");
    rig_close(&rig);
}

/* Each of twenty ends only once all of them run. */
static void many_run_side_by_side(void **state)
{
    (void)state;
    struct rig rig;
    struct check *checks[20] = {NULL};
    open_file(&rig,
              "echo up >> $0.begun\nuntil [ $(wc -l < $0.begun) -ge 20 ]; do timeout 0.02 tail "
              "-f /dev/null; done\necho up");
    rig_set(&rig, "interval", "5min");
    rig_set(&rig, "timeout", "50s");
    rig_check(&rig);
    for (size_t i = 0; i < 20; i++) {
        assert_int_equal(
            check_open(&plugin_check, &rig.env, rig.config, rig_keep, &rig, &checks[i]), 0);
        check_start(checks[i]);
    }
    while (rig.reports < 20) {
        loop_turn(rig.env.loop);
        if (rig.reports > 0)
            assert_int_equal(rig.last.verdict, VERDICT_OK);
    }
    for (size_t i = 0; i < 20; i++)
        check_close(checks[i]);
    rig_close(&rig);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left to be reaped */
}

static int make_folder(void **state)
{
    (void)state;
    folder_make(folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dummy_says_each_verdict),
        cmocka_unit_test(disk_measures_the_disk),
        cmocka_unit_test(procs_counts_processes),
        cmocka_unit_test(a_flood_is_cut_and_its_writer_killed),
        cmocka_unit_test(what_never_ends_is_killed_with_its_group),
        cmocka_unit_test(what_it_leaves_behind_is_killed_and_not_waited_for),
        cmocka_unit_test(a_daemon_delays_nobody),
        cmocka_unit_test(signals_and_foreign_codes_are_unknown),
        cmocka_unit_test(what_cannot_be_run_is_unknown),
        cmocka_unit_test(its_own_range_is_the_reason_when_it_says_nothing),
        cmocka_unit_test(it_gets_nothing_of_ours),
        cmocka_unit_test(doubled_and_surplus_values_are_counted),
        cmocka_unit_test(letters_nobody_can_show_do_not_pass),
        cmocka_unit_test(many_run_side_by_side),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
