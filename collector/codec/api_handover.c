/* What one shift hands over to the next: what lasts, who has it, and what is declared. */
#include "codec/api_life.h"
#include "codec/api_outage.h"

static const int64_t AHEAD_MS = INT64_C(24) * 60 * 60 * 1000;

/* How many of the outages that last stand how. */
struct standing {
    int64_t unacknowledged;
    int64_t shelved;
    int64_t overdue;
};

static struct standing count(const struct api_scope *scope, const struct outage_groups *groups)
{
    struct standing t = {0};
    for (size_t i = 0; i < groups->groups.len; i++) {
        struct life_view v = api_life_of(scope, groups, vec_at(&groups->groups, i));
        t.unacknowledged += v.first == NULL;
        t.shelved += v.shelf != NULL;
        t.overdue += v.overdue;
    }
    return t;
}

static bool concerns(const struct declaration *d, struct wall_ms now)
{
    return d->withdrawn.ms == 0 && d->kind == DECLARATION_MAINTENANCE && d->span.to.ms > now.ms &&
           d->span.from.ms < now.ms + AHEAD_MS;
}

static void put_maintenance(const struct api_scope *scope, struct emit *e)
{
    const struct vec *rows = &scope->centre->inventory->declarations;
    emit_array(e, "maintenance");
    for (size_t i = 0; i < rows->len; i++) {
        const struct declaration *d = vec_at(rows, i);
        if (concerns(d, scope->now) && api_declaration_shown(scope, d))
            api_declaration_item(scope, d, e);
    }
    emit_end(e);
}

static void put_signature(const struct shift_kept *k, const char *key, struct emit *e)
{
    if (!k) {
        emit_null(e, key);
        return;
    }
    emit_object(e, key);
    emit_instant(e, "at", k->at);
    emit_text(e, "by", k->by);
    emit_end(e);
}

int api_handover(const struct api_scope *scope, struct api_page page, struct buf *out)
{
    struct outage_groups groups;
    int err = api_outage_open(scope, INV_NONE, &groups);
    if (err)
        return err;
    struct standing t = count(scope, &groups);
    struct emit e = emit_to(out);
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    put_signature(shift_book_last(&scope->centre->shifts, SHIFT_TAKEN), "taken", &e);
    put_signature(shift_book_waits(&scope->centre->shifts), "given", &e);
    emit_int(&e, "unacknowledged", t.unacknowledged);
    emit_int(&e, "shelved", t.shelved);
    emit_int(&e, "overdue", t.overdue);
    api_outage_list(scope, &groups, page, &e);
    emit_int(&e, "offset", (int64_t)page.offset);
    put_maintenance(scope, &e);
    emit_end(&e);
    outage_groups_done(&groups);
    return 0;
}
