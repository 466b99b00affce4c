#include "core/derived_owed.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"

enum { ROW_VERSION = 1, ROW_BYTES_MAX = 512 };

void derived_owed_add(struct derived_owed *o, uint32_t from, uint32_t to, uint32_t first,
                      uint32_t end)
{
    if (from >= to || first >= end)
        return;
    struct derived_owed_place place = {first, from};
    if (o->n == DERIVED_OWED_MAX) {
        from = o->entry[--o->n].from;
        place = (struct derived_owed_place){0, from};
    }
    o->entry[o->n++] = (struct derived_owed_entry){from, to, end, place, place};
    o->touched = true;
}

/* The first entry that is not handed out, o->n if there is none. */
static size_t current(const struct derived_owed *o)
{
    size_t i = 0;
    while (i < o->n && o->entry[i].taken.thing >= o->entry[i].end)
        i++;
    return i;
}

bool derived_owed_next(const struct derived_owed *o, struct derived_owed_part *ret_part)
{
    size_t i = current(o);
    if (i == o->n)
        return false;
    const struct derived_owed_entry *e = &o->entry[i];
    *ret_part = (struct derived_owed_part){e->taken.thing, e->taken.at, e->to};
    return true;
}

void derived_owed_take(struct derived_owed *o, uint32_t to)
{
    size_t i = current(o);
    if (i == o->n)
        return;
    struct derived_owed_entry *e = &o->entry[i];
    e->taken.at = to;
    if (to >= e->to)
        e->taken = (struct derived_owed_place){e->taken.thing + 1, e->from};
}

static bool same(struct derived_owed_place a, struct derived_owed_place b)
{
    return a.thing == b.thing && a.at == b.at;
}

void derived_owed_settle(struct derived_owed *o, bool written)
{
    size_t left = 0;
    for (size_t i = 0; i < o->n; i++) {
        struct derived_owed_entry e = o->entry[i];
        o->touched |= written && !same(e.taken, e.settled);
        e.settled = written ? e.taken : e.settled;
        e.taken = e.settled;
        if (e.settled.thing < e.end)
            o->entry[left++] = e;
    }
    o->n = left;
}

size_t derived_owed_left(const struct derived_owed *o)
{
    size_t left = 0;
    for (size_t i = 0; i < o->n; i++)
        left += o->entry[i].end - o->entry[i].taken.thing;
    return left;
}

/* ---- row: version u8, then of each entry from, to, end, thing and at, u32 ---- */

int derived_owed_save(struct derived_owed *o, struct slice key, const struct row_sink *sink)
{
    struct buf b;
    if (!o->touched)
        return 0;
    buf_init(&b, ROW_BYTES_MAX);
    buf_char(&b, ROW_VERSION);
    for (size_t i = 0; i < o->n; i++) {
        const struct derived_owed_entry *e = &o->entry[i];
        const uint32_t numbers[] = {e->from, e->to, e->end, e->settled.thing, e->settled.at};
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
            buf_le32(&b, numbers[n]);
    }
    int err = b.err;
    if (!err && o->n == 0)
        err = sink->drop(sink->context, ROW_DIRTY, key);
    else if (!err)
        err = sink->put(sink->context, ROW_DIRTY, key, (struct slice){b.data, b.len});
    o->touched = err != 0;
    buf_done(&b);
    return err;
}

static bool sound(const struct derived_owed_entry *e)
{
    const struct derived_owed_place *p = &e->settled;
    return e->from < e->to && p->thing < e->end && e->from <= p->at && p->at < e->to;
}

int derived_owed_load(struct derived_owed *o, struct slice value)
{
    struct cursor c;
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != ROW_VERSION)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    *o = (struct derived_owed){0};
    while (!c.err && cursor_left(&c) > 0) {
        struct derived_owed_entry e = {0};
        uint32_t *const numbers[] = {&e.from, &e.to, &e.end, &e.settled.thing, &e.settled.at};
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
            *numbers[n] = cursor_le32(&c);
        e.taken = e.settled;
        if (c.err || o->n == DERIVED_OWED_MAX || !sound(&e))
            return ERR_CORRUPT;
        o->entry[o->n++] = e;
    }
    return 0;
}
