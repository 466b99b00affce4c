/* Wills, starts, gasps, connections, first messages and listening. */
#include "core/world_inside.h"

#include "base/err.h"
#include "base/num.h"

/* Remembers a sign among those of its kind, which acts on the gaps of all checks that hold it. */
static int add_sign(struct world *w, struct world_probe *own, struct instants *kind, int64_t t)
{
    int err = instants_add(kind, t, SIGNS_MAX);
    own->unsaved |= PART_SIGNS;
    for (unsigned i = 0; !err && i < own->checks_len; i++) {
        int64_t gap = check_read_gap(check_table_at(&w->checks, own->checks[i]), t);
        if (gap != INT64_MAX)
            err = world_inside_mark_check(w, own->checks[i], gap);
    }
    return err;
}

int world_will(struct world *w, uint32_t probe, struct wall_ms receipt)
{
    struct world_probe *own = world_inside_probe(w, probe);
    return own && receipt.ms >= 0 ? add_sign(w, own, &own->signs.wills, receipt.ms) : ERR_RANGE;
}

int world_away(struct world *w, uint32_t probe, struct wall_ms t)
{
    struct world_probe *own = world_inside_probe(w, probe);
    return own && t.ms >= 0 ? add_sign(w, own, &own->signs.aways, t.ms) : ERR_RANGE;
}

/* The stream's first known result of the check later than g. */
static int64_t streamed_after(const struct check *check, int64_t g)
{
    int64_t last = check_tail_stream_last(check_rest(check)->tail, &check->line);
    int64_t after = check_line_after(&check->line, g);
    if (after <= last)
        return after;
    return last > g ? last : INT64_MAX;
}

/* What the probe's checks and its own site's units may be otherwise from g's gaps on. */
static int mark_gasp(struct world *w, uint32_t probe, int64_t g)
{
    const struct world_probe *own = world_inside_probe(w, probe);
    int err = world_inside_mark_own(w, probe, g);
    for (unsigned i = 0; !err && i < own->checks_len; i++) {
        int64_t gap = check_read_gap(check_table_at(&w->checks, own->checks[i]), g);
        err = world_inside_mark_check(w, own->checks[i], num_min(gap, g));
    }
    return err;
}

int world_inside_gasp(struct world *w, uint32_t probe, int64_t g)
{
    struct world_probe *own = world_inside_probe(w, probe);
    int64_t streamed = INT64_MAX;
    int64_t end = INT64_MAX;
    for (unsigned i = 0; i < own->checks_len; i++) {
        const struct check *check = check_table_at(&w->checks, own->checks[i]);
        streamed = num_min(streamed, streamed_after(check, g));
        end = num_min(end, check_tail_after(check_rest(check)->tail, g));
    }
    int err = signs_gasp(&own->signs, g, streamed, num_min(streamed, end));
    if (err)
        return err == ERR_EXISTS ? 0 : err;
    own->unsaved |= PART_SIGNS;
    return mark_gasp(w, probe, g);
}

/* The stream is past g already: a gasp out of order, from a clock that was set back (reading 11).
 */
static bool overtaken(const struct world *w, const struct world_probe *own, int64_t g)
{
    for (unsigned i = 0; i < own->checks_len; i++)
        if (check_table_at(&w->checks, own->checks[i])->admitted > g)
            return true;
    return false;
}

int world_gasp(struct world *w, uint32_t probe, struct wall_ms g)
{
    const struct world_probe *own = world_inside_probe(w, probe);
    if (!own || g.ms < 0)
        return ERR_RANGE;
    if (overtaken(w, own, g.ms))
        return 0;
    int err = 0;
    if (g.ms > w->now) {
        err = world_inside_await(w, probe,
                                 (struct due){.key = g.ms, .id = probe, .kind = PENDING_GASP});
        return err == ERR_FULL ? 0 : err;
    }
    return world_inside_gasp(w, probe, g.ms);
}

/* The end of a gasp as it is known now: the stream's word, or that of summaries still ahead. */
int64_t world_inside_gasp_end(const struct world *w, const struct world_probe *probe,
                              const struct gasp *gasp)
{
    int64_t end = gasp->stream_end;
    for (unsigned i = 0; i < probe->checks_len; i++) {
        const struct check *check = check_table_at(&w->checks, probe->checks[i]);
        if (check_rest(check)->tail)
            end = num_min(end, check_tail_after(check_rest(check)->tail, gasp->at));
    }
    return end;
}

