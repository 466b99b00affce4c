/* The keeper over a real folder: nothing is told before it is committed, a full disk is waited out
 * with the same change set, and a restart goes on where the last commit stood. */
#include "shell/keeper.h"

#include "base/err.h"
#include "folder.h"
#include "io/file.h"
#include "sample_inventory.h"
#include "unit.h"
#include "until.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MiB = 1 << 20 };

static const char TOPIC[] = "ioc/v1/p1/data/00000000000000aa/1/%d";
static const char PACK[] = "[{\"n\":\"bts-1/icmp/a/rtt\",\"v\":%d,\"t\":1790000000}]";

struct fixture {
    char folder[FOLDER_PATH_MAX];
    char intake_path[FOLDER_PATH_MAX];
    char store_path[FOLDER_PATH_MAX];
    char reserve_path[FOLDER_PATH_MAX];
    struct loop *loop;
    struct store *store;
    struct intake *intake;
    struct centre *centre;
    struct keeper *keeper;
    int full;    /* write_batch fails so many times more */
    int written; /* batches made durable */
    int stalls, goes_on;
    uint64_t committed; /* messages told */
    int commits;
    char acks[512];
    bool finished;
};

static void on_wake(void *arg)
{
    struct fixture *f = arg;
    if (f->keeper)
        keeper_kick(f->keeper);
}

/* What a crash at this moment would read again is still there. */
static void assert_intake_whole(const struct fixture *f)
{
    char path[FOLDER_PATH_MAX + 32];
    uint64_t number = store_position(f->store).number;
    snprintf(path, sizeof path, "%s/%012llu.seg", f->intake_path,
             (unsigned long long)(number ? number : 1));
    assert_int_equal(access(path, R_OK), 0);
}

static int write_batch(void *arg, struct slice lines, struct batch_row *batch)
{
    struct fixture *f = arg;
    assert_true(lines.len > 0 && batch->lines > 0);
    assert_intake_whole(f);
    if (f->full > 0) {
        f->full--;
        return ERR_NO_SPACE;
    }
    f->written++;
    batch->bytes = lines.len;
    return 0;
}

static int on_sealing(void *arg, struct change_set *set)
{
    (void)arg;
    (void)set;
    return 0;
}

static void send_ack(void *arg, const char *topic, struct slice payload)
{
    struct fixture *f = arg;
    size_t at = strlen(f->acks);
    snprintf(f->acks + at, sizeof f->acks - at, "%s %.*s\n", topic, (int)payload.len, payload.at);
}

static void on_committed(void *arg, const struct keeper_commit *commit)
{
    struct fixture *f = arg;
    assert_int_equal(f->full, 0);
    f->committed += commit->messages;
    f->commits++;
    assert_int_equal(keeper_answer(f->keeper, (struct wall_ms){0}, send_ack, f), 0);
    assert_int_equal(keeper_release(f->keeper, (struct wall_ms){0}, send_ack, f), 0);
}

static void on_stalled(void *arg, bool stalled, const char *why)
{
    struct fixture *f = arg;
    f->stalls += stalled;
    f->goes_on += !stalled;
    assert_true(!stalled || strlen(why) > 0);
    assert_string_equal(f->acks, "");
    assert_false(stalled && keeper_settled(f->keeper));
}

static int put_row(void *arg, uint8_t kind, struct slice key, struct slice value)
{
    return kind == ROW_INVENTORY ? 0 : centre_load(arg, kind, key, value);
}

/* On a slow machine a change set would reach its longest time: here no time passes. */
static int64_t no_time(void)
{
    return 0;
}

static void open_store_and_centre(struct fixture *f)
{
    struct store_bounds bounds = {100, MiB};
    struct centre_options options = {
        .world = world_options_default(), .will_hold_ms = 15000, .derived = {.max = 1 << 16}};
    char why[256];
    assert_int_equal(store_open(f->store_path, &bounds, &f->store, why), 0);
    f->centre = centre_new(sample_inventory(NULL, sample_province, 0), &options);
    assert_non_null(f->centre);
    assert_int_equal(store_load_rows(f->store, f->centre, put_row), 0);
    assert_int_equal(centre_loaded(f->centre), 0);
}

