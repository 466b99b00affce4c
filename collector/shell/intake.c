#include "shell/intake.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"
#include "io/log.h"
#include "wire/pack.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { RECORD_VERSION = 1, FLAG_RETAINED = 1, HEADER_BYTES = 12 };

static const uint64_t FILE_BYTES = 64 << 20;

struct intake {
    pthread_mutex_t lock; /* of the writer: paho's thread and the loop's append */
    struct segment_writer *writer;
    struct segment_reader *reader;
    struct loop_wake *wake;
    struct segment_damage reported; /* last, to notice one that stays */
    uint64_t first;                 /* number of this life's first file */
    uint64_t doubtful;              /* behind damage up to this file's end, 0 = nowhere */
    atomic_uint_fast64_t appended;
    atomic_bool told; /* the loop knows that records wait */
    uint64_t carried; /* records that waited at the start */
    uint64_t read;
};

/* Records that an earlier life left behind the committed position. Damage counts as nothing here;
 * reading reports it. */
static int count_carried(const struct intake_options *o, uint64_t *ret_carried)
{
    struct segment_reader *reader = NULL;
    int err = segment_reader_open(o->folder, o->id, o->from, &reader);
    struct slice record;
    struct segment_pos at = {0};
    while (!err) {
        err = segment_next(reader, &record);
        *ret_carried += err == 0;
        bool moved = segment_pos_compare(segment_at(reader), at) != 0;
        at = segment_at(reader);
        if ((err == ERR_CORRUPT || err == ERR_VERSION) && moved)
            err = 0;
    }
    segment_reader_close(reader);
    return err == ERR_END || err == ERR_CORRUPT || err == ERR_VERSION ? 0 : err;
}

static int open_files(struct intake *in, const struct intake_options *o)
{
    struct segment_options options = {.folder = o->folder,
                                      .above = o->from.number,
                                      .file_bytes = FILE_BYTES,
                                      .low_water_bytes = o->low_water_bytes};
    memcpy(options.id, o->id, sizeof options.id);
    int err = count_carried(o, &in->carried);
    if (!err)
        err = segment_writer_open(&options, &in->writer);
    if (!err)
        in->first = segment_end(in->writer).number;
    return err ? err : segment_reader_open(o->folder, o->id, o->from, &in->reader);
}

int intake_open(struct loop *loop, const struct intake_options *options, loop_fn *wake, void *arg,
                struct intake **ret_intake)
{
    struct intake *in = calloc(1, sizeof *in);
    if (!in)
        return ERR_NOMEM;
    pthread_mutex_init(&in->lock, NULL);
    int err = open_files(in, options);
    if (!err)
        err = loop_wake_open(loop, wake, arg, &in->wake);
    if (err) {
        intake_close(in);
        return err;
    }
    *ret_intake = in;
    return 0;
}

void intake_close(struct intake *in)
{
    if (!in)
        return;
    loop_wake_close(in->wake);
    segment_reader_close(in->reader);
    segment_writer_close(in->writer);
    pthread_mutex_destroy(&in->lock);
    free(in);
}

static int64_t wall_now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void append(struct intake *in, struct slice topic, struct slice payload, bool retained)
{
    struct buf header;
    buf_init(&header, HEADER_BYTES);
    buf_char(&header, RECORD_VERSION);
    buf_char(&header, retained ? FLAG_RETAINED : 0);
    pthread_mutex_lock(&in->lock);
    buf_le64(&header, (uint64_t)wall_now_ms());
    buf_le16(&header, (uint16_t)topic.len);
    const struct slice parts[] = {{header.data, header.len}, topic, payload};
    int err = header.err ? header.err : segment_append(in->writer, parts, 3, NULL);
    if (err) {
        log_event(LOG_ERROR, "intake.append_failed",
                  "why=%s topic=%.*s do=\"free disk space or memory; the broker keeps the message "
                  "and sends it again after the restart\"",
                  err_text(err), (int)topic.len, topic.at);
        _exit(1);
    }
    pthread_mutex_unlock(&in->lock);
    buf_done(&header);
    atomic_fetch_add(&in->appended, 1);
    if (!atomic_exchange(&in->told, true))
        loop_wake_send(in->wake);
}

