/* The push check and programs that write to its socket: well, too much, too long, not at all. */
#include "checks/push/push_check.h"

#include "folder.h"
#include "rig.h"
#include "server.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char folder[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];

static int set_stage(void **state)
{
    (void)state;
    folder_make(folder);
    folder_path(path, folder, "socket");
    return 0;
}

static int clear_stage(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static void begin(struct rig *rig)
{
    rig_open(rig, "");
    rig_type(rig, &push_check);
    rig_set(rig, "socket", path);
}

static void write_bytes(const void *bytes, size_t len)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    strcpy(to.sun_path, path);
    assert_int_equal(sendto(fd, bytes, len, 0, (const struct sockaddr *)&to, sizeof to), len);
    close(fd);
}

static void write_text(const char *text)
{
    write_bytes(text, strlen(text));
}

/* A run's start reads nothing by itself: what is waiting is read in the turns until its report. */
static void run(struct rig *rig)
{
    for (int i = 0; i < 3; i++)
        loop_turn(rig->env.loop);
    rig_run(rig);
}

static double extra_of(const struct rig *rig, const char *name)
{
    for (size_t i = 0; i < rig->last.n_extra; i++) {
        if (strcmp(rig->last.extra[i].name, name) == 0)
            return rig->last.extra[i].number;
    }
    return NAN;
}

static double value_of(const struct rig *rig, const char *metric)
{
    const struct check_value *value = rig_value(rig, metric);
    return value->known ? value->number : NAN;
}

static void what_is_pushed_is_reported_once(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    rig_check(&rig);
    rig_run(&rig);
    assert_int_equal(rig.last.verdict, VERDICT_OK);
    write_text("genset fuel=60\n");
    write_text("genset fuel=61,taken=1");
    write_text(" [{\"n\":\"taken\",\"u\":\"V\",\"v\":13.5}]");
    run(&rig);
    assert_near(extra_of(&rig, "genset.fuel"), 61, 0);
    assert_near(extra_of(&rig, "genset.taken"), 1, 0);
    assert_near(extra_of(&rig, "push.taken"), 13.5, 0); /* the check has a name like it */
    assert_near(value_of(&rig, "messages"), 3, 0);
    assert_near(value_of(&rig, "taken"), 4, 0);
    run(&rig);
    assert_int_equal(rig.last.n_extra, 0);
    assert_near(value_of(&rig, "messages"), 0, 0);
    rig_close(&rig);
    assert_int_not_equal(access(path, F_OK), 0); /* its socket is gone with it */
}

static void too_much_is_dropped_and_counted(void **state)
{
    (void)state;
    struct rig rig;
    char *long_one = calloc(1, 9000);
    assert_non_null(long_one);
    begin(&rig);
    rig_set(&rig, "rate", "3");
    rig_check(&rig);
    rig_run(&rig);
    memset(long_one, 'a', 9000);
    memcpy(long_one, "a b=1\n", 6);
    write_bytes(long_one, 9000);
    write_text("not a line");
    for (int i = 0; i < 5; i++)
        write_text("a b=1");
    run(&rig);
    assert_near(value_of(&rig, "refused"), 2, 0);
    assert_near(value_of(&rig, "taken"), 1, 0);
    assert_near(value_of(&rig, "limited"), 4, 0);
    rig_close(&rig);
    begin(&rig);
    rig_check(&rig);
    rig_run(&rig);
    for (int i = 0; i < CHECK_EXTRA_MAX + 4; i++) {
        char text[32];
        snprintf(text, sizeof text, "a n%d=1", i);
        write_text(text);
        loop_turn(rig.env.loop);
    }
    run(&rig);
    assert_int_equal(rig.last.n_extra, CHECK_EXTRA_MAX);
    assert_near(value_of(&rig, "beyond"), 4, 0);
    rig_close(&rig);
    free(long_one);
}

static void a_pushed_state_is_the_verdict(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        enum verdict verdict;
        const char *reason;
    } cases[] = {
        {"", VERDICT_UNKNOWN, "app.state was not pushed yet"},
        {"app state=2i", VERDICT_FAILED, "app.state is 2"},
        {"app load=1", VERDICT_FAILED, "app.state is 2"}, /* it stands */
        {"app state=0", VERDICT_OK, ""},
        {"app state=7", VERDICT_UNKNOWN, "app.state is 7, which is no verdict"},
        {"app state=1", VERDICT_DEGRADED, "app.state is 1"},
    };

    struct rig rig;
    begin(&rig);
    rig_set(&rig, "state", "app.state");
    rig_check(&rig);
    rig_run(&rig);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].text[0])
            write_text(cases[i].text);
        run(&rig);
        assert_int_equal(rig.last.verdict, cases[i].verdict);
        assert_string_equal(rig.last.reason, cases[i].reason);
    }
    rig_close(&rig);
}

static void silence_is_unknown_where_it_is_asked_for(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    rig_set(&rig, "silent_after", "60ms");
    rig_check(&rig);
    rig_run(&rig);
    assert_int_equal(rig.last.verdict, VERDICT_OK);
    for (int i = 0; i < 6; i++) /* a turn ends after 20 ms at the latest */
        loop_turn(rig.env.loop);
    rig_run(&rig);
    assert_int_equal(rig.last.verdict, VERDICT_UNKNOWN);
    assert_non_null(strstr(rig.last.reason, "nothing was pushed for"));
    rig_close(&rig);
}

static void what_is_in_the_way_stays(void **state)
{
    (void)state;
    struct rig rig;
    struct stat st;
    begin(&rig);
    server_write(path, "somebody's file");
    rig_check(&rig);
    rig_run(&rig);
    assert_int_equal(rig.last.verdict, VERDICT_UNKNOWN);
    assert_non_null(strstr(rig.last.reason, "File exists"));
    rig_close(&rig);
    assert_int_equal(stat(path, &st), 0);
    assert_true(S_ISREG(st.st_mode));
    assert_int_equal(unlink(path), 0);
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0); /* what a killed probe leaves */
    struct sockaddr_un own = {.sun_family = AF_UNIX};
    strcpy(own.sun_path, path);
    assert_int_equal(bind(fd, (const struct sockaddr *)&own, sizeof own), 0);
    close(fd);
    begin(&rig);
    rig_check(&rig);
    rig_run(&rig);
    assert_int_equal(rig.last.verdict, VERDICT_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0660);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_pushed_is_reported_once),
        cmocka_unit_test(too_much_is_dropped_and_counted),
        cmocka_unit_test(a_pushed_state_is_the_verdict),
        cmocka_unit_test(silence_is_unknown_where_it_is_asked_for),
        cmocka_unit_test(what_is_in_the_way_stays),
    };
    return cmocka_run_group_tests_name("push_check", tests, set_stage, clear_stage);
}
