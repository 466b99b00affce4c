#include "core/tally.h"

#include "base/err.h"

#include <string.h>

static struct unit_view view_of(uint16_t code)
{
    static const struct unit_view unknown = {
        STATE_UNOBSERVED, STATE_UNOBSERVED,    CAUSE_UNKNOWN,
        CAUSE_UNKNOWN,    PROVENANCE_MEASURED, false,
    };
    return code == TIMELINE_NOTHING ? unknown : state_unpack(code);
}

/* A walk over the spans of one unit. */
struct walk {
    const struct world *w;
    uint32_t unit;
    const struct timeline *states;
    int64_t from, to;
    const struct excuse *excuse; /* where maintenance declared in retrospect counts */
    struct tally_carry carry;
    struct tally tally;
};

/* Is all of the span in maintenance that was declared in retrospect? */
static bool hidden(const struct walk *walk, const struct timeline_span *span)
{
    int64_t until;
    for (int64_t t = span->from.ms; t < span->to.ms; t = until) {
        until = span->to.ms;
        if (!excuse_at(walk->excuse, t, &until))
            return false;
    }
    return true;
}

/* Is the outage that is silent in span `at` never down, before its end or now? */
static bool only_silent(const struct walk *walk, int64_t at)
{
    if (walk->carry.down)
        return false;
    for (int64_t i = at; i < (int64_t)walk->states->len; i++) {
        struct timeline_span span = timeline_span_at(walk->states, i);
        struct unit_view view = view_of(span.code);
        if (span.from.ms >= world_now(walk->w).ms)
            break;
        if (hidden(walk, &span))
            continue;
        if (state_turn(&view) == STATE_TURN_BACK)
            break;
        if (view.state == STATE_DOWN)
            return false;
    }
    return true;
}

static void doubt(struct walk *walk, int64_t t, int64_t ms)
{
    if (t >= walk->from && !excuse_ends(walk->excuse, t))
        walk->tally.sum.uncertainty_ms += ms;
}

static struct validity gap_at(const struct walk *walk, int64_t t)
{
    return world_uncertain(walk->w, walk->unit, (struct wall_ms){t});
}

/* Where the outage began that ends at t; false if the timeline has forgotten it. */
static bool began_at(const struct walk *walk, int64_t t, int64_t *ret_t)
{
    *ret_t = t;
    for (int64_t at = timeline_index(walk->states, (struct wall_ms){t - 1}); at >= 0; at--) {
        struct timeline_span span = timeline_span_at(walk->states, at);
        struct unit_view view = view_of(span.code);
        if (state_turn(&view) == STATE_TURN_BACK)
            return true;
        if (state_turn(&view) == STATE_TURN_OUT)
            *ret_t = span.from.ms;
    }
    return false;
}

static void edge_of_begin(struct walk *walk, int64_t t)
{
    doubt(walk, t, validity_ms(gap_at(walk, t)));
}

/* Where one gap holds both ends of an outage, the begin has counted its part of it: wherever that
 * was, so that hours, days and months add up. A forgotten outage that was only ever silent is
 * such a one. */
static void edge_of_end(struct walk *walk, int64_t t)
{
    struct validity gap = gap_at(walk, t);
    int64_t ms = validity_ms(gap);
    int64_t began;
    int64_t until = t;
    if (!began_at(walk, t, &began))
        ms = walk->carry.down ? ms : 0;
    else if (!excuse_at(walk->excuse, began, &until))
        ms -= validity_overlap_ms(gap, gap_at(walk, began));
    doubt(walk, t, ms);
}

/* The first time that counts, since anything ended an outage, counts one. */
static void count(struct walk *walk, struct tally_edges *edges, uint32_t *outages)
{
    if (!edges->behind) {
        (*outages)++;
        edges->before |= !walk->tally.ends_outages;
    }
    edges->behind = true;
}

static void end_outages(struct tally *t)
{
    t->ends_outages = true;
    t->down.behind = t->silent.behind = false;
}

