/* What is known of feeds outlives a restart: the newest table of each is a row of the store.
 *
 * Rows of kind ROW_FEED: key = the feed's name, value = version u8, as_of i64, taken i64, rows,
 * refused, strangers, unnamed u32 each, then operator, file and notes as texts (base/buf.h). */
#include "shell/feeds_own.h"

#include "base/cursor.h"
#include "base/err.h"

enum { VERSION = 1, VALUE_BYTES_MAX = 1 << 17 };

static void put(const struct feed *feed, struct buf *value)
{
    const struct api_feed *v = &feed->view;
    buf_char(value, VERSION);
    buf_le64(value, (uint64_t)v->as_of.ms);
    buf_le64(value, (uint64_t)v->taken.ms);
    buf_le32(value, v->rows);
    buf_le32(value, v->refused);
    buf_le32(value, v->strangers);
    buf_le32(value, v->unnamed);
    buf_text(value, feed->operator_id);
    buf_text(value, feed->shown_file);
    buf_text(value, v->notes ? v->notes : "");
}

static int save(const struct feed *feed, const struct row_sink *sink)
{
    struct buf value;
    buf_init(&value, VALUE_BYTES_MAX);
    put(feed, &value);
    int err = value.err ? value.err
                        : sink->put(sink->context, ROW_FEED, slice_of(feed->name),
                                    (struct slice){value.data, value.len});
    buf_done(&value);
    return err;
}

int feeds_save(struct feeds *f, const struct row_sink *sink)
{
    int err = 0;
    for (size_t i = 0; f && !err && i < f->len; i++) {
        struct feed *feed = f->feed[i];
        err = feed->unsaved ? save(feed, sink) : 0;
        feed->unsaved = feed->unsaved && err;
    }
    return err;
}

static struct feed *find(struct feeds *f, struct slice name)
{
    for (size_t i = 0; i < f->len; i++)
        if (slice_is(name, f->feed[i]->name))
            return f->feed[i];
    return NULL;
}

/* The notes are the rest but for the bytes of their length. */
static int take_texts(struct feed *feed, struct cursor *c)
{
    cursor_text(c, feed->operator_id, sizeof feed->operator_id);
    cursor_text(c, feed->shown_file, sizeof feed->shown_file);
    size_t len = cursor_le16(c);
    struct slice notes = cursor_bytes(c, len);
    if (c->err || cursor_left(c))
        return ERR_CORRUPT;
    buf_clear(&feed->shown_notes);
    buf_put(&feed->shown_notes, notes.at, notes.len);
    return feed->shown_notes.err;
}

int feeds_load(struct feeds *f, struct slice name, struct slice value)
{
    struct feed *feed = find(f, name);
    struct cursor c;
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != VERSION)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    if (!feed)
        return 0; /* it is not configured now; if it is again, this is what was known */
    struct api_feed *v = &feed->view;
    v->as_of.ms = (int64_t)cursor_le64(&c);
    v->taken.ms = (int64_t)cursor_le64(&c);
    v->rows = cursor_le32(&c);
    v->refused = cursor_le32(&c);
    v->strangers = cursor_le32(&c);
    v->unnamed = cursor_le32(&c);
    int err = take_texts(feed, &c);
    v->operator_id = feed->operator_id;
    v->file = feed->shown_file;
    v->notes = feed->shown_notes.len ? feed->shown_notes.data : NULL;
    return err;
}
