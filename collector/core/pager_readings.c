/* Rules about readings of checks: a metric against a threshold or what is usual for it, the days a
 * certificate is still good for. */
#include "core/pager_own.h"

#include "base/err.h"
#include "wire/seconds.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SERIES_MAX = 6 * PACK_PART_MAX + RULE_NAME_MAX };

static const char CERTIFICATE[] = "cert_days";

/* Tells most metrics apart by four of their letters. */
static unsigned kind_of_metric(struct slice metric)
{
    unsigned first = (unsigned char)metric.at[0];
    unsigned last = (unsigned char)metric.at[metric.len - 1];
    unsigned middle = (unsigned char)metric.at[metric.len / 2];
    return (first * 31 + last * 7 + middle * 13 + (unsigned)metric.len) % PAGER_METRICS;
}

static struct slice metric_of(const struct rule *rule)
{
    return slice_of(rule->condition == RULE_CERTIFICATE ? CERTIFICATE : rule->metric);
}

void pager_readings_find(struct pager *p)
{
    memset(p->wanted, 0, sizeof p->wanted);
    for (size_t i = 0; i < p->rules->len; i++)
        if (rules_of_readings(p->rules->rule[i].condition))
            p->wanted[kind_of_metric(metric_of(&p->rules->rule[i]))] |= UINT64_C(1) << i;
}

/* The text up to a mark, which is taken off it. */
static struct slice take_until(struct slice *text, char mark)
{
    const char *at = memchr(text->at, mark, text->len);
    size_t len = at ? (size_t)(at - text->at) : text->len;
    struct slice head = {text->at, len};
    text->at += at ? len + 1 : len;
    text->len -= at ? len + 1 : len;
    return head;
}

uint32_t pager_series_site(const struct pager *p, const char *text, struct slice *ret_what)
{
    struct slice rest = slice_of(text);
    uint32_t site = names_find(&p->centre->inventory->sites, take_until(&rest, '/'));
    *ret_what = take_until(&rest, '@');
    return site == NAMES_NONE ? INV_NONE : site;
}

bool pager_site_quiet(const struct pager *p, uint32_t site)
{
    size_t n = 0;
    const uint32_t *units = inventory_site_units(p->centre->inventory, site, &n);
    struct wall_ms now = world_now(p->centre->world);
    for (size_t i = 0; i < n; i++) {
        enum unit_state state = world_unit_at(p->centre->world, units[i], now).state;
        if (state != STATE_MAINTENANCE && state != STATE_ASLEEP && state != STATE_PLANNED)
            return false;
    }
    return n > 0;
}

/* A reading that rules may want, with what is known of where it comes from. */
struct sample {
    const struct reading *r;
    struct slice source;
    uint32_t site;
    uint32_t check; /* number in the world */
    struct wall_ms t;
};

/* SITE/TYPE/NAME/METRIC@PROBE, with #RULE where each rule has its own. */
static struct slice series_of(const struct sample *s, const char *rule, char to[SERIES_MAX])
{
    const struct reading *r = s->r;
    int len = snprintf(to, SERIES_MAX, "%.*s/%.*s/%.*s@%.*s%s%s", (int)r->site.len, r->site.at,
                       (int)r->check.len, r->check.at, (int)r->metric.len, r->metric.at,
                       (int)s->source.len, s->source.at, rule ? "#" : "", rule ? rule : "");
    return (struct slice){to, (size_t)len};
}

static bool matches(const struct rule *rule, const struct reading *r)
{
    if (!slice_equal(r->metric, metric_of(rule)))
        return false;
    return !rule->check[0] || slice_is(r->check, rule->check) ||
           slice_is(pack_check_type(r->check), rule->check);
}

static bool beyond(const struct rule *rule, double value, double limit)
{
    switch (rule->sense) {
    case RULE_ABOVE:
        return value > limit;
    case RULE_BELOW:
        return rule->condition == RULE_CHANGE ? -value > limit : value < limit;
    default:
        return fabs(value) > limit;
    }
}

static bool held(const struct pager *p, size_t at, uint32_t series)
{
    uint32_t slot =
        series == NAMES_NONE ? ALERT_NONE : alert_find(&p->alerts, ALERT_SERIES, series);
    if (slot == ALERT_NONE)
        return false;
    const struct alert_watch *w = alert_watching(alert_at(&p->alerts, slot), at);
    return w && w->holds;
}

/* The rule holds of the series, or does not. */
static int signal(struct pager *p, size_t at, struct slice text, uint32_t series, bool holds,
                  double value)
{
    if (series == NAMES_NONE && !holds)
        return 0;
    if (series == NAMES_NONE && names_add(&p->alerts.series, text, &series) != 0) {
        p->unwatched++;
        return 0;
    }
    return pager_signal(p, at, ALERT_SERIES, series, holds, value);
}

static int against_threshold(struct pager *p, size_t at, const struct sample *s)
{
    const struct rule *rule = &p->rules->rule[at];
    char text[SERIES_MAX];
    double value = s->r->number;
    struct slice name = series_of(s, NULL, text);
    uint32_t series = names_find(&p->alerts.series, name);
    double limit = held(p, at, series) ? rule->clear : rule->set;
    return signal(p, at, name, series, beyond(rule, value, limit), value);
}

/* How far a reading is off, in its own unit or as a share of what is usual. */
static bool distance(const struct rule *rule, const struct baseline *line, double value,
                     double *ret_off)
{
    if (line->n == 0 || line->last.ms - line->since.ms < rule->learn_ms ||
        (rule->relative && line->mean == 0))
        return false;
    *ret_off = (value - line->mean) / (rule->relative ? fabs(line->mean) : 1);
    return true;
}

