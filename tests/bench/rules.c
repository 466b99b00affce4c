/* What rules of paging cost: a centre of the bench's inventory in which one site after another
 * fails and comes back, with the pager beside it, once without rules, once with fifty that nobody
 * is told by (what evaluating them costs) and once with people told; and what they cost readings
 * that nobody asks for. CPU of this thread, one line of JSON each. */
#include "load.h"
#include "memory_of.h"

#include "base/err.h"
#include "core/pager.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    CHANGES = 3000,
    WARM = 300,
    OUT_MS = 100000,
    STEP_MS = 1000,
    RULES = 50,
    READINGS = 2000000
};

/* Longer than the bench. */
static const int64_t NEVER_MS = 86400000;

enum { AREAS = 65, TTL_MS = 1000000000, INTERVAL_MS = 10000 };

static const struct wall_ms START = {INT64_C(1790000000000)};

struct bench {
    struct centre *centre;
    struct pager *pager;
    uint32_t sites;
    struct wall_ms now;
    uint64_t centre_ns, pager_ns;
};

static uint64_t cpu_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
    return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void need(int err, const char *what)
{
    if (!err)
        return;
    fprintf(stderr, "bench-rules: %s: %s\n", what, err_text(err));
    exit(1);
}

/* A check for each unit of a site. */
static void list(struct bench *b, uint32_t n)
{
    struct check_entry entries[LOAD_UNITS];
    uint32_t units[LOAD_UNITS];
    for (unsigned i = 0; i < LOAD_UNITS; i++) {
        units[i] = memory_of_unit(b->centre, n, i);
        entries[i] = (struct check_entry){.name = slice_of(load_check(i)),
                                          .site = memory_of_site(b->centre, n),
                                          .units = &units[i],
                                          .n_units = 1,
                                          .interval_ms = INTERVAL_MS,
                                          .timeout_ms = 1000,
                                          .ttl_ms = TTL_MS,
                                          .role = ROLE_REQUIRED,
                                          .cause = CAUSE_FAULT};
    }
    uint32_t probe = memory_of_probe(b->centre, n);
    need(world_list(b->centre->world, probe, START, entries, LOAD_UNITS), "list");
    need(world_heard(b->centre->world, probe, START), "heard");
}

static void result(struct bench *b, uint32_t n, enum verdict verdict)
{
    enum world_fate fate;
    for (unsigned i = 0; i < LOAD_UNITS; i++)
        need(world_result(b->centre->world, memory_of_probe(b->centre, n),
                          memory_of_site(b->centre, n), slice_of(load_check(i)), b->now, verdict,
                          b->now, &fate),
             "result");
}

static void advance(struct bench *b)
{
    need(world_listened(b->centre->world, wall_add(b->now, -STEP_MS), b->now), "listened");
    b->centre->marker.when = b->now;
    uint64_t before = cpu_ns();
    need(centre_advance(b->centre, b->now), "advance");
    uint64_t between = cpu_ns();
    need(pager_advance(b->pager, b->now), "pager");
    b->pager_ns += cpu_ns() - between;
    b->centre_ns += between - before;
    dirty_clear(&b->centre->changed_sites);
}

/* One site fails, one that failed a while ago is back. */
static void change(struct bench *b, uint32_t i)
{
    b->now = wall_add(b->now, STEP_MS);
    result(b, i * 7919 % b->sites, VERDICT_FAILED);
    if (i >= OUT_MS / STEP_MS)
        result(b, (i - OUT_MS / STEP_MS) * 7919 % b->sites, VERDICT_OK);
    advance(b);
}

/* Of all kinds; areas are told apart, so that most rules speak of other sites. */
static void make_rules(struct rules *rules, int64_t for_ms)
{
    static const enum rule_condition kinds[] = {
        RULE_DOWN,     RULE_DOWN,         RULE_SILENT, RULE_PEOPLE, RULE_COVERAGE,
        RULE_COVERAGE, RULE_AVAILABILITY, RULE_BUDGET, RULE_METRIC, RULE_LATE};

    rules_init(rules);
    rules->settle_ms = for_ms < NEVER_MS ? rules->settle_ms : for_ms;
    rules->targets = 1;
    rules->target[0] = (struct rule_target){.name = "shift",
                                            .least = SEVERITY_INDETERMINATE,
                                            .cap = 10,
                                            .window_ms = 600000,
                                            .fallback = -1};
    for (size_t i = 0; i < RULES; i++) {
        struct rule *rule = &rules->rule[rules->len++];
        *rule = (struct rule){.condition = kinds[i % (sizeof kinds / sizeof *kinds)],
                              .severity = SEVERITY_MAJOR,
                              .scope = {.kind = RULE_ANY_KIND},
                              .for_ms = for_ms,
                              .targets = 1};
        snprintf(rule->name, sizeof rule->name, "rule-%zu", i);
        snprintf(rule->scope.area, sizeof rule->scope.area, "c%zu", i % AREAS);
        rule->technology = TECHNOLOGY_4G;
        rule->set = rule->condition == RULE_PEOPLE ? 500 : rule->condition == RULE_LATE ? 1e9 : 0.5;
        rule->clear = rule->set;
        rule->window_ms = 3600000;
        if (rule->condition == RULE_AVAILABILITY || rule->condition == RULE_BUDGET)
            rule->scope.kind = SITE_BTS;
        snprintf(rule->metric, sizeof rule->metric, "rtt");
        rule->sense = RULE_BELOW;
    }
}

