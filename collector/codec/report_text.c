/* The words of codec/api_report.h's reports, line by line. */
#include "codec/api_report.h"

#include <stdio.h>

enum { NAMES_SHOWN = 20, HOUR_MS = 3600000, VALUES = 6 };

/* A line being said. */
struct saying {
    const struct api_report *r;
    struct buf *out;
    enum report_language language;
    char kept[VALUES][REPORT_VALUE_MAX];
};

static const char *figure(struct saying *s, int slot, int64_t value)
{
    return report_number(s->language, value, s->kept[slot]);
}

static const char *instant(struct saying *s, int slot, struct wall_ms t)
{
    return t.ms == INT64_MIN ? "?" : report_time(t, s->r->query->zone_ms, s->kept[slot]);
}

static void piece(struct saying *s, enum report_phrase phrase, const char *const *values, size_t n)
{
    report_say(s->out, s->language, phrase, values, n);
}

static void line(struct saying *s, enum report_phrase phrase, const char *const *values, size_t n)
{
    piece(s, phrase, values, n);
    buf_char(s->out, '\n');
}

static const char *area_name(const struct saying *s, uint32_t area)
{
    const struct area_row *row =
        inventory_area(s->r->scope->centre->inventory, area, s->r->scope->now);
    return row ? row->name : "";
}

static void say_title(struct saying *s)
{
    const char *values[] = {area_name(s, s->r->query->question.area),
                            instant(s, 0, s->r->scope->now)};
    buf_str(s->out, s->r->scope->name);
    buf_char(s->out, '\n');
    line(s, PHRASE_TITLE, values, 2);
    if (s->r->scope->simulated)
        line(s, PHRASE_SIMULATED, NULL, 0);
}

static void say_operators(struct saying *s)
{
    const struct vec *operators = &s->r->report->operators;
    for (size_t i = 0; i < operators->len; i++) {
        const struct flash_operator *o = vec_at(operators, i);
        struct buf none;
        buf_init(&none, REPORT_VALUE_MAX);
        report_say(&none, s->language, PHRASE_NO_OPERATOR, NULL, 0);
        const char *name = api_report_operator_name(s->r, o->op);
        const char *values[] = {name        ? name
                                : none.data ? none.data
                                            : "",
                                figure(s, 0, o->count.out), figure(s, 1, o->count.total),
                                figure(s, 2, o->count.standing), figure(s, 3, o->count.unverified)};
        line(s, PHRASE_OPERATOR, values, 5);
        buf_done(&none);
    }
}

static void say_causes(struct saying *s, const struct flash_count *bts)
{
    if (bts->out == 0)
        return;
    bool first = true;
    piece(s, PHRASE_CAUSES, NULL, 0);
    for (int cause = 0; cause < CAUSE_NONE; cause++) {
        if (bts->causes[cause] == 0)
            continue;
        buf_printf(s->out, "%s%s %s", first ? "" : ", ", report_cause(s->language, cause),
                   figure(s, 0, bts->causes[cause]));
        first = false;
    }
    buf_char(s->out, '\n');
}

static void say_bts(struct saying *s)
{
    const struct flash_count *bts = &s->r->report->kinds[SITE_BTS];
    struct buf hours;
    buf_init(&hours, REPORT_VALUE_MAX);
    const char *n = figure(s, 0, s->r->query->question.standing_ms / HOUR_MS);
    report_say(&hours, s->language, PHRASE_HOURS, &n, 1);
    const char *of[] = {figure(s, 1, bts->out), figure(s, 2, bts->total)};
    line(s, PHRASE_BTS, of, 2);
    const char *more[] = {hours.data ? hours.data : "", figure(s, 1, bts->standing),
                          figure(s, 2, bts->unverified), figure(s, 3, bts->restored)};
    line(s, PHRASE_BTS_MORE, more, 4);
    buf_done(&hours);
    say_operators(s);
    say_causes(s, bts);
}

static void say_power(struct saying *s)
{
    const struct api_power_counts *power = &s->r->power;
    const char *fed[] = {figure(s, 0, power->by[SUPPLY_BATTERY]),
                         figure(s, 1, power->by[SUPPLY_GENERATOR]),
                         figure(s, 2, power->by[SUPPLY_EXHAUSTED])};
    const char *of[] = {figure(s, 3, power->total), figure(s, 4, power->unknown)};
    line(s, power->total ? PHRASE_POWER : PHRASE_POWER_ABSENT, fed, 3);
    if (power->total)
        line(s, PHRASE_POWER_OF, of, 2);
}

static void say_route(struct saying *s, const struct flash_route *route)
{
    struct buf hidden;
    buf_init(&hidden, REPORT_VALUE_MAX * 2);
    report_say(&hidden, s->language, PHRASE_HIDDEN_SITE, NULL, 0);
    const char *name = api_report_site_name(s->r, route->site);
    const char *values[] = {name, instant(s, 0, route->since),
                            report_cause(s->language, (int)route->cause)};
    if (name)
        line(s, route->verified ? PHRASE_ROUTE : PHRASE_ROUTE_UNSURE, values, 3);
    else
        buf_printf(s->out, "   %s\n", hidden.data ? hidden.data : "");
    buf_done(&hidden);
}

static void say_routes(struct saying *s)
{
    const struct flash_report *report = s->r->report;
    int64_t cut = report->kinds[SITE_LINK].out + report->kinds[SITE_FIBRE].out;
    int64_t total = report->kinds[SITE_LINK].total + report->kinds[SITE_FIBRE].total;
    const char *values[] = {figure(s, 0, cut), figure(s, 1, total)};
    line(s, PHRASE_ROUTES, values, 2);
    for (size_t i = 0; i < report->routes.len && i < NAMES_SHOWN; i++)
        say_route(s, vec_at(&report->routes, i));
}

