/* Power loss: a recorded life of a probe and a centre is cut between any two operations of their
 * disks, with every mix of what a disk may have kept, and both have to go on as if nothing had
 * been: `powerloss [EVERY]` replays each EVERYth crash point. A failure prints what became of each
 * operation that no sync had covered. */
#include "database.h"
#include "disk.h"
#include "folder.h"
#include "io/log.h"
#include "story.h"
#include "tape.h"
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SUBSETS = 6, PAIRS = 3000, OPEN_MAX_OPS = 4096, WORDS = 200, EPOCHS_MAX = 4 };

enum machine { PROBE, CENTRE, MACHINES };

static const char *const MACHINE[MACHINES] = {[PROBE] = "probe", [CENTRE] = "centre"};

/* What both ends had been told when the power went. */
struct promises {
    bool stored[DATABASE_PACKS];   /* by the outbox */
    bool database[DATABASE_PACKS]; /* the database has them */
    bool committed;                /* the centre told of a commit */
    uint64_t digest, next_digest;  /* of the last commit told, and of the one after it */

    struct {
        uint64_t epoch, upto;
    } ack[EPOCHS_MAX];

    size_t acks;
};

static struct {
    char shared[FOLDER_PATH_MAX]; /* configuration and inventory */
    struct disk disk[MACHINES];   /* at the cut */
    size_t cut[MACHINES];         /* where each machine's tape ends */
    enum disk_fate fate[MACHINES][OPEN_MAX_OPS];
    size_t every; /* so manyth crash points are replayed */
    size_t points, replayed;
    size_t of_machine[MACHINES], of_both;
    bool under_way; /* a crash point is being replayed */
    char words[WORDS];
} run;

/* ---- one crash ---- */

static void note_ack(struct promises *p, const struct tape_op *op)
{
    size_t i = 0;
    while (i < p->acks && p->ack[i].epoch != op->epoch)
        i++;
    assert_true(i < EPOCHS_MAX);
    p->acks = i == p->acks ? i + 1 : p->acks;
    p->ack[i].epoch = op->epoch;
    if (op->value > p->ack[i].upto)
        p->ack[i].upto = op->value;
}

static void read_marks(struct promises *p)
{
    *p = (struct promises){0};
    for (size_t i = 0; i < tape_len(); i++) {
        const struct tape_op *op = tape_at(i);
        if (op->kind != TAPE_MARK)
            continue;
        bool before = i < run.cut[op->mark == MARK_STORED ? PROBE : CENTRE];
        if (op->mark == MARK_COMMITTED && before) {
            p->committed = true;
            p->digest = op->value;
        } else if (op->mark == MARK_COMMITTED && !p->next_digest) {
            p->next_digest = op->value;
        }
        if (op->mark == MARK_STORED && before)
            p->stored[op->value] = true;
        if (op->mark == MARK_DATABASE && before)
            p->database[op->value] = true;
        if (op->mark == MARK_ACK && before)
            note_ack(p, op);
    }
}

/* What has to hold as soon as both have started again. */
static void check_start(struct story *s, const struct promises *p)
{
    uint64_t digest = centre_side_digest(&s->centre);
    if (p->committed && digest != p->digest)
        assert_int_equal(digest, p->next_digest); /* the commit under way, and that as a whole */
    for (size_t i = 0; i < p->acks; i++)
        assert_true(centre_side_upto(&s->centre, p->ack[i].epoch) >= p->ack[i].upto);
    struct outbox_view view = outbox_view(s->probe.outbox);
    assert_int_equal(view.dropped, 0);
    assert_true(view.low <= centre_side_upto(&s->centre, view.epoch) + 1);
}

/* What has to hold once everything has travelled. */
static void check_end(struct story *s, const struct promises *p)
{
    const struct ledger *l = &s->centre.app.centre->ledger;
    for (uint64_t id = 1; id < DATABASE_PACKS; id++)
        if (p->stored[id] || id == STORY_LAST_PACK)
            assert_int_equal(database_readings(id), 2);
    assert_int_equal(database_damaged(), 0);
    assert_int_equal(l->readings_dead, 0);
    assert_int_equal(l->readings_written, database_total());
    assert_true(ledger_balanced(l, 0));
    size_t n = 0;
    struct outbox_view view = outbox_view(s->probe.outbox);
    const struct stream_mark *marks = stream_marks(s->centre.app.centre->stream, 0, &n);
    for (size_t i = 0; i < n; i++) {
        assert_true(stream_balanced(&marks[i]));
        assert_int_equal(marks[i].missing, 0);
        if (marks[i].epoch == view.epoch)
            assert_int_equal(marks[i].lost, view.dropped);
        assert_int_equal(stream_open_packs(&marks[i]), 0);
    }
}

