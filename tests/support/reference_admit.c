/* Which results are evidence at all: FIGURES 7.1, 7.2, 7.3, 7.7, 7.15, 7.17. */
#include "reference_inside.h"

#include <stdlib.h>

static const struct history_entry *
entry_of(const struct history *h, const struct history_list *list, const struct ref_check *c)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct history_entry *entry = vec_at(&h->entries, list->first + i);
        if (entry->site == c->site && entry->check == c->check)
            return entry;
    }
    return NULL;
}

/** How many list events there are among the first @p n events. */
static size_t lists_known(const struct reference *r, size_t n)
{
    size_t known = 0;
    while (known < r->of[HISTORY_LIST].len && *(size_t *)vec_at(&r->of[HISTORY_LIST], known) < n)
        known++;
    return known;
}

/** Of two lists of equal time the later arrival replaces the earlier (READINGS 3). */
static bool replaced(const struct reference *r, size_t known, size_t i)
{
    const struct history_event *e = ref_event(r, HISTORY_LIST, i);
    for (size_t k = i + 1; k < known; k++) {
        const struct history_event *later = ref_event(r, HISTORY_LIST, k);
        if (later->probe == e->probe && later->t.ms == e->t.ms)
            return true;
    }
    return false;
}

const struct history_entry *ref_entry_at_n(const struct reference *r, size_t n,
                                           const struct ref_check *c, struct wall_ms t)
{
    const struct history_list *valid = NULL;
    size_t known = lists_known(r, n);
    for (size_t i = 0; i < known; i++) {
        const struct history_event *e = ref_event(r, HISTORY_LIST, i);
        if (e->probe == c->probe && e->t.ms <= t.ms)
            valid = vec_at(&r->h->lists, e->index); /* lists of a probe arrive in order of time */
    }
    return valid ? entry_of(r->h, valid, c) : NULL;
}

const struct history_entry *ref_entry_at(const struct reference *r, const struct ref_check *c,
                                         struct wall_ms t)
{
    return ref_entry_at_n(r, r->n, c, t);
}

struct wall_ms ref_end_after_n(const struct reference *r, size_t n, const struct ref_check *c,
                               struct wall_ms t)
{
    size_t known = lists_known(r, n);
    for (size_t i = 0; i < known; i++) {
        const struct history_event *e = ref_event(r, HISTORY_LIST, i);
        if (e->probe == c->probe && e->t.ms > t.ms && !replaced(r, known, i) &&
            !entry_of(r->h, vec_at(&r->h->lists, e->index), c))
            return e->t;
    }
    return (struct wall_ms){WALL_NEVER_MS};
}

struct wall_ms ref_end_after(const struct reference *r, const struct ref_check *c, struct wall_ms t)
{
    return ref_end_after_n(r, r->n, c, t);
}

static struct ref_check *check_of(struct reference *r, const struct history_event *e)
{
    for (size_t i = 0; i < r->checks.len; i++) {
        struct ref_check *c = vec_at(&r->checks, i);
        if (c->probe == e->probe && c->site == e->site && c->check == e->check)
            return c;
    }
    struct ref_check *c = vec_push(&r->checks);
    if (!c)
        abort();
    *c = (struct ref_check){.probe = e->probe, .site = e->site, .check = e->check};
    vec_init(&c->results, sizeof(struct ref_result), 1 << 24);
    vec_init(&c->dropped, sizeof(struct wall_ms), 1 << 24);
    return c;
}

/** Of equal times the worst counts, in the order 2, 1, 0, 3 (7.2). */
static enum verdict worse(enum verdict a, enum verdict b)
{
    if (a == VERDICT_UNKNOWN)
        return b;
    if (b == VERDICT_UNKNOWN)
        return a;
    return a > b ? a : b;
}

static struct ref_result *last_of(const struct ref_check *c)
{
    return c->results.len ? vec_at(&c->results, c->results.len - 1) : NULL;
}

/** The common conditions of event @p i: not too far ahead (7.1), listed at its time (7.3, 7.17), no
 * later list that ended the check has come (7.17). */
static bool admissible(const struct reference *r, size_t i, const struct ref_check *c)
{
    const struct history_event *e = history_at(r->h, i);
    return e->t.ms - e->also.ms <= r->h->options.future_ms &&
           e->also.ms - e->t.ms <= r->h->options.keep_ms && ref_entry_at_n(r, i, c, e->t) &&
           ref_end_after_n(r, i, c, e->t).ms == WALL_NEVER_MS;
}

