#include "core/availability.h"

#include "base/err.h"
#include "base/num.h"
#include "core/excuse.h"

static const struct {
    int64_t length_ms;
    const char *word;
} windows[] = {

#define AVAILABILITY_ROW(name, length, text) [name] = {(length), (text)},
    AVAILABILITY_WINDOW_MAP(AVAILABILITY_ROW)
#undef AVAILABILITY_ROW
};

struct validity availability_window(enum availability_window which, struct wall_ms now)
{
    return (struct validity){{now.ms - windows[which].length_ms}, now};
}

const char *availability_window_word(int which)
{
    return which >= 0 && which < AVAILABILITY_WINDOWS ? windows[which].word : "";
}

int availability_window_read(struct slice word, enum availability_window *ret_which)
{
    for (int i = 0; i < AVAILABILITY_WINDOWS; i++) {
        if (!slice_is(word, windows[i].word))
            continue;
        *ret_which = (enum availability_window)i;
        return 0;
    }
    return ERR_UNKNOWN;
}

/* A walk over the spans of one unit. */
struct walk {
    const struct world *w;
    uint32_t unit;
    const struct timeline *states;
    int64_t from, to; /* the window, cut at now */
    struct availability *sum;
    /* the outage that is passed, or was before the window */
    bool out;         /* there is one */
    bool ever_down;   /* anywhere in its life so far */
    bool down_inside; /* at least a millisecond of it in the window */
    bool silent_inside;
    int64_t doubted;             /* uncertain time has been counted up to here */
    const struct excuse *excuse; /* where declarations made in retrospect count */
};

static struct unit_view view_of(uint16_t code)
{
    static const struct unit_view unknown = {
        STATE_UNOBSERVED, STATE_UNOBSERVED,    CAUSE_UNKNOWN,
        CAUSE_UNKNOWN,    PROVENANCE_MEASURED, false,
    };
    return code == TIMELINE_NOTHING ? unknown : state_unpack(code);
}

static void close_outage(struct walk *walk)
{
    walk->sum->outages += walk->down_inside;
    walk->sum->unverified += walk->silent_inside && !walk->ever_down;
    walk->out = walk->ever_down = walk->down_inside = walk->silent_inside = false;
}

/* A start or end of an outage: what of the gap around it lies in the window, and was not counted
 * with the other one. */
static void edge(struct walk *walk, int64_t t)
{
    if (excuse_ends(walk->excuse, t))
        return;
    struct validity gap = world_uncertain(walk->w, walk->unit, (struct wall_ms){t});
    struct validity fresh = {{num_max(walk->from, walk->doubted)}, {walk->to}};
    walk->sum->uncertainty_ms += validity_overlap_ms(gap, fresh);
    walk->doubted = num_max(walk->doubted, gap.to.ms);
}

static void pass_outage(struct walk *walk, const struct unit_view *view, int64_t at, bool inside)
{
    enum state_turn turn = state_turn(view);
    if (turn == STATE_TURN_BACK && walk->out) {
        edge(walk, at);
        close_outage(walk);
    }
    if (turn != STATE_TURN_OUT)
        return;
    if (!walk->out)
        edge(walk, at);
    walk->out = true;
    walk->ever_down |= view->state == STATE_DOWN;
    walk->down_inside |= inside && view->state == STATE_DOWN;
    walk->silent_inside |= inside && view->state == STATE_SILENT;
}

static void pass(struct walk *walk, const struct timeline_span *span)
{
    struct unit_view view = view_of(span->code);
    int64_t begin = span->from.ms > walk->from ? span->from.ms : walk->from;
    int64_t end = span->to.ms < walk->to ? span->to.ms : walk->to;
    pass_outage(walk, &view, span->from.ms, begin < end);
    if (begin >= end)
        return;
    walk->sum->state_ms[view.state] += end - begin;
    if (view.state == STATE_DOWN && view.cause < CAUSE_NONE)
        walk->sum->cause_ms[view.cause] += end - begin;
}

/* In maintenance that was declared in retrospect. */
static void pass_excused(struct walk *walk, const struct timeline_span *piece)
{
    struct unit_view view = view_of(piece->code);
    int64_t begin = piece->from.ms > walk->from ? piece->from.ms : walk->from;
    int64_t end = piece->to.ms < walk->to ? piece->to.ms : walk->to;
    bool hides = excuse_hides(view.state);
    if (begin >= end)
        return;
    walk->sum->state_ms[hides ? STATE_MAINTENANCE : view.state] += end - begin;
    walk->sum->retroactive_ms += hides ? end - begin : 0;
}

/* The span in pieces, cut where maintenance declared in retrospect begins and ends. */
static void pass_pieces(struct walk *walk, const struct timeline_span *span)
{
    int64_t now = world_now(walk->w).ms;
    int64_t until;
    for (int64_t t = span->from.ms; t < span->to.ms && t < now; t = until) {
        until = span->to.ms;
        bool hidden = excuse_at(walk->excuse, t, &until);
        struct timeline_span piece = {{t}, {until}, span->code};
        if (hidden)
            pass_excused(walk, &piece);
        else
            pass(walk, &piece);
    }
}

