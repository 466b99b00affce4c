#include "history_stretch.h"

#include "base/buf.h"
#include "base/iso.h"

#include <stdlib.h>
#include <string.h>

enum { HOUR_MS = 3600 * 1000 };

/** Same instants stay the same, others keep their order: less than one step is added to each. */
static struct wall_ms moved(struct wall_ms t, int64_t factor)
{
    int64_t since = t.ms - HISTORY_ZERO_MS;
    uint64_t mixed = (uint64_t)since * UINT64_C(0x9e3779b97f4a7c15);
    return (struct wall_ms){HISTORY_ZERO_MS + since * factor +
                            (int64_t)((mixed >> 32) % (uint64_t)factor)};
}

/** Writes @p text with every instant in it moved. */
static char *moved_text(const char *text, int64_t factor)
{
    static const char form[] = "2026-03-01T00:00:00.000Z";
    struct buf out;
    buf_init(&out, 1 << 20);
    while (*text) {
        struct wall_ms t;
        size_t len = strnlen(text, sizeof form - 1);
        if (*text == '2' && iso_parse((struct slice){text, len}, 0, &t) == 0 &&
            len == sizeof form - 1) {
            char iso[ISO_TEXT_MAX];
            iso_write(moved(t, factor), iso);
            buf_str(&out, iso);
            text += len;
        } else {
            buf_char(&out, *text++);
        }
    }
    buf_char(&out, '\0');
    if (out.err)
        abort();
    return out.data;
}

static void stretch_tables(const struct history *h, size_t load, int64_t factor,
                           struct history *out)
{
    for (size_t i = 0; i < h->tables.len; i++) {
        const struct history_table *table = vec_at(&h->tables, i);
        if (table->load != load)
            continue;
        char *text = moved_text(table->text, factor);
        history_table(out, table->table, text);
        free(text);
    }
}

/** What somebody declared in a load, or took back. */
static int declare(const struct history_load *load, int64_t factor, struct history *out)
{
    if (load->withdrawn)
        return history_declare(out, moved(load->at, factor), NULL, load->withdrawn);
    const struct declaration *d = inventory_declared(load->inv, load->declared);
    struct inventory_wish wish = {.site = d->site,
                                  .unit = d->unit,
                                  .kind = d->kind,
                                  .span = {moved(d->span.from, factor), moved(d->span.to, factor)},
                                  .reason = "test",
                                  .by = "random"};
    return history_declare(out, moved(load->at, factor), &wish, 0);
}

static void stretch_loads(const struct history *h, int64_t factor, struct history *out)
{
    for (size_t i = 0; i < h->loads.len; i++) {
        const struct history_load *load = vec_at(&h->loads, i);
        stretch_tables(h, i, factor, out);
        int err = load->declared || load->withdrawn ? declare(load, factor, out)
                                                    : history_load(out, moved(load->at, factor));
        if (err)
            abort();
    }
}

static void stretch_lists(const struct history *h, int64_t factor, struct history *out)
{
    for (uint32_t i = 0; i < h->checks.len; i++)
        (void)history_check(out, slice_of(names_text(&h->checks, i)));
    for (size_t i = 0; i < h->lists.len; i++) {
        const struct history_list *list = vec_at(&h->lists, i);
        (void)history_list(out);
        for (size_t k = 0; k < list->n; k++) {
            struct history_entry *entry = history_entry(out);
            *entry = *(struct history_entry *)vec_at(&h->entries, list->first + k);
            entry->interval_ms *= factor;
            entry->timeout_ms *= factor;
            entry->ttl_ms *= factor;
        }
    }
}

/** When the event reaches the centre, as far as it tells. */
static int64_t arrival(const struct history_event *e)
{
    if (e->kind == HISTORY_LIST || e->kind == HISTORY_GASP || e->kind == HISTORY_AWAY)
        return INT64_MIN;
    return e->kind == HISTORY_RESULT || e->kind == HISTORY_SUMMARY ? e->also.ms : e->t.ms;
}

/** Time passes in steps of an hour, as it would by the clock. */
static void pass_time(struct history *out, int64_t *now, int64_t to)
{
    for (; *now + HOUR_MS <= to; *now += HOUR_MS)
        (void)history_add(out, HISTORY_ADVANCE, (struct wall_ms){*now + HOUR_MS});
}

static void stretch_events(const struct history *h, int64_t factor, struct history *out)
{
    int64_t now = HISTORY_ZERO_MS;
    for (size_t i = 0; i < h->events.len; i++) {
        const struct history_event *from = history_at(h, i);
        struct history_event e = *from;
        e.t = moved(from->t, factor);
        bool also = from->kind == HISTORY_RESULT || from->kind == HISTORY_SUMMARY ||
                    from->kind == HISTORY_LISTENED;
        if (also)
            e.also = moved(from->also, factor);
        pass_time(out, &now, arrival(&e));
        *history_add(out, e.kind, e.t) = e;
    }
}

void history_stretch(const struct history *h, int64_t factor, struct history *ret_h)
{
    history_init(ret_h);
    ret_h->seed = h->seed;
    ret_h->options = h->options;
    ret_h->options.late_ms *= factor;
    ret_h->options.future_ms = world_options_default().future_ms;
    ret_h->options.connect_settle_ms *= factor;
    stretch_loads(h, factor, ret_h);
    stretch_lists(h, factor, ret_h);
    stretch_events(h, factor, ret_h);
}