static void recover(const char *root)
{
    struct promises p;
    struct story s;
    read_marks(&p);
    database_empty();
    for (uint64_t id = 1; id < DATABASE_PACKS; id++)
        if (p.database[id])
            database_put(id);
    centre_side_open(&s.centre, root);
    probe_side_open(&s.probe, root);
    check_start(&s, &p);
    story_go_on(&s);
    check_end(&s, &p);
    story_end(&s);
}

static void show_op(size_t i, const char *fate)
{
    static const char *const kinds[] = {"make",   "write",  "resize", "rename",      "link",
                                        "remove", "folder", "sync",   "sync folder", "mark"};
    const struct tape_op *op = tape_at(i);
    print_message("%5zu %-11s %s %s %llu+%zu %s\n", i, kinds[op->kind], op->path, op->to,
                  (unsigned long long)op->offset, op->len, fate);
}

/* For whoever looks for the reason: what became of each open operation. */
static void show(void)
{
    static const char *const fates[] = {"lost", "whole", "torn", "mixed", "zeros"};
    print_message("%s\n", run.words);
    for (int m = 0; m < MACHINES; m++)
        for (size_t k = 0; k < run.disk[m].open.len; k++)
            show_op(*(size_t *)vec_at(&run.disk[m].open, k), fates[run.fate[m][k]]);
}

/* Replays the crash that run.disk and run.fate describe, if it is one of those wanted. */
static void crash(const char *machine, const char *what)
{
    char root[FOLDER_PATH_MAX];
    size_t point = run.points++;
    if (point % run.every != 0)
        return;
    snprintf(run.words, sizeof run.words, "crash point %zu: %s, cuts %zu %zu, %s", point + 1,
             machine, run.cut[PROBE], run.cut[CENTRE], what);
    tape_last_words(run.words);
    run.under_way = true;
    folder_make_in_memory(root);
    struct rng rng = {point};
    for (int m = 0; m < MACHINES; m++)
        disk_write_out(&run.disk[m], run.fate[m], &rng, root);
    recover(root);
    folder_remove(root);
    tape_last_words(NULL);
    run.under_way = false;
    run.replayed++;
}

/* ---- which crashes ---- */

static void set_all(enum machine m, size_t from, enum disk_fate fate)
{
    assert_true(run.disk[m].open.len <= OPEN_MAX_OPS);
    for (size_t i = from; i < run.disk[m].open.len; i++)
        run.fate[m][i] = fate;
}

static void set_some(enum machine m, struct rng *rng)
{
    static const enum disk_fate fates[] = {DISK_LOST,  DISK_WHOLE, DISK_LOST,  DISK_WHOLE,
                                           DISK_WHOLE, DISK_TORN,  DISK_MIXED, DISK_ZEROS};

    for (size_t i = 0; i < run.disk[m].open.len; i++)
        run.fate[m][i] = fates[rng_below(rng, sizeof fates / sizeof *fates)];
}

/* Each operation since the last sync by itself: alone, missing, torn. */
static void crash_one_by_one(enum machine m)
{
    const struct disk *d = &run.disk[m];
    for (size_t i = d->since_sync; i < d->open.len; i++) {
        bool is_write = tape_at(*(size_t *)vec_at(&d->open, i))->kind == TAPE_WRITE;
        set_all(m, 0, DISK_LOST);
        run.fate[m][i] = DISK_WHOLE;
        crash(MACHINE[m], "one alone");
        set_all(m, 0, DISK_WHOLE);
        run.fate[m][i] = DISK_LOST;
        crash(MACHINE[m], "one missing");
        set_all(m, i + 1, DISK_LOST);
        run.fate[m][i] = DISK_TORN;
        if (is_write)
            crash(MACHINE[m], "the last one torn");
    }
}

static void crash_machine(enum machine m, bool thorough)
{
    const struct disk *d = &run.disk[m];
    enum machine other = m == PROBE ? CENTRE : PROBE;
    struct rng rng = {run.cut[m]};
    size_t before = run.replayed;
    set_all(other, 0, DISK_WHOLE);
    set_all(m, 0, DISK_LOST);
    crash(MACHINE[m], "none");
    set_all(m, 0, DISK_WHOLE);
    crash(MACHINE[m], "all");
    if (d->since_sync > 0) {
        set_all(m, d->since_sync, DISK_LOST);
        crash(MACHINE[m], "only what waited for long");
        set_all(m, 0, DISK_LOST);
        set_all(m, d->since_sync, DISK_WHOLE);
        crash(MACHINE[m], "only what is new");
    }
    if (thorough)
        crash_one_by_one(m);
    for (int i = 0; i < SUBSETS && d->open.len > 0; i++) {
        set_some(m, &rng);
        crash(MACHINE[m], "some");
    }
    run.of_machine[m] += run.replayed - before;
}

