#include "core/pager_own.h"

#include "base/err.h"
#include "core/page_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TOLD_NAMES_MAX = 60, TOLD_MAX = TOLD_NAMES_MAX + 16 };

static bool is_before(const struct outage *a, const struct outage *b)
{
    return a->from.ms != b->from.ms ? a->from.ms < b->from.ms : a->number < b->number;
}

/* Counts units and sites of an alert; the earliest outage tells when and why. */
static int count_members(struct pager *p, uint32_t slot, struct page_facts *f)
{
    const struct alert *a = alert_at(&p->alerts, slot);
    struct outage first = {0};
    p->counts++;
    for (uint32_t unit = a->first; unit; unit = pager_after(p, unit)) {
        struct outage open = outages_open(p->centre->outages, unit - 1);
        uint32_t *seen =
            pager_count(&p->seen, inventory_unit_id(p->centre->inventory, unit - 1)->site);
        if (!seen)
            return ERR_NOMEM;
        f->units++;
        f->sites += *seen != p->counts;
        *seen = p->counts;
        if (open.number && (!first.number || is_before(&open, &first)))
            first = open;
    }
    if (first.number) {
        f->began = first.from;
        f->cause = first.cause;
    }
    return 0;
}

/* Where it is: code and name of a site or area. */
static void find_place(const struct pager *p, const struct alert *a, struct page_facts *f,
                       struct page *page)
{
    const struct inventory *inv = p->centre->inventory;
    uint32_t site = a->subject == ALERT_SITE ? a->of : INV_NONE;
    uint32_t area = a->subject == ALERT_PART || a->subject == ALERT_AREA ? a->of : INV_NONE;
    const char *place = "";
    if (a->subject == ALERT_PROBE) {
        const struct probe_row *row = inventory_probe(inv, a->of, p->now);
        place = names_text(&inv->probes, a->of);
        site = row ? row->site : INV_NONE;
    }
    if (a->subject == ALERT_SERIES)
        site = pager_series_site(p, names_text(&p->alerts.series, a->of), &(struct slice){0});
    if (a->subject == ALERT_OVERDUE)
        site = inventory_unit_id(inv, a->of)->site;
    const struct site_row *row = site == INV_NONE ? NULL : pager_site(p, site);
    bool hidden = row && row->visibility == VISIBILITY_RESTRICTED;
    if (row && !place[0] && !hidden)
        place = row->code[0] ? row->code : names_text(&inv->sites, site);
    f->name = row && !hidden ? row->name : "";
    area = row ? row->area : area;
    const struct area_row *below = area == INV_NONE ? NULL : inventory_area(inv, area, p->now);
    if (!place[0] && area != INV_NONE)
        place = names_text(&inv->areas, area);
    if (!row && below)
        f->name = below->name;
    f->place = place;
    snprintf(page->place, sizeof page->place, "%s", place);
    snprintf(page->area, sizeof page->area, "%s",
             area == INV_NONE ? "" : names_text(&inv->areas, area));
}

/* What it holds now; of what is over, and of what is only told again, what it held. */
static int find_extent(struct pager *p, uint32_t slot, bool again, struct page_facts *f)
{
    struct alert *a = alert_at(&p->alerts, slot);
    int err = count_members(p, slot, f);
    if (!err && f->units && !again)
        err = pager_people(p, slot, &f->people);
    if (f->units && !again) {
        a->sites = f->sites;
        a->people = f->people;
        a->cause = (uint8_t)f->cause;
    }
    f->sites = a->sites;
    f->people = a->people;
    f->cause = (enum cause)a->cause;
    return err;
}

/* What a reading was: "sfp/uplink/rx_power -27.4". */
static void put_reading(const struct pager *p, const struct alert *a, double value,
                        char detail[PAGE_DETAIL_MAX])
{
    struct slice what = {0};
    (void)pager_series_site(p, names_text(&p->alerts.series, a->of), &what);
    snprintf(detail, PAGE_DETAIL_MAX, "%.*s %.6g", (int)what.len, what.at ? what.at : "", value);
}