static void pass_outage(struct walk *walk, const struct unit_view *view, int64_t begins,
                        bool unverified)
{
    enum state_turn turn = state_turn(view);
    if (turn == STATE_TURN_BACK) {
        if (walk->carry.out)
            edge_of_end(walk, begins);
        walk->carry = (struct tally_carry){0};
        end_outages(&walk->tally);
    }
    if (turn != STATE_TURN_OUT)
        return;
    if (!walk->carry.out)
        edge_of_begin(walk, begins);
    walk->carry.out = true;
    walk->carry.down |= view->state == STATE_DOWN;
    if (view->state == STATE_DOWN)
        count(walk, &walk->tally.down, &walk->tally.sum.outages);
    else if (unverified)
        count(walk, &walk->tally.silent, &walk->tally.sum.unverified);
}

static void add_time(struct tally *t, const struct unit_view *view, int64_t ms)
{
    t->sum.state_ms[view->state] += ms;
    if (view->state == STATE_DOWN && view->cause < CAUSE_NONE)
        t->sum.cause_ms[view->cause] += ms;
    if (view->state == STATE_UNOBSERVED && view->cause == CAUSE_PROBE)
        t->probe_ms += ms;
}

/* A piece of a span of the walk, as it shows. */
static void pass_piece(struct walk *walk, struct unit_view view, struct validity piece,
                       bool unverified)
{
    pass_outage(walk, &view, piece.from.ms, unverified);
    int64_t begin = piece.from.ms > walk->from ? piece.from.ms : walk->from;
    int64_t end = piece.to.ms < walk->to ? piece.to.ms : walk->to;
    add_time(&walk->tally, &view, end - begin);
    walk->tally.end = (struct tally_end){(uint8_t)view.state, (uint8_t)view.cause, unverified};
}

/* The span in pieces, cut where maintenance declared in retrospect begins and ends. */
static void pass(struct walk *walk, int64_t at)
{
    static const struct unit_view excused = {.state = STATE_MAINTENANCE, .cause = CAUSE_MANUAL};
    struct timeline_span span = timeline_span_at(walk->states, at);
    struct unit_view view = view_of(span.code);
    bool unverified = view.state == STATE_SILENT && only_silent(walk, at);
    int64_t t = span.from.ms;
    for (int64_t until; t < span.to.ms && t < walk->to; t = until) {
        until = span.to.ms;
        bool hides = excuse_at(walk->excuse, t, &until) && excuse_hides(view.state);
        if (until > walk->from)
            pass_piece(walk, hides ? excused : view, (struct validity){{t}, {until}},
                       !hides && unverified);
    }
}

struct tally tally_excused(const struct world *w, uint32_t unit, const struct excuse *excuse,
                           struct wall_ms from, struct wall_ms to, struct tally_carry *carry)
{
    struct walk walk = {.w = w,
                        .unit = unit,
                        .states = world_unit_timeline(w, unit),
                        .from = from.ms,
                        .to = to.ms,
                        .excuse = excuse,
                        .carry = *carry};
    int64_t t = from.ms;
    for (int64_t at = timeline_index(walk.states, from); t < to.ms; at++) {
        pass(&walk, at);
        t = timeline_span_at(walk.states, at).to.ms;
    }
    *carry = walk.carry;
    return walk.tally;
}

struct tally tally_of(const struct world *w, uint32_t unit, struct wall_ms from, struct wall_ms to,
                      struct tally_carry *carry)
{
    return tally_excused(w, unit, &(struct excuse){0}, from, to, carry);
}

bool tally_carry_equal(struct tally_carry a, struct tally_carry b)
{
    return a.out == b.out && a.down == b.down;
}

struct tally_carry tally_carry_at(const struct world *w, uint32_t unit, struct wall_ms since,
                                  struct tally_carry at_since, struct wall_ms t)
{
    const struct timeline *states = world_unit_timeline(w, unit);
    int64_t first = timeline_index(states, since);
    int64_t end = timeline_index(states, (struct wall_ms){t.ms - 1}) + 1;
    int64_t at = end;
    if (t.ms <= since.ms)
        return at_since;
    struct tally_carry carry = {0};
    for (bool back = false; at > first && !back; at -= !back) {
        struct unit_view view = view_of(timeline_span_at(states, at - 1).code);
        back = state_turn(&view) == STATE_TURN_BACK;
    }
    if (at == first)
        carry = at_since;
    for (; at < end; at++) {
        struct unit_view view = view_of(timeline_span_at(states, at).code);
        bool out = state_turn(&view) == STATE_TURN_OUT;
        carry.out |= out;
        carry.down |= view.state == STATE_DOWN;
    }
    return carry;
}

