#include "core/derived_outages.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"

#include <string.h>

/* The first version knew no units: two u32, 0 and 1. */
enum { ROW_VERSION = 2, FIRST_VERSION = 1, ROW_MAX = 32, IDLE_MAX = 4096 };

void derived_outages_init(struct derived_outages *o, size_t max)
{
    vec_init(&o->dirty, sizeof(struct derived_outage), max);
    vec_init(&o->flying, sizeof(struct derived_outage), max);
    vec_init(&o->touched, sizeof(uint32_t), 2 * max);
}

void derived_outages_done(struct derived_outages *o)
{
    vec_done(&o->dirty);
    vec_done(&o->flying);
    vec_done(&o->touched);
}

/* Index of the first dirty one that is not below the number. */
static size_t lower(const struct derived_outages *o, uint32_t number)
{
    size_t low = 0, high = o->dirty.len;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (((struct derived_outage *)vec_at(&o->dirty, middle))->number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct derived_outage *find_dirty(const struct derived_outages *o, uint32_t number)
{
    size_t at = lower(o, number);
    const struct derived_outage *found = at < o->dirty.len ? vec_at(&o->dirty, at) : NULL;
    return found && found->number == number ? found : NULL;
}

static int touch(struct derived_outages *o, uint32_t number)
{
    uint32_t *item = vec_push(&o->touched);
    if (!item)
        return o->touched.len == o->touched.max ? ERR_FULL : ERR_NOMEM;
    *item = number;
    return 0;
}

static int insert(struct derived_outages *o, const struct derived_outage *outage)
{
    if (find_dirty(o, outage->number))
        return 0;
    struct derived_outage *item = vec_insert(&o->dirty, lower(o, outage->number));
    if (!item)
        return o->dirty.len == o->dirty.max ? ERR_FULL : ERR_NOMEM;
    *item = *outage;
    return 0;
}

int derived_outages_add(struct derived_outages *o, const struct derived_outage *outage)
{
    if (find_dirty(o, outage->number))
        return 0;
    int err = touch(o, outage->number);
    return err ? err : insert(o, outage);
}

size_t derived_outages_take(struct derived_outages *o, struct derived_outage *ret, size_t max)
{
    size_t n = 0;
    for (; n < max && n < o->dirty.len; n++) {
        struct derived_outage *flying = vec_push(&o->flying);
        if (!flying)
            break;
        *flying = *(struct derived_outage *)vec_at(&o->dirty, n);
        ret[n] = *flying;
    }
    vec_remove(&o->dirty, 0, n);
    if (o->dirty.len == 0 && o->dirty.cap > IDLE_MAX)
        vec_done(&o->dirty);
    return n;
}

int derived_outages_settle(struct derived_outages *o, bool written)
{
    int err = 0;
    while (o->flying.len > 0 && !err) {
        const struct derived_outage *last = vec_at(&o->flying, o->flying.len - 1);
        err = written ? touch(o, last->number) : insert(o, last);
        o->flying.len -= err == 0;
    }
    return err;
}

/* Dirty, or taken and not settled; else NULL. */
static const struct derived_outage *open_one(const struct derived_outages *o, uint32_t number)
{
    const struct derived_outage *open = find_dirty(o, number);
    for (size_t i = 0; i < o->flying.len && !open; i++) {
        const struct derived_outage *flying = vec_at(&o->flying, i);
        open = flying->number == number ? flying : NULL;
    }
    return open;
}

/* Key = kind u8, number u32; value = version u8, unit u32, born i64. */
static int save_one(const struct derived_outages *o, uint8_t kind, uint32_t number,
                    const struct row_sink *sink)
{
    const struct derived_outage *open = open_one(o, number);
    struct buf b;
    buf_init(&b, ROW_MAX);
    buf_char(&b, (char)kind);
    buf_le32(&b, number);
    size_t key = b.len;
    if (open) {
        buf_char(&b, ROW_VERSION);
        buf_le32(&b, open->unit);
        buf_le64(&b, (uint64_t)open->born.ms);
    }
    int err = b.err;
    if (!err && !open)
        err = sink->drop(sink->context, ROW_DIRTY, (struct slice){b.data, key});
    else if (!err)
        err = sink->put(sink->context, ROW_DIRTY, (struct slice){b.data, key},
                        (struct slice){b.data + key, b.len - key});
    buf_done(&b);
    return err;
}

int derived_outages_save(struct derived_outages *o, uint8_t kind, const struct row_sink *sink)
{
    int err = 0;
    while (o->touched.len > 0 && !err) {
        uint32_t number = *(uint32_t *)vec_at(&o->touched, o->touched.len - 1);
        err = save_one(o, kind, number, sink);
        o->touched.len -= err == 0;
    }
    if (o->touched.len == 0 && o->touched.cap > IDLE_MAX)
        vec_done(&o->touched);
    return err;
}

int derived_outages_load(struct derived_outages *o, uint32_t number, struct slice value)
{
    struct derived_outage outage = {number, DERIVED_NO_UNIT, {INT64_MIN}};
    struct cursor c;
    cursor_init(&c, value.at, value.len);
    uint8_t version = cursor_u8(&c);
    if (version == ROW_VERSION) {
        outage.unit = cursor_le32(&c);
        outage.born.ms = (int64_t)cursor_le64(&c);
    } else if (version != FIRST_VERSION) {
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    }
    return c.err ? ERR_CORRUPT : insert(o, &outage);
}