static void append(struct ref_check *c, const struct history_event *e)
{
    bool summary = e->kind == HISTORY_SUMMARY;
    struct ref_result *last = last_of(c);
    if (last && last->t.ms == e->t.ms) {
        last->verdict = worse(last->verdict, e->verdict);
        return;
    }
    struct ref_result *result = vec_push(&c->results);
    if (!result)
        abort();
    *result = (struct ref_result){.t = e->t, .verdict = e->verdict, .summary = summary};
}

/** Time of the check's last result from the stream, INT64_MIN if none. */
static int64_t last_streamed(const struct ref_check *c)
{
    int64_t t = INT64_MIN;
    for (size_t i = 0; i < c->results.len; i++) {
        const struct ref_result *result = vec_at(&c->results, i);
        if (!result->summary)
            t = result->t.ms;
    }
    for (size_t i = 0; i < c->dropped.len; i++) {
        int64_t dropped = ((struct wall_ms *)vec_at(&c->dropped, i))->ms;
        t = dropped > t ? dropped : t;
    }
    return t;
}

/** The stream has reached @p t: what summaries said until then is forgotten (7.15). Those later
 * stay, in order. */
static void forget_summaries(struct ref_check *c, struct wall_ms t)
{
    for (size_t i = c->results.len; i-- > 0;) {
        const struct ref_result *result = vec_at(&c->results, i);
        if (result->summary && result->t.ms <= t.ms)
            vec_remove(&c->results, i, 1);
    }
}

static void admit_streamed(struct reference *r, size_t i)
{
    const struct history_event *e = history_at(r->h, i);
    struct ref_check *c = check_of(r, e);
    if (!admissible(r, i, c) || e->t.ms < last_streamed(c))
        return;
    forget_summaries(c, e->t);
    size_t at = c->results.len;
    while (at > 0 && ((struct ref_result *)vec_at(&c->results, at - 1))->t.ms > e->t.ms)
        at--; /* summaries that are still ahead of the stream stay behind it */
    if (at == c->results.len) {
        append(c, e);
        return;
    }
    struct ref_result *before = at ? vec_at(&c->results, at - 1) : NULL;
    if (before && before->t.ms == e->t.ms) {
        before->verdict = worse(before->verdict, e->verdict);
        return;
    }
    struct ref_result *result = vec_insert(&c->results, at);
    if (!result)
        abort();
    *result = (struct ref_result){.t = e->t, .verdict = e->verdict};
}

static void admit_summary(struct reference *r, size_t i)
{
    const struct history_event *e = history_at(r->h, i);
    struct ref_check *c = check_of(r, e);
    const struct ref_result *last = last_of(c);
    if (admissible(r, i, c) && e->t.ms > last_streamed(c) && (!last || e->t.ms >= last->t.ms))
        append(c, e);
}

/** A list that does not name the check takes back results at or after its time, for good (7.17,
 * READINGS 2). */
static void take_back(struct ref_check *c, struct wall_ms t)
{
    for (size_t i = c->results.len; i-- > 0;) {
        struct wall_ms at = ((const struct ref_result *)vec_at(&c->results, i))->t;
        if (at.ms < t.ms)
            break;
        struct wall_ms *dropped = vec_push(&c->dropped);
        if (!dropped)
            abort();
        *dropped = at;
        vec_remove(&c->results, i, 1);
    }
}

static void forget_all(struct ref_check *c, struct wall_ms t)
{
    forget_summaries(c, (struct wall_ms){WALL_NEVER_MS});
    take_back(c, t);
}

/** A list that does not name a check forgets its summaries (READINGS 5). */
static void admit_list(struct reference *r, const struct history_event *e)
{
    for (size_t i = 0; i < r->checks.len; i++) {
        struct ref_check *c = vec_at(&r->checks, i);
        if (c->probe == e->probe && !entry_of(r->h, vec_at(&r->h->lists, e->index), c))
            forget_all(c, e->t);
    }
}

/** A gasp that the stream has overtaken changes nothing (READINGS 11). */
static void admit_gasp(struct reference *r, const struct history_event *e)
{
    for (size_t i = 0; i < r->checks.len; i++) {
        const struct ref_check *c = vec_at(&r->checks, i);
        if (c->probe == e->probe && last_streamed(c) > e->t.ms)
            return;
    }
    struct history_event *gasp = vec_push(&r->gasps);
    if (!gasp)
        abort();
    *gasp = *e;
}

