/* A message as the collector gets it: the topic, a newline, the payload. What is read well is
 * written again and must read back the same. */
#include "base/err.h"
#include "check.h"
#include "wire/body.h"
#include "wire/centre.h"
#include "wire/pack_reader.h"
#include "wire/pack_writer.h"
#include "wire/status.h"
#include "wire/topic.h"

static const struct wall_ms NOW = {1790000000000};

static bool same_reading(const struct reading *a, const struct reading *b)
{
    return slice_equal(a->site, b->site) && slice_equal(a->check, b->check) &&
           slice_equal(a->metric, b->metric) && slice_equal(a->unit, b->unit) &&
           a->time_us == b->time_us && a->kind == b->kind && a->number == b->number &&
           a->flag == b->flag && slice_equal(a->text, b->text);
}

/* Texts grow when they are escaped, so not all readings need fit into a pack again. */
static void rewrite_readings(const struct pack_reader *first)
{
    static struct pack_reader second;
    if (!second.readings)
        check(pack_reader_init(&second) == 0, "memory for the reader");
    struct buf out;
    buf_init(&out, PACK_BYTES_MAX);
    struct pack_writer w;
    pack_writer_begin(&w, &out);
    int err = 0;
    for (size_t i = 0; i < first->len && !err; i++)
        err = pack_writer_add(&w, &first->readings[i]);
    check(!err || err == ERR_FULL, "what was read can be written");
    check(pack_writer_end(&w) == 0, "a pack can be ended");
    err = pack_reader_read(&second, (struct slice){out.data, out.len}, PACK_STREAM, NOW, NULL);
    check(!err && second.len == w.count, "what was written reads back");
    for (size_t i = 0; i < second.len; i++)
        check(same_reading(&first->readings[i], &second.readings[i]), "a reading reads back");
    buf_done(&out);
}

static void take_readings(struct slice payload, enum pack_origin origin)
{
    static struct pack_reader reader;
    if (!reader.readings)
        check(pack_reader_init(&reader) == 0, "memory for the reader");
    struct reason why = {""};
    int err = pack_reader_read(&reader, payload, origin, NOW, &why);
    check(!err == !why.text[0], "a refusal has a reason");
    check(!err || reader.len == 0, "a refused pack gives no readings");
    if (!err)
        rewrite_readings(&reader);
}

static void write_body(struct buf *out, const struct body *body)
{
    if (body->kind == BODY_CHECKLIST)
        checklist_write(out, &body->list);
    else if (body->kind == BODY_WORK)
        body_write_work(out, &body->work);
    else if (body->kind == BODY_POWER_LOST)
        body_write_power_lost(out, body->power_lost_us);
    else
        body_write_untimed(out, body->untimed);
}

static void take_body(struct slice payload)
{
    struct body first, second;
    struct reason why = {""};
    int err = body_read(payload, NOW, &first, &why);
    check(!err == !why.text[0], "a refusal has a reason");
    if (err)
        return;
    struct buf once, twice;
    buf_init(&once, 4 * PACK_BYTES_MAX);
    buf_init(&twice, 4 * PACK_BYTES_MAX);
    write_body(&once, &first);
    if (once.len <= PACK_BYTES_MAX) {
        check(body_read((struct slice){once.data, once.len}, NOW, &second, NULL) == 0,
              "an object reads back");
        write_body(&twice, &second);
        check(
            slice_equal((struct slice){once.data, once.len}, (struct slice){twice.data, twice.len}),
            "an object is the same when it was read back");
        body_done(&second);
    }
    body_done(&first);
    buf_done(&once);
    buf_done(&twice);
}

static void take_status(struct slice payload)
{
    struct status first, second;
    struct reason why = {""};
    int err = status_read(payload, &first, &why);
    check(!err == !why.text[0], "a refusal has a reason");
    if (err)
        return;
    struct buf once, twice;
    buf_init(&once, 4 * PACK_BYTES_MAX);
    buf_init(&twice, 4 * PACK_BYTES_MAX);
    status_write(&once, &first);
    if (once.len <= PACK_BYTES_MAX) {
        check(status_read((struct slice){once.data, once.len}, &second, NULL) == 0,
              "a status reads back");
        status_write(&twice, &second);
        check(
            slice_equal((struct slice){once.data, once.len}, (struct slice){twice.data, twice.len}),
            "a status is the same when it was read back");
        status_done(&second);
    }
    status_done(&first);
    buf_done(&once);
    buf_done(&twice);
}

static void take_centre(enum topic_kind kind, struct slice payload)
{
    struct centre_status status;
    struct centre_echo echo;
    struct buf out;
    buf_init(&out, PACK_BYTES_MAX);
    if (kind == TOPIC_CENTRE_STATUS && centre_read_status(payload, &status, NULL) == 0) {
        centre_write_status(&out, &status, (struct slice){0});
        check(centre_read_status((struct slice){out.data, out.len}, &status, NULL) == 0,
              "the state of a centre reads back");
    } else if (kind == TOPIC_CENTRE_ECHO && centre_read_echo(payload, &echo, NULL) == 0) {
        centre_write_echo(&out, &echo);
        check(centre_read_echo((struct slice){out.data, out.len}, &echo, NULL) == 0,
              "a marker reads back");
    }
    buf_done(&out);
}

static void take(const struct topic *topic, struct slice payload)
{
    switch (topic->kind) {
    case TOPIC_DATA:
        if (body_is_readings(payload))
            take_readings(payload, PACK_STREAM);
        else
            take_body(payload);
        break;
    case TOPIC_PLAIN:
        take_readings(payload, PACK_PLAIN);
        break;
    case TOPIC_STATUS:
        take_status(payload);
        break;
    default:
        take_centre(topic->kind, payload);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    const char *newline = size ? memchr(text.at, '\n', size) : NULL;
    struct slice payload = {0};
    if (newline) {
        text.len = (size_t)(newline - text.at);
        payload = (struct slice){newline + 1, size - text.len - 1};
    }
    struct topic topic;
    struct reason why = {""};
    int err = topic_read(text, &topic, &why);
    check(!err == !why.text[0], "a refusal has a reason");
    if (err)
        return 0;
    struct buf out;
    buf_init(&out, TOPIC_MAX);
    topic_write(&out, &topic);
    check(slice_equal(text, (struct slice){out.data, out.len}), "a topic reads back");
    buf_done(&out);
    take(&topic, payload);
    return 0;
}
