#include "history_random.h"

#include <stdlib.h>
#include <string.h>

/** One event with the instant at which it reaches the centre. */
struct arrival {
    struct history_event event;
    int64_t at;
    size_t serial; /**< order of making, between equals */
};

/** One check of a list while its results are made. */
struct runner {
    const struct history_entry *entry;
    int64_t from, to; /**< its list's time */
    enum verdict verdict;
};

struct maker {
    struct history *h;
    struct rng rng;
    int64_t span;        /**< ms of the history */
    struct vec arrivals; /**< struct arrival: of the centre, and then of each probe in order of its
                            stream */
};

static int64_t below(struct maker *m, int64_t n)
{
    return n > 0 ? (int64_t)rng_below(&m->rng, (uint64_t)n) : 0;
}

static int64_t between(struct maker *m, int64_t from, int64_t to)
{
    return from + below(m, to - from + 1);
}

static bool chance(struct maker *m, int percent)
{
    return below(m, 100) < percent;
}

static struct history_event *arrive(struct maker *m, int64_t at, enum history_kind kind, int64_t t)
{
    struct arrival *a = vec_push(&m->arrivals);
    if (!a)
        abort();
    a->event.kind = kind;
    a->event.t.ms = HISTORY_ZERO_MS + t;
    a->at = at;
    a->serial = m->arrivals.len;
    return &a->event;
}

/* ---- the centre: connections, markers, reloads ---- */

static void connect(struct maker *m, int64_t t)
{
    arrive(m, t, HISTORY_CONNECTED, t);
    uint32_t probes = history_inventory(m->h, 0)->probes.len;
    for (uint32_t probe = 0; probe < probes; probe++)
        if (chance(m, 80)) {
            int64_t heard = t + below(m, chance(m, 60) ? 40 : 250);
            arrive(m, heard, HISTORY_HEARD, heard)->probe = probe;
        }
}

static void make_markers(struct maker *m)
{
    int64_t marker = below(m, 30);
    int quality = (int)between(m, 0, 8); /* how often the line breaks, percent */
    if (chance(m, 85))
        connect(m, marker);
    while (marker < m->span) {
        int64_t next = marker + between(m, 10, 40);
        if (chance(m, quality)) {
            next = marker + between(m, 41, chance(m, 50) ? 150 : 700);
            if (chance(m, 70))
                connect(m, next);
        } else {
            arrive(m, next, HISTORY_LISTENED, next)->also.ms = HISTORY_ZERO_MS + marker;
        }
        marker = next;
        if (chance(m, 60))
            arrive(m, next, HISTORY_ADVANCE, next);
        if (chance(m, 20)) {
            int64_t later = next + below(m, 15);
            arrive(m, later, HISTORY_ADVANCE, later);
        }
    }
}

static void make_reloads(struct maker *m)
{
    for (uint32_t i = 1; i < m->h->loads.len; i++) {
        const struct history_load *load = vec_at(&m->h->loads, i);
        int64_t at = load->at.ms - HISTORY_ZERO_MS;
        struct history_event *e = arrive(m, at, HISTORY_RELOAD, at);
        e->index = i;
        e->also.ms = HISTORY_ZERO_MS - 86400000;
    }
}

/* ---- a probe: lists, and results in order of their making ---- */

/** What happens at the probe, by the instant it is written to its stream. */
struct deed {
    struct history_event event;
    int64_t written;
    size_t serial;
};

static struct history_event *deed(struct vec *deeds, int64_t written, enum history_kind kind,
                                  int64_t t)
{
    struct deed *d = vec_push(deeds);
    if (!d)
        abort();
    d->event.kind = kind;
    d->event.t.ms = HISTORY_ZERO_MS + t;
    d->written = written;
    d->serial = deeds->len;
    return &d->event;
}

static int by_written(const void *a, const void *b)
{
    const struct deed *x = a;
    const struct deed *y = b;
    if (x->written != y->written)
        return x->written < y->written ? -1 : 1;
    return x->serial < y->serial ? -1 : x->serial > y->serial;
}

static int by_arrival(const void *a, const void *b)
{
    const struct arrival *x = a;
    const struct arrival *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->serial < y->serial ? -1 : x->serial > y->serial;
}

