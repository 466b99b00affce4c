/* Coverage at the beginning of each step, and at the end of the last one. */
#include "codec/api_series_own.h"

#include "base/err.h"
#include "core/coverage_steps.h"
#include "core/coverage_walk.h"

#include <stdlib.h>

/* A line at an instant; false where /api/v1/coverage has none then. */
struct item {
    bool shown;
    struct coverage_figure figure;
};

struct making {
    const struct api_scope *scope;
    const struct api_series_query *query;
    uint32_t who;
    size_t points;
    struct wall_ms *at; /* by point */
    struct item *items; /* by technology, then point */
    size_t point;       /* under way */
    struct emit e;
};

static void on_line(void *context, const struct coverage_line *line)
{
    struct making *m = context;
    if (line->who == m->who)
        m->items[(size_t)line->technology * m->points + m->point] =
            (struct item){true, line->figure};
}

static void on_instant(void *context, size_t index, const struct coverage *coverage)
{
    struct making *m = context;
    m->point = index;
    coverage_walk(coverage, NULL, m->scope->centre->inventory, m->query->area, on_line, m);
}

static bool is_empty(const struct making *m, int technology)
{
    for (size_t i = 0; i < m->points; i++)
        if (m->items[(size_t)technology * m->points + i].shown)
            return false;
    return true;
}

static void put_count(struct emit *e, const struct coverage_count *count)
{
    emit_object(e, NULL);
    emit_int(e, "villages", count->villages);
    emit_int(e, "households", count->households);
    emit_int(e, "population", count->population);
    emit_end(e);
}

/* One column of a line: which of a figure's counts. */
static void put_column(struct making *m, int technology, const char *key, size_t offset)
{
    emit_array(&m->e, key);
    for (size_t i = 0; i < m->points; i++) {
        const struct item *item = &m->items[(size_t)technology * m->points + i];
        const char *figure = (const char *)&item->figure;
        if (item->shown)
            put_count(&m->e, (const struct coverage_count *)(const void *)(figure + offset));
        else
            emit_null(&m->e, NULL);
    }
    emit_end(&m->e);
}

static void put_line(struct making *m, int technology)
{
    static const struct {
        const char *key;
        size_t offset;
    } columns[] = {{"total", offsetof(struct coverage_figure, total)},
                   {"nominal", offsetof(struct coverage_figure, nominal)},
                   {"live", offsetof(struct coverage_figure, live)},
                   {"unknown", offsetof(struct coverage_figure, unknown)}};

    emit_object(&m->e, NULL);
    emit_text(&m->e, "technology", coverage_technology_word(technology));
    emit_text(&m->e, "operator", coverage_walk_who(m->scope->centre->inventory, m->who));
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        put_column(m, technology, columns[i].key, columns[i].offset);
    emit_end(&m->e);
}

static void put_answer(struct making *m)
{
    emit_object(&m->e, NULL);
    api_series_head(&m->e, m->scope, m->query, "coverage");
    emit_array(&m->e, "at");
    for (size_t i = 0; i < m->points; i++)
        emit_instant(&m->e, NULL, m->at[i]);
    emit_end(&m->e);
    emit_array(&m->e, "lines");
    for (int technology = 0; technology < TECHNOLOGY_COUNT; technology++)
        if (!is_empty(m, technology))
            put_line(m, technology);
    emit_end(&m->e);
    emit_end(&m->e);
}

static uint32_t who_of(const struct api_series_query *query)
{
    if (query->op != INV_NONE)
        return query->op;
    return query->any_operator ? COVERAGE_ANY : COVERAGE_ALL;
}

int api_series_coverage(const struct api_scope *scope, const struct api_series_query *query,
                        struct buf *out)
{
    const struct centre *c = scope->centre;
    size_t points = (size_t)query->grid.steps + 1;
    struct making m = {.scope = scope,
                       .query = query,
                       .who = who_of(query),
                       .points = points,
                       .at = calloc(points, sizeof *m.at),
                       .items = calloc(points * TECHNOLOGY_COUNT, sizeof *m.items),
                       .e = emit_to(out)};
    int err = m.at && m.items ? 0 : ERR_NOMEM;
    for (uint32_t i = 0; !err && i < points; i++)
        m.at[i] = i + 1 < points ? series_grid_start(&query->grid, i) : query->grid.to;
    if (!err)
        err = coverage_steps(c->world, c->inventory, m.at, points, on_instant, &m);
    if (!err)
        put_answer(&m);
    free(m.at);
    free(m.items);
    return err ? err : out->err;
}
