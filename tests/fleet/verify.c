#include "verify.h"

#include "verify_api.h"
#include "verify_evidence.h"
#include "verify_world.h"

#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>

enum { SPANS_MAX = 50000000, SLACK_MS = 2000, EDGE_MS = 30000 };

/* The comparison under way. */
struct job {
    const struct verify_options *options;
    struct verify_truth truth;
    struct verify_api *api;
    struct vec by_unit; /* struct vec of struct verify_shown */
    struct verify_bounds bounds;
    struct verify_world world;
    uint64_t units;      /* compared with the evidence */
    uint64_t clock_off;  /* left out */
    int64_t compared_ms; /* decided by the evidence */
    int64_t differ_ms;   /* and shown otherwise */
    uint32_t differ_unit;
    int64_t differ_at;
    bool agrees;
};

static const char *unit_text(const struct job *j, uint32_t unit)
{
    return unit == NAMES_NONE ? "-" : names_text(&j->truth.units, unit);
}

/* --- evidence --- */

/* True if what is shown is what the evidence says. */
static bool agrees(enum verify_state expected, const struct verify_shown *shown)
{
    static const char *const words[] = {"up", "degraded", "down", "down"};
    if (expected == VERIFY_GASPED && strcmp(shown->state, "unobserved") == 0)
        return true;
    return strcmp(shown->state, words[expected]) == 0;
}

/* What the evidence says of a 5G unit while its anchor is down is down too. */
static enum verify_state with_anchor(enum verify_state own, const struct vec *anchor, int64_t t)
{
    enum verify_state state = VERIFY_OPEN;
    if (!anchor->size)
        return own;
    for (size_t i = 0; i < anchor->len; i++) {
        const struct verify_span *s = vec_at(anchor, i);
        if (s->from_ms <= t && t < s->to_ms)
            state = s->state;
    }
    if (state == VERIFY_GASPED || own == VERIFY_GASPED)
        return VERIFY_GASPED;
    if (state == VERIFY_DOWN || own == VERIFY_DOWN)
        return VERIFY_DOWN;
    return state == VERIFY_OPEN ? VERIFY_OPEN : own;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The first instant after @p t at which the anchor's evidence changes. */
static int64_t anchor_change(const struct vec *anchor, int64_t t)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < anchor->len; i++) {
        const struct verify_span *s = vec_at(anchor, i);
        if (s->from_ms > t)
            next = earlier(next, s->from_ms);
        if (s->to_ms > t)
            next = earlier(next, s->to_ms);
    }
    return next;
}

static void compare_piece(struct job *j, uint32_t unit, enum verify_state expected, int64_t from,
                          int64_t to)
{
    const struct vec *shown = vec_at(&j->by_unit, unit);
    int64_t agreed = 0;
    for (size_t i = 0; i < shown->len; i++) {
        const struct verify_shown *s = vec_at(shown, i);
        int64_t overlap = earlier(to, s->to_ms) - later(from, s->from_ms);
        if (overlap > 0 && agrees(expected, s))
            agreed += overlap;
    }
    j->compared_ms += to - from;
    if (to - from - agreed > 0 && j->differ_ms == 0) {
        j->differ_unit = unit;
        j->differ_at = from;
    }
    j->differ_ms += to - from - agreed;
}

static void compare_spans(struct job *j, uint32_t unit, const struct vec *spans,
                          const struct vec *anchor)
{
    for (size_t i = 0; i < spans->len; i++) {
        const struct verify_span *s = vec_at(spans, i);
        for (int64_t at = later(s->from_ms, j->truth.started.ms), to; at < s->to_ms; at = to) {
            to = earlier(s->to_ms, anchor_change(anchor, at));
            enum verify_state expected = with_anchor(s->state, anchor, at);
            if (expected != VERIFY_OPEN && earlier(to, j->truth.ended.ms) > at)
                compare_piece(j, unit, expected, at, earlier(to, j->truth.ended.ms));
        }
    }
}