/** Sites that the probe may ever speak for, its own first. */
static uint32_t pick_site(struct maker *m, uint32_t probe)
{
    const struct inventory *inv = history_inventory(m->h, 0);
    const struct probe_row *row = inventory_probe(inv, probe, (struct wall_ms){HISTORY_ZERO_MS});
    if (row->also_len && chance(m, 60))
        return *(uint32_t *)vec_at(&inv->also, row->also_first + (size_t)below(m, row->also_len));
    return row->site;
}

static bool listed(const struct maker *m, uint32_t check, uint32_t site)
{
    const struct history_list *list = vec_at(&m->h->lists, m->h->lists.len - 1);
    for (size_t i = 0; i < list->n; i++) {
        const struct history_entry *entry = vec_at(&m->h->entries, list->first + i);
        if (entry->check == check && entry->site == site)
            return true;
    }
    return false;
}

static void make_entry(struct maker *m, uint32_t probe)
{
    static const char *const names[] = {"icmp/a", "tcp/b", "http/c"};

    static const enum cause causes[] = {CAUSE_FAULT, CAUSE_FAULT, CAUSE_POWER, CAUSE_TRANSPORT,
                                        CAUSE_THIRD_PARTY};

    uint32_t site = pick_site(m, probe);
    uint32_t check = history_check(m->h, slice_of(names[below(m, 3)]));
    if (listed(m, check, site))
        return;
    size_t n = 0;
    const uint32_t *units = inventory_site_units(history_inventory(m->h, 0), site, &n);
    struct history_entry *entry = history_entry(m->h);
    entry->check = check;
    entry->site = site;
    for (size_t i = 0; i < n; i++)
        if (chance(m, 70))
            entry->units[entry->n_units++] = units[i];
    entry->interval_ms = between(m, 20, 90);
    entry->timeout_ms = between(m, 1, 20);
    entry->ttl_ms = 2 * entry->interval_ms + entry->timeout_ms + below(m, 30);
    entry->role = chance(m, 65) ? ROLE_REQUIRED : chance(m, 80) ? ROLE_OPTIONAL : ROLE_INFO;
    entry->cause = causes[below(m, 5)];
}

static enum verdict next_verdict(struct maker *m, enum verdict now)
{
    if (chance(m, 70))
        return now;

    static const enum verdict some[] = {VERDICT_OK,     VERDICT_OK,     VERDICT_DEGRADED,
                                        VERDICT_FAILED, VERDICT_FAILED, VERDICT_UNKNOWN};

    return some[below(m, 6)];
}

static int64_t next_step(struct maker *m, const struct history_entry *entry)
{
    if (chance(m, 88))
        return entry->interval_ms + below(m, 5);
    if (chance(m, 30))
        return entry->ttl_ms + below(m, 3) - 1; /* the edge of ttl, both sides */
    return entry->interval_ms * between(m, 1, 9);
}

static void make_result(struct maker *m, struct vec *deeds, uint32_t probe, struct runner *run,
                        int64_t t)
{
    run->verdict = next_verdict(m, run->verdict);
    int64_t shown = t;
    if (chance(m, 2))
        shown += between(m, 1, 80); /* the probe's clock runs ahead */
    else if (chance(m, 2))
        shown -= between(m, 1, 80);
    int times = chance(m, 3) ? 2 : 1;
    for (int i = 0; i < times; i++) {
        struct history_event *e = deed(deeds, t + below(m, 6), HISTORY_RESULT, shown);
        e->probe = probe;
        e->site = run->entry->site;
        e->check = chance(m, 99) ? run->entry->check : 0;
        e->verdict = i ? (enum verdict)below(m, 4) : run->verdict;
    }
}

static void make_results(struct maker *m, struct vec *deeds, uint32_t probe, struct runner run)
{
    int64_t t = run.from + between(m, 0, run.entry->interval_ms);
    while (t < run.to) {
        make_result(m, deeds, probe, &run, t);
        int64_t step = next_step(m, run.entry);
        t += step > 0 ? step : 1;
    }
}

/** A list of a few random checks; its index. */
static uint32_t make_list(struct maker *m, struct vec *deeds, uint32_t probe, int64_t t)
{
    uint32_t index = history_list(m->h);
    for (int64_t n = between(m, chance(m, 90), 4); n > 0; n--)
        make_entry(m, probe);
    struct history_event *e = deed(deeds, t, HISTORY_LIST, t);
    e->probe = probe;
    e->index = index;
    return index;
}

