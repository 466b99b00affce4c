/* A record of the outbox as the disk gives it back: what is taken is written again as it was, and
 * what was made smaller comes back in its length or is refused. */
#include "check.h"
#include "shell/outbox_record.h"
#include "shell/outbox_shrink.h"
#include "wire/pack.h"

#include <string.h>

static void undo(const struct outbox_record *record)
{
    struct buf plain;
    buf_init(&plain, PACK_BYTES_MAX);
    if (outbox_shrink_undo(record->body, record->plain_bytes, &plain) == 0)
        check(plain.len == record->plain_bytes, "it has its length");
    buf_done(&plain);
}

static void shrink(struct slice bytes)
{
    struct outbox_shrink s = {0};
    struct buf plain;
    struct slice small = outbox_shrink_pack(&s, bytes);
    buf_init(&plain, PACK_BYTES_MAX);
    if (small.len > 0) {
        check(small.len < bytes.len, "it is smaller");
        check(outbox_shrink_undo(small, bytes.len, &plain) == 0, "it comes back");
        check(slice_equal((struct slice){plain.data, plain.len}, bytes), "as it was");
    }
    outbox_shrink_done(&s);
    buf_done(&plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = {(const char *)data, size};
    struct outbox_record record;
    unsigned char head[OUTBOX_RECORD_HEAD];
    shrink(bytes);
    if (outbox_record_read(bytes, &record) != 0)
        return 0;
    size_t len = outbox_record_head(&record, head);
    check(len + record.body.len == size, "nothing is left out");
    check(memcmp(head, data, len) == 0, "it is written as it was");
    if (record.plain_bytes)
        undo(&record);
    return 0;
}
