#include "codec/api.h"

#include <stdio.h>

static void put_epoch(struct emit *e, uint64_t epoch)
{
    char hex[20];
    snprintf(hex, sizeof hex, "%016llx", (unsigned long long)epoch);
    emit_text(e, "epoch", epoch ? hex : NULL);
}

static void put_since(struct emit *e, const char *key, struct wall_ms t)
{
    if (t.ms)
        emit_instant(e, key, t);
    else
        emit_null(e, key);
}

static void put_packs(struct emit *e, const struct stream_mark *m)
{
    emit_int(e, "highest", (int64_t)m->highest);
    emit_int(e, "stored", (int64_t)m->stored);
    emit_int(e, "refused", (int64_t)m->refused);
    emit_int(e, "untimed", (int64_t)m->untimed);
    emit_int(e, "lost_at_probe", (int64_t)m->lost);
    emit_int(e, "missing_at_centre", (int64_t)m->missing);
    emit_int(e, "open", (int64_t)stream_open_packs(m));
    emit_bool(e, "balanced", stream_balanced(m));
}

static void put_mark(struct emit *e, const struct stream_mark *m)
{
    emit_object(e, NULL);
    put_epoch(e, m->epoch);
    put_packs(e, m);
    put_since(e, "open_since", m->open_since);
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
    emit_int(e, "unwritten_at_probe", (int64_t)session_view(c->session, probe)->unwritten);
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

/* The equation of packs over all probes and epochs. */
static void put_all_packs(const struct centre *c, struct emit *e)
{
    struct stream_mark sum = {0};
    for (uint32_t probe = 0; probe < c->inventory->probes.len; probe++) {
        struct stream_mark own = stream_sum(c->stream, probe);
        stream_add(&sum, &own);
    }
    emit_object(e, "packs");
    put_packs(e, &sum);
    emit_end(e);
}

/* What was said and not settled, of all streams; the oldest says how long people have waited. */
static void put_open(const struct centre *c, struct emit *e)
{
    uint64_t packs = 0;
    uint64_t streams = 0;
    struct wall_ms oldest = {0};
    for (uint32_t probe = 0; probe < c->inventory->probes.len; probe++) {
        size_t n = 0;
        const struct stream_mark *marks = stream_marks(c->stream, probe, &n);
        for (size_t i = 0; i < n; i++) {
            uint64_t open = stream_open_packs(&marks[i]);
            packs += open;
            streams += open > 0;
            if (open && marks[i].open_since.ms &&
                (!oldest.ms || marks[i].open_since.ms < oldest.ms))
                oldest = marks[i].open_since;
        }
    }
    emit_object(e, "open");
    emit_int(e, "packs", (int64_t)packs);
    emit_int(e, "streams", (int64_t)streams);
    put_since(e, "oldest_since", oldest);
    emit_end(e);
}

static bool named(const struct api_scope *scope, const struct api_ledger *outside, uint32_t probe)
{
    return outside->every_probe || api_probe_shown(scope, probe);
}

static void put_finding(const struct api_scope *scope, const struct api_ledger *outside,
                        const struct ledger_finding *f, struct emit *e)
{
    const struct names *probes = &scope->centre->inventory->probes;
    bool shown = f->probe < probes->len && named(scope, outside, f->probe);
    const char *left;
    const char *right;
    ledger_equation_sides(f->equation, &left, &right);
    emit_object(e, NULL);
    emit_text(e, "equation", ledger_equation_word(f->equation));
    emit_text(e, "probe", shown ? names_text(probes, f->probe) : NULL);
    put_epoch(e, f->epoch);
    emit_text(e, "left_is", left);
    emit_int(e, "left", (int64_t)f->left);
    emit_text(e, "right_is", right);
    emit_int(e, "right", (int64_t)f->right);
    emit_end(e);
}

static void put_audit(const struct api_scope *scope, const struct api_ledger *outside,
                      struct emit *e)
{
    const struct ledger_audit *audit = outside->audit;
    put_since(e, "checked_at", audit->at);
    emit_int(e, "checks", (int64_t)outside->audits);
    emit_int(e, "broken_total", (int64_t)audit->broken);
    emit_array(e, "broken");
    for (size_t i = 0; i < audit->len; i++)
        put_finding(scope, outside, &audit->finding[i], e);
    emit_end(e);
}

static void put_probes(const struct api_scope *scope, const struct api_ledger *outside,
                       uint32_t probe, struct api_page page, struct emit *e)
{
    uint64_t total = 0;
    emit_array(e, "probes");
    for (uint32_t i = 0; i < scope->centre->inventory->probes.len; i++) {
        if ((probe != INV_NONE && probe != i) || !named(scope, outside, i))
            continue;
        if (probe != INV_NONE || api_page_has(page, total))
            put_probe(scope, i, e);
        total++;
    }
    api_page_end(page, total, e);
}

void api_ledger(const struct api_scope *scope, const struct api_ledger *outside, uint32_t probe,
                struct api_page page, struct buf *out)
{
    const struct centre *c = scope->centre;
    struct emit e = emit_to(out);
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    put_audit(scope, outside, &e);
    put_totals(&c->ledger, outside, &e);
    put_all_packs(c, &e);
    put_open(c, &e);
    put_probes(scope, outside, probe, page, &e);
    emit_end(&e);
}
