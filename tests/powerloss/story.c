#include "story.h"

#include "database.h"
#include "unit.h"

#include <string.h>

enum { ROUNDS_MAX = 40 };

static void hear_answer(struct story *s)
{
    struct centre_side *c = &s->centre;
    if (!c->answer[0])
        return;
    probe_side_answer(&s->probe, slice_of(c->answer));
    c->answer[0] = '\0';
}

void story_exchange(struct story *s)
{
    int rounds = 0;
    while (window_backlog(&s->probe.window) > 0) {
        assert_true(rounds++ < ROUNDS_MAX);
        assert_true(probe_side_send(&s->probe, centre_side_message, &s->centre));
        centre_side_commit(&s->centre);
        hear_answer(s);
    }
}

static void put_and_exchange(struct story *s, uint64_t from, uint64_t to)
{
    for (uint64_t id = from; id <= to; id++) {
        probe_side_put(&s->probe, id);
        story_exchange(s);
    }
}

static void restart_probe(struct story *s, const char *root)
{
    probe_side_close(&s->probe);
    probe_side_open(&s->probe, root);
}

/* A first day: single packs, many at once, a clock, a pack that is refused. */
static void begin(struct story *s)
{
    probe_side_put_list(&s->probe);
    put_and_exchange(s, 1, 4);
    database_answer();
    put_and_exchange(s, 5, 6);
    probe_side_put_many(&s->probe, 7, 12);
    story_exchange(s);
    probe_side_keep_clock(&s->probe);
    probe_side_put_garbage(&s->probe);
    story_exchange(s);
    database_answer();
    put_and_exchange(s, 13, 13);
}

/* The centre restarts cleanly, then without warning; the probe collects meanwhile. */
static void go_through_restarts(struct story *s, const char *root)
{
    centre_side_close(&s->centre);
    probe_side_put_many(&s->probe, 14, 25);
    centre_side_open(&s->centre, root);
    story_exchange(s);
    database_answer();
    restart_probe(s, root);
    put_and_exchange(s, 26, 27);
    probe_side_put(&s->probe, 28);
    assert_true(probe_side_send(&s->probe, centre_side_message, &s->centre));
    centre_side_drop(&s->centre);
    centre_side_open(&s->centre, root);
    centre_side_commit(&s->centre);
    hear_answer(s);
    database_answer();
}

/* The centre does not answer for so long that the outbox has to drop its oldest packs. */
static void reach_the_bound(struct story *s)
{
    enum { AT_ONCE = 8 };

    assert_int_equal(outbox_view(s->probe.outbox).high, STORY_BOUND_SEQ - 1);
    for (uint64_t id = STORY_BOUND_FROM; id < STORY_BOUND_TO; id += AT_ONCE)
        probe_side_put_many(&s->probe, id, id + AT_ONCE - 1);
    assert_true(outbox_view(s->probe.outbox).dropped > 0);
    story_exchange(s);
}

void story_tell(struct story *s, const char *root)
{
    database_empty();
    centre_side_open(&s->centre, root);
    probe_side_open(&s->probe, root);
    begin(s);
    go_through_restarts(s, root);
    probe_side_renumber(&s->probe, UINT64_C(0xbeef));
    put_and_exchange(s, 29, 31);
    reach_the_bound(s);
    database_answer();
    put_and_exchange(s, 32, 33);
    database_answer();
    centre_side_commit(&s->centre);
}

void story_end(struct story *s)
{
    probe_side_close(&s->probe);
    centre_side_close(&s->centre);
}

void story_go_on(struct story *s, uint64_t id)
{
    probe_side_birth(&s->probe, centre_side_message, &s->centre);
    probe_side_put(&s->probe, id);
    story_exchange(s);
    database_answer();
    centre_side_commit(&s->centre);
}
