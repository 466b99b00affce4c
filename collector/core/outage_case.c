#include "core/outage_case.h"

#include "base/err.h"

bool outage_case_open(const struct outage_group *group, const struct outage *members,
                      struct wall_ms now)
{
    bool open = group->root.to.ms > now.ms;
    for (size_t i = 0; !open && i < group->len; i++)
        open = members[group->first + i].to.ms > now.ms;
    return open;
}

static struct outage root_of(const struct centre *c, uint64_t number)
{
    struct outage o = outages_numbered(c->outages, number);
    if (!o.number)
        o = outages_numbered(c->outages, lives_number(c->lives, number));
    return o.number ? outage_root(c->outages, c->inventory, &o) : o;
}

/* What began before its root overlaps it at least, so from the root's start on nothing is missed.
 */
static int ask(const struct centre *c, const struct outage *root, struct wall_ms now,
               struct outage_groups *ret_groups)
{
    const struct outage_sources from = {c->outages, c->inventory, c->serving, c->world, NULL};
    const struct outage_question q = {.area = INV_NONE,
                                      .root = root->number,
                                      .from = root->from,
                                      .to = {WALL_NEVER_MS},
                                      .now = now};
    return outage_groups_ask(&from, &q, ret_groups);
}

int outage_case_find(const struct centre *c, uint64_t number, struct wall_ms now,
                     struct outage_case *ret_case)
{
    struct outage root = root_of(c, number);
    struct outage_case found = {.open = false};
    if (!root.number)
        return ERR_NOT_FOUND;
    int err = ask(c, &root, now, &found.groups);
    if (err)
        return err;
    if (found.groups.groups.len == 0) { /* its root is its own at least */
        outage_groups_done(&found.groups);
        return ERR_NOT_FOUND;
    }
    found.group = vec_at(&found.groups.groups, 0);
    const struct outage *members = found.groups.members.items;
    found.open = outage_case_open(found.group, members, now);
    found.life = lives_of_group(c->lives, &root, members + found.group->first, found.group->len);
    found.view = life_at(found.life, found.open, now);
    *ret_case = found;
    return 0;
}

void outage_case_done(struct outage_case *found)
{
    outage_groups_done(&found->groups);
}

int outage_case_act(struct centre *c, const struct outage_case *found, const struct life_act *act,
                    const char **ret_why)
{
    const struct outage *root = &found->group->root;
    const char *why = life_refusal(&found->view, found->open, act);
    if (why) {
        *ret_why = why;
        return ERR_DENIED;
    }
    int err = lives_act(c->lives, root, found->life, act);
    if (err)
        return err;
    return dirty_add(&c->changed_sites, inventory_unit_id(c->inventory, root->unit)->site);
}
