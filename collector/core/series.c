#include "core/series.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

int series_grid_make(enum derived_grid grid, int64_t zone_ms, struct validity window,
                     struct wall_ms now, struct series_grid *ret_grid)
{
    struct wall_ms from = derived_grid_floor(grid, zone_ms, window.from);
    struct wall_ms to = {window.to.ms < now.ms ? window.to.ms : now.ms};
    int64_t step_ms = derived_grid_next(grid, zone_ms, from).ms - from.ms;
    int64_t steps = (to.ms - from.ms + step_ms - 1) / step_ms;
    if (from.ms >= to.ms || steps > SERIES_STEPS_MAX)
        return ERR_RANGE;
    int64_t end = from.ms + steps * step_ms;
    *ret_grid = (struct series_grid){from, {end < now.ms ? end : now.ms}, step_ms, (uint32_t)steps};
    return 0;
}

struct wall_ms series_grid_start(const struct series_grid *grid, uint32_t step)
{
    return wall_add(grid->from, step * grid->step_ms);
}

struct wall_ms series_grid_end(const struct series_grid *grid, uint32_t step)
{
    struct wall_ms end = series_grid_start(grid, step + 1);
    return end.ms < grid->to.ms ? end : grid->to;
}

int series_init(struct series *s, const struct series_grid *grid, uint32_t groups, bool alone)
{
    size_t cells = (size_t)groups * (grid->steps + 1);
    *s = (struct series){
        .grid = *grid, .groups = groups, .alone = alone, .enough = AVAILABILITY_ENOUGH};
    if (cells > SERIES_CELLS_MAX)
        return ERR_RANGE;
    s->cells = calloc(cells ? cells : 1, sizeof *s->cells);
    return s->cells ? 0 : ERR_NOMEM;
}

void series_done(struct series *s)
{
    free(s->cells);
    s->cells = NULL;
}

static struct series_cell *cell_at(const struct series *s, uint32_t group, uint32_t step)
{
    return &s->cells[(size_t)group * (s->grid.steps + 1) + step];
}

static void add(struct series_cell *cell, const struct series_cell *more, int sign)
{
    for (int state = 0; state < STATE_COUNT; state++) {
        cell->all_ms[state] += sign * more->all_ms[state];
        cell->enough_ms[state] += sign * more->enough_ms[state];
    }
    cell->units += sign * more->units;
    cell->enough += sign * more->enough;
}

/* Steps [from, to) are each as `more` says. */
static void add_steps(struct series *s, const struct series_run *runs, size_t n, uint32_t from,
                      uint32_t to, const struct series_cell *more)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t first = runs[i].from > from ? runs[i].from : from;
        uint32_t end = runs[i].to < to ? runs[i].to : to;
        if (first >= end)
            continue;
        add(cell_at(s, runs[i].group, first), more, 1);
        add(cell_at(s, runs[i].group, end), more, -1);
    }
}

/* One unit in one step, judged as availability_area_add() does. */
static struct series_cell judge(const struct series *s, const int64_t ms[STATE_COUNT])
{
    struct series_cell cell = {.units = 0};
    struct availability unit = {.uncertainty_ms = 0};
    bool shown = s->alone;
    for (int state = 0; state < STATE_COUNT; state++)
        shown |= state != STATE_PLANNED && ms[state] > 0;
    if (!shown)
        return cell;
    memcpy(unit.state_ms, ms, sizeof unit.state_ms);
    memcpy(cell.all_ms, ms, sizeof cell.all_ms);
    cell.units = 1;
    cell.enough = availability_enough(&unit, s->enough);
    if (cell.enough)
        memcpy(cell.enough_ms, ms, sizeof cell.enough_ms);
    return cell;
}

static uint32_t step_of(const struct series *s, struct wall_ms t)
{
    return (uint32_t)((t.ms - s->grid.from.ms) / s->grid.step_ms);
}

/* A step that is passed to its end counts. */
static void end_step(struct series *s, const struct series_run *runs, size_t n,
                     struct series_fill *fill, uint32_t step)
{
    if (fill->next.ms < series_grid_end(&s->grid, step).ms)
        return;
    struct series_cell cell = judge(s, fill->part);
    add_steps(s, runs, n, step, step + 1, &cell);
    memset(fill->part, 0, sizeof fill->part);
}

/* Whole steps in one state, at once; `next` is where one begins. */
static void pass_whole(struct series *s, const struct series_run *runs, size_t n,
                       struct series_fill *fill, enum unit_state state, uint32_t steps)
{
    uint32_t step = step_of(s, fill->next);
    int64_t ms[STATE_COUNT] = {0};
    ms[state] = s->grid.step_ms;
    struct series_cell cell = judge(s, ms);
    add_steps(s, runs, n, step, step + steps, &cell);
    fill->next = wall_add(fill->next, steps * s->grid.step_ms);
}

void series_pass(struct series *s, const struct series_run *runs, size_t n,
                 struct series_fill *fill, enum unit_state state, struct wall_ms until)
{
    until.ms = until.ms < s->grid.to.ms ? until.ms : s->grid.to.ms;
    while (fill->next.ms < until.ms) {
        uint32_t step = step_of(s, fill->next);
        int64_t whole = (until.ms - fill->next.ms) / s->grid.step_ms;
        if (whole > 0 && fill->next.ms == series_grid_start(&s->grid, step).ms) {
            pass_whole(s, runs, n, fill, state, (uint32_t)whole);
            continue;
        }
        struct wall_ms end = series_grid_end(&s->grid, step);
        end.ms = end.ms < until.ms ? end.ms : until.ms;
        fill->part[state] += end.ms - fill->next.ms;
        fill->next = end;
        end_step(s, runs, n, fill, step);
    }
}

void series_mix(struct series *s, const struct series_run *runs, size_t n, struct series_fill *fill,
                const int64_t ms[STATE_COUNT], struct wall_ms until)
{
    if (fill->next.ms >= until.ms || until.ms > s->grid.to.ms)
        return;
    uint32_t step = step_of(s, fill->next);
    for (int state = 0; state < STATE_COUNT; state++)
        fill->part[state] += ms[state];
    fill->next = until;
    end_step(s, runs, n, fill, step);
}

void series_sum(struct series *s)
{
    for (uint32_t group = 0; group < s->groups; group++)
        for (uint32_t step = 1; step < s->grid.steps; step++)
            add(cell_at(s, group, step), cell_at(s, group, step - 1), 1);
}

const struct series_cell *series_at(const struct series *s, uint32_t group, uint32_t step)
{
    return cell_at(s, group, step);
}