static void begin(struct bench *b, const char *inventory, const struct rules *rules)
{
    *b = (struct bench){.centre = memory_of_inventory(inventory), .now = START};
    b->sites = b->centre->inventory->probes.len;
    need(world_connected(b->centre->world, START), "connected");
    for (uint32_t n = 0; n < b->sites; n++)
        list(b, n);
    b->pager = pager_new(b->centre, 0);
    need(b->pager ? 0 : ERR_NOMEM, "pager");
    b->now = wall_add(START, STEP_MS);
    for (uint32_t n = 0; n < b->sites; n++)
        result(b, n, VERDICT_OK);
    advance(b);
    need(pager_set_rules(b->pager, rules), "rules");
}

static double changes(struct bench *b, const char *what)
{
    for (uint32_t i = 0; i < WARM; i++)
        change(b, i);
    b->centre_ns = b->pager_ns = 0;
    for (uint32_t i = WARM; i < CHANGES; i++)
        change(b, i);
    double all = (double)(b->centre_ns + b->pager_ns) / (CHANGES - WARM);
    printf("{\"what\":\"%s\",\"sites\":%u,\"change_ns\":%.0f,\"pager_ns\":%.0f,\"pages\":%zu}\n",
           what, b->sites, all, (double)b->pager_ns / (CHANGES - WARM),
           pager_box(b->pager)->pages.len);
    return all;
}

/* Names that rules ask for in one of four, and values that none of them minds. */
static void readings(struct bench *b, const char *what)
{
    static const char *const metrics[] = {"rtt", "state", "loss", "jitter"};
    char site[LOAD_NAME_MAX];
    char probe[LOAD_NAME_MAX];
    uint64_t ns = 0;
    for (uint32_t i = 0; i < READINGS; i += 4) {
        struct reading pack[4];
        load_site(i % b->sites, site);
        load_probe(i % b->sites, probe);
        for (size_t k = 0; k < 4; k++)
            pack[k] = (struct reading){.site = slice_of(site),
                                       .check = slice_of(load_check(0)),
                                       .metric = slice_of(metrics[k]),
                                       .time_us = b->now.ms * 1000,
                                       .kind = READING_NUMBER,
                                       .number = 1e6};
        uint64_t before = cpu_ns();
        need(pager_readings(b->pager, slice_of(probe), pack, 4, b->now), "readings");
        ns += cpu_ns() - before;
    }
    printf("{\"what\":\"%s\",\"reading_ns\":%.1f}\n", what, (double)ns / READINGS);
}

static void end(struct bench *b)
{
    pager_free(b->pager);
    centre_free(b->centre);
}

int main(int argc, char **argv)
{
    struct bench b;
    struct rules *rules = calloc(1, sizeof *rules);
    if (argc != 2 || !rules) {
        fprintf(stderr, "usage: bench-rules INVENTORY\n");
        free(rules);
        return 2;
    }
    rules_init(rules);
    begin(&b, argv[1], rules);
    double without = changes(&b, "changes, no rules");
    readings(&b, "readings, no rules");
    end(&b);
    make_rules(rules, NEVER_MS);
    begin(&b, argv[1], rules);
    double evaluated = changes(&b, "changes, 50 rules, nobody told");
    end(&b);
    make_rules(rules, 30000);
    begin(&b, argv[1], rules);
    double with = changes(&b, "changes, 50 rules");
    readings(&b, "readings, 50 rules");
    end(&b);
    printf("{\"what\":\"ratio\",\"with_by_without\":%.3f,\"evaluated_by_without\":%.3f}\n",
           with / without, evaluated / without);
    free(rules);
    return 0;
}