/* An outage that is on at the window's start began earlier: back to the state that ended the one
 * before. Where declarations may hide that state, from the beginning. */
static int64_t first_index(const struct walk *walk)
{
    if (walk->excuse->n > 0)
        return -1;
    int64_t index = timeline_index(walk->states, (struct wall_ms){walk->from});
    while (index > -1) {
        struct unit_view view = view_of(timeline_span_at(walk->states, index).code);
        if (state_turn(&view) == STATE_TURN_BACK)
            break;
        index--;
    }
    return index;
}

static struct availability sum_up(const struct world *w, uint32_t unit, struct validity window,
                                  const struct excuse *excuse)
{
    struct availability sum = {0};
    struct walk walk = {
        .w = w,
        .unit = unit,
        .states = world_unit_timeline(w, unit),
        .from = window.from.ms,
        .to = window.to.ms < world_now(w).ms ? window.to.ms : world_now(w).ms,
        .sum = &sum,
        .doubted = INT64_MIN,
        .excuse = excuse,
    };
    if (walk.to <= walk.from)
        return sum;
    /* Behind the window the walk goes on to the end of an outage, which tells whether it was only
     * ever silent; what is ahead of now is not known. */
    for (int64_t i = first_index(&walk); i < (int64_t)walk.states->len; i++) {
        struct timeline_span span = timeline_span_at(walk.states, i);
        if (span.from.ms >= world_now(w).ms || (span.from.ms >= walk.to && !walk.out))
            break;
        pass_pieces(&walk, &span);
    }
    close_outage(&walk);
    return sum;
}

struct availability availability_of_unit(const struct world *w, uint32_t unit,
                                         struct validity window)
{
    return sum_up(w, unit, window, &(struct excuse){0});
}

struct availability availability_with_retroactive(const struct world *w,
                                                  const struct inventory *inv, uint32_t unit,
                                                  struct validity window)
{
    struct excuse excuse = excuse_of(inv, unit);
    return sum_up(w, unit, window, &excuse);
}

bool availability_any_retroactive(const struct inventory *inv, struct validity window)
{
    for (size_t i = 0; i < inv->declarations.len; i++) {
        const struct declaration *d = vec_at(&inv->declarations, i);
        if (excuse_is(d) && d->span.from.ms < window.to.ms && window.from.ms < d->span.to.ms)
            return true;
    }
    return false;
}

void availability_add(struct availability *sum, const struct availability *more)
{
    for (int i = 0; i < STATE_COUNT; i++)
        sum->state_ms[i] += more->state_ms[i];
    for (int i = 0; i < CAUSE_NONE; i++)
        sum->cause_ms[i] += more->cause_ms[i];
    sum->uncertainty_ms += more->uncertainty_ms;
    sum->outages += more->outages;
    sum->unverified += more->unverified;
    sum->retroactive_ms += more->retroactive_ms;
}

int64_t availability_up_ms(const struct availability *a)
{
    return a->state_ms[STATE_UP] + a->state_ms[STATE_DEGRADED];
}

static bool ratio(int64_t part, int64_t whole, double *ret_ratio)
{
    if (whole <= 0)
        return false;
    *ret_ratio = (double)part / (double)whole;
    return true;
}

bool availability_confirmed(const struct availability *a, double *ret_ratio)
{
    int64_t up = availability_up_ms(a);
    return ratio(up, up + a->state_ms[STATE_DOWN], ret_ratio);
}

bool availability_lower(const struct availability *a, double *ret_ratio)
{
    int64_t up = availability_up_ms(a);
    return ratio(up, up + a->state_ms[STATE_DOWN] + a->state_ms[STATE_SILENT], ret_ratio);
}

bool availability_observed(const struct availability *a, double *ret_share)
{
    int64_t known = availability_up_ms(a) + a->state_ms[STATE_DOWN];
    int64_t unknown = a->state_ms[STATE_SILENT] + a->state_ms[STATE_UNOBSERVED];
    return ratio(known, known + unknown, ret_share);
}

bool availability_enough(const struct availability *a, double enough)
{
    double share = 0;
    return availability_observed(a, &share) && share >= enough;
}

int64_t availability_mttr_ms(const struct availability *a)
{
    return a->outages ? a->state_ms[STATE_DOWN] / a->outages : -1;
}

int64_t availability_mtbf_ms(const struct availability *a)
{
    return a->outages ? availability_up_ms(a) / a->outages : -1;
}

int64_t availability_uncertainty_ms(const struct availability *a)
{
    int64_t all_ms = 0;
    for (int i = 0; i < STATE_COUNT; i++)
        all_ms += a->state_ms[i];
    return num_min(a->uncertainty_ms, all_ms);
}

int availability_decimals(const struct availability *a)
{
    double whole = (double)(availability_up_ms(a) + a->state_ms[STATE_DOWN]);
    double percent = 100.0 * (double)availability_uncertainty_ms(a);
    int decimals = 0;
    for (double digit = 0.1; decimals < AVAILABILITY_DECIMALS_MAX; digit /= 10, decimals++)
        if (percent > digit * whole)
            break;
    return decimals;
}
