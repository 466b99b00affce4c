/* What can happen in a story. */
#include "core/rule_trial_own.h"

#include "base/err.h"
#include "base/num.h"
#include "core/inventory_tree.h"
#include "core/outage_case.h"

#include <stdio.h>
#include <string.h>

static void set_unit(struct trial *t, uint32_t unit, int verdict)
{
    rule_trial_unit(t, unit)->verdict = verdict;
}

static void set_site(struct trial *t, uint32_t site, int verdict)
{
    size_t n = 0;
    const uint32_t *units = inventory_site_units(t->centre->inventory, site, &n);
    for (size_t i = 0; i < n; i++)
        set_unit(t, units[i], verdict);
}

static int set_area(struct trial *t, struct slice name, int verdict)
{
    const struct inventory *inv = t->centre->inventory;
    uint32_t area = names_find(&inv->areas, name);
    if (area == NAMES_NONE)
        return rule_trial_wrong(t, "there is no area", name);
    for (uint32_t site = 0; site < inv->sites.len; site++) {
        const struct site_row *row = inventory_site(inv, site, t->now);
        if (row && row->kind < SITE_LINK && inventory_tree_within(inv, row->area, area, t->now))
            set_site(t, site, verdict);
    }
    return 0;
}

static int set_thing(struct trial *t, struct slice name, int verdict)
{
    uint32_t site = names_find(&t->centre->inventory->sites, name);
    uint32_t unit = names_find(&t->centre->inventory->units, name);
    if (site != NAMES_NONE)
        set_site(t, site, verdict);
    else if (unit != NAMES_NONE)
        set_unit(t, unit, verdict);
    else
        return rule_trial_wrong(t, "there is no site or unit", name);
    return 0;
}

static int set_all(struct trial *t, const struct trial_words *w, int verdict)
{
    int err = 0;
    for (size_t i = 1; !err && i < w->len; i++)
        if (slice_is(w->word[i], "area") && i + 1 < w->len)
            err = set_area(t, w->word[++i], verdict);
        else
            err = set_thing(t, w->word[i], verdict);
    return err;
}

static int do_down(struct trial *t, const struct trial_words *w)
{
    return set_all(t, w, VERDICT_FAILED);
}

static int do_up(struct trial *t, const struct trial_words *w)
{
    return set_all(t, w, VERDICT_OK);
}

static int do_silent(struct trial *t, const struct trial_words *w)
{
    return set_all(t, w, TRIAL_QUIET);
}

static int late_results(struct trial *t, uint32_t unit, enum verdict verdict, int64_t from_ms,
                        int64_t to_ms)
{
    enum world_fate fate;
    int err = 0;
    const struct trial_unit *u = rule_trial_unit(t, unit);
    for (int64_t ms = from_ms; !err && u->check != UINT32_MAX && ms < to_ms;
         ms += TRIAL_INTERVAL_MS)
        err = world_result_of(t->centre->world, u->check, wall_add(t->start, ms), verdict, t->now,
                              &fate);
    return err;
}

static int do_backlog(struct trial *t, const struct trial_words *w)
{
    int64_t from_ms = 0;
    int64_t to_ms = 0;
    uint32_t site = w->len == 5 ? names_find(&t->centre->inventory->sites, w->word[1]) : NAMES_NONE;
    if (site == NAMES_NONE || !rule_trial_time(w->word[3], &from_ms) ||
        !rule_trial_time(w->word[4], &to_ms))
        return rule_trial_wrong(t, "wanted: backlog SITE down|up FROM TO; got", w->word[0]);
    bool down = slice_is(w->word[2], "down");
    size_t n = 0;
    int err = 0;
    const uint32_t *units = inventory_site_units(t->centre->inventory, site, &n);
    for (size_t i = 0; !err && i < n; i++)
        err = late_results(t, units[i], down ? VERDICT_FAILED : VERDICT_OK, from_ms, to_ms);
    set_site(t, site, VERDICT_OK);
    return err;
}

static int do_deaf(struct trial *t, const struct trial_words *w)
{
    (void)w;
    t->deaf = true;
    return 0;
}

static int do_hearing(struct trial *t, const struct trial_words *w)
{
    (void)w;
    t->deaf = false;
    t->heard = t->now;
    int err = world_connected(t->centre->world, t->now);
    for (uint32_t probe = 0; !err && probe < t->centre->inventory->probes.len; probe++)
        err = world_heard(t->centre->world, probe, t->now);
    return err;
}

static int do_ack(struct trial *t, const struct trial_words *w)
{
    uint64_t number = 0;
    if (w->len != 2 || num_parse_u64(w->word[1], &number) != 0 ||
        !pager_acknowledged(t->pager, number, t->now))
        return rule_trial_wrong(t, "nobody was told of", w->len > 1 ? w->word[1] : w->word[0]);
    return 0;
}