/* What is off does not become usual. */
static int against_usual(struct pager *p, size_t at, const struct sample *s, bool quiet)
{
    const struct rule *rule = &p->rules->rule[at];
    char text[SERIES_MAX];
    double off = 0;
    struct slice name = series_of(s, rule->name, text);
    struct baseline *line = baselines_of(&p->baselines, name);
    if (!line) {
        p->unwatched++;
        return 0;
    }
    if (quiet) /* work on it may change what is usual */
        return baselines_forget(&p->baselines, line);
    uint32_t series = names_find(&p->alerts.series, name);
    double limit = held(p, at, series) ? rule->clear : rule->set;
    bool holds = distance(rule, line, s->r->number, &off) && beyond(rule, off, limit);
    int err = holds ? 0 : baselines_learn(&p->baselines, line, s->r->number, s->t, rule->half_ms);
    return err ? err : signal(p, at, name, series, holds, s->r->number);
}

static int hold_against(struct pager *p, size_t at, const struct sample *s, bool quiet)
{
    if (!pager_site(p, s->site) || !(pager_speaking(p, s->site, INV_NONE) & UINT64_C(1) << at))
        return 0;
    if (p->rules->rule[at].condition == RULE_CHANGE)
        return against_usual(p, at, s, quiet);
    return quiet ? 0 : against_threshold(p, at, s);
}

/* It speaks of now, and of a check that its probe has listed. */
static bool counts(const struct pager *p, struct sample *s, struct wall_ms now)
{
    const struct inventory *inv = p->centre->inventory;
    const struct world_options *options = &p->centre->options.world;
    uint32_t probe = names_find(&inv->probes, s->source);
    s->t = seconds_to_wall(s->r->time_us);
    s->site = names_find(&inv->sites, s->r->site);
    if (now.ms - s->t.ms > options->late_ms || s->t.ms - now.ms > options->future_ms ||
        probe == NAMES_NONE || s->site == NAMES_NONE)
        return false;
    s->check = world_check(p->centre->world, probe, s->site, s->r->check);
    return s->check != UINT32_MAX;
}

/* Rules, as bits, that have something to say of the reading as it is: those about changes always,
 * those about thresholds if it is beyond, or if a series of its check was before. */
static uint64_t concerned(const struct pager *p, uint64_t rules, const struct reading *r,
                          bool *ret_surely)
{
    uint64_t left = 0;
    *ret_surely = false;
    for (size_t i = 0; rules >> i; i++) {
        const struct rule *rule = &p->rules->rule[i];
        if (!(rules >> i & 1) || !matches(rule, r))
            continue;
        bool surely = rule->condition == RULE_CHANGE || beyond(rule, r->number, rule->set);
        *ret_surely = *ret_surely || surely;
        left |= UINT64_C(1) << i;
    }
    return *ret_surely || p->alerts.series.len > 0 ? left : 0;
}

/* Notes the checks of series that were told of since the last time. */
static int note_series(struct pager *p)
{
    const struct inventory *inv = p->centre->inventory;
    for (; p->series_known < p->alerts.series.len; p->series_known++) {
        struct slice rest = slice_of(names_text(&p->alerts.series, p->series_known));
        uint32_t site = names_find(&inv->sites, take_until(&rest, '/'));
        struct slice what = take_until(&rest, '@');
        uint32_t probe = names_find(&inv->probes, take_until(&rest, '#'));
        while (what.len > 0 && what.at[what.len - 1] != '/')
            what.len--;
        what.len -= what.len > 0;
        uint32_t check = site == NAMES_NONE || probe == NAMES_NONE
                             ? UINT32_MAX
                             : world_check(p->centre->world, probe, site, what);
        while (check != UINT32_MAX && p->series_checks.len <= check)
            if (!vec_push(&p->series_checks))
                return ERR_NOMEM;
        if (check != UINT32_MAX)
            *(uint8_t *)vec_at(&p->series_checks, check) = 1;
    }
    return 0;
}

static bool was_told(const struct pager *p, uint32_t check)
{
    return check < p->series_checks.len && *(const uint8_t *)vec_at(&p->series_checks, check);
}

static int take(struct pager *p, struct slice source, const struct reading *r, struct wall_ms now)
{
    struct sample s = {.r = r, .source = source};
    bool surely = false;
    uint64_t rules = p->wanted[kind_of_metric(r->metric)];
    rules = rules && r->kind == READING_NUMBER ? concerned(p, rules, r, &surely) : 0;
    if (!rules || !counts(p, &s, now))
        return 0;
    int err = note_series(p);
    if (err || (!surely && !was_told(p, s.check)))
        return err;
    bool quiet = pager_site_quiet(p, s.site);
    for (size_t i = 0; !err && rules >> i; i++)
        if (rules >> i & 1)
            err = hold_against(p, i, &s, quiet);
    return err;
}

int pager_readings(struct pager *p, struct slice source, const struct reading *readings, size_t n,
                   struct wall_ms now)
{
    int err = 0;
    if (now.ms > p->now.ms)
        p->now = now;
    for (size_t i = 0; !err && i < n; i++)
        err = take(p, source, &readings[i], now);
    return err;
}

uint64_t pager_unwatched(const struct pager *p)
{
    return p->unwatched;
}

void pager_readings_sweep(struct pager *p)
{
    for (uint32_t i = 0; i < p->alerts.alerts.len; i++) {
        struct alert *a = alert_at(&p->alerts, i);
        struct slice what;
        if (!a->id || a->subject != ALERT_SERIES)
            continue;
        uint32_t site = pager_series_site(p, names_text(&p->alerts.series, a->of), &what);
        for (size_t w = 0; w < a->watches && (site == INV_NONE || !pager_site(p, site)); w++) {
            a->watch[w].holds = 0;
            a->watch[w].since = p->now;
            a->dirty = true;
        }
    }
}
