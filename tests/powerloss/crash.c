#include "crash.h"

#include "story.h"
#include "tape.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

const char *const CRASH_MACHINE[MACHINES] = {[PROBE] = "probe", [CENTRE] = "centre"};

struct crash_run crash_run;

static void note_ack(struct promises *p, const struct tape_op *op)
{
    size_t i = 0;
    while (i < p->acks && p->ack[i].epoch != op->epoch)
        i++;
    assert_true(i < CRASH_EPOCHS);
    p->acks = i == p->acks ? i + 1 : p->acks;
    p->ack[i].epoch = op->epoch;
    if (op->value > p->ack[i].upto)
        p->ack[i].upto = op->value;
}

static void read_marks(struct promises *p)
{
    *p = crash_run.before;
    for (size_t i = 0; i < tape_len(); i++) {
        const struct tape_op *op = tape_at(i);
        if (op->kind != TAPE_MARK)
            continue;
        bool before = i < crash_run.cut[op->mark == MARK_STORED ? PROBE : CENTRE];
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
    /* what the probe does not hold any more the centre has, or the bound took it */
    assert_true(view.low <= centre_side_upto(&s->centre, view.epoch) + 1 + view.dropped);
}

static bool may_be_dropped(uint64_t id)
{
    return id >= STORY_BOUND_FROM && id <= STORY_BOUND_TO;
}

/* Every pack is there, but for those that the bound took: the oldest ones that the centre did not
 * have when both started again, up to number `had`, and counted. */
static void check_packs(const struct promises *p, uint64_t had, uint64_t lost)
{
    uint64_t missing = 0;
    bool later = false;
    for (uint64_t id = 1; id < DATABASE_PACKS; id++) {
        bool must = p->stored[id] || id == crash_run.pack;
        if (must && !may_be_dropped(id))
            assert_int_equal(database_readings(id), 2);
        if (!may_be_dropped(id))
            continue;
        assert_false(later && must && database_readings(id) != 2);
        missing += must && database_readings(id) != 2;
        later =
            later || (database_readings(id) == 2 && id - STORY_BOUND_FROM + STORY_BOUND_SEQ > had);
    }
    assert_true(missing <= lost);
}

/* The probe counts what it lost, the centre what it misses of that: it may have had some of what
 * the bound took. Before the bound was near, nothing was lost that the centre had. */
static void check_dropped(const struct promises *p, uint64_t dropped, uint64_t lost)
{
    assert_true(lost <= dropped);
    if (!p->stored[STORY_BOUND_FROM])
        assert_int_equal(lost, dropped);
}

/* What has to hold once everything has travelled. */
static void check_end(struct story *s, const struct promises *p, uint64_t had)
{
    const struct ledger *l = &s->centre.app.centre->ledger;
    uint64_t lost = 0;
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
        lost += marks[i].lost;
        if (marks[i].epoch == view.epoch)
            check_dropped(p, view.dropped, marks[i].lost);
        assert_int_equal(stream_open_packs(&marks[i]), 0);
    }
    check_packs(p, had, lost);
}

/* Both start again and go on. The digest that the centre found, for a second life. */
static uint64_t recover(const char *root, const struct promises *p)
{
    struct story s;
    database_empty();
    for (uint64_t id = 1; id < DATABASE_PACKS; id++)
        if (p->database[id])
            database_put(id);
    centre_side_open(&s.centre, root);
    probe_side_open(&s.probe, root);
    check_start(&s, p);
    uint64_t had = centre_side_upto(&s.centre, outbox_view(s.probe.outbox).epoch);
    uint64_t digest = centre_side_digest(&s.centre);
    story_go_on(&s, crash_run.pack);
    check_end(&s, p, had);
    story_end(&s);
    return digest;
}

/* The same bytes each time: what is not decided by a fate is by the number of the point. */
static void write_out(size_t point, char root[FOLDER_PATH_MAX])
{
    struct rng rng = {point};
    folder_make_in_memory(root);
    for (int m = 0; m < MACHINES; m++)
        disk_write_out(&crash_run.disk[m], crash_run.fate[m], &rng, root);
}

static void keep(size_t point, const struct promises *p, uint64_t digest)
{
    struct crash_kept *kept = &crash_run.kept[crash_run.n_kept++];
    write_out(point, kept->folder);
    kept->promises = *p;
    kept->promises.committed = true;
    kept->promises.digest = digest;
    kept->promises.next_digest = 0;
}

static void show_op(size_t i, const char *fate)
{
    static const char *const kinds[] = {"make",   "write",  "resize", "rename",      "link",
                                        "remove", "folder", "sync",   "sync folder", "mark"};
    const struct tape_op *op = tape_at(i);
    print_message("%5zu %-11s %s %s %llu+%zu %s\n", i, kinds[op->kind], op->path, op->to,
                  (unsigned long long)op->offset, op->len, fate);
}

void crash_show(void)
{
    static const char *const fates[] = {"lost", "whole", "torn", "mixed", "zeros"};
    print_message("%s\n", crash_run.words);
    for (int m = 0; m < MACHINES; m++)
        for (size_t k = 0; k < crash_run.disk[m].open.len; k++)
            show_op(*(size_t *)vec_at(&crash_run.disk[m].open, k), fates[crash_run.fate[m][k]]);
}

void crash(const char *machine, const char *what)
{
    char root[FOLDER_PATH_MAX];
    struct promises p;
    size_t point = crash_run.points++;
    if (point % crash_run.every != 0)
        return;
    snprintf(crash_run.words, sizeof crash_run.words, "crash point %zu: %s, cuts %zu %zu, %s",
             point + 1, machine, crash_run.cut[PROBE], crash_run.cut[CENTRE], what);
    tape_last_words(crash_run.words);
    crash_run.under_way = true;
    read_marks(&p);
    write_out(point, root);
    uint64_t digest = recover(root, &p);
    folder_remove(root);
    tape_last_words(NULL);
    crash_run.under_way = false;
    size_t number = crash_run.replayed++;
    bool wanted = crash_run.keep_every && number % crash_run.keep_every == crash_run.keep_every / 2;
    if (wanted && crash_run.n_kept < CRASH_KEPT)
        keep(point, &p, digest);
}
