#include "codec/emit.h"

#include "base/iso.h"
#include "base/num.h"
#include "wire/json.h"

#include <math.h>

struct emit emit_to(struct buf *out)
{
    return (struct emit){.out = out};
}

/* The comma before and the key of a value. */
static void lead(struct emit *e, const char *key)
{
    uint64_t bit = UINT64_C(1) << e->level;
    if (e->filled & bit)
        buf_char(e->out, ',');
    e->filled |= bit;
    if (key) {
        json_put_text(e->out, slice_of(key));
        buf_char(e->out, ':');
    }
}

static void open_level(struct emit *e, const char *key, bool array)
{
    lead(e, key);
    buf_char(e->out, array ? '[' : '{');
    e->level++;
    uint64_t bit = UINT64_C(1) << e->level;
    e->filled &= ~bit;
    e->arrays = array ? e->arrays | bit : e->arrays & ~bit;
}

void emit_object(struct emit *e, const char *key)
{
    open_level(e, key, false);
}

void emit_array(struct emit *e, const char *key)
{
    open_level(e, key, true);
}

void emit_end(struct emit *e)
{
    buf_char(e->out, e->arrays >> e->level & 1 ? ']' : '}');
    e->level--;
}

void emit_slice(struct emit *e, const char *key, struct slice text)
{
    lead(e, key);
    json_put_text(e->out, text);
}

void emit_text(struct emit *e, const char *key, const char *text)
{
    if (text)
        emit_slice(e, key, slice_of(text));
    else
        emit_null(e, key);
}

void emit_filled(struct emit *e, const char *key, const char *text)
{
    emit_text(e, key, text && text[0] ? text : NULL);
}

void emit_int(struct emit *e, const char *key, int64_t value)
{
    lead(e, key);
    buf_i64(e->out, value);
}

void emit_number(struct emit *e, const char *key, double value)
{
    char text[NUM_TEXT_MAX];
    if (!isfinite(value)) {
        emit_null(e, key);
        return;
    }
    lead(e, key);
    buf_put(e->out, text, num_format(value, text));
}

void emit_bool(struct emit *e, const char *key, bool value)
{
    lead(e, key);
    buf_str(e->out, value ? "true" : "false");
}

void emit_null(struct emit *e, const char *key)
{
    lead(e, key);
    buf_str(e->out, "null");
}

void emit_instant(struct emit *e, const char *key, struct wall_ms t)
{
    if (t.ms == WALL_NEVER_MS || t.ms == INT64_MIN) {
        emit_null(e, key);
        return;
    }
    char text[ISO_TEXT_MAX];
    emit_slice(e, key, (struct slice){text, iso_write(t, text)});
}