static void open_all(struct fixture *f)
{
    assert_int_equal(loop_open(&f->loop), 0);
    open_store_and_centre(f);
    struct intake_options in = {.folder = f->intake_path, .from = store_position(f->store)};
    memcpy(in.id, store_id(f->store), sizeof in.id);
    assert_int_equal(intake_open(f->loop, &in, on_wake, f, &f->intake), 0);
    struct keeper_options options = {.centre = f->centre,
                                     .store = f->store,
                                     .intake = f->intake,
                                     .intake_folder = f->intake_path,
                                     .reserve_file = f->reserve_path,
                                     .reserve_bytes = MiB,
                                     .period_ms = 1,
                                     .id = "c1",
                                     .boot = 7,
                                     .stopwatch_us = no_time};
    struct keeper_events events = {f,          write_batch, on_sealing, on_committed,
                                   on_stalled, NULL,        NULL};
    assert_int_equal(file_reserve(f->reserve_path, MiB), 0);
    assert_int_equal(keeper_open(f->loop, &options, &events, &f->keeper), 0);
    f->acks[0] = '\0';
    f->finished = false;
}

static void close_all(struct fixture *f)
{
    keeper_close(f->keeper);
    f->keeper = NULL;
    intake_close(f->intake);
    centre_free(f->centre);
    loop_close(f->loop);
    store_close(f->store);
}

static void on_finished(void *arg)
{
    struct fixture *f = arg;
    f->finished = true;
    loop_stop(f->loop);
}

static void append(struct fixture *f, int seq)
{
    char topic[64], pack[128];
    snprintf(topic, sizeof topic, TOPIC, seq);
    snprintf(pack, sizeof pack, PACK, seq);
    struct mqtt_message m = {.topic = slice_of(topic), .payload = slice_of(pack), .qos = 1};
    intake_append(f->intake, &m);
}

static void finish(struct fixture *f)
{
    keeper_finish(f->keeper, on_finished, f);
    loop_run(f->loop);
    assert_true(f->finished);
}

static int set_up(void **state)
{
    static struct fixture f;
    f = (struct fixture){0};
    folder_make(f.folder);
    folder_path(f.intake_path, f.folder, "intake");
    folder_path(f.store_path, f.folder, "store.db");
    folder_path(f.reserve_path, f.folder, "reserve");
    open_all(&f);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    close_all(f);
    folder_remove(f->folder);
    return 0;
}

static void what_is_committed_is_told_once_and_known_after_a_restart(void **state)
{
    struct fixture *f = *state;
    for (int seq = 1; seq <= 3; seq++)
        append(f, seq);
    assert_string_equal(f->acks, "");
    finish(f);
    assert_string_equal(f->acks, "ioc/v1/p1/ack {\"epoch\":\"00000000000000aa\",\"upto\":3}\n");
    assert_int_equal(f->committed, 3);
    assert_int_equal(f->written, 1);
    close_all(f);
    open_all(f);
    append(f, 2);
    append(f, 4);
    finish(f);
    assert_non_null(strstr(f->acks, "\"upto\":4"));
    assert_int_equal(f->centre->ledger.stored, 4);
    assert_int_equal(f->centre->ledger.duplicate, 1);
    assert_int_equal(ledger_processed(&f->centre->ledger), 5);
}

static void what_was_logged_but_not_committed_is_taken_after_a_crash(void **state)
{
    struct fixture *f = *state;
    for (int seq = 1; seq <= 3; seq++)
        append(f, seq);
    close_all(f); /* nothing was taken: as after kill -9 */
    open_all(f);
    assert_int_equal(intake_count(f->intake).carried, 3);
    finish(f);
    assert_int_equal(f->centre->ledger.stored, 3);
    struct intake_counts in = intake_count(f->intake);
    assert_int_equal(in.read, in.carried + in.appended);
}

/* What comes while a large change set stays open is committed with it and answered by the same ack.
 */
