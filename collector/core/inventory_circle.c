#include "core/inventory_circle.h"

#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>

enum { WAY_MAX = 256 };

/* Where each thing has at most one above it: areas by parent, units by anchor. */
struct ladder {
    enum inventory_table_number table;
    const struct names *names;
    const char *is_caught; /* "lies within itself" */
    uint32_t (*above)(const struct inventory *inv, uint32_t thing, struct wall_ms t);
};

/* For each thing: the walk that saw it last, and whether its circle was told. */
struct marks {
    uint32_t *walk;
    bool *told;
};

static uint32_t parent_at(const struct inventory *inv, uint32_t area, struct wall_ms t)
{
    const struct area_row *row = inventory_area(inv, area, t);
    return row ? row->parent : INV_NONE;
}

static uint32_t anchor_at(const struct inventory *inv, uint32_t unit, struct wall_ms t)
{
    const struct unit_row *row = inventory_unit(inv, unit, t);
    return row ? row->anchor : INV_NONE;
}

static void add_step(char way[WAY_MAX], const char *name)
{
    size_t len = strlen(way);
    snprintf(way + len, WAY_MAX - len, "%s%s", len ? " > " : "", name);
}

static void tell_circle(struct inventory_reader *r, const struct ladder *ladder,
                        struct marks *marks, uint32_t start, struct wall_ms t, uint32_t line)
{
    char way[WAY_MAX] = "";
    uint32_t at = start;
    do {
        marks->told[at] = true;
        add_step(way, names_text(ladder->names, at));
        at = ladder->above(r->inv, at, t);
    } while (at != start);
    add_step(way, names_text(ladder->names, start));
    inventory_read_complain_at(r, ladder->table, line, "\"%s\" %s: %s",
                               names_text(ladder->names, start), ladder->is_caught, way);
}

/* A circle exists when the last of its rows begins, so each row looks from its own start. */
static void climb(struct inventory_reader *r, const struct ladder *ladder, struct marks *marks,
                  size_t row_at)
{
    const struct inventory_table *table = inventory_table(ladder->table);
    char *row = vec_at(inventory_rows(r->inv, ladder->table), row_at);
    uint32_t start = *(uint32_t *)(void *)row, walk = (uint32_t)row_at + 1;
    struct wall_ms t = inventory_row_valid(table, row)->from;
    uint32_t at = ladder->above(r->inv, start, t);
    while (at != INV_NONE && at != start && marks->walk[at] != walk) {
        marks->walk[at] = walk;
        at = ladder->above(r->inv, at, t);
    }
    uint32_t line;
    memcpy(&line, row + sizeof(uint32_t), sizeof line);
    if (at == start && !marks->told[start])
        tell_circle(r, ladder, marks, start, t, line);
}

static int check_ladder(struct inventory_reader *r, const struct ladder *ladder)
{
    struct marks marks = {calloc(ladder->names->len + 1, sizeof *marks.walk),
                          calloc(ladder->names->len + 1, sizeof *marks.told)};
    int err = marks.walk && marks.told ? 0 : ERR_NOMEM;
    for (size_t i = 0; err == 0 && i < inventory_rows(r->inv, ladder->table)->len; i++)
        climb(r, ladder, &marks, i);
    free(marks.walk);
    free(marks.told);
    return err;
}

/* --- dependence: a site may depend on several, so this is a search --- */

enum { UNSEEN, ON_THE_WAY, CLEAR };

struct search {
    struct inventory_reader *r;
    uint8_t *colour; /* by site */
    uint32_t *way;   /* sites from the start to the present one */
    size_t *next;    /* row to follow next, by place on the way */
    size_t depth;
};

static void tell_dependence(const struct search *s, const struct depends_row *row)
{
    const struct names *sites = &s->r->inv->sites;
    char way[WAY_MAX] = "";
    size_t from = s->depth - 1;
    while (s->way[from] != row->on_site)
        from--;
    for (; from < s->depth; from++)
        add_step(way, names_text(sites, s->way[from]));
    add_step(way, names_text(sites, row->on_site));
    inventory_read_complain_at(s->r, TABLE_DEPENDS, row->line, "site \"%s\" depends on itself: %s",
                               names_text(sites, row->on_site), way);
}

static void enter(struct search *s, uint32_t site)
{
    s->colour[site] = ON_THE_WAY;
    s->way[s->depth] = site;
    s->next[s->depth++] = 0;
}

/* One step: follow the next dependence of the site at the end of the way, or go back. */
static void step(struct search *s)
{
    uint32_t site = s->way[s->depth - 1];
    size_t n;
    const struct depends_row *rows = inventory_depends(s->r->inv, site, &n);
    size_t next = s->next[s->depth - 1]++;
    if (next == n) {
        s->colour[site] = CLEAR;
        s->depth--;
    } else if (s->colour[rows[next].on_site] == UNSEEN) {
        enter(s, rows[next].on_site);
    } else if (s->colour[rows[next].on_site] == ON_THE_WAY) {
        tell_dependence(s, &rows[next]);
    }
}

static int check_dependence(struct inventory_reader *r)
{
    size_t n = r->inv->sites.len + 1;
    struct search s = {r, calloc(n, 1), calloc(n, sizeof *s.way), calloc(n, sizeof *s.next), 0};
    int err = s.colour && s.way && s.next ? 0 : ERR_NOMEM;
    for (uint32_t site = 0; err == 0 && site < r->inv->sites.len; site++) {
        if (s.colour[site] == UNSEEN)
            enter(&s, site);
        while (s.depth > 0)
            step(&s);
    }
    free(s.colour);
    free(s.way);
    free(s.next);
    return err;
}

int inventory_circle_check(struct inventory_reader *r)
{
    const struct ladder areas = {TABLE_AREAS, &r->inv->areas, "lies within itself", parent_at};
    const struct ladder units = {TABLE_UNITS, &r->inv->units, "is its own anchor", anchor_at};
    int err = check_ladder(r, &areas);
    if (err == 0)
        err = check_ladder(r, &units);
    return err ? err : check_dependence(r);
}
