#include "core/shift_log.h"

#include "base/err.h"
#include "core/outage_groups.h"

#include <stdlib.h>
#include <string.h>

_Static_assert((int)SHIFT_CLOSE - (int)SHIFT_ACKNOWLEDGE == LIFE_CLOSE, "deeds are in one order");

/* A search under way. */
struct search {
    const struct shift_question *question;
    struct vec *lines;
};

static bool happened(const struct search *s, struct wall_ms t)
{
    return validity_has(s->question->span, t) && t.ms <= s->question->now.ms;
}

static int add(struct search *s, const struct shift_line *line)
{
    if (!happened(s, line->at) || s->lines->len == SHIFT_LINES_MAX)
        return 0;
    struct shift_line *fresh = vec_push(s->lines);
    if (!fresh)
        return ERR_NOMEM;
    *fresh = *line;
    return 0;
}

static int add_kept(struct search *s)
{
    const struct vec *kept = &s->question->centre->shifts.kept;
    int err = 0;
    for (size_t i = kept->len; !err && i > 0; i--) {
        const struct shift_kept *k = vec_at(kept, i - 1);
        struct shift_line line = {.at = k->at,
                                  .kind = k->kind,
                                  .outage = k->outage,
                                  .site = k->outage ? k->site : INV_NONE,
                                  .cause = CAUSE_NONE,
                                  .by = k->by,
                                  .to = "",
                                  .text = k->text,
                                  .waiting = "",
                                  .root = k->root,
                                  .others = k->others};
        err = add(s, &line);
    }
    return err;
}

/* ---- outages ---- */

static struct wall_ms end_of(const struct outage_groups *groups, const struct outage_group *g)
{
    struct wall_ms end = {INT64_MIN};
    for (size_t i = 0; i < g->len; i++) {
        const struct outage *o = vec_at(&groups->members, g->first + i);
        end = o->to.ms > end.ms ? o->to : end;
    }
    return end;
}

static int add_outage(struct search *s, const struct outage_groups *groups,
                      const struct outage_group *g)
{
    const struct inventory *inv = s->question->centre->inventory;
    struct shift_line line = {.at = g->root.from,
                              .kind = SHIFT_OPENED,
                              .outage = g->root.number,
                              .site = inventory_unit_id(inv, g->root.unit)->site,
                              .sites = g->sites,
                              .cause = g->root.cause,
                              .by = "",
                              .to = "",
                              .text = "",
                              .waiting = ""};
    int err = add(s, &line);
    line.at = end_of(groups, g);
    line.kind = SHIFT_RESTORED;
    return err ? err : add(s, &line);
}

static int add_outages(struct search *s)
{
    const struct centre *c = s->question->centre;
    struct outage_sources sources = {c->outages, c->inventory, c->serving, c->world, NULL};
    struct outage_question question = {.area = INV_NONE,
                                       .from = s->question->span.from,
                                       .to = s->question->span.to,
                                       .now = s->question->now};
    struct outage_groups groups = {0};
    int err = outage_groups_ask(&sources, &question, &groups);
    for (size_t i = 0; !err && i < groups.groups.len; i++)
        err = add_outage(s, &groups, vec_at(&groups.groups, i));
    outage_groups_done(&groups);
    return err;
}

static int add_act(struct search *s, uint64_t number, uint32_t unit, const struct life_act *act)
{
    const struct centre *c = s->question->centre;
    bool ends =
        (act->deed == LIFE_SHELVE || act->deed == LIFE_EXPECT) && act->until.ms != WALL_NEVER_MS;
    bool waits = act->deed == LIFE_PROGRESS && act->wait != LIFE_WAITS_NOT;
    struct shift_line line = {.at = act->at,
                              .kind = (enum shift_kind)((int)SHIFT_ACKNOWLEDGE + (int)act->deed),
                              .outage = number,
                              .site = inventory_unit_id(c->inventory, unit)->site,
                              .until = ends ? act->until : (struct wall_ms){0},
                              .cause = CAUSE_NONE,
                              .by = act->by,
                              .to = act->to,
                              .text = act->text,
                              .waiting = waits ? life_wait_word((int)act->wait) : ""};
    return add(s, &line);
}

