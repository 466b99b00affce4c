#include "shell/outbox_record.h"

#include "base/cursor.h"
#include "base/err.h"
#include "wire/pack.h"

enum { VERSION_PLAIN = 1, VERSION_SHRUNK = 2, PLAIN_HEAD = 32 };

static void put(unsigned char *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

size_t outbox_record_head(const struct outbox_record *record,
                          unsigned char head[OUTBOX_RECORD_HEAD])
{
    put(head, record->plain_bytes ? VERSION_SHRUNK : VERSION_PLAIN, 1);
    put(head + 1, (uint64_t)record->kind, 1);
    put(head + 2, 0, 2);
    put(head + 4, record->readings, 4);
    put(head + 8, record->number, 8);
    put(head + 16, record->boot, 8);
    put(head + 24, (uint64_t)record->running_ms, 8);
    put(head + PLAIN_HEAD, record->plain_bytes, 4);
    return record->plain_bytes ? OUTBOX_RECORD_HEAD : PLAIN_HEAD;
}

int outbox_record_read(struct slice bytes, struct outbox_record *ret_record)
{
    struct cursor c;
    cursor_init(&c, bytes.at, bytes.len);
    uint8_t version = cursor_u8(&c);
    if (version != VERSION_PLAIN && version != VERSION_SHRUNK)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    uint8_t kind = cursor_u8(&c);
    uint16_t zero = cursor_le16(&c);
    struct outbox_record record = {.kind = (enum outbox_kind)kind};
    record.readings = cursor_le32(&c);
    record.number = cursor_le64(&c);
    record.boot = cursor_le64(&c);
    record.running_ms = (int64_t)cursor_le64(&c);
    bool shrunk = version == VERSION_SHRUNK;
    record.plain_bytes = shrunk ? cursor_le32(&c) : 0;
    record.body = cursor_bytes(&c, cursor_left(&c));
    if (c.err || zero != 0 || kind > OUTBOX_MONOTONIC || record.number == 0 ||
        record.number > INT64_MAX || record.running_ms < 0 || shrunk != (record.plain_bytes > 0) ||
        record.plain_bytes > PACK_BYTES_MAX)
        return ERR_CORRUPT;
    *ret_record = record;
    return 0;
}