static int do_absent(struct trial *t, const struct trial_words *w)
{
    for (size_t i = 1; i < w->len; i++) {
        uint32_t site = names_find(&t->centre->inventory->sites, w->word[i]);
        const struct probe_row *row = site == NAMES_NONE ? NULL : rule_trial_probe(t, site);
        uint32_t *probe = row ? vec_push(&t->absent) : NULL;
        if (t->begun || !row)
            return rule_trial_wrong(
                t, t->begun ? "absent from the start only:" : "there is no probe at", w->word[i]);
        if (!probe)
            return ERR_NOMEM;
        *probe = row->probe;
    }
    return 0;
}

/* "icmp/core-1/rtt": the check and its metric. */
static bool read_metric(struct slice name, struct trial_metric *m)
{
    struct slice part[PACK_PARTS];
    if (pack_split(name, part) != 3)
        return false;
    m->check = (struct slice){name.at, part[0].len + 1 + part[1].len};
    m->metric = part[2];
    return true;
}

static struct trial_metric *metric_place(struct trial *t, const struct trial_metric *wanted)
{
    for (size_t i = 0; i < t->metrics; i++)
        if (t->metric[i].site == wanted->site && slice_equal(t->metric[i].check, wanted->check) &&
            slice_equal(t->metric[i].metric, wanted->metric))
            return &t->metric[i];
    return t->metrics < TRIAL_METRICS_MAX ? &t->metric[t->metrics++] : NULL;
}

static int do_metric(struct trial *t, const struct trial_words *w)
{
    struct trial_metric m = {0};
    uint32_t site = w->len == 4 ? names_find(&t->centre->inventory->sites, w->word[1]) : NAMES_NONE;
    const struct probe_row *row = site == NAMES_NONE ? NULL : rule_trial_probe(t, site);
    if (!row || !read_metric(w->word[2], &m) || num_parse(w->word[3], &m.value) != 0)
        return rule_trial_wrong(t, "wanted: metric SITE TYPE/NAME/METRIC NUMBER; got", w->word[0]);
    m.site = site;
    m.probe = row->probe;
    size_t before = t->metrics;
    struct trial_metric *place = metric_place(t, &m);
    if (!place)
        return rule_trial_wrong(t, "too many metrics:", w->word[2]);
    *place = m;
    return t->begun && t->metrics > before ? rule_trial_list(t, row) : 0;
}

static int do_expect(struct trial *t, const struct trial_words *w)
{
    uint64_t number = 0;
    int64_t in_ms = 0;
    const char *why = "";
    struct outage_case found;
    if (w->len != 3 || num_parse_u64(w->word[1], &number) != 0 ||
        !rule_trial_time(w->word[2], &in_ms))
        return rule_trial_wrong(t, "wanted: expect NUMBER TIME; got", w->word[0]);
    int err = outage_case_find(t->centre, number, t->now, &found);
    if (err)
        return err == ERR_NOT_FOUND ? rule_trial_wrong(t, "there is no outage", w->word[1]) : err;
    const struct life_act act = {.deed = LIFE_EXPECT,
                                 .at = t->now,
                                 .until = wall_add(t->now, in_ms),
                                 .by = "story",
                                 .text = "",
                                 .to = "",
                                 .ticket = ""};
    err = outage_case_act(t->centre, &found, &act, &why);
    outage_case_done(&found);
    return err == ERR_DENIED ? rule_trial_wrong(t, why, w->word[1]) : err;
}

static int do_maintenance(struct trial *t, const struct trial_words *w)
{
    int64_t for_ms = 0;
    int64_t number = 0;
    uint32_t site = w->len == 3 ? names_find(&t->centre->inventory->sites, w->word[1]) : NAMES_NONE;
    if (site == NAMES_NONE || !rule_trial_time(w->word[2], &for_ms) || for_ms == 0)
        return rule_trial_wrong(t, "wanted: maintenance SITE TIME; got", w->word[0]);
    const struct inventory_wish wish = {.site = site,
                                        .unit = INV_NONE,
                                        .kind = DECLARATION_MAINTENANCE,
                                        .span = {{t->now.ms + 1}, {t->now.ms + 1 + for_ms}},
                                        .reason = "story",
                                        .by = "story"};
    return centre_declare(t->centre, &wish, t->now, &number);
}

static int do_end(struct trial *t, const struct trial_words *w)
{
    (void)w;
    t->ended = true;
    return 0;
}

static const struct {
    const char *name;
    int (*run)(struct trial *t, const struct trial_words *w);
} VERBS[] = {{"down", do_down},
             {"up", do_up},
             {"silent", do_silent},
             {"backlog", do_backlog},
             {"deaf", do_deaf},
             {"hearing", do_hearing},
             {"ack", do_ack},
             {"absent", do_absent},
             {"metric", do_metric},
             {"expect", do_expect},
             {"maintenance", do_maintenance},
             {"end", do_end}};

int rule_trial_act(struct trial *t, const struct trial_words *w)
{
    for (size_t i = 0; i < sizeof VERBS / sizeof *VERBS; i++)
        if (slice_is(w->word[0], VERBS[i].name))
            return VERBS[i].run(t, w);
    return rule_trial_wrong(t, "nothing is called", w->word[0]);
}
