#include "codec/api.h"

static void put_mark(struct emit *e, const struct stream_mark *m)
{
    emit_object(e, NULL);
    if (m->epoch) {
        char epoch[20];
        struct buf hex;
        buf_init(&hex, sizeof epoch);
        buf_printf(&hex, "%016llx", (unsigned long long)m->epoch);
        emit_slice(e, "epoch", (struct slice){hex.data, hex.len});
        buf_done(&hex);
    } else {
        emit_null(e, "epoch");
    }
    emit_int(e, "highest", (int64_t)m->highest);
    emit_int(e, "stored", (int64_t)m->stored);
    emit_int(e, "refused", (int64_t)m->refused);
    emit_int(e, "untimed", (int64_t)m->untimed);
    emit_int(e, "lost_at_probe", (int64_t)m->lost);
    emit_int(e, "missing_at_centre", (int64_t)m->missing);
    emit_int(e, "open", (int64_t)stream_open_packs(m));
    emit_bool(e, "balanced", stream_balanced(m));
    emit_end(e);
}

static void put_probe(const struct api_scope *scope, uint32_t probe, struct emit *e)
{
    const struct centre *c = scope->centre;
    size_t n = 0;
    const struct stream_mark *marks = stream_marks(c->stream, probe, &n);
    struct stream_mark retired = stream_retired(c->stream, probe);
    emit_object(e, NULL);
    emit_text(e, "probe", names_text(&c->inventory->probes, probe));
    emit_array(e, "epochs");
    for (size_t i = 0; i < n; i++)
        put_mark(e, &marks[i]);
    if (retired.highest)
        put_mark(e, &retired);
    emit_end(e);
    emit_end(e);
}

static void put_totals(const struct ledger *l, const struct api_ledger *outside, struct emit *e)
{
    const char *name;
    const char *what;
    uint64_t value;
    emit_object(e, "messages");
    emit_int(e, "logged", (int64_t)outside->logged);
    emit_int(e, "in_intake", (int64_t)outside->in_intake);
    emit_bool(e, "balanced", outside->logged == outside->in_intake + ledger_processed(l));
    emit_end(e);
    emit_object(e, "readings");
    emit_int(e, "pending", (int64_t)outside->pending_readings);
    emit_bool(e, "balanced", ledger_balanced(l, outside->pending_readings));
    emit_end(e);
    emit_object(e, "counters");
    for (uint32_t i = 0; ledger_counter(l, i, &name, &what, &value); i++)
        emit_int(e, name, (int64_t)value);
    emit_end(e);
}

void api_ledger(const struct api_scope *scope, const struct api_ledger *outside,
                struct api_page page, struct buf *out)
{
    const struct centre *c = scope->centre;
    struct emit e = emit_to(out);
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    put_totals(&c->ledger, outside, &e);
    emit_array(&e, "probes");
    uint64_t probes = c->inventory->probes.len;
    for (uint64_t i = page.offset; i < probes && i - page.offset < page.limit; i++)
        put_probe(scope, (uint32_t)i, &e);
    emit_end(&e);
    emit_int(&e, "total", (int64_t)probes);
    emit_int(&e, "offset", (int64_t)page.offset);
    emit_end(&e);
}