void ref_admit(struct reference *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct history_event *e = history_at(r->h, i);
        if (e->kind == HISTORY_RESULT)
            admit_streamed(r, i);
        if (e->kind == HISTORY_SUMMARY)
            admit_summary(r, i);
        if (e->kind == HISTORY_LIST)
            admit_list(r, e);
        if (e->kind == HISTORY_GASP)
            admit_gasp(r, e);
    }
}

enum world_fate reference_fate(const struct reference *before, const struct history_event *e)
{
    const struct ref_check *known = NULL;
    struct ref_check c = {.probe = e->probe, .site = e->site, .check = e->check};
    for (size_t i = 0; i < before->checks.len; i++) {
        const struct ref_check *one = vec_at(&before->checks, i);
        if (one->probe == e->probe && one->site == e->site && one->check == e->check)
            known = one;
    }
    if (e->t.ms - e->also.ms > before->h->options.future_ms)
        return WORLD_AHEAD;
    if (e->also.ms - e->t.ms > before->h->options.keep_ms) /* section 3: older evidence */
        return WORLD_OLD;
    if (!ref_entry_at(before, &c, e->t))
        return WORLD_UNLISTED;
    if (ref_end_after(before, &c, e->t).ms != WALL_NEVER_MS)
        return WORLD_NOT_LATER;
    if (!known)
        return WORLD_TAKEN;
    int64_t last = last_streamed(known);
    if (e->kind == HISTORY_RESULT)
        return e->t.ms < last ? WORLD_NOT_LATER : WORLD_TAKEN;
    const struct ref_result *newest = last_of(known);
    bool later = e->t.ms > last && (!newest || e->t.ms >= newest->t.ms);
    return later ? WORLD_TAKEN : WORLD_NOT_LATER;
}

/* ---- hysteresis, 7.7 ---- */

/** Results in a row that it takes; kind of the site at the result's time. */
static unsigned needed(const struct reference *r, const struct ref_check *c, struct wall_ms t,
                       bool bad)
{
    const struct site_row *site = inventory_site(r->inv, c->site, t);
    if (!site)
        return 1;
    return bad ? r->h->options.hysteresis[site->kind].bad
               : r->h->options.hysteresis[site->kind].good;
}

/** A gap beyond ttl, or a list that ended the check, between result @p i and the one before breaks
 * a run. */
static bool broken_before(const struct reference *r, const struct ref_check *c, size_t i)
{
    const struct ref_result *before = vec_at(&c->results, i - 1);
    const struct ref_result *result = vec_at(&c->results, i);
    const struct history_entry *entry = ref_entry_at(r, c, before->t);
    return !entry || result->t.ms - before->t.ms > entry->ttl_ms ||
           ref_end_after(r, c, before->t).ms <= result->t.ms;
}

/** Where the run that result @p i belongs to ends: one past it. A run is results of equal side, 3
 * left out. */
static size_t run_length(const struct reference *r, const struct ref_check *c, size_t i)
{
    const struct ref_result *first = vec_at(&c->results, i);
    bool bad = first->verdict == VERDICT_FAILED;
    size_t length = 0;
    for (size_t k = i; k < c->results.len; k++) {
        const struct ref_result *result = vec_at(&c->results, k);
        if (result->t.ms > r->now.ms || (k > i && broken_before(r, c, k)))
            break;
        if (result->verdict == VERDICT_UNKNOWN)
            continue;
        if ((result->verdict == VERDICT_FAILED) != bad)
            break;
        length++;
    }
    return length;
}

static void settle_check(struct reference *r, struct ref_check *c)
{
    enum { UNSETTLED, GOOD, BAD } side = UNSETTLED;

    bool in_run = false; /* inside a run against the settled side that is too short */

    for (size_t i = 0; i < c->results.len; i++) {
        struct ref_result *result = vec_at(&c->results, i);
        result->settled = result->verdict;
        if (i && broken_before(r, c, i)) {
            side = UNSETTLED;
            in_run = false;
        }
        if (result->verdict == VERDICT_UNKNOWN)
            continue;
        bool bad = result->verdict == VERDICT_FAILED;
        if (side != UNSETTLED && bad == (side == BAD)) {
            in_run = false;
        } else if (side == UNSETTLED ||
                   (!in_run && run_length(r, c, i) >= needed(r, c, result->t, bad))) {
            /* the first result decides alone; a run is dated back to its first, which is this one
             */
            side = bad ? BAD : GOOD;
        } else {
            in_run = true;
            result->settled = bad ? VERDICT_DEGRADED : VERDICT_FAILED;
        }
    }
}

void ref_settle(struct reference *r)
{
    for (size_t i = 0; i < r->checks.len; i++)
        settle_check(r, vec_at(&r->checks, i));
}
