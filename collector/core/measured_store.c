/* Rows of measuring points: key = "SOURCE/SITE/CHECK"; value = version u8, technology u8, site u32,
 * operator u32 (INV_NONE = unknown), time i64, RSRP f64 as its bits. */
#include "core/measured_own.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"

#include <string.h>

enum { VERSION = 1, VALUE_BYTES = 32 };

static int save_point(const struct measured *m, uint32_t number, const struct row_sink *sink)
{
    const struct measured_point *p = vec_at(&m->points, number);
    struct slice key = slice_of(names_text(&m->keys, number));
    if (!p->holds)
        return sink->drop(sink->context, ROW_MEASURED, key);
    struct buf value;
    uint64_t bits;
    memcpy(&bits, &p->rsrp_dbm, sizeof bits);
    buf_init(&value, VALUE_BYTES);
    buf_char(&value, VERSION);
    buf_char(&value, (char)p->technology);
    buf_le32(&value, p->site);
    buf_le32(&value, p->op);
    buf_le64(&value, (uint64_t)p->t);
    buf_le64(&value, bits);
    int err = value.err ? value.err
                        : sink->put(sink->context, ROW_MEASURED, key,
                                    (struct slice){value.data, value.len});
    buf_done(&value);
    return err;
}

int measured_save(struct measured *m, const struct row_sink *sink)
{
    int err = 0;
    for (size_t i = 0; !err && i < dirty_len(&m->unsaved); i++)
        err = save_point(m, dirty_at(&m->unsaved, i), sink);
    if (!err)
        dirty_clear(&m->unsaved);
    return err;
}

int measured_load(struct measured *m, struct slice key, struct slice value)
{
    struct cursor c;
    struct measured_point read = {.village = INV_NONE, .holds = true};
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != VERSION)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    unsigned technology = cursor_u8(&c);
    read.site = cursor_le32(&c);
    read.op = cursor_le32(&c);
    read.t = (int64_t)cursor_le64(&c);
    uint64_t bits = cursor_le64(&c);
    memcpy(&read.rsrp_dbm, &bits, sizeof bits);
    if (c.err || cursor_left(&c) != 0 || technology > TECHNOLOGY_5G)
        return ERR_CORRUPT;
    read.technology = (enum technology)technology;
    uint32_t number = 0;
    int err = measured_point(m, key, &number);
    if (err)
        return err;
    *(struct measured_point *)vec_at(&m->points, number) = read;
    return measured_await(m, number);
}