static int find_facts(struct pager *p, uint32_t slot, const struct alert_watch *watch, bool again,
                      struct page_facts *f, struct page *page)
{
    const struct alert *a = alert_at(&p->alerts, slot);
    const struct rule *rule = &p->rules->rule[watch->rule];
    bool outage = a->subject == ALERT_SITE || a->subject == ALERT_PART;
    *f = (struct page_facts){.severity = rule->severity,
                             .transition = page->transition,
                             .condition = rule->condition,
                             .number = a->number,
                             .outage = outage,
                             .began = a->opened,
                             .zone_ms = p->zone_ms,
                             .people = -1,
                             .value = a->subject == ALERT_AREA ? watch->value : (double)NAN,
                             .cause = CAUSE_NONE,
                             .rule = rule->name};
    find_place(p, a, f, page);
    if (a->subject == ALERT_SERIES)
        put_reading(p, a, watch->value, f->detail);
    if (a->subject == ALERT_OVERDUE) {
        f->outage = true;
        f->expected.ms = (int64_t)watch->value;
    }
    return outage ? find_extent(p, slot, again, f) : 0;
}

/* Rules of an outage, a probe or a metric speak of the same thing; figures of an area are things of
 * their own. */
static bool is_same(const struct alert *a, const struct rule *one, const struct rule *other)
{
    return a->subject != ALERT_AREA || pager_same_figure(one, other);
}

/* Nobody was told yet of what the rule speaks of, or of nothing as grave. */
static bool is_news(const struct pager *p, const struct alert *a, size_t t, const struct rule *rule)
{
    unsigned told = a->told[t];
    if (a->subject != ALERT_AREA)
        return !told || (unsigned)rule->severity + 1 < told;
    for (size_t i = 0; i < a->watches; i++) {
        const struct rule *other = &p->rules->rule[a->watch[i].rule];
        if (other != rule && a->watch[i].fired && (other->targets & 1U << t) &&
            other->severity <= rule->severity && pager_same_figure(other, rule))
            return false;
    }
    return true;
}

/* Whether target @p t is told: once of a thing, again only of something graver, of ends only what
 * it was told of and if it wants them. */
static bool wants(const struct pager *p, const struct alert *a, size_t t, const struct rule *rule,
                  enum page_transition transition)
{
    const struct rule_target *target = &p->rules->target[t];
    unsigned told = a->told[t];
    bool now = rules_within_hours(target, p->now, p->zone_ms);
    switch (transition) {
    case PAGE_RECOVERED:
        return told && (target->recovery || target->mirror);
    case PAGE_MERGED:
        return told && target->mirror;
    case PAGE_ESCALATED:
        return now && rule->severity <= target->least;
    default:
        return now && rule->severity <= target->least && (target->mirror || is_news(p, a, t, rule));
    }
}

/* Names of those who know, and of those who are about to; the rest is a number. */
static void name_told(const struct pager *p, const struct alert *a, const struct rule *rule,
                      enum page_transition transition, uint32_t mask, char told[TOLD_MAX])
{
    size_t len = 0;
    unsigned more = 0;
    told[0] = '\0';
    for (size_t t = 0; t < p->rules->targets; t++) {
        const char *name = p->rules->target[t].name;
        if (!a->told[t] && !(mask & 1U << t && wants(p, a, t, rule, transition)))
            continue;
        if (more || len + strlen(name) + 2 > TOLD_NAMES_MAX)
            more++;
        else
            len += (size_t)snprintf(told + len, TOLD_MAX - len, "%s%s", len ? ", " : "", name);
    }
    if (more)
        snprintf(told + len, TOLD_MAX - len, " +%u", more);
}

