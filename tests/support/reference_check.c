/* What one check says at an instant: FIGURES 2 and 7.1 to 7.5, 7.14, 7.15, 7.19; READINGS 21. */
#include "reference_inside.h"

/** The probe's first result later than @p g, WALL_NEVER_MS if none exists yet. */
static int64_t next_of_probe(const struct reference *r, uint32_t probe, int64_t g)
{
    int64_t next = WALL_NEVER_MS;
    for (size_t i = 0; i < r->checks.len; i++) {
        const struct ref_check *c = vec_at(&r->checks, i);
        for (size_t k = 0; c->probe == probe && k < c->results.len; k++) {
            int64_t t = ((const struct ref_result *)vec_at(&c->results, k))->t.ms;
            if (t > g && t <= r->now.ms && t < next)
                next = t;
        }
        for (size_t k = 0; c->probe == probe && k < c->dropped.len; k++) {
            int64_t t = ((const struct wall_ms *)vec_at(&c->dropped, k))->ms;
            if (t > g && t <= r->now.ms && t < next)
                next = t;
        }
    }
    return next;
}

/** 7.14: from a gasp to the probe's next result. */
bool ref_gasping(const struct reference *r, uint32_t probe, struct wall_ms t)
{
    for (size_t i = 0; i < r->gasps.len; i++) {
        const struct history_event *e = vec_at(&r->gasps, i);
        if (e->probe == probe && e->t.ms <= r->now.ms && e->t.ms <= t.ms &&
            t.ms < next_of_probe(r, probe, e->t.ms))
            return true;
    }
    return false;
}

/** The stretch from one result to what comes next. */
struct span {
    const struct ref_result *result;
    int64_t ttl_ms;
    int64_t next;      /**< the next result or the list that ends the check; WALL_NEVER_MS = open */
    bool next_summary; /**< the next is known from a summary only */
};

/** The span of @p c that holds @p t; false if the check has not spoken (7.3, READINGS 4). */
static bool span_at(const struct reference *r, const struct ref_check *c, struct wall_ms t,
                    struct span *ret_span)
{
    struct span span = {.next = WALL_NEVER_MS};
    for (size_t i = 0; i < c->results.len; i++) {
        const struct ref_result *result = vec_at(&c->results, i);
        if (result->t.ms > r->now.ms)
            break; /* 7.1: it does not exist until now reaches it */
        if (result->t.ms <= t.ms) {
            span.result = result;
        } else {
            span.next = result->t.ms;
            span.next_summary = result->summary;
            break;
        }
    }
    if (!span.result)
        return false;
    const struct history_entry *entry = ref_entry_at(r, c, span.result->t);
    if (!entry)
        return false;
    span.ttl_ms = entry->ttl_ms;
    int64_t end = ref_end_after(r, c, span.result->t).ms;
    if (end <= r->now.ms && end < span.next) { /* 7.17: an ending list counts as the next result */
        span.next = end;
        span.next_summary = false;
    }
    *ret_span = span;
    return t.ms < span.next;
}

/** 7.5: a will received in the gap. */
static bool willed(const struct reference *r, uint32_t probe, const struct span *s)
{
    for (size_t i = 0; i < r->of[HISTORY_WILL].len; i++) {
        const struct history_event *e = ref_event(r, HISTORY_WILL, i);
        if (e->probe == probe && e->t.ms >= s->result->t.ms && e->t.ms < s->next)
            return true;
    }
    return false;
}

/** READINGS 21: @p t lies before an instant of the gap at which the probe's program did not run, or
 * between such an instant and a next result within ttl of it. */
static bool away(const struct reference *r, uint32_t probe, const struct span *s, struct wall_ms t)
{
    for (size_t i = 0; i < r->of[HISTORY_AWAY].len; i++) {
        const struct history_event *e = ref_event(r, HISTORY_AWAY, i);
        bool here = e->probe == probe && e->t.ms >= s->result->t.ms && e->t.ms < s->next;
        bool followed = s->next != WALL_NEVER_MS && s->next - e->t.ms <= s->ttl_ms;
        if (here && (t.ms < e->t.ms || followed))
            return true;
    }
    return false;
}

/** 7.14: a gasp in the span keeps the result until it, if it was within ttl then (READINGS 11). */
static bool kept_by_gasp(const struct reference *r, uint32_t probe, const struct span *s,
                         struct wall_ms t)
{
    for (size_t i = 0; i < r->gasps.len; i++) {
        const struct history_event *e = vec_at(&r->gasps, i);
        if (e->probe == probe && e->t.ms <= r->now.ms && e->t.ms > t.ms && e->t.ms < s->next &&
            e->t.ms - s->result->t.ms <= s->ttl_ms)
            return true;
    }
    return false;
}

/** 7.4, 7.19: open, and neither now nor the last marker is beyond t + ttl + late. */
static bool held(const struct reference *r, const struct span *s)
{
    int64_t until = s->result->t.ms + s->ttl_ms + r->h->options.late_ms;
    return s->next == WALL_NEVER_MS && (r->now.ms <= until || r->marker.ms <= until);
}

static struct ref_saying evidence(const struct span *s)
{
    if (s->result->settled == VERDICT_UNKNOWN) /* 7.2: speaks and cannot tell */
        return (struct ref_saying){.status = REF_CANNOT, .verdict = VERDICT_UNKNOWN};
    return (struct ref_saying){.status = REF_EVIDENCE, .verdict = s->result->settled};
}

/** Without evidence at @p t: silent if we listened, else unheard. */
static struct ref_saying nothing(const struct reference *r, const struct ref_check *c,
                                 const struct span *s, struct wall_ms t)
{
    bool listened = ref_listened(r, c->probe, t);
    return (struct ref_saying){
        .status = listened ? REF_SILENT : REF_UNHEARD,
        .verdict = VERDICT_UNKNOWN,
        .awaiting = s->next_summary,
    };
}

/** 7.4: a gap beyond ttl, judged by listening. */
static struct ref_saying in_gap(const struct reference *r, const struct ref_check *c,
                                const struct span *s, struct wall_ms t)
{
    struct wall_ms from = s->result->t;
    struct wall_ms to = {s->next < r->marker.ms ? s->next : r->marker.ms};
    if (ref_listened_ms(r, c->probe, from, to) > s->ttl_ms)
        return nothing(r, c, s, t);
    struct wall_ms past = {t.ms + 1};
    if (ref_first_unheard(r, c->probe, from, past).ms > t.ms)
        return evidence(s);
    return (struct ref_saying){.status = REF_UNHEARD, .awaiting = s->next_summary};
}

struct ref_saying ref_check_at(const struct reference *r, const struct ref_check *c,
                               struct wall_ms t)
{
    struct span s;
    bool own = false;
    if (!ref_entry_at(r, c, t) || !inventory_may_speak(r->inv, c->probe, c->site, t, &own) ||
        !span_at(r, c, t, &s))
        return (struct ref_saying){.status = REF_ABSENT};
    if (ref_gasping(r, c->probe, t))
        return nothing(r, c, &s, t);
    if (kept_by_gasp(r, c->probe, &s, t))
        return evidence(&s);
    if (s.next != WALL_NEVER_MS && s.next - s.result->t.ms <= s.ttl_ms)
        return evidence(&s);
    struct ref_saying saying;
    if (willed(r, c->probe, &s))
        saying = nothing(r, c, &s, t);
    else if (held(r, &s))
        saying = evidence(&s);
    else
        saying = in_gap(r, c, &s, t);
    if (saying.status == REF_SILENT && away(r, c->probe, &s, t))
        saying.status = REF_CANNOT;
    return saying;
}
