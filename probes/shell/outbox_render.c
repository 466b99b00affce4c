#include "shell/outbox_render.h"

#include "base/err.h"
#include "shell/outbox_record.h"
#include "wire/body.h"
#include "wire/pack_reader.h"
#include "wire/pack_writer.h"

/* A receive time that no monotonic time is ahead of: a century after its zero. */
static const struct wall_ms LATE = {OUTBOX_RECORD_MONO_ZERO_MS + INT64_C(3155760000000)};

static int render_readings(struct slice body, int64_t shift_us, struct buf *out)
{
    struct pack_reader reader;
    struct reason why;
    int err = pack_reader_init(&reader);
    if (err)
        return err;
    err = pack_reader_read(&reader, body, PACK_STREAM, LATE, &why);
    struct pack_writer writer;
    if (!err)
        pack_writer_begin(&writer, out);
    for (size_t i = 0; !err && i < reader.len; i++) {
        struct reading reading = reader.readings[i];
        reading.time_us += shift_us;
        err = pack_writer_add(&writer, &reading);
    }
    if (!err)
        err = pack_writer_end(&writer);
    pack_reader_done(&reader);
    return err;
}

static int render_object(struct slice body, int64_t shift_us, struct buf *out)
{
    struct body parsed;
    struct reason why;
    int err = body_read(body, LATE, &parsed, &why);
    if (err)
        return err;
    if (parsed.kind == BODY_CHECKLIST) {
        parsed.list.time_us += shift_us;
        checklist_write(out, &parsed.list);
    } else if (parsed.kind == BODY_POWER_LOST) {
        body_write_power_lost(out, parsed.power_lost_us + shift_us);
    } else if (parsed.kind == BODY_WORK) {
        parsed.work.from_us += shift_us;
        parsed.work.until_us += shift_us;
        body_write_work(out, &parsed.work);
    } else {
        buf_put(out, body.at, body.len);
    }
    body_done(&parsed);
    return out->err;
}

int outbox_render(struct slice body, int64_t offset_ms, struct buf *out)
{
    int64_t shift_us = (offset_ms - OUTBOX_RECORD_MONO_ZERO_MS) * 1000;
    if (body_is_readings(body))
        return render_readings(body, shift_us, out);
    return render_object(body, shift_us, out);
}