/* A rule that has ended while another one of the same thing goes on is no end for people. */
static bool goes_on(const struct pager *p, const struct alert *a, const struct rule *ended)
{
    for (size_t i = 0; i < a->watches; i++)
        if (a->watch[i].fired && is_same(a, &p->rules->rule[a->watch[i].rule], ended))
            return true;
    return false;
}

static bool is_end(enum page_transition transition)
{
    return transition == PAGE_RECOVERED || transition == PAGE_MERGED;
}

static void note_told(const struct pager *p, struct alert *a, size_t t, const struct rule *rule,
                      enum page_transition transition)
{
    uint8_t told = (uint8_t)(rule->severity + 1);
    if (is_end(transition))
        a->told[t] = goes_on(p, a, rule) ? a->told[t] : 0;
    else if (!a->told[t] || told < a->told[t])
        a->told[t] = told;
    a->dirty = true;
}

/* The page for whoever is in @p mask, without its target. */
static int write_page(struct pager *p, uint32_t slot, const struct alert_watch *watch, bool again,
                      uint32_t mask, struct page *page)
{
    const struct alert *a = alert_at(&p->alerts, slot);
    const struct rule *rule = &p->rules->rule[watch->rule];
    struct page_facts facts;
    char told[TOLD_MAX];
    page->number = a->number;
    page->alert = a->id;
    page->severity = rule->severity;
    page->began = a->opened;
    page->ended = is_end(page->transition) ? p->now : (struct wall_ms){0};
    snprintf(page->rule, sizeof page->rule, "%s", rule->name);
    int err = find_facts(p, slot, watch, again, &facts, page);
    name_told(p, a, rule, page->transition, mask, told);
    facts.told = told;
    page->outage = facts.outage;
    page_text_write(rule, &facts, page);
    return err;
}

int pager_tell(struct pager *p, uint32_t slot, const struct alert_watch *watch,
               enum page_transition transition, uint32_t mask)
{
    struct alert *a = alert_at(&p->alerts, slot);
    const struct rule *rule = &p->rules->rule[watch->rule];
    struct page page = {.transition = transition,
                        .step = transition == PAGE_ESCALATED ? a->steps : 0};
    int err = write_page(p, slot, watch, false, mask, &page);
    for (size_t t = 0; !err && t < p->rules->targets; t++) {
        if (!(mask & 1U << t) || !wants(p, a, t, rule, transition) ||
            (is_end(transition) && goes_on(p, a, rule) && !p->rules->target[t].mirror))
            continue;
        snprintf(page.target, sizeof page.target, "%s", p->rules->target[t].name);
        err = page_box_add(&p->box, p->rules, &page, p->now);
        note_told(p, a, t, rule, transition);
    }
    return err == ERR_FULL ? 0 : err; /* counted by the box */
}

/* The target has heard of the alert by this watch, and it goes on. */
static bool stands(const struct pager *p, const struct alert *a, size_t target,
                   const struct alert_watch *w)
{
    const struct rule *rule = &p->rules->rule[w->rule];
    uint32_t mask = rules_told(rule, a->steps);
    return w->fired && a->told[target] && (mask & 1U << target) &&
           rule->severity <= p->rules->target[target].least;
}

int pager_standing(struct pager *p, size_t target, uint32_t *ret_at, struct page *ret_page)
{
    for (; *ret_at / ALERT_WATCHES_MAX < p->alerts.alerts.len; ++*ret_at) {
        uint32_t slot = *ret_at / ALERT_WATCHES_MAX;
        size_t at = *ret_at % ALERT_WATCHES_MAX;
        const struct alert *a = alert_at(&p->alerts, slot);
        if (!a->id || at >= a->watches || !stands(p, a, target, &a->watch[at]))
            continue;
        ++*ret_at;
        *ret_page = (struct page){.transition = PAGE_FIRED};
        return write_page(p, slot, &a->watch[at], true, 0, ret_page);
    }
    return ERR_NOT_FOUND;
}