struct validity tally_touched(const struct world *w, uint32_t unit, struct wall_ms from,
                              struct wall_ms to)
{
    const struct timeline *states = world_unit_timeline(w, unit);
    struct validity touched = {from, {WALL_NEVER_MS}};
    for (int64_t at = timeline_index(states, (struct wall_ms){from.ms - 1}); at >= 0; at--) {
        struct timeline_span span = timeline_span_at(states, at);
        struct unit_view view = view_of(span.code);
        if (state_turn(&view) == STATE_TURN_BACK)
            break;
        if (state_turn(&view) == STATE_TURN_OUT)
            touched.from = span.from;
    }
    for (int64_t at = timeline_index(states, to); at < (int64_t)states->len; at++) {
        struct timeline_span span = timeline_span_at(states, at);
        struct unit_view view = view_of(span.code);
        if (state_turn(&view) != STATE_TURN_BACK)
            continue;
        touched.to.ms = span.from.ms > to.ms ? span.from.ms : to.ms;
        break;
    }
    return touched;
}

struct tally tally_plain(struct tally_end end, int64_t ms)
{
    struct unit_view view = {.state = (enum unit_state)end.state, .cause = (enum cause)end.cause};
    bool down = view.state == STATE_DOWN;
    struct tally t = {.ends_outages = state_turn(&view) == STATE_TURN_BACK,
                      .down = {down, down},
                      .silent = {end.unverified, end.unverified},
                      .end = end};
    add_time(&t, &view, ms);
    t.sum.outages = down;
    t.sum.unverified = end.unverified;
    return t;
}

/* How many are counted twice if `more` follows, 0 or 1; `sum` reaches to the end of it then. */
static uint32_t join_edges(struct tally_edges *sum, bool sum_ends, struct tally_edges more,
                           bool more_ends)
{
    bool one = sum->behind && more.before;
    sum->before |= more.before && !sum_ends;
    sum->behind = more.behind || (sum->behind && !more_ends);
    return one;
}

void tally_join(struct tally *sum, const struct tally *more)
{
    availability_add(&sum->sum, &more->sum);
    sum->sum.outages -= join_edges(&sum->down, sum->ends_outages, more->down, more->ends_outages);
    sum->sum.unverified -=
        join_edges(&sum->silent, sum->ends_outages, more->silent, more->ends_outages);
    sum->ends_outages |= more->ends_outages;
    sum->probe_ms += more->probe_ms;
    sum->end = more->end;
}

static bool equal_sums(const struct availability *a, const struct availability *b)
{
    return memcmp(a->state_ms, b->state_ms, sizeof a->state_ms) == 0 &&
           memcmp(a->cause_ms, b->cause_ms, sizeof a->cause_ms) == 0 &&
           a->uncertainty_ms == b->uncertainty_ms && a->outages == b->outages &&
           a->unverified == b->unverified;
}

static bool equal_edges(struct tally_edges a, struct tally_edges b)
{
    return a.before == b.before && a.behind == b.behind;
}

bool tally_equal(const struct tally *a, const struct tally *b)
{
    return equal_sums(&a->sum, &b->sum) && a->probe_ms == b->probe_ms &&
           a->ends_outages == b->ends_outages && equal_edges(a->down, b->down) &&
           equal_edges(a->silent, b->silent) && a->end.state == b->end.state &&
           a->end.cause == b->end.cause && a->end.unverified == b->end.unverified;
}

/* ---- bytes: flags u8, end u8, [counts], then (state and cause u8, ms u32) as many as the sum has.
 * The counts are without what may have begun before. ---- */

enum {
    DOWN_BEFORE = 1,
    SILENT_BEFORE = 2,
    END_UNVERIFIED = 4,
    HAS_COUNTS = 8,
    HAS_EDGES = 16, /* the three below are known */
    DOWN_BEHIND = 32,
    SILENT_BEHIND = 64,
    ENDS_OUTAGES = 128,
    CAUSE_BITS = 4
};

static unsigned flags_of(const struct tally *t)
{
    return t->down.before * DOWN_BEFORE | t->silent.before * SILENT_BEFORE |
           t->end.unverified * END_UNVERIFIED | HAS_EDGES | t->down.behind * DOWN_BEHIND |
           t->silent.behind * SILENT_BEHIND | t->ends_outages * ENDS_OUTAGES;
}

