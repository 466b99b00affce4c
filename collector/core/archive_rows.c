#include "core/archive_rows.h"

#include "base/cursor.h"

enum { LENGTH_BYTES = 2 };

size_t archive_rows_begin(struct buf *rows, struct slice key)
{
    buf_put(rows, key.at, key.len);
    size_t begun = rows->len;
    buf_le16(rows, 0);
    return begun;
}

int archive_rows_end(struct buf *rows, size_t begun)
{
    if (rows->err)
        return rows->err;
    size_t len = rows->len - begun - LENGTH_BYTES;
    rows->data[begun] = (char)(len & 0xff);
    rows->data[begun + 1] = (char)(len >> 8);
    return 0;
}

int archive_rows_save(const struct buf *rows, uint8_t kind, size_t key_len,
                      const struct row_sink *sink)
{
    struct cursor c;
    int err = 0;
    cursor_init(&c, rows->data, rows->len);
    while (!err && cursor_left(&c) > 0) {
        struct slice key = cursor_bytes(&c, key_len);
        struct slice value = cursor_bytes(&c, cursor_le16(&c));
        err = sink->put(sink->context, kind, key, value);
    }
    return err;
}