static bool is_sync(const struct tape_op *op)
{
    return op->kind == TAPE_SYNC || op->kind == TAPE_SYNC_FOLDER;
}

static void open_disks(void)
{
    for (int m = 0; m < MACHINES; m++)
        disk_init(&run.disk[m], MACHINE[m]);
}

static void close_disks(void)
{
    for (int m = 0; m < MACHINES; m++)
        disk_done(&run.disk[m]);
}

/* Before each sync of a machine its writes in every mix; at each promise a few. */
static void cut_everywhere(void)
{
    open_disks();
    for (size_t i = 0; i <= tape_len(); i++) {
        const struct tape_op *op = i < tape_len() ? tape_at(i) : NULL;
        run.cut[PROBE] = run.cut[CENTRE] = i;
        for (int m = 0; m < MACHINES; m++) {
            bool sync = op && is_sync(op) && disk_owns(&run.disk[m], op);
            if (!op || sync || op->kind == TAPE_MARK)
                crash_machine((enum machine)m, sync);
        }
        for (int m = 0; op && m < MACHINES; m++)
            disk_take(&run.disk[m], i);
    }
    close_disks();
}

/* Nothing that one machine heard of the other may lie behind the other's cut. */
static bool consistent(void)
{
    bool probe_first = run.cut[PROBE] < run.cut[CENTRE];
    size_t from = run.cut[probe_first ? PROBE : CENTRE];
    size_t to = run.cut[probe_first ? CENTRE : PROBE];
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
    size_t before = run.replayed;
    for (int i = 0; i < PAIRS; i++) {
        size_t first = (size_t)rng_below(&rng, tape_len());
        size_t second = first + (size_t)rng_below(&rng, APART_MAX);
        enum machine early = rng_below(&rng, 2) ? PROBE : CENTRE;
        run.cut[early] = first;
        run.cut[early == PROBE ? CENTRE : PROBE] = second < tape_len() ? second : tape_len();
        if (!consistent())
            continue;
        open_disks();
        for (int m = 0; m < MACHINES; m++) {
            for (size_t at = 0; at < run.cut[m]; at++)
                disk_take(&run.disk[m], at);
            set_some((enum machine)m, &rng);
        }
        crash("both", "some");
        close_disks();
    }
    run.of_both = run.replayed - before;
}

/* ---- the tape is the whole truth ---- */

static void record(char root[FOLDER_PATH_MAX])
{
    static struct story s;
    char folder[FOLDER_PATH_MAX + 16];
    folder_make(root);
    for (int m = 0; m < MACHINES; m++) {
        snprintf(folder, sizeof folder, "%s/%s", root, MACHINE[m]);
        assert_int_equal(mkdir(folder, 0700), 0);
    }
    tape_start(root);
    story_tell(&s, root);
    tape_stop();
    char image[FOLDER_PATH_MAX], command[3 * FOLDER_PATH_MAX];
    open_disks();
    folder_make(image);
    for (int m = 0; m < MACHINES; m++) {
        for (size_t i = 0; i < tape_len(); i++)
            disk_take(&run.disk[m], i);
        set_all((enum machine)m, 0, DISK_WHOLE);
        disk_write_out(&run.disk[m], run.fate[m], NULL, image);
    }
    close_disks();
    snprintf(command, sizeof command, "diff -r -x '*-shm' %s %s", root, image);
    assert_int_equal(system(command), 0);
    folder_remove(image);
    story_end(&s);
}

static void every_crash_point_loses_and_doubles_nothing(void **state)
{
    (void)state;
    char root[FOLDER_PATH_MAX];
    folder_make(run.shared);
    centre_side_prepare(run.shared);
    record(root);
    folder_remove(root);
    cut_everywhere();
    cut_both();
    print_message("powerloss: %zu operations on tape, %zu crash points, %zu replayed: "
                  "probe %zu, centre %zu, both %zu\n",
                  tape_len(), run.points, run.replayed, run.of_machine[PROBE],
                  run.of_machine[CENTRE], run.of_both);
    assert_true(run.replayed > 0);
    tape_done();
    folder_remove(run.shared);
}

/* Says where a failed check struck. */
static int say_where(void **state)
{
    (void)state;
    if (run.under_way)
        show();
    return 0;
}

int main(int argc, char **argv)
{
    run.every = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    if (run.every == 0)
        return 2;
    log_set_fd(open("/dev/null", O_WRONLY | O_CLOEXEC));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_crash_point_loses_and_doubles_nothing, say_where)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