static void write_count(struct buf *b, uint32_t n)
{
    buf_le16(b, (uint16_t)(n < UINT16_MAX ? n : UINT16_MAX));
}

static void write_part(struct buf *b, int state, int cause, int64_t ms)
{
    if (ms <= 0)
        return;
    buf_char(b, (char)(state << CAUSE_BITS | cause));
    buf_le32(b, (uint32_t)ms);
}

void tally_write(const struct tally *t, struct buf *b)
{
    const struct availability *s = &t->sum;
    uint32_t outages = s->outages - t->down.before;
    uint32_t unverified = s->unverified - t->silent.before;
    bool counts = outages || unverified || s->uncertainty_ms;
    buf_char(b, (char)(flags_of(t) | counts * HAS_COUNTS));
    buf_char(b, (char)(t->end.state << CAUSE_BITS | t->end.cause));
    if (counts) {
        write_count(b, outages);
        write_count(b, unverified);
        buf_le32(b, (uint32_t)(s->uncertainty_ms < UINT32_MAX ? s->uncertainty_ms : UINT32_MAX));
    }
    size_t at = b->len;
    buf_char(b, 0);
    for (int state = 0; state < STATE_COUNT; state++)
        if (state != STATE_DOWN && state != STATE_UNOBSERVED)
            write_part(b, state, CAUSE_NONE, s->state_ms[state]);
    for (int cause = 0; cause < CAUSE_NONE; cause++)
        write_part(b, STATE_DOWN, cause, s->cause_ms[cause]);
    write_part(b, STATE_UNOBSERVED, CAUSE_PROBE, t->probe_ms);
    write_part(b, STATE_UNOBSERVED, CAUSE_UNKNOWN, s->state_ms[STATE_UNOBSERVED] - t->probe_ms);
    if (!b->err)
        b->data[at] = (char)((b->len - at - 1) / 5);
}

static bool take_word(struct cursor *c, uint8_t *ret_state, uint8_t *ret_cause)
{
    uint8_t word = cursor_u8(c);
    *ret_state = word >> CAUSE_BITS;
    *ret_cause = word & ((1U << CAUSE_BITS) - 1);
    if (*ret_state < STATE_COUNT && *ret_cause <= CAUSE_NONE)
        return true;
    c->err = c->err ? c->err : ERR_CORRUPT;
    return false;
}

/* What was written before edges were: an outage at its end goes on. */
static void guess_edges(struct tally *t)
{
    struct unit_view view = {.state = (enum unit_state)t->end.state,
                             .cause = (enum cause)t->end.cause};
    t->ends_outages = state_turn(&view) == STATE_TURN_BACK;
    t->down.behind = t->sum.outages && !t->ends_outages;
    t->silent.behind = t->sum.unverified && !t->ends_outages;
}

static void take_edges(struct tally *t, uint8_t flags)
{
    t->down.before = flags & DOWN_BEFORE;
    t->silent.before = flags & SILENT_BEFORE;
    t->sum.outages += t->down.before;
    t->sum.unverified += t->silent.before;
    t->down.behind = flags & DOWN_BEHIND;
    t->silent.behind = flags & SILENT_BEHIND;
    t->ends_outages = flags & ENDS_OUTAGES;
    if (!(flags & HAS_EDGES))
        guess_edges(t);
}

struct tally tally_read(struct cursor *c)
{
    struct tally t = {0};
    uint8_t flags = cursor_u8(c);
    t.end.unverified = flags & END_UNVERIFIED;
    if (!take_word(c, &t.end.state, &t.end.cause))
        return t;
    if (flags & HAS_COUNTS) {
        t.sum.outages = cursor_le16(c);
        t.sum.unverified = cursor_le16(c);
        t.sum.uncertainty_ms = cursor_le32(c);
    }
    take_edges(&t, flags);
    for (unsigned n = cursor_u8(c); n > 0 && !c->err; n--) {
        uint8_t state;
        uint8_t cause;
        if (!take_word(c, &state, &cause))
            break;
        struct unit_view view = {.state = (enum unit_state)state, .cause = (enum cause)cause};
        add_time(&t, &view, cursor_le32(c));
    }
    return t;
}