int world_inside_ends_gasp(struct world *w, uint32_t number, int64_t t, bool streamed)
{
    struct world_probe *probe = world_inside_probe(w, number);
    int err = 0;
    for (unsigned i = 0; !err && i < probe->signs.gasps_len; i++) {
        struct gasp *gasp = &probe->signs.gasps[i];
        int64_t old = gasp->end;
        if (streamed && t > gasp->at && t < gasp->stream_end) {
            gasp->stream_end = t;
            probe->unsaved |= PART_SIGNS;
        }
        if (gasp->stream_end == old && t >= old)
            continue; /* the stream's word cannot be brought forward by anything later */
        gasp->end = world_inside_gasp_end(w, probe, gasp);
        if (gasp->end == old)
            continue;
        int64_t from = num_min(old, gasp->end);
        err = world_inside_mark_own(w, number, from);
        for (unsigned k = 0; !err && k < probe->checks_len; k++)
            err = world_inside_mark_check(w, probe->checks[k], from);
    }
    return err;
}

/* The first message of a probe on the connection that holds t. */
static int first_heard(struct world *w, uint32_t number, int64_t t)
{
    struct world_probe *probe = world_inside_probe(w, number);
    int err = instants_add(&probe->signs.heard, t, SIGNS_MAX);
    probe->unsaved |= PART_SIGNS;
    if (err)
        return err;
    return due_push(&w->markers, (struct due){.key = t + 1, .id = number, .kind = MARK_PROBE});
}

/* A message of the connection's very millisecond may have come before it was told. */
static int heard_already(struct world *w, int64_t connection)
{
    int err = 0;
    for (uint32_t i = 0; !err && i < w->probes.len; i++)
        if (world_inside_probe(w, i)->last_heard >= connection)
            err = first_heard(w, i, world_inside_probe(w, i)->last_heard);
    return err;
}

int world_inside_catch_up(struct world *w)
{
    int64_t to = w->heard_to;
    w->heard_to = INT64_MIN;
    return to == INT64_MIN ? 0 : listening_add(&w->listening, listening_marker(&w->listening), to);
}

int world_connected(struct world *w, struct wall_ms t)
{
    int err = world_inside_catch_up(w);
    int64_t from = num_min(t.ms, listening_marker(&w->listening));
    if (!err)
        err = listening_connect(&w->listening, t.ms);
    w->listening_unsaved = true;
    if (!err)
        err = due_push(&w->markers, (struct due){.key = t.ms + w->options.connect_settle_ms + 1,
                                                 .kind = MARK_SETTLE});
    if (!err)
        err = heard_already(w, t.ms);
    if (!err && from != INT64_MIN)
        world_inside_doubt_all(w, from);
    return err;
}

struct wall_ms world_probe_heard(const struct world *w, uint32_t probe)
{
    const struct world_probe *own = world_inside_probe(w, probe);
    return (struct wall_ms){own ? own->last_heard : INT64_MIN};
}

int world_heard(struct world *w, uint32_t probe, struct wall_ms t)
{
    struct world_probe *own = world_inside_probe(w, probe);
    if (!own)
        return ERR_RANGE;
    if (own->last_heard < t.ms)
        own->last_heard = t.ms;
    int64_t connection = instants_last(&w->listening.connections, t.ms);
    if (connection == INT64_MIN || instants_next(&own->signs.heard, connection) <= t.ms ||
        t.ms >= connection + w->options.connect_settle_ms)
        return 0;
    return first_heard(w, probe, t.ms);
}

/* Gaps are judged up to the marker by world_work(), in order of the markers that each waits for, as
 * if as many markers had come. Only where listening begins anew it moves at once. */
int world_listened(struct world *w, struct wall_ms from, struct wall_ms to)
{
    int err = 0;
    if (w->heard_to != INT64_MIN && from.ms > w->heard_to)
        err = world_inside_catch_up(w);
    int64_t marker = listening_marker(&w->listening);
    bool first = marker == INT64_MIN;
    bool deaf = !first && timeline_at(&w->listening.spans, (struct wall_ms){marker}) == 0;
    if (!err && !first && !deaf && (from.ms <= marker || w->heard_to != INT64_MIN)) {
        int64_t heard = marker > w->heard_to ? marker : w->heard_to;
        w->heard_to = to.ms > heard ? to.ms : w->heard_to;
        return 0;
    }
    if (!err)
        err = listening_add(&w->listening, from.ms, to.ms);
    w->listening_unsaved = true;
    world_inside_doubt_all(w, first ? 0 : marker);
    return err;
}
