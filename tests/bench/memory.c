/* What a site costs in memory: resident bytes that a centre grows by when the sites of an inventory
 * have 70 days of evidence, and when some of them flap at every interval. One line of JSON each.
 *
 * A list's ttl is long here: results that repeat the one before change nothing that is kept, so
 * they are left out, and only changes and one result a week are played. */
#include "load.h"
#include "memory_of.h"

#include "base/err.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DAYS = 70, OUTAGES_A_MONTH = 5, MONTH_DAYS = 30, FLAPS = 2500, FLAP_SITES = 200 };

enum { HAND_OVER_STEPS = 1008, HAND_OVER_FLAPS = 25, SPANS_AT_ONCE = 1024 };

static const int64_t START_MS = INT64_C(1790000000000);
static const int64_t DAY_MS = INT64_C(86400000);
static const int64_t STEP_MS = INT64_C(600000);
static const int64_t INTERVAL_MS = 10000;
static const int64_t TTL_MS = INT64_C(2678400000);

/* A site, numbers resolved. */
struct place {
    uint32_t probe, check[LOAD_CHECKS];
    int64_t next; /* its state changes then */
    int64_t told; /* last results */
    bool down;
};

struct bench {
    struct centre *centre;
    struct place *place;
    uint32_t sites;
    struct rng rng;
    uint64_t results;
};

static void need(int err, const char *what)
{
    if (!err)
        return;
    fprintf(stderr, "bench-memory: %s: %s\n", what, err_text(err));
    exit(1);
}

static double resident_bytes(void)
{
    char text[128] = "";
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || !fgets(text, sizeof text, f))
        need(ERR_IO, "statm");
    fclose(f);
    char *end = text;
    strtol(text, &end, 10);
    return (double)strtol(end, NULL, 10) * (double)sysconf(_SC_PAGESIZE);
}

static void list_checks(struct bench *b, uint32_t n)
{
    struct check_entry entry[LOAD_CHECKS];
    uint32_t unit[LOAD_CHECKS];
    uint32_t site = memory_of_site(b->centre, n);
    struct place *p = &b->place[n];
    p->probe = memory_of_probe(b->centre, n);
    for (unsigned i = 0; i < LOAD_CHECKS; i++) {
        unit[i] = memory_of_unit(b->centre, n, i % LOAD_UNITS);
        entry[i] = (struct check_entry){.name = slice_of(load_check(i)),
                                        .site = site,
                                        .units = &unit[i],
                                        .n_units = 1,
                                        .interval_ms = INTERVAL_MS,
                                        .timeout_ms = 2000,
                                        .ttl_ms = TTL_MS,
                                        .role = ROLE_REQUIRED,
                                        .cause = CAUSE_FAULT};
    }
    need(world_list(b->centre->world, p->probe, (struct wall_ms){START_MS}, entry, LOAD_CHECKS),
         "list");
    for (unsigned i = 0; i < LOAD_CHECKS; i++)
        p->check[i] = world_check(b->centre->world, p->probe, site, slice_of(load_check(i)));
}

static void tell(struct bench *b, struct place *p, int64_t t)
{
    enum world_fate fate;
    for (unsigned i = 0; i < LOAD_CHECKS; i++)
        need(world_result_of(b->centre->world, p->check[i], (struct wall_ms){t},
                             p->down ? VERDICT_FAILED : VERDICT_OK, (struct wall_ms){t}, &fate),
             "result");
    b->results += LOAD_CHECKS;
    p->told = t;
}

static int64_t some_time(struct rng *rng, int64_t mean_ms)
{
    return (int64_t)(rng_unit(rng) * 2 * (double)mean_ms) + INTERVAL_MS;
}

/* Up for about six days, down for about two hours. */
static void change(struct bench *b, struct place *p)
{
    int64_t up_ms = MONTH_DAYS * DAY_MS / OUTAGES_A_MONTH;
    int64_t t = p->next;
    p->down = !p->down;
    tell(b, p, t);
    p->next = t + some_time(&b->rng, p->down ? DAY_MS / 12 : up_ms);
}

