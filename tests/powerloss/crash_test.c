/* Power loss: a recorded life of a probe and a centre is cut between any two operations of their
 * disks, with every mix of what a disk may have kept, and both have to go on as if nothing had
 * been: `powerloss [EVERY]` replays each EVERYth crash point. A failure prints what became of each
 * operation that no sync had covered. */
#include "crash.h"
#include "io/log.h"
#include "story.h"
#include "tape.h"
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SUBSETS = 6, PAIRS = 3000, KEPT_EVERY = 450, RECOVERIES_EVERY = 3 };

static struct {
    char shared[FOLDER_PATH_MAX]; /* configuration and inventory */
    const char *image;            /* what the disks held when the tape began; NULL = nothing */
    size_t of_machine[MACHINES], of_both, of_recovery;
} total;

/* ---- which crashes ---- */

static void set_all(enum machine m, size_t from, enum disk_fate fate)
{
    assert_true(crash_run.disk[m].open.len <= CRASH_OPEN_MAX);
    for (size_t i = from; i < crash_run.disk[m].open.len; i++)
        crash_run.fate[m][i] = fate;
}

static void set_some(enum machine m, struct rng *rng)
{
    static const enum disk_fate fates[] = {DISK_LOST,  DISK_WHOLE, DISK_LOST,  DISK_WHOLE,
                                           DISK_WHOLE, DISK_TORN,  DISK_MIXED, DISK_ZEROS};

    for (size_t i = 0; i < crash_run.disk[m].open.len; i++)
        crash_run.fate[m][i] = fates[rng_below(rng, sizeof fates / sizeof *fates)];
}

/* Each operation since the last sync by itself: alone, missing, torn. */
static void crash_one_by_one(enum machine m)
{
    const struct disk *d = &crash_run.disk[m];
    for (size_t i = d->since_sync; i < d->open.len; i++) {
        bool is_write = tape_at(*(size_t *)vec_at(&d->open, i))->kind == TAPE_WRITE;
        set_all(m, 0, DISK_LOST);
        crash_run.fate[m][i] = DISK_WHOLE;
        crash(CRASH_MACHINE[m], "one alone");
        set_all(m, 0, DISK_WHOLE);
        crash_run.fate[m][i] = DISK_LOST;
        crash(CRASH_MACHINE[m], "one missing");
        set_all(m, i + 1, DISK_LOST);
        crash_run.fate[m][i] = DISK_TORN;
        if (is_write)
            crash(CRASH_MACHINE[m], "the last one torn");
    }
}

static void crash_machine(enum machine m, bool thorough)
{
    const struct disk *d = &crash_run.disk[m];
    enum machine other = m == PROBE ? CENTRE : PROBE;
    struct rng rng = {crash_run.cut[m]};
    size_t before = crash_run.replayed;
    set_all(other, 0, DISK_WHOLE);
    set_all(m, 0, DISK_LOST);
    crash(CRASH_MACHINE[m], "none");
    set_all(m, 0, DISK_WHOLE);
    crash(CRASH_MACHINE[m], "all");
    if (d->since_sync > 0) {
        set_all(m, d->since_sync, DISK_LOST);
        crash(CRASH_MACHINE[m], "only what waited for long");
        set_all(m, 0, DISK_LOST);
        set_all(m, d->since_sync, DISK_WHOLE);
        crash(CRASH_MACHINE[m], "only what is new");
    }
    if (thorough)
        crash_one_by_one(m);
    for (int i = 0; i < SUBSETS && d->open.len > 0; i++) {
        set_some(m, &rng);
        crash(CRASH_MACHINE[m], "some");
    }
    total.of_machine[m] += crash_run.replayed - before;
}

static bool is_sync(const struct tape_op *op)
{
    return op->kind == TAPE_SYNC || op->kind == TAPE_SYNC_FOLDER;
}

static void open_disks(void)
{
    for (int m = 0; m < MACHINES; m++) {
        disk_init(&crash_run.disk[m], CRASH_MACHINE[m]);
        if (total.image)
            disk_load(&crash_run.disk[m], total.image);
    }
}

static void close_disks(void)
{
    for (int m = 0; m < MACHINES; m++)
        disk_done(&crash_run.disk[m]);
}

/* Before each sync of a machine its writes in every mix; at each promise a few. */
static void cut_everywhere(void)
{
    open_disks();
    for (size_t i = 0; i <= tape_len(); i++) {
        const struct tape_op *op = i < tape_len() ? tape_at(i) : NULL;
        crash_run.cut[PROBE] = crash_run.cut[CENTRE] = i;
        for (int m = 0; m < MACHINES; m++) {
            bool sync = op && is_sync(op) && disk_owns(&crash_run.disk[m], op);
            if (!op || sync || op->kind == TAPE_MARK)
                crash_machine((enum machine)m, sync);
        }
        for (int m = 0; op && m < MACHINES; m++)
            disk_take(&crash_run.disk[m], i);
    }
    close_disks();
}

/* Nothing that one machine heard of the other may lie behind the other's cut. */
static bool consistent(void)
{
    bool probe_first = crash_run.cut[PROBE] < crash_run.cut[CENTRE];
    size_t from = crash_run.cut[probe_first ? PROBE : CENTRE];
    size_t to = crash_run.cut[probe_first ? CENTRE : PROBE];
    for (size_t i = from; i < to; i++)
        if (tape_at(i)->kind == TAPE_MARK &&
            tape_at(i)->mark == (probe_first ? MARK_SENT : MARK_ACK))
            return false;
    return true;
}