static int compare_evidence(struct job *j, uint32_t unit)
{
    const struct verify_unit *u = vec_at(&j->truth.unit_rows, unit);
    struct vec spans;
    struct vec anchor = {0};
    vec_init(&spans, sizeof(struct verify_span), SPANS_MAX);
    int err = verify_evidence(&j->truth, unit, &spans);
    if (!err && u->anchor != NAMES_NONE) {
        vec_init(&anchor, sizeof(struct verify_span), SPANS_MAX);
        err = verify_evidence(&j->truth, u->anchor, &anchor);
    }
    if (!err && spans.len)
        compare_spans(j, unit, &spans, &anchor);
    j->units += spans.len > 0;
    vec_done(&spans);
    vec_done(&anchor);
    return err;
}

/* --- both truths --- */

static int fetch(struct job *j)
{
    int err = 0;
    for (size_t i = 0; !err && i < j->truth.unit_rows.len; i++) {
        struct vec *shown = vec_push(&j->by_unit);
        if (!shown)
            return ERR_NOMEM;
        vec_init(shown, sizeof(struct verify_shown), SPANS_MAX);
    }
    for (uint32_t site = 0; !err && site < j->truth.sites.len; site++)
        err = verify_api_site(j->api, &j->truth, site, &j->by_unit);
    return err;
}

static int compare_units(struct job *j)
{
    int err = 0;
    for (uint32_t unit = 0; !err && unit < j->truth.unit_rows.len; unit++) {
        const struct verify_unit *u = vec_at(&j->truth.unit_rows, unit);
        if (u->checks.len == 0)
            continue;
        if (verify_truth_clock(&j->truth, u->site)) {
            j->clock_off++;
            continue;
        }
        err = compare_evidence(j, unit);
        verify_world(&j->truth, unit, vec_at(&j->by_unit, unit), &j->bounds, &j->world);
    }
    return err;
}

static void print_evidence(struct job *j)
{
    bool good = j->differ_ms == 0;
    printf("evidence   %llu units, %.1f h decided by it, %lld ms shown otherwise",
           (unsigned long long)j->units, (double)j->compared_ms / 3600000, (long long)j->differ_ms);
    if (!good)
        printf(" (first: %s at +%.3f s)", unit_text(j, j->differ_unit),
               (double)(j->differ_at - j->truth.started.ms) / 1000);
    printf("\n");
    j->agrees = j->agrees && good;
}

static void print_world(struct job *j)
{
    const struct verify_world *w = &j->world;
    bool exact =
        llabs(w->start_ms) <= j->bounds.tolerance_ms && llabs(w->end_ms) <= j->bounds.tolerance_ms;
    printf("world      %llu outages: %llu missed, %llu invented; %llu too short to see\n",
           (unsigned long long)w->outages, (unsigned long long)w->missed,
           (unsigned long long)w->invented, (unsigned long long)w->too_short);
    if (w->missed)
        printf("           missed: %s\n", unit_text(j, w->missed_unit));
    if (w->invented)
        printf("           invented: %s\n", unit_text(j, w->invented_unit));
    printf("           worst start %+.3f s (%s), worst end %+.3f s (%s); %.1f s allowed\n",
           (double)w->start_ms / 1000, unit_text(j, w->start_unit), (double)w->end_ms / 1000,
           unit_text(j, w->end_unit), (double)j->bounds.tolerance_ms / 1000);
    if (j->clock_off)
        printf("           %llu units left out: their probe's clock was wrong\n",
               (unsigned long long)j->clock_off);
    j->agrees = j->agrees && exact && !w->missed && !w->invented;
}

/* --- ledger --- */

/* Sums over the run's own marks. */
struct account {
    uint64_t written, acked, stored, lost, doubled, readings;
    bool balanced, foreign;
};

/* Stored means here: dealt with for good, whatever the reason. A run in progress may have written
 * more since its files were read, so only a mark at or below them can show a doubled pack. */
static void add_mark(const struct job *j, const struct verify_mark *m, struct account *a)
{
    const struct verify_probe *p =
        m->probe == NAMES_NONE ? NULL : vec_at(&j->truth.probe_rows, m->probe);
    a->balanced = a->balanced && m->balanced;
    if (!p || p->epoch != m->epoch) {
        a->foreign = true;
        return;
    }
    a->stored += m->stored + m->untimed;
    a->lost += m->missing + m->refused;
    if (m->highest <= p->packs && m->stored + m->untimed > p->packs)
        a->doubled += m->stored + m->untimed - p->packs;
    uint64_t settled = m->stored + m->untimed + m->refused + m->lost + m->missing;
    if (settled < p->acked)
        a->lost += p->acked - settled;
}