static void say_areas(struct saying *s, const struct vec *areas)
{
    if (areas->len == 0)
        return;
    buf_str(s->out, "   ");
    for (size_t i = 0; i < areas->len && i < NAMES_SHOWN; i++)
        buf_printf(s->out, "%s%s", i ? ", " : "", area_name(s, *(uint32_t *)vec_at(areas, i)));
    if (areas->len > NAMES_SHOWN) {
        const char *rest = figure(s, 0, (int64_t)areas->len - NAMES_SHOWN);
        piece(s, PHRASE_AND_MORE, &rest, 1);
    }
    buf_char(s->out, '\n');
}

static void say_communes(struct saying *s)
{
    const struct flash_report *report = s->r->report;
    const char *values[] = {figure(s, 0, (int64_t)report->communes.len),
                            figure(s, 1, report->communes_total)};
    line(s, PHRASE_COMMUNES, values, 2);
    say_areas(s, &report->communes);
    if (report->communes_unsure.len == 0)
        return;
    const char *unsure = figure(s, 0, (int64_t)report->communes_unsure.len);
    line(s, PHRASE_COMMUNES_UNSURE, &unsure, 1);
    say_areas(s, &report->communes_unsure);
}

static void say_count(struct saying *s, enum report_phrase phrase,
                      const struct coverage_count *count)
{
    const char *values[] = {figure(s, 0, count->population), figure(s, 1, count->households),
                            figure(s, 2, count->villages)};
    line(s, phrase, values, 3);
}

static void say_census(struct saying *s, const struct coverage_figure *f)
{
    char years[REPORT_VALUE_MAX];
    if (f->year_newest == 0)
        return;
    if (f->year_oldest == f->year_newest)
        snprintf(years, sizeof years, "%d", f->year_newest);
    else
        snprintf(years, sizeof years, "%d-%d", f->year_oldest, f->year_newest);
    const char *value = years;
    line(s, PHRASE_CENSUS, &value, 1);
}

/* Fibre is spoken of where some village has it. */
static void say_people(struct saying *s)
{
    struct coverage_count out;
    struct coverage_figure mobile = api_report_people(s->r, TECHNOLOGY_MOBILE, &out);
    say_count(s, PHRASE_PEOPLE_MOBILE, &out);
    if (mobile.unknown.villages > 0)
        say_count(s, PHRASE_PEOPLE_UNSURE, &mobile.unknown);
    struct coverage_figure fibre = api_report_people(s->r, TECHNOLOGY_FIBRE, &out);
    if (fibre.nominal.villages > 0)
        say_count(s, PHRASE_PEOPLE_FIBRE, &out);
    if (fibre.unknown.villages > 0)
        say_count(s, PHRASE_PEOPLE_UNSURE, &fibre.unknown);
    say_census(s, &mobile);
}

static void say_expected(struct saying *s, const struct outage_group *g, struct wall_ms expected)
{
    char number[32];
    uint32_t site = inventory_unit_id(s->r->scope->centre->inventory, g->root.unit)->site;
    const char *name = api_report_site_name(s->r, site);
    snprintf(number, sizeof number, "SC%llu", (unsigned long long)g->root.number);
    const char *values[] = {number, name ? name : "-", instant(s, 0, expected)};
    line(s, PHRASE_EXPECTED, values, 3);
}

static void say_stages(struct saying *s, const int64_t stages[LIFE_STAGES])
{
    bool first = true;
    piece(s, PHRASE_STAGES, NULL, 0);
    for (int stage = 0; stage < LIFE_STAGES; stage++) {
        if (stages[stage] == 0)
            continue;
        buf_printf(s->out, "%s%s %s", first ? "" : ", ", report_stage(s->language, stage),
                   figure(s, 0, stages[stage]));
        first = false;
    }
    buf_char(s->out, '\n');
}

static void say_outages(struct saying *s)
{
    const struct vec *groups = &s->r->report->outages.groups;
    int64_t stages[LIFE_STAGES] = {0};
    int64_t unverified = 0;
    int64_t expected = 0;
    for (size_t i = 0; i < groups->len; i++) {
        const struct outage_group *g = vec_at(groups, i);
        struct life_view life = flash_report_life(s->r->from, s->r->report, g, s->r->scope->now);
        stages[life.stage]++;
        unverified += !g->verified;
        expected += life.expected != NULL;
    }
    const char *values[] = {figure(s, 0, (int64_t)groups->len), figure(s, 1, unverified)};
    line(s, PHRASE_OUTAGES, values, 2);
    if (groups->len == 0)
        return;
    say_stages(s, stages);
    for (size_t i = 0; i < groups->len && i < NAMES_SHOWN; i++) {
        const struct outage_group *g = vec_at(groups, i);
        struct life_view life = flash_report_life(s->r->from, s->r->report, g, s->r->scope->now);
        if (life.expected)
            say_expected(s, g, life.expected->until);
    }
    const char *rest = figure(s, 0, (int64_t)groups->len - expected);
    if ((int64_t)groups->len > expected)
        line(s, PHRASE_UNEXPECTED, &rest, 1);
}

void report_text(const struct api_report *r, struct buf *out)
{
    struct saying s = {.r = r, .out = out, .language = r->query->language};
    say_title(&s);
    say_bts(&s);
    say_power(&s);
    say_routes(&s);
    say_communes(&s);
    say_people(&s);
    say_outages(&s);
}