static void many_packs_have_one_commit_and_one_ack(void **state)
{
    enum { FIRST = 1200, LATER = 100 };

    struct fixture *f = *state;
    for (int seq = 1; seq <= FIRST; seq++)
        append(f, seq);
    UNTIL(f->loop, intake_drained(f->intake));
    assert_false(keeper_settled(f->keeper));
    assert_int_equal(f->commits, 0);
    for (int seq = FIRST + 1; seq <= FIRST + LATER; seq++)
        append(f, seq);
    UNTIL(f->loop, f->committed == FIRST + LATER);
    assert_int_equal(f->commits, 1);
    assert_string_equal(f->acks, "ioc/v1/p1/ack {\"epoch\":\"00000000000000aa\",\"upto\":1300}\n");
    assert_true(keeper_settled(f->keeper));
    append(f, FIRST + LATER + 1);
    finish(f);
    assert_int_equal(f->centre->ledger.stored, FIRST + LATER + 1);
}

/* A stop does not wait for more. */
static void an_open_change_set_is_committed_at_the_end(void **state)
{
    enum { FIRST = 1200 };

    struct fixture *f = *state;
    for (int seq = 1; seq <= FIRST; seq++)
        append(f, seq);
    UNTIL(f->loop, intake_drained(f->intake));
    finish(f);
    assert_int_equal(f->centre->ledger.stored, FIRST);
    assert_int_equal(f->commits, 1);
}

static void a_full_disk_is_waited_out_with_the_same_change_set(void **state)
{
    struct fixture *f = *state;
    f->full = 2;
    append(f, 1);
    finish(f);
    assert_int_equal(f->stalls, 1);
    assert_int_equal(f->goes_on, 1);
    assert_int_equal(f->written, 1);
    assert_int_equal(f->centre->ledger.stored, 1);
    assert_non_null(strstr(f->acks, "\"upto\":1"));
    struct buf reserve;
    buf_init(&reserve, 2 * MiB);
    assert_int_equal(file_read(f->reserve_path, &reserve), 0); /* given up, then made again */
    assert_int_equal(reserve.len, MiB);
    buf_done(&reserve);
    close_all(f);
    open_all(f);
    assert_int_equal(f->centre->ledger.stored, 1); /* nothing of the set was lost on the way */
    assert_int_equal(store_totals(f->store).last_batch, 1);
}

static void a_record_that_nobody_understands_is_counted_too(void **state)
{
    struct fixture *f = *state;
    struct mqtt_message m = {.topic = slice_of("\xff\xfe"), .payload = {"\0\1", 2}};
    intake_append(f->intake, &m);
    static char giant[3 * MiB];
    m = (struct mqtt_message){.topic = slice_of("ioc/v1/p1/plain"),
                              .payload = {giant, sizeof giant}};
    intake_append(f->intake, &m);
    finish(f);
    assert_int_equal(f->centre->ledger.refused, 2);
    assert_int_equal(store_totals(f->store).dead_rows, 2);
    assert_true(store_totals(f->store).dead_bytes < MiB);
}

static void a_change_of_the_memory_is_committed_at_once(void **state)
{
    struct fixture *f = *state;
    assert_true(keeper_settled(f->keeper));
    keeper_change(f->keeper);
    f->centre->ledger.control = 5;
    assert_false(keeper_settled(f->keeper));
    UNTIL(f->loop, keeper_settled(f->keeper));
    close_all(f);
    open_all(f);
    assert_int_equal(f->centre->ledger.control, 5);
}

static void a_change_is_in_the_last_commit(void **state)
{
    struct fixture *f = *state;
    keeper_change(f->keeper);
    f->centre->ledger.control = 6;
    finish(f);
    assert_true(keeper_settled(f->keeper));
    close_all(f);
    open_all(f);
    assert_int_equal(f->centre->ledger.control, 6);
}

#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILES(what_is_committed_is_told_once_and_known_after_a_restart),
        WITH_FILES(what_was_logged_but_not_committed_is_taken_after_a_crash),
        WITH_FILES(many_packs_have_one_commit_and_one_ack),
        WITH_FILES(an_open_change_set_is_committed_at_the_end),
        WITH_FILES(a_full_disk_is_waited_out_with_the_same_change_set),
        WITH_FILES(a_change_of_the_memory_is_committed_at_once),
        WITH_FILES(a_change_is_in_the_last_commit),
        WITH_FILES(a_record_that_nobody_understands_is_counted_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