static void make_lists(struct maker *m, struct vec *deeds, uint32_t probe)
{
    int64_t from = below(m, 100);
    while (from < m->span) {
        int64_t to = chance(m, 50) ? m->span : from + between(m, 100, m->span);
        if (chance(m, 10))
            make_list(m, deeds, probe, from); /* replaced at once by one of equal time */
        uint32_t index = make_list(m, deeds, probe, from);
        const struct history_list *list = vec_at(&m->h->lists, index);
        for (size_t i = 0; i < list->n; i++) {
            struct history_entry entry =
                *(struct history_entry *)vec_at(&m->h->entries, list->first + i);
            make_results(m, deeds, probe, (struct runner){&entry, from, to, VERDICT_OK});
        }
        from = to + 1;
    }
}

/* ---- what the line to the centre does with the stream ---- */

/** Takes the deeds of [from, to) away: the probe was without power; lists stay, it read its own
 * disk. */
static void lose(struct vec *deeds, int64_t from, int64_t to)
{
    for (size_t i = deeds->len; i-- > 0;) {
        const struct deed *d = vec_at(deeds, i);
        if (d->event.kind == HISTORY_RESULT && d->written >= from && d->written < to)
            vec_remove(deeds, i, 1);
    }
}

static void make_cuts(struct maker *m, struct vec *deeds, uint32_t probe)
{
    for (int64_t n = below(m, 3); n > 0; n--) {
        int64_t from = below(m, m->span);
        int64_t to = from + between(m, 20, 900);
        lose(deeds, from, to);
        if (chance(m, 50)) {
            int64_t g = from - below(m, 3) + (chance(m, 10) ? 50 : 0);
            deed(deeds, from, HISTORY_GASP, g)->probe = probe;
            if (chance(m, 50))
                arrive(m, from, HISTORY_GASP, g)->probe = probe;
        }
        if (chance(m, 40)) {
            int64_t start = between(m, from, to + 30);
            deed(deeds, start, HISTORY_AWAY, start - 1)->probe = probe;
        }
        if (chance(m, 50)) {
            int64_t will = from + below(m, 120);
            arrive(m, will, HISTORY_WILL, will)->probe = probe;
        }
    }
}

/** A status summary of the newest result of each check written before @p at. */
static void summarise(struct maker *m, const struct vec *deeds, int64_t at)
{
    for (size_t i = 0; i < deeds->len; i++) {
        const struct deed *d = vec_at(deeds, i);
        bool newest = d->event.kind == HISTORY_RESULT && d->written < at;
        for (size_t k = i + 1; k < deeds->len && newest; k++) {
            const struct deed *later = vec_at(deeds, k);
            newest = later->written >= at || later->event.kind != HISTORY_RESULT ||
                     later->event.check != d->event.check || later->event.site != d->event.site;
        }
        if (!newest || chance(m, 10))
            continue;
        struct history_event *e = arrive(m, at, HISTORY_SUMMARY, 0);
        *e = d->event;
        e->kind = HISTORY_SUMMARY;
        e->also.ms = HISTORY_ZERO_MS + at;
        if (chance(m, 10))
            e->verdict = (enum verdict)below(m, 4);
    }
}

/** Delivers the stream in order: with some latency, and held back while the line is away. */
static void deliver(struct maker *m, const struct vec *deeds)
{
    int64_t away = chance(m, 50) ? below(m, m->span) : m->span * 2;
    int64_t back = away + between(m, 100, 1500);
    bool told = chance(m, 60); /* the status goes on while packs wait */
    int64_t from = told ? away : back;
    for (int64_t t = from; t < back + 200 && t < m->span; t += between(m, 20, told ? 60 : 150))
        summarise(m, deeds, t);
    int64_t at = 0;
    for (size_t i = 0; i < deeds->len; i++) {
        const struct deed *d = vec_at(deeds, i);
        int64_t due = d->written + below(m, chance(m, 90) ? 8 : 60);
        if (due >= away && due < back)
            due = back;
        if (at >= back && at < back + 200)
            due = at + below(m, 12); /* the backlog drains */
        at = due > at ? due : at;
        struct history_event *e = arrive(m, at, d->event.kind, 0);
        *e = d->event;
        if (e->kind == HISTORY_RESULT)
            e->also.ms = HISTORY_ZERO_MS + at;
    }
}

