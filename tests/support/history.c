#include "history.h"

#include "base/err.h"
#include "core/inventory_copy.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void history_init(struct history *h)
{
    *h = (struct history){.options = world_options_default()};
    names_init(&h->checks, 1 << 16);
    vec_init(&h->entries, sizeof(struct history_entry), 1 << 20);
    vec_init(&h->lists, sizeof(struct history_list), 1 << 20);
    vec_init(&h->tables, sizeof(struct history_table), 1 << 10);
    vec_init(&h->loads, sizeof(struct history_load), 1 << 10);
    vec_init(&h->events, sizeof(struct history_event), 1 << 24);
}

void history_done(struct history *h)
{
    for (size_t i = 0; i < h->tables.len; i++)
        free(((struct history_table *)vec_at(&h->tables, i))->text);
    for (size_t i = 0; i < h->loads.len; i++)
        inventory_free(((struct history_load *)vec_at(&h->loads, i))->inv);
    names_done(&h->checks);
    vec_done(&h->entries);
    vec_done(&h->lists);
    vec_done(&h->tables);
    vec_done(&h->loads);
    vec_done(&h->events);
}

/** Tests have memory: running out of it is a failure of the machine, not a case. */
static void *must(void *item)
{
    if (!item)
        abort();
    return item;
}

void history_table(struct history *h, const char *table, const char *text)
{
    struct history_table *row = must(vec_push(&h->tables));
    snprintf(row->table, sizeof row->table, "%s", table);
    row->text = must(strdup(text));
    row->load = h->loads.len;
}

static void keep_first_complaint(void *context, const char *message)
{
    struct history *h = context;
    if (!h->complaint[0])
        snprintf(h->complaint, sizeof h->complaint, "%s", message);
}

int history_load(struct history *h, struct wall_ms at)
{
    struct inventory_file files[16];
    size_t n = 0;
    for (size_t i = 0; i < h->tables.len; i++) {
        const struct history_table *row = vec_at(&h->tables, i);
        if (row->load == h->loads.len && n < sizeof files / sizeof *files)
            files[n++] = (struct inventory_file){row->table, row->table, slice_of(row->text)};
    }
    const struct inventory *old = NULL;
    if (h->loads.len)
        old = ((struct history_load *)vec_at(&h->loads, h->loads.len - 1))->inv;
    struct inventory *inv = NULL;
    int err = inventory_load(old, files, n, at, 0, keep_first_complaint, h, &inv);
    if (err)
        return err;
    struct history_load *load = must(vec_push(&h->loads));
    *load = (struct history_load){.inv = inv, .at = at};
    return 0;
}

int history_declare(struct history *h, struct wall_ms at, const struct inventory_wish *wish,
                    int64_t number)
{
    const struct history_load *last = vec_at(&h->loads, h->loads.len - 1);
    struct history_load fresh = {.at = at, .withdrawn = wish ? 0 : number};
    struct inventory *copy = NULL;
    int err = inventory_copy(last->inv, NULL, at, &copy);
    if (!err)
        err = inventory_copy_finish(copy, 0, &fresh.inv);
    if (!err)
        err = wish ? inventory_declare(fresh.inv, wish, at, &fresh.declared)
                   : inventory_withdraw(fresh.inv, number, at);
    if (!err)
        *(struct history_load *)must(vec_push(&h->loads)) = fresh;
    else
        inventory_free(fresh.inv);
    return err;
}

void history_reload(struct history *h)
{
    const struct history_load *last = vec_at(&h->loads, h->loads.len - 1);
    struct history_event *e = history_add(h, HISTORY_RELOAD, last->at);
    e->index = (uint32_t)(h->loads.len - 1);
    e->also.ms = HISTORY_ZERO_MS - 86400000;
}

const struct inventory *history_inventory(const struct history *h, size_t n)
{
    size_t load = 0;
    for (size_t i = 0; i < n; i++)
        if (history_at(h, i)->kind == HISTORY_RELOAD)
            load = history_at(h, i)->index;
    return ((struct history_load *)vec_at(&h->loads, load))->inv;
}

uint32_t history_check(struct history *h, struct slice name)
{
    uint32_t number = 0;
    if (names_add(&h->checks, name, &number))
        abort();
    return number;
}

struct history_event *history_add(struct history *h, enum history_kind kind, struct wall_ms t)
{
    struct history_event *event = must(vec_push(&h->events));
    event->kind = kind;
    event->t = t;
    return event;
}

uint32_t history_list(struct history *h)
{
    struct history_list *list = must(vec_push(&h->lists));
    list->first = h->entries.len;
    return (uint32_t)(h->lists.len - 1);
}

struct history_entry *history_entry(struct history *h)
{
    struct history_list *list = vec_at(&h->lists, h->lists.len - 1);
    list->n++;
    return must(vec_push(&h->entries));
}

const struct history_event *history_at(const struct history *h, size_t i)
{
    return vec_at(&h->events, i);
}

const char *history_word(int kind)
{
#define HISTORY_WORD(name, value, word) word,
    static const char *const words[] = {HISTORY_KIND_MAP(HISTORY_WORD)};
#undef HISTORY_WORD
    return kind >= 0 && (size_t)kind < sizeof words / sizeof *words ? words[kind] : "";
}