static int compare_ledger(struct job *j)
{
    struct verify_ledger l;
    struct account a = {.balanced = true};
    int err = verify_api_ledger(j->api, &j->truth, &l);
    if (err)
        return err;
    for (size_t i = 0; i < j->truth.probe_rows.len; i++) {
        const struct verify_probe *p = vec_at(&j->truth.probe_rows, i);
        a.written += p->packs;
        a.acked += p->acked;
        a.readings += p->readings;
    }
    for (size_t i = 0; i < l.marks.len; i++)
        add_mark(j, vec_at(&l.marks, i), &a);
    printf(
        "ledger     %llu packs written, %llu acknowledged, %llu stored: %llu lost, %llu doubled, "
        "%llu waiting; %s\n",
        (unsigned long long)a.written, (unsigned long long)a.acked, (unsigned long long)a.stored,
        (unsigned long long)a.lost, (unsigned long long)a.doubled,
        (unsigned long long)(a.written - a.acked),
        a.balanced && l.balanced ? "it balances" : "it does NOT balance");
    bool readings = a.foreign || a.acked < a.written || l.readings_stored == a.readings;
    printf("readings   %llu written, %llu stored%s\n", (unsigned long long)a.readings,
           (unsigned long long)l.readings_stored,
           a.foreign  ? " (others' too)"
           : readings ? ""
                      : ": they differ");
    j->agrees = j->agrees && a.balanced && l.balanced && !a.lost && !a.doubled && readings;
    verify_api_ledger_done(&l);
    return 0;
}

/* --- all --- */

/* A run in progress, or one whose packs did not all leave. */
static bool waits(const struct verify_truth *t)
{
    for (size_t i = 0; i < t->probe_rows.len; i++) {
        const struct verify_probe *p = vec_at(&t->probe_rows, i);
        if (p->acked < p->packs)
            return true;
    }
    return false;
}

static int work(struct job *j)
{
    int err = verify_truth_read(j->options->truth, &j->truth);
    if (err) {
        fprintf(stderr, "ioc-fleet: no truth in %s: %s\n", j->options->truth, err_text(err));
        return err;
    }
    j->bounds = (struct verify_bounds){
        .interval_ms = j->truth.interval_ms,
        .tolerance_ms =
            j->options->tolerance_ms ? j->options->tolerance_ms : j->truth.interval_ms + SLACK_MS,
        .settle_ms = waits(&j->truth) ? j->truth.ttl_ms + EDGE_MS : SLACK_MS,
        .late_ms = j->truth.ttl_ms + EDGE_MS};
    printf("run        %.1f s, %u probes, %u units\n",
           (double)(j->truth.ended.ms - j->truth.started.ms) / 1000, j->truth.probes.len,
           j->truth.units.len);
    err = verify_api_open(j->options->collector, j->options->token_file, &j->api);
    if (!err)
        err = fetch(j);
    if (!err)
        err = compare_units(j);
    if (err)
        return err;
    print_evidence(j);
    print_world(j);
    return compare_ledger(j);
}

int verify_run(const struct verify_options *options)
{
    struct job j = {.options = options,
                    .world = {.start_unit = NAMES_NONE,
                              .end_unit = NAMES_NONE,
                              .missed_unit = NAMES_NONE,
                              .invented_unit = NAMES_NONE},
                    .agrees = true};
    vec_init(&j.by_unit, sizeof(struct vec), SPANS_MAX);
    int err = work(&j);
    if (err && j.api)
        fprintf(stderr, "ioc-fleet: %s: %s %s\n", options->collector, err_text(err),
                verify_api_why(j.api));
    else if (!err)
        printf("%s\n", j.agrees ? "agrees" : "DOES NOT AGREE");
    verify_api_close(j.api);
    for (size_t i = 0; i < j.by_unit.len; i++)
        vec_done(vec_at(&j.by_unit, i));
    vec_done(&j.by_unit);
    verify_truth_done(&j.truth);
    return err ? 2 : j.agrees ? 0 : 1;
}