static void make_probe(struct maker *m, uint32_t probe)
{
    struct vec deeds;
    vec_init(&deeds, sizeof(struct deed), 1 << 20);
    make_lists(m, &deeds, probe);
    qsort(deeds.items, deeds.len, sizeof(struct deed), by_written);
    make_cuts(m, &deeds, probe);
    if (deeds.len)
        qsort(deeds.items, deeds.len, sizeof(struct deed), by_written);
    deliver(m, &deeds);
    vec_done(&deeds);
}

/* ---- all of it ---- */

static void make_options(struct maker *m)
{
    m->h->options = world_options_default();
    m->h->options.late_ms = between(m, 0, 80);
    m->h->options.connect_settle_ms = between(m, 50, 200);
    m->h->options.future_ms = 60;
    for (size_t i = 0; i < 6; i++) {
        bool some = chance(m, 40);
        m->h->options.hysteresis[i].bad = (uint8_t)(some ? between(m, 1, 3) : 1);
        m->h->options.hysteresis[i].good = (uint8_t)(some ? between(m, 1, 3) : 1);
    }
}

/** Someone declares works, in time or in retrospect, or takes a declaration back. */
static void declare(struct maker *m, int64_t at)
{
    static const char *const sites[] = {"S1", "S2", "S3", "L1", "F1"};
    const struct inventory *inv =
        ((const struct history_load *)vec_at(&m->h->loads, m->h->loads.len - 1))->inv;
    int64_t from = below(m, m->span);
    struct wall_ms now = {HISTORY_ZERO_MS + at};
    struct inventory_wish wish = {
        .site = names_find(&inv->sites, slice_of(sites[below(m, 5)])),
        .unit = INV_NONE,
        .kind = chance(m, 85) ? DECLARATION_MAINTENANCE : DECLARATION_ASLEEP,
        .span = {{HISTORY_ZERO_MS + from}, {HISTORY_ZERO_MS + from + 1 + below(m, m->span / 3)}},
        .reason = "test",
        .by = "random",
    };
    size_t n = 0;
    const uint32_t *units = inventory_site_units(inv, wish.site, &n);
    if (n > 0 && chance(m, 40))
        wish.unit = units[below(m, (int64_t)n)];
    bool back = inventory_declared(inv, 1) && inventory_declared(inv, 1)->withdrawn.ms == 0 &&
                chance(m, 30);
    if (history_declare(m->h, now, back ? NULL : &wish, 1))
        abort();
}

static void make_loads(struct maker *m)
{
    int64_t at = -1;
    for (int64_t n = chance(m, 40) ? between(m, 2, 3) : 1; n > 0 && at < m->span; n--) {
        history_random_tables(m->h, &m->rng, m->span);
        if (history_load(m->h, (struct wall_ms){HISTORY_ZERO_MS + at})) {
            fprintf(stderr, "random inventory refused: %s\n", m->h->complaint);
            abort();
        }
        for (at += 1 + below(m, m->span); chance(m, 70); at += 1 + below(m, 100))
            declare(m, at);
    }
}

void history_random(struct history *h, uint64_t seed)
{
    history_init(h);
    h->seed = seed;
    history_check(h, slice_of("dns/unlisted"));
    struct maker m = {.h = h, .rng = {seed}};
    m.span = between(&m, 500, 4000);
    vec_init(&m.arrivals, sizeof(struct arrival), 1 << 20);
    make_options(&m);
    make_loads(&m);
    make_markers(&m);
    make_reloads(&m);
    for (uint32_t probe = 0; probe < history_inventory(h, 0)->probes.len; probe++)
        if (chance(&m, 75))
            make_probe(&m, probe);
    arrive(&m, m.span, HISTORY_ADVANCE, m.span);
    qsort(m.arrivals.items, m.arrivals.len, sizeof(struct arrival), by_arrival);
    int64_t now = 0;
    for (size_t i = 0; i < m.arrivals.len; i++) {
        const struct arrival *a = vec_at(&m.arrivals, i);
        struct history_event *e = history_add(h, a->event.kind, a->event.t);
        *e = a->event;
        now = a->at > now ? a->at : now;
    }
    history_add(h, HISTORY_ADVANCE, (struct wall_ms){HISTORY_ZERO_MS + now});
    vec_done(&m.arrivals);
}
