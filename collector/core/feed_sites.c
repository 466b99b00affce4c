#include "core/feed_sites.h"

#include "base/err.h"

#include <string.h>

enum { NAMES_MAX = 1 << 22 };

static int add(struct feed_sites *s, struct slice name, uint32_t site)
{
    uint32_t number;
    if (name.len == 0)
        return 0;
    int err = names_add(&s->names, name, &number);
    if (err)
        return err;
    if (number < s->sites.len) {
        uint32_t *held = vec_at(&s->sites, number);
        *held = *held == site ? site : INV_NONE;
        return 0;
    }
    uint32_t *fresh = vec_push(&s->sites);
    if (!fresh)
        return ERR_NOMEM;
    *fresh = site;
    return 0;
}

bool feed_sites_alias(struct slice *rest, struct slice *ret_alias)
{
    size_t at = 0, len = 0;
    while (at < rest->len && strchr("|; ", rest->at[at]))
        at++;
    while (at + len < rest->len && !strchr("|;", rest->at[at + len]))
        len++;
    *ret_alias = (struct slice){rest->at + at, len};
    *rest = (struct slice){rest->at + at + len, rest->len - at - len};
    while (ret_alias->len && ret_alias->at[ret_alias->len - 1] == ' ')
        ret_alias->len--;
    return ret_alias->len > 0;
}

static int add_aliases(struct feed_sites *s, const char *text, uint32_t site)
{
    struct slice rest = slice_of(text), alias;
    int err = 0;
    while (!err && feed_sites_alias(&rest, &alias))
        err = add(s, alias, site);
    return err;
}

int feed_sites_init(struct feed_sites *s, const struct inventory *inv, struct wall_ms t)
{
    int err = 0;
    *s = (struct feed_sites){.inv = inv};
    names_init(&s->names, NAMES_MAX);
    vec_init(&s->sites, sizeof(uint32_t), NAMES_MAX);
    for (uint32_t site = 0; !err && site < inv->sites.len; site++) {
        const struct site_row *row = inventory_site(inv, site, t);
        if (!row)
            continue;
        err = add(s, slice_of(row->code), site);
        if (!err)
            err = add_aliases(s, row->aliases, site);
    }
    if (err)
        feed_sites_done(s);
    return err;
}

void feed_sites_done(struct feed_sites *s)
{
    names_done(&s->names);
    vec_done(&s->sites);
}

uint32_t feed_sites_find(const struct feed_sites *s, struct slice name, bool *ret_several)
{
    uint32_t site = names_find(&s->inv->sites, name);
    *ret_several = false;
    if (site != NAMES_NONE)
        return site;
    uint32_t number = names_find(&s->names, name);
    if (number == NAMES_NONE)
        return INV_NONE;
    site = *(const uint32_t *)vec_at(&s->sites, number);
    *ret_several = site == INV_NONE;
    return site;
}