static void advance(struct bench *b, int64_t now)
{
    need(centre_advance(b->centre, (struct wall_ms){now}), "advance");
}

static int put_away(void *context, uint8_t kind, struct slice key, struct slice value)
{
    (void)context;
    (void)kind;
    (void)key;
    (void)value;
    return 0;
}

static int drop_away(void *context, uint8_t kind, struct slice key)
{
    (void)context;
    (void)kind;
    (void)key;
    return 0;
}

/* What the collector does all the time and this bench now and then, so that nothing waits for it:
 * rows go to the store, derived points to the database. */
static void hand_over(struct bench *b)
{
    struct wall_ms now = world_now(b->centre->world);
    static struct derived_span spans[SPANS_AT_ONCE];
    const struct row_sink sink = {NULL, put_away, drop_away, NULL};
    need(centre_save(b->centre, &sink), "save");
    while (derived_take(b->centre->derived, now, UINT32_MAX, spans, SPANS_AT_ONCE) > 0)
        need(derived_settle(b->centre->derived, true), "derived points");
}

/* Whole sites go down and return, all units together: the most that an outage can leave behind. */
static void live(struct bench *b)
{
    for (uint32_t n = 0; n < b->sites; n++) {
        tell(b, &b->place[n], START_MS);
        b->place[n].next = START_MS + some_time(&b->rng, DAY_MS * MONTH_DAYS / OUTAGES_A_MONTH);
    }
    for (int64_t now = START_MS; now < START_MS + DAYS * DAY_MS; now += STEP_MS) {
        advance(b, now);
        for (uint32_t n = 0; n < b->sites; n++) {
            struct place *p = &b->place[n];
            while (p->next <= now)
                change(b, p);
            if (now - p->told > 7 * DAY_MS)
                tell(b, p, now);
        }
        if ((now - START_MS) / STEP_MS % HAND_OVER_STEPS == 0)
            hand_over(b);
    }
    hand_over(b);
}

static void flap(struct bench *b, uint32_t sites)
{
    int64_t now = START_MS + DAYS * DAY_MS;
    for (unsigned i = 0; i < FLAPS; i++, now += INTERVAL_MS) {
        advance(b, now);
        for (uint32_t n = 0; n < sites; n++) {
            b->place[n].down = !b->place[n].down;
            tell(b, &b->place[n], now);
        }
        if (i % HAND_OVER_FLAPS == 0)
            hand_over(b);
    }
    hand_over(b);
}

static void say(const char *what, double before, double heap_before, uint32_t sites)
{
    printf("{\"what\":\"%s\",\"sites\":%u,\"resident_per_site\":%.0f,\"heap_per_site\":%.0f}\n",
           what, sites, (resident_bytes() - before) / sites,
           ((double)mallinfo2().uordblks - heap_before) / sites);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: bench-memory INVENTORY\n");
        return 2;
    }
    double before = resident_bytes();
    double heap = (double)mallinfo2().uordblks;
    struct bench b = {.rng = {1}, .centre = memory_of_inventory(argv[1])};
    b.sites = b.centre->inventory->sites.len;
    say("inventory", before, heap, b.sites);
    b.place = calloc(b.sites, sizeof *b.place);
    need(b.place ? 0 : ERR_NOMEM, "memory");
    memset(b.place, 0, b.sites * sizeof *b.place);
    advance(&b, START_MS);
    before = resident_bytes();
    heap = (double)mallinfo2().uordblks;
    for (uint32_t n = 0; n < b.sites; n++)
        list_checks(&b, n);
    live(&b);
    say("evidence", before, heap, b.sites);
    before = resident_bytes();
    heap = (double)mallinfo2().uordblks;
    uint32_t flapping = b.sites < FLAP_SITES ? b.sites : FLAP_SITES;
    flap(&b, flapping);
    say("flapping", before, heap, flapping);
    centre_free(b.centre);
    free(b.place);
    return 0;
}