/* Both machines at once, each at its own place. */
static void cut_both(void)
{
    enum { APART_MAX = 120 };
    struct rng rng = {4711};
    size_t before = crash_run.replayed;
    for (int i = 0; i < PAIRS; i++) {
        size_t first = (size_t)rng_below(&rng, tape_len());
        size_t second = first + (size_t)rng_below(&rng, APART_MAX);
        enum machine early = rng_below(&rng, 2) ? PROBE : CENTRE;
        crash_run.cut[early] = first;
        crash_run.cut[early == PROBE ? CENTRE : PROBE] = second < tape_len() ? second : tape_len();
        if (!consistent())
            continue;
        open_disks();
        for (int m = 0; m < MACHINES; m++) {
            for (size_t at = 0; at < crash_run.cut[m]; at++)
                disk_take(&crash_run.disk[m], at);
            set_some((enum machine)m, &rng);
        }
        crash("both", "some");
        close_disks();
    }
    total.of_both = crash_run.replayed - before;
}

/* ---- lives ---- */

/* What the tape says the disks hold is what they hold, so nothing escaped it. */
static void assert_tape_whole(const char *root)
{
    char image[FOLDER_PATH_MAX], command[3 * FOLDER_PATH_MAX];
    open_disks();
    folder_make(image);
    for (int m = 0; m < MACHINES; m++) {
        for (size_t i = 0; i < tape_len(); i++)
            disk_take(&crash_run.disk[m], i);
        set_all((enum machine)m, 0, DISK_WHOLE);
        disk_write_out(&crash_run.disk[m], crash_run.fate[m], NULL, image);
    }
    close_disks();
    snprintf(command, sizeof command, "diff -r -x '*-shm' %s %s", root, image);
    assert_int_equal(system(command), 0);
    folder_remove(image);
}

static void record_first_life(void)
{
    static struct story s;
    char root[FOLDER_PATH_MAX], folder[FOLDER_PATH_MAX + 16];
    folder_make(root);
    for (int m = 0; m < MACHINES; m++) {
        snprintf(folder, sizeof folder, "%s/%s", root, CRASH_MACHINE[m]);
        assert_int_equal(mkdir(folder, 0700), 0);
    }
    tape_start(root);
    story_tell(&s, root);
    tape_stop();
    assert_tape_whole(root);
    story_end(&s);
    folder_remove(root);
}

/* The recovery from a crash, itself recorded. */
static void record_second_life(const struct crash_kept *kept)
{
    static struct story s;
    char root[FOLDER_PATH_MAX], command[3 * FOLDER_PATH_MAX];
    folder_make(root);
    snprintf(command, sizeof command, "cp -a %s/. %s/", kept->folder, root);
    assert_int_equal(system(command), 0);
    crash_run.before = kept->promises;
    database_empty();
    for (uint64_t id = 1; id < DATABASE_PACKS; id++)
        if (kept->promises.database[id])
            database_put(id);
    tape_start(root);
    centre_side_open(&s.centre, root);
    probe_side_open(&s.probe, root);
    story_go_on(&s, STORY_LAST_PACK);
    tape_stop();
    assert_tape_whole(root);
    story_end(&s);
    folder_remove(root);
}

/* The power goes a second time, while both recover from the first. */
static void cut_recoveries(size_t every)
{
    size_t before = crash_run.replayed;
    crash_run.keep_every = 0;
    crash_run.every = every;
    crash_run.pack = STORY_LAST_PACK + 1;
    for (size_t i = 0; i < crash_run.n_kept; i++) {
        tape_done();
        total.image = crash_run.kept[i].folder;
        record_second_life(&crash_run.kept[i]);
        cut_everywhere();
        folder_remove(total.image);
    }
    total.of_recovery = crash_run.replayed - before;
}

static void every_crash_point_loses_and_doubles_nothing(void **state)
{
    (void)state;
    folder_make(total.shared);
    centre_side_prepare(total.shared);
    crash_run.pack = STORY_LAST_PACK;
    record_first_life();
    cut_everywhere();
    cut_both();
    size_t operations = tape_len(), alone = total.of_machine[PROBE],
           centre = total.of_machine[CENTRE];
    cut_recoveries(crash_run.every * RECOVERIES_EVERY);
    print_message("powerloss: %zu operations on tape, %zu crash points, %zu replayed: probe %zu, "
                  "centre %zu, both %zu, while recovering %zu (of %zu crashes)\n",
                  operations, crash_run.points, crash_run.replayed, alone, centre, total.of_both,
                  total.of_recovery, crash_run.n_kept);
    assert_true(crash_run.replayed > 0);
    tape_done();
    folder_remove(total.shared);
}

/* Says where a failed check struck. */
static int say_where(void **state)
{
    (void)state;
    if (crash_run.under_way)
        crash_show();
    return 0;
}

int main(int argc, char **argv)
{
    crash_run.every = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    if (crash_run.every == 0)
        return 2;
    crash_run.keep_every = KEPT_EVERY / crash_run.every + 1;
    log_set_fd(open("/dev/null", O_WRONLY | O_CLOEXEC));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_crash_point_loses_and_doubles_nothing, say_where)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
