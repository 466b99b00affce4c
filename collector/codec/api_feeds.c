#include "codec/api_feeds.h"

#include "codec/api_hidden.h"
#include "core/inventory_tree.h"
#include "core/world_words.h"

#include <string.h>

/* Lines, each a text of its own; what names a restricted site is only counted. */
static void put_notes(const struct api_hidden *hidden, const char *notes, struct emit *e)
{
    emit_array(e, "notes");
    while (notes && *notes) {
        size_t len = strcspn(notes, "\n");
        if (!api_hidden_told(hidden, (struct slice){notes, len}))
            emit_slice(e, NULL, (struct slice){notes, len});
        notes += len + (notes[len] == '\n');
    }
    emit_end(e);
}

static void put_feed(const struct api_scope *scope, const struct api_hidden *hidden,
                     const struct api_feed *f, struct emit *e)
{
    bool known = f->as_of.ms != INT64_MIN;
    emit_object(e, NULL);
    emit_text(e, "feed", f->name);
    emit_filled(e, "operator", f->operator_id);
    emit_text(e, "source", f->source);
    emit_text(e, "content", f->content);
    emit_filled(e, "file", f->file);
    emit_instant(e, "table_as_of", f->as_of);
    emit_instant(e, "taken", f->taken);
    if (known)
        emit_int(e, "delay_ms", scope->now.ms - f->as_of.ms);
    else
        emit_null(e, "delay_ms");
    emit_int(e, "period_ms", f->period_ms);
    emit_int(e, "ttl_ms", f->ttl_ms);
    emit_bool(e, "stale", !known || scope->now.ms - f->as_of.ms > f->ttl_ms);
    emit_int(e, "rows", f->rows);
    emit_int(e, "rows_refused", f->refused);
    emit_int(e, "rows_of_unknown_sites", f->strangers);
    emit_int(e, "units_unnamed", f->unnamed);
    emit_int(e, "waiting", f->waiting);
    bool told = f->problem && !api_hidden_told(hidden, slice_of(f->problem));
    emit_filled(e, "problem", told ? f->problem : NULL);
    put_notes(hidden, f->notes, e);
    emit_end(e);
}

void api_feeds(const struct api_scope *scope, const struct api_feed *const *feeds, size_t n,
               struct buf *out)
{
    struct emit e = emit_to(out);
    struct api_hidden hidden;
    api_hidden_init(&hidden, scope);
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    emit_array(&e, "feeds");
    for (size_t i = 0; i < n; i++)
        put_feed(scope, &hidden, feeds[i], &e);
    emit_end(&e);
    emit_end(&e);
    api_hidden_done(&hidden);
}

static bool shown(const struct api_scope *scope, const struct site_row *site, uint32_t area)
{
    if (!api_site_shown(scope, site))
        return false;
    return area == INV_NONE ||
           inventory_tree_within(scope->centre->inventory, site->area, area, scope->now);
}

static void put_disagreement(const struct api_scope *scope, uint32_t unit,
                             const struct world_words *words, struct emit *e)
{
    const struct inventory *inv = scope->centre->inventory;
    const struct unit_id *id = inventory_unit_id(inv, unit);
    const struct site_row *site = inventory_site(inv, id->site, scope->now);
    int64_t since = words->own_since > words->told_since ? words->own_since : words->told_since;
    emit_object(e, NULL);
    emit_text(e, "unit", names_text(&inv->units, unit));
    emit_text(e, "site", names_text(&inv->sites, id->site));
    emit_text(e, "name", site->name);
    emit_text(e, "operator", id->op == INV_NONE ? NULL : names_text(&inv->operators, id->op));
    emit_text(e, "measured", state_word((int)words->own.state));
    emit_text(e, "measured_cause",
              words->own.cause == CAUSE_NONE ? NULL : cause_word((int)words->own.cause));
    emit_text(e, "told", state_word((int)words->told.state));
    emit_text(e, "told_cause",
              words->told.cause == CAUSE_NONE ? NULL : cause_word((int)words->told.cause));
    emit_instant(e, "told_at", (struct wall_ms){words->told_at});
    emit_instant(e, "since", (struct wall_ms){since});
    emit_end(e);
}

int api_disagreements(const struct api_scope *scope, uint32_t area, struct api_page page,
                      struct buf *out)
{
    const struct centre *c = scope->centre;
    const struct inventory *inv = c->inventory;
    struct emit e = emit_to(out);
    uint64_t total = 0;
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    emit_array(&e, "disagreements");
    for (uint32_t unit = 0; unit < inv->unit_ids.len; unit++) {
        struct world_words words;
        if (!shown(scope, inventory_site(inv, inventory_unit_id(inv, unit)->site, scope->now),
                   area) ||
            !inventory_unit_exists(inv, unit, scope->now))
            continue;
        int err = world_words(c->world, unit, &words);
        if (err)
            return err;
        if (!world_words_differ(&words))
            continue;
        if (api_page_has(page, total))
            put_disagreement(scope, unit, &words, &e);
        total++;
    }
    api_page_end(page, total, &e);
    emit_end(&e);
    return 0;
}
