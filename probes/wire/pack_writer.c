#include "wire/pack_writer.h"

#include "base/err.h"
#include "base/num.h"
#include "wire/json.h"
#include "wire/seconds.h"

void pack_writer_begin(struct pack_writer *w, struct buf *out)
{
    *w = (struct pack_writer){.out = out, .start = out->len};
    buf_char(out, '[');
}

static bool same_site(const struct pack_writer *w, struct slice site)
{
    return slice_equal(site, (struct slice){w->site, w->site_len});
}

static void put_value(struct buf *out, const struct reading *reading)
{
    char number[NUM_TEXT_MAX];
    switch (reading->kind) {
    case READING_NUMBER:
        buf_str(out, ",\"v\":");
        buf_put(out, number, num_format(reading->number, number));
        break;
    case READING_FLAG:
        buf_str(out, reading->flag ? ",\"vb\":true" : ",\"vb\":false");
        break;
    case READING_TEXT:
        buf_str(out, ",\"vs\":");
        json_put_text(out, reading->text);
        break;
    }
}

static void put_record(const struct pack_writer *w, const struct reading *reading)
{
    struct buf *out = w->out;
    buf_str(out, w->count ? ",{" : "{");
    if (!same_site(w, reading->site)) {
        buf_str(out, "\"bn\":\"");
        buf_put(out, reading->site.at, reading->site.len);
        buf_str(out, "/\",");
    }
    if (reading->time_us != w->base_us) {
        buf_str(out, "\"bt\":");
        seconds_write(out, reading->time_us);
        buf_char(out, ',');
    }
    buf_str(out, "\"n\":\"");
    buf_put(out, reading->check.at, reading->check.len);
    buf_char(out, '/');
    buf_put(out, reading->metric.at, reading->metric.len);
    buf_char(out, '"');
    if (reading->unit.len) {
        buf_str(out, ",\"u\":");
        json_put_text(out, reading->unit);
    }
    put_value(out, reading);
    buf_char(out, '}');
}

int pack_writer_add(struct pack_writer *w, const struct reading *reading)
{
    int err = w->out->err ? w->out->err : pack_reading_check(reading, NULL);
    if (err)
        return err;
    if (w->count == PACK_READINGS_MAX)
        return ERR_FULL;
    size_t before = w->out->len;
    put_record(w, reading);
    size_t with_end = w->out->len + 1;
    err = w->out->err;
    if (!err && (with_end - w->start > PACK_BYTES_MAX || with_end > w->out->max))
        err = ERR_FULL;
    if (err) {
        buf_cut(w->out, before);
        return err;
    }
    memcpy(w->site, reading->site.at, reading->site.len);
    w->site_len = reading->site.len;
    w->base_us = reading->time_us;
    w->count++;
    return 0;
}

int pack_writer_end(struct pack_writer *w)
{
    buf_char(w->out, ']');
    return w->out->err;
}
