/* One outage as people work with it: what it is, whom it concerns, and what was done. */
#include "codec/api_case.h"
#include "base/err.h"
#include "codec/api_life.h"
#include "codec/api_outage.h"

/* Those of the members that one operator serves with one service. */
struct part {
    uint32_t op;
    uint32_t service;
    struct vec members; /* struct outage */
};

static int collect(const struct api_scope *scope, const struct outage_case *found,
                   struct part *part)
{
    const struct inventory *inv = scope->centre->inventory;
    part->members.len = 0;
    for (size_t i = 0; i < found->group->len; i++) {
        const struct outage *o = vec_at(&found->groups.members, found->group->first + i);
        const struct unit_id *id = inventory_unit_id(inv, o->unit);
        if (id->op != part->op || id->service != part->service)
            continue;
        struct outage *member = vec_push(&part->members);
        if (!member)
            return ERR_NOMEM;
        *member = *o;
    }
    return 0;
}

static int put_part(const struct api_scope *scope, const struct part *part, struct emit *e)
{
    const struct centre *c = scope->centre;
    const struct outage *first = part->members.items;
    enum family family = inventory_unit_id(c->inventory, first->unit)->family;
    struct outage_impacts impact;
    int err = outage_impact(first, part->members.len, family, c->serving, c->inventory, c->world,
                            scope->now, &impact);
    if (err)
        return err;
    emit_object(e, NULL);
    emit_text(e, "operator",
              part->op == INV_NONE ? NULL : names_text(&c->inventory->operators, part->op));
    emit_text(e, "service", names_text(&c->inventory->services, part->service));
    emit_int(e, "units", (int64_t)part->members.len);
    api_outage_impacts("impact", &impact, e);
    emit_end(e);
    return 0;
}

static int put_service(const struct api_scope *scope, const struct outage_case *found,
                       struct part *part, struct emit *e)
{
    const struct inventory *inv = scope->centre->inventory;
    int err = 0;
    for (uint32_t op = 0; !err && op <= inv->operators.len; op++) {
        part->op = op < inv->operators.len ? op : INV_NONE;
        err = collect(scope, found, part);
        if (!err && part->members.len > 0)
            err = put_part(scope, part, e);
    }
    return err;
}

static int put_parts(const struct api_scope *scope, const struct outage_case *found, struct emit *e)
{
    const struct inventory *inv = scope->centre->inventory;
    struct part part;
    int err = 0;
    vec_init(&part.members, sizeof(struct outage), found->group->len);
    emit_array(e, "by_operator_and_service");
    for (part.service = 0; !err && part.service < inv->services.len; part.service++)
        err = put_service(scope, found, &part, e);
    emit_end(e);
    vec_done(&part.members);
    return err;
}

int api_case(const struct api_scope *scope, const struct outage_case *found, struct api_page page,
             struct buf *out)
{
    const struct centre *c = scope->centre;
    const struct outage *root = &found->group->root;
    bool hidden = api_outage_hidden(scope, root);
    struct unit_view then = world_unit_at(c->world, root->unit, root->from);
    struct emit e = emit_to(out);
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    api_outage_group(scope, &found->groups, found->group, page, &e);
    emit_int(&e, "offset", (int64_t)page.offset);
    emit_text(&e, "provenance", provenance_word((int)then.provenance));
    int err = put_parts(scope, found, &e);
    api_life_acts(found->life, hidden, &e);
    emit_end(&e);
    return err;
}
