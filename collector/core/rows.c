#include "core/rows.h"

#include "base/buf.h"

int rows_drop_numbered(const struct row_sink *sink, enum row_kind kind, uint64_t number)
{
    struct buf key;
    buf_init(&key, sizeof number);
    buf_le64(&key, number);
    int err = key.err;
    if (!err)
        err = sink->drop(sink->context, (uint8_t)kind, (struct slice){key.data, key.len});
    buf_done(&key);
    return err;
}