static int add_acts(struct search *s)
{
    const struct centre *c = s->question->centre;
    int err = 0;
    for (size_t i = 0; !err && i < lives_count(c->lives); i++) {
        uint64_t number;
        uint32_t unit;
        const struct life *life = lives_at(c->lives, i, &number, &unit);
        for (size_t k = 0; !err && k < life->len && unit < c->inventory->units.len; k++)
            err = add_act(s, number, unit, &life->acts[k]);
    }
    return err;
}

/* ---- maintenance, pages ---- */

static int add_declaration(struct search *s, const struct declaration *d)
{
    struct wall_ms end = d->span.to;
    if (d->withdrawn.ms && d->withdrawn.ms < end.ms)
        end = d->withdrawn;
    if (d->kind != DECLARATION_MAINTENANCE || end.ms <= d->span.from.ms)
        return 0;
    struct shift_line line = {.at = d->span.from,
                              .kind = SHIFT_MAINTENANCE,
                              .site = d->site,
                              .until = d->span.to,
                              .cause = CAUSE_NONE,
                              .by = d->by,
                              .to = "",
                              .text = d->reason,
                              .waiting = ""};
    int err = add(s, &line);
    line.at = end;
    line.kind = SHIFT_MAINTAINED;
    line.until.ms = 0;
    return err ? err : add(s, &line);
}

static int add_declarations(struct search *s)
{
    const struct vec *rows = &s->question->centre->inventory->declarations;
    int err = 0;
    for (size_t i = 0; !err && i < rows->len; i++)
        err = add_declaration(s, vec_at(rows, i));
    return err;
}

static int add_page(struct search *s, const struct page *p)
{
    struct shift_line line = {.at = p->made,
                              .kind = SHIFT_ESCALATED,
                              .outage = p->outage ? p->number : 0,
                              .site = INV_NONE,
                              .cause = CAUSE_NONE,
                              .by = "",
                              .to = p->target,
                              .text = p->sms,
                              .waiting = ""};
    int err = p->transition == PAGE_ESCALATED ? add(s, &line) : 0;
    line.at = p->done;
    line.kind = SHIFT_PAGE_FAILED;
    line.text = p->answer;
    return err || p->state != PAGE_FAILED ? err : add(s, &line);
}

static int add_pages(struct search *s)
{
    const struct page_box *box = s->question->box;
    int err = 0;
    for (size_t i = 0; !err && box && i < box->pages.len; i++)
        err = add_page(s, vec_at(&box->pages, i));
    return err;
}

/* ---- together ---- */

/* Newest first; of one instant the causes before what follows of them, backwards. */
static int compare(const void *a, const void *b)
{
    const struct shift_line *one = a;
    const struct shift_line *other = b;
    if (one->at.ms != other->at.ms)
        return one->at.ms > other->at.ms ? -1 : 1;
    if (one->kind != other->kind)
        return one->kind > other->kind ? -1 : 1;
    return one->outage < other->outage ? -1 : one->outage > other->outage;
}

/* An outage that came under another root left what was done about it to both. */
static bool is_repeated(const struct shift_line *a, const struct shift_line *b)
{
    return a->kind >= SHIFT_ACKNOWLEDGE && a->kind == b->kind && a->at.ms == b->at.ms &&
           strcmp(a->waiting, b->waiting) == 0 && strcmp(a->by, b->by) == 0 &&
           strcmp(a->text, b->text) == 0 && strcmp(a->to, b->to) == 0;
}

static void drop_repeated(struct vec *lines)
{
    size_t kept = 0;
    for (size_t i = 0; i < lines->len; i++) {
        const struct shift_line *line = vec_at(lines, i);
        if (kept && is_repeated(vec_at(lines, kept - 1), line))
            continue;
        *(struct shift_line *)vec_at(lines, kept++) = *line;
    }
    lines->len = kept;
}

int shift_log_ask(const struct shift_question *question, struct vec *lines)
{
    static int (*const finds[])(struct search * s) = {add_kept,         add_acts,  add_outages,
                                                      add_declarations, add_pages, NULL};
    struct search s = {question, lines};
    int err = 0;
    vec_init(lines, sizeof(struct shift_line), SHIFT_LINES_MAX);
    for (size_t i = 0; !err && finds[i]; i++)
        err = finds[i](&s);
    if (lines->len)
        qsort(lines->items, lines->len, sizeof(struct shift_line), compare);
    drop_repeated(lines);
    return err;
}
