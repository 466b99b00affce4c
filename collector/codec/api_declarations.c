/* What is declared: rows of the files and of people, as far as anybody may see their sites. */
#include "codec/api.h"

bool api_declaration_shown(const struct api_scope *scope, const struct declaration *d)
{
    const struct site_row *row = inventory_site(scope->centre->inventory, d->site, scope->now);
    return api_site_shown(scope, row) || (!row && !scope->guest);
}

/* Does it enter the figures of the contract? Maintenance only if it was declared in time (FIGURES
 * 7.23). */
static bool counts(const struct declaration *d)
{
    return d->kind == DECLARATION_ASLEEP || d->registered.ms < d->span.from.ms;
}

void api_declaration_item(const struct api_scope *scope, const struct declaration *d,
                          struct emit *e)
{
    const struct inventory *inv = scope->centre->inventory;
    emit_object(e, NULL);
    if (d->number > 0)
        emit_int(e, "number", d->number);
    else
        emit_null(e, "number");
    emit_text(e, "target",
              d->unit == INV_NONE ? names_text(&inv->sites, d->site)
                                  : names_text(&inv->units, d->unit));
    emit_text(e, "site", names_text(&inv->sites, d->site));
    emit_text(e, "kind", d->kind == DECLARATION_ASLEEP ? "asleep" : "maintenance");
    emit_instant(e, "from", d->span.from);
    emit_instant(e, "to", d->span.to);
    emit_text(e, "reason", d->reason);
    emit_filled(e, "by", d->by);
    emit_instant(e, "registered", d->registered);
    emit_bool(e, "counts", counts(d));
    emit_bool(e, "retroactive", d->retroactive);
    if (d->withdrawn.ms != 0)
        emit_instant(e, "withdrawn", d->withdrawn);
    else
        emit_null(e, "withdrawn");
    emit_end(e);
}

void api_declarations(const struct api_scope *scope, uint32_t site, struct api_page page,
                      struct buf *out)
{
    const struct vec *rows = &scope->centre->inventory->declarations;
    struct emit e = emit_to(out);
    uint64_t total = 0;
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    emit_array(&e, "declarations");
    for (size_t i = 0; i < rows->len; i++) {
        const struct declaration *d = vec_at(rows, i);
        if ((site != INV_NONE && d->site != site) || !api_declaration_shown(scope, d))
            continue;
        if (api_page_has(page, total))
            api_declaration_item(scope, d, &e);
        total++;
    }
    api_page_end(page, total, &e);
    emit_end(&e);
}

void api_declaration(const struct api_scope *scope, const struct declaration *declaration,
                     struct buf *out)
{
    struct emit e = emit_to(out);
    api_declaration_item(scope, declaration, &e);
}
