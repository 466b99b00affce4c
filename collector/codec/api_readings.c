#include "codec/api_readings.h"

#include "codec/emit.h"

static void put_reading(const struct latest_reading *r, struct emit *e)
{
    emit_object(e, NULL);
    emit_text(e, "probe", r->source);
    emit_text(e, "check", r->check);
    emit_text(e, "metric", r->metric);
    emit_filled(e, "unit", r->unit);
    emit_instant(e, "at", (struct wall_ms){r->time_us / 1000});
    if (r->kind == READING_NUMBER)
        emit_number(e, "number", r->number);
    else if (r->kind == READING_FLAG)
        emit_bool(e, "flag", r->flag);
    else
        emit_text(e, "text", r->text);
    emit_end(e);
}

void api_readings(const struct api_scope *scope, const struct latest_site *site, struct buf *out)
{
    struct emit e = emit_to(out);
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    emit_text(&e, "site", site->id);
    emit_instant(&e, "since", site->since);
    emit_array(&e, "readings");
    for (size_t i = 0; i < site->readings.len; i++)
        put_reading(vec_at(&site->readings, i), &e);
    emit_end(&e);
    emit_int(&e, "left_out", (int64_t)site->left_out);
    emit_end(&e);
}
