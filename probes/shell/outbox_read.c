#include "base/err.h"
#include "io/segment.h"
#include "shell/outbox_own.h"
#include "shell/outbox_shrink.h"

#include <string.h>

static void stop_reading(struct outbox *o)
{
    segment_reader_close(o->reader);
    o->reader = NULL;
    o->reader_next = 0;
}

/* Puts the reader at the beginning of the file that should hold @p number. */
static int seek(struct outbox *o, uint64_t number)
{
    if (o->reader && o->reader_next == number)
        return 0;
    stop_reading(o);
    size_t i = outbox_runs_find(&o->runs, number);
    if (i == outbox_runs_len(&o->runs))
        return ERR_END;
    unsigned char id[SEGMENT_ID_BYTES];
    memcpy(id, OUTBOX_RUNS_ID, sizeof id);
    struct segment_pos from = {.number = outbox_runs_file(&o->runs, i)};
    return segment_reader_open(o->folder, id, from, &o->reader);
}

/* The first record at or above @p number, or ERR_END. */
static int find(struct outbox *o, uint64_t number, struct outbox_record *ret_record)
{
    uint64_t met = 0;
    int err = seek(o, number);
    while (!err) {
        struct slice bytes;
        err = segment_next(o->reader, &bytes);
        if (err == ERR_CORRUPT || err == ERR_VERSION) {
            o->damage = outbox_runs_damage(o->reader, o->damage);
            err = o->damage == met ? ERR_END : 0;
            met = o->damage;
        } else if (!err && outbox_record_read(bytes, ret_record) == 0 &&
                   ret_record->number >= number) {
            return 0;
        }
    }
    return err;
}

/* The first number behind @p number that may be readable, if it cannot be found: one at a time
 * within a file, past the gap between two. */
static uint64_t next_hope(const struct outbox *o, uint64_t number)
{
    size_t i = outbox_runs_find(&o->runs, number);
    if (i == outbox_runs_len(&o->runs))
        return o->want.high + 1;
    uint64_t first = outbox_runs_all(&o->runs)[i].first;
    return first > number ? first : number + 1;
}

/* Number @p number is on no disk; the first that is, is @p next. */
static int lost(struct outbox *o, uint64_t number, uint64_t next)
{
    o->lost_number = number;
    o->lost_next = next;
    stop_reading(o);
    return ERR_NOT_FOUND;
}

/* The pack as it was put. */
static int make_plain(struct outbox *o, struct outbox_record *record)
{
    if (record->plain_bytes == 0)
        return 0;
    int err = outbox_shrink_undo(record->body, record->plain_bytes, &o->plain);
    record->body = (struct slice){o->plain.data, o->plain.len};
    record->plain_bytes = 0;
    return err;
}

int outbox_read(struct outbox *o, uint64_t seq, struct outbox_record *ret_record)
{
    uint64_t number = seq + o->kept.base;
    struct outbox_record record;
    if (number < o->want.low || number > o->want.high)
        return ERR_BUSY; /* given up or not yet written: the window hears of it in a moment */
    int err = find(o, number, &record);
    if (err == ERR_END)
        return lost(o, number, next_hope(o, number));
    if (err) {
        stop_reading(o);
        return err;
    }
    if (record.number != number)
        return lost(o, number, record.number);
    err = make_plain(o, &record);
    if (err == ERR_CORRUPT)
        return lost(o, number, number + 1);
    if (err) {
        stop_reading(o); /* it stands behind this pack */
        return err;
    }
    o->reader_next = number + 1;
    *ret_record = record;
    return 0;
}

int64_t outbox_oldest_ms(struct outbox *o)
{
    struct outbox_record record;
    if (o->want.low > o->want.high || outbox_read(o, o->want.low - o->kept.base, &record) != 0)
        return 0;
    return outbox_running_ms(o) - record.running_ms;
}

void outbox_skip(struct outbox *o, uint64_t seq)
{
    uint64_t number = seq + o->kept.base;
    if (number != o->want.low || number != o->lost_number)
        return;
    o->want.dropped += o->lost_next - number;
    o->want.low = o->lost_next;
    o->lost_number = 0;
    o->tell_dropped = true;
    o->save = true;
    outbox_work(o);
}
