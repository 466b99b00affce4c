#include "codec/derived_lines.h"

#include "codec/line.h"

#include <math.h>
#include <stdio.h>

enum { TAGS_MAX = 4, KEY_MAX = 4096 };

/* A line with its key just made. */
struct draft {
    struct line line;
    struct buf key;
    bool good;
};

/* Tags without a value are left out. */
static void begin(struct draft *d, struct buf *out, const char *measurement,
                  const struct line_tag *tags, size_t n)
{
    struct line_tag given[TAGS_MAX];
    size_t len = 0;
    for (size_t i = 0; i < n; i++)
        if (tags[i].value.len > 0)
            given[len++] = tags[i];
    buf_init(&d->key, KEY_MAX);
    d->good = line_key(&d->key, slice_of(measurement), given, len) == 0;
    line_begin(&d->line, out, (struct slice){d->key.data, d->key.len});
}

static void put(struct draft *d, const char *name, double value)
{
    /* What does not exist is left out. */
    int left_out = line_number(&d->line, slice_of(name), value);
    (void)left_out;
}

static void put_ms(struct draft *d, const char *name, int64_t value)
{
    line_integer(&d->line, slice_of(name), value);
}

static uint32_t finish(struct draft *d, struct wall_ms t)
{
    if (!d->good)
        d->line.fields = 0;
    bool fits = t.ms <= INT64_MAX / 1000 && t.ms >= -INT64_MAX / 1000;
    uint32_t fields = line_end(&d->line, fits ? t.ms * 1000 : INT64_MAX);
    buf_done(&d->key);
    return fields;
}

static void put_cause(struct draft *d, const char *name, enum cause cause)
{
    if (cause != CAUSE_NONE)
        put_ms(d, name, cause);
}

uint32_t derived_lines_unit(struct buf *out, const struct derived_unit_point *p)
{
    const struct line_tag tags[] = {{slice_of("operator"), p->op},
                                    {slice_of("service"), p->service},
                                    {slice_of("site"), p->site}};
    struct draft d;
    begin(&d, out, "ioc_unit_state", tags, 3);
    put_ms(&d, "state", p->view.state);
    put_ms(&d, "beneath", p->view.beneath);
    put_ms(&d, "provenance", p->view.provenance);
    put_cause(&d, "cause", p->view.cause);
    put_cause(&d, "beneath_cause", p->view.beneath_cause);
    return finish(&d, p->t);
}

uint32_t derived_lines_site(struct buf *out, const struct derived_site_point *p)
{
    const struct line_tag tags[] = {{slice_of("site"), p->site}};
    struct draft d;
    begin(&d, out, "ioc_site_state", tags, 1);
    put_ms(&d, "state", p->worst);
    put_ms(&d, "out", p->out);
    for (int state = 0; state < STATE_COUNT; state++) {
        char name[32];
        snprintf(name, sizeof name, "units_%s", state_word(state));
        put_ms(&d, name, p->units[state]);
    }
    return finish(&d, p->t);
}

uint32_t derived_lines_availability(struct buf *out, const struct derived_availability_point *p)
{
    const struct line_tag tags[] = {{slice_of("area"), p->area},
                                    {slice_of("kind"), p->kind},
                                    {slice_of("operator"), p->op},
                                    {slice_of("window"), p->window}};
    struct draft d;
    begin(&d, out, "ioc_availability", tags, 4);
    put(&d, "confirmed", p->confirmed);
    put(&d, "lower", p->lower);
    put(&d, "weighted", p->weighted);
    put(&d, "observed", p->observed);
    put_ms(&d, "up_ms", p->up_ms);
    put_ms(&d, "down_ms", p->down_ms);
    put_ms(&d, "silent_ms", p->silent_ms);
    put_ms(&d, "outages", p->outages);
    if (p->mttr_ms >= 0)
        put_ms(&d, "mttr_ms", p->mttr_ms);
    if (p->mtbf_ms >= 0)
        put_ms(&d, "mtbf_ms", p->mtbf_ms);
    put_ms(&d, "enough", p->enough);
    return finish(&d, p->t);
}

uint32_t derived_lines_coverage(struct buf *out, const struct derived_coverage_point *p)
{
    const struct line_tag tags[] = {{slice_of("area"), p->area},
                                    {slice_of("operator"), p->op},
                                    {slice_of("technology"), p->technology}};

    const struct {
        const char *name;
        double value;
    } fields[] = {
        {"villages_total", p->villages.total},
        {"villages_nominal", p->villages.nominal},
        {"villages_live", p->villages.live},
        {"villages_unknown", p->villages.unknown},
        {"households_total", p->households.total},
        {"households_nominal", p->households.nominal},
        {"households_live", p->households.live},
        {"households_unknown", p->households.unknown},
        {"population_total", p->population.total},
        {"population_nominal", p->population.nominal},
        {"population_live", p->population.live},
        {"population_unknown", p->population.unknown},
        {"declared", p->declared},
        {"villages_measured", p->measured},
        {"measuring_points", p->points},
    };
    struct draft d;
    begin(&d, out, "ioc_coverage", tags, 3);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        put(&d, fields[i].name, fields[i].value);
    return finish(&d, p->t);
}

uint32_t derived_lines_outage(struct buf *out, const struct derived_outage_point *p)
{
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)p->number);
    const struct line_tag tags[] = {{slice_of("outage"), slice_of(number)},
                                    {slice_of("site"), p->site}};
    bool open = p->end.ms == WALL_NEVER_MS;
    struct draft d;
    begin(&d, out, "ioc_outage", tags, 2);
    put_ms(&d, "open", open);
    put_ms(&d, "start_ms", p->start.ms);
    put_ms(&d, "end_ms", open ? 0 : p->end.ms); /* always there, or a former end would stay */
    put_ms(&d, "root", (int64_t)p->root);
    put_ms(&d, "downtime_ms", p->downtime_ms);
    put_ms(&d, "silent_ms", p->silent_ms);
    put_ms(&d, "start_uncertainty_ms", p->start_uncertainty_ms);
    put_ms(&d, "end_uncertainty_ms", p->end_uncertainty_ms);
    put_cause(&d, "cause", p->cause);
    put_ms(&d, "units", p->units);
    put(&d, "exposed", p->exposed);
    put(&d, "without_service", p->without);
    return finish(&d, p->t);
}