/* A message longer than any of the contract is refused later for its length; that much of it is
 * enough, and no sender decides how large a record is. */
void intake_append(struct intake *in, const struct mqtt_message *message)
{
    struct slice payload = message->payload;
    if (payload.len > PACK_BYTES_MAX + 1)
        payload.len = PACK_BYTES_MAX + 1;
    append(in, message->topic, payload, message->retained);
}

void intake_connected(struct intake *in)
{
    append(in, (struct slice){"", 0}, (struct slice){"", 0}, false);
}

static int decode(struct slice record, struct reception_message *ret_message)
{
    struct cursor c;
    cursor_init(&c, record.at, record.len);
    if (cursor_u8(&c) != RECORD_VERSION)
        return ERR_VERSION;
    struct reception_message m = {.retained = cursor_u8(&c) & FLAG_RETAINED};
    m.received.ms = (int64_t)cursor_le64(&c);
    m.topic = cursor_bytes(&c, cursor_le16(&c));
    m.payload = cursor_bytes(&c, cursor_left(&c));
    if (c.err)
        return ERR_CORRUPT;
    *ret_message = m;
    return 0;
}

/* Damage in the newest file stays until the writer leaves it. */
static void report_damage(struct intake *in)
{
    const struct segment_damage *damage = segment_damaged(in->reader);
    bool stays =
        damage->offset == in->reported.offset && strcmp(damage->path, in->reported.path) == 0;
    in->reported = *damage;
    uint64_t file = segment_at(in->reader).number;
    in->doubtful = file < in->first ? in->first - 1 : file;
    log_event(LOG_ERROR, "intake.damaged",
              "file=%s offset=%llu bytes=%llu why=%s do=\"look at the disk; probes send again what "
              "was not acknowledged\"",
              damage->path, (unsigned long long)damage->offset, (unsigned long long)damage->bytes,
              err_text(damage->err));
    if (!stays)
        return;
    pthread_mutex_lock(&in->lock);
    int err = segment_roll(in->writer);
    pthread_mutex_unlock(&in->lock);
    if (err)
        log_event(LOG_ERROR, "intake.roll_failed", "why=%s do=\"free disk space\"", err_text(err));
}

/* At the end the loop is told anew of what comes; what came before it was, is there now. */
static int next_record(struct intake *in, struct slice *ret_record)
{
    int err = segment_next(in->reader, ret_record);
    while (err == ERR_END && atomic_exchange(&in->told, false))
        err = segment_next(in->reader, ret_record);
    return err;
}

int intake_next(struct intake *in, struct reception_message *ret_message)
{
    for (;;) {
        struct slice record;
        int err = next_record(in, &record);
        if (err == ERR_CORRUPT || err == ERR_VERSION) {
            report_damage(in);
            continue;
        }
        if (err)
            return err;
        in->read++;
        if (decode(record, ret_message) == 0) {
            ret_message->after_damage = segment_at(in->reader).number <= in->doubtful;
            return 0;
        }
        log_event(LOG_ERROR, "intake.record_unknown",
                  "bytes=%zu do=\"was it written by a newer program?\"", record.len);
    }
}

struct segment_pos intake_at(const struct intake *in)
{
    return segment_at(in->reader);
}

bool intake_drained(struct intake *in)
{
    pthread_mutex_lock(&in->lock);
    bool drained = segment_pos_compare(segment_at(in->reader), segment_end(in->writer)) >= 0;
    pthread_mutex_unlock(&in->lock);
    return drained;
}

struct intake_counts intake_count(const struct intake *in)
{
    return (struct intake_counts){in->carried, atomic_load(&in->appended), in->read};
}

int intake_room(struct intake *in)
{
    pthread_mutex_lock(&in->lock);
    int err = segment_room(in->writer);
    pthread_mutex_unlock(&in->lock);
    return err;
}
