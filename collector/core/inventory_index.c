/* Numbers and indices: what makes lookups by site and by parent cheap. */
#include "core/inventory_rows.h"

#include "base/err.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { UNIT_NAME_MAX = 256 };

/* Counting sort: items 0..n-1 into groups by key; items whose key is INV_NONE are left out. */
struct grouping {
    uint32_t *first; /* by key, one more at the end */
    uint32_t *items;
};

static int group(size_t n, size_t n_keys, uint32_t (*key_of)(const struct inventory *, size_t),
                 const struct inventory *inv, struct grouping *ret)
{
    uint32_t *first = calloc(n_keys + 2, sizeof *first);
    uint32_t *items = calloc(n + 1, sizeof *items);
    if (!first || !items) {
        free(first);
        free(items);
        return ERR_NOMEM;
    }
    /* first[k + 2] counts key k, is then its end, and rolls down to its start while items go in */
    for (size_t i = 0; i < n; i++)
        if (key_of(inv, i) != INV_NONE)
            first[key_of(inv, i) + 2]++;
    for (size_t k = 2; k < n_keys + 2; k++)
        first[k] += first[k - 1];
    for (size_t i = 0; i < n; i++)
        if (key_of(inv, i) != INV_NONE)
            items[first[key_of(inv, i) + 1]++] = (uint32_t)i;
    *ret = (struct grouping){first, items};
    return 0;
}

static uint32_t site_of_unit(const struct inventory *inv, size_t unit)
{
    return ((const struct unit_id *)vec_at(&inv->unit_ids, unit))->site;
}

static uint32_t parent_of_row(const struct inventory *inv, size_t row)
{
    return ((const struct area_row *)vec_at(&inv->area_rows, row))->parent;
}

int inventory_index(struct inventory *inv)
{
    struct grouping units, children;
    int err = group(inv->unit_ids.len, inv->sites.len, site_of_unit, inv, &units);
    if (err != 0)
        return err;
    err = group(inv->area_rows.len, inv->areas.len, parent_of_row, inv, &children);
    if (err != 0) {
        free(units.first);
        free(units.items);
        return err;
    }
    free(inv->own->site_first);
    free(inv->own->site_units);
    free(inv->own->children_first);
    free(inv->own->children);
    inv->own->site_first = units.first;
    inv->own->site_units = units.items;
    inv->own->children_first = children.first;
    inv->own->children = children.items;
    return 0;
}

/* "2g" .. "5g" are the generations of mobile service, in either case. */
static void classify(struct unit_id *id, struct slice service)
{
    if (service.len == 2 && service.at[0] >= '2' && service.at[0] <= '5' &&
        tolower((unsigned char)service.at[1]) == 'g') {
        id->family = FAMILY_MOBILE;
        id->generation = (uint8_t)(service.at[0] - '0');
    } else {
        id->family = slice_is(service, "fibre") ? FAMILY_FIBRE : FAMILY_OTHER;
    }
}

int inventory_add_unit(struct inventory *inv, uint32_t site, struct slice service, uint32_t op,
                       uint32_t *ret_unit)
{
    char name[UNIT_NAME_MAX];
    bool has_op = op != INV_NONE;
    int len =
        snprintf(name, sizeof name, "%s/%.*s%s%s", names_text(&inv->sites, site), (int)service.len,
                 service.at, has_op ? "@" : "", has_op ? names_text(&inv->operators, op) : "");
    if (len < 0 || len >= (int)sizeof name)
        return ERR_FULL;
    struct unit_id id = {.site = site, .op = op};
    int err = names_add(&inv->services, service, &id.service);
    if (err == 0)
        err = names_add(&inv->units, (struct slice){name, (size_t)len}, ret_unit);
    if (err != 0 || *ret_unit < inv->unit_ids.len)
        return err;
    struct unit_id *added = vec_push(&inv->unit_ids);
    if (!added)
        return ERR_NOMEM;
    classify(&id, service);
    *added = id;
    return 0;
}

static int continue_names(struct names *to, const struct names *from)
{
    for (uint32_t i = 0; i < from->len; i++) {
        uint32_t number;
        int err = names_add(to, slice_of(names_text(from, i)), &number);
        if (err != 0)
            return err;
    }
    return 0;
}

int inventory_continue(struct inventory *to, const struct inventory *from)
{
    for (unsigned i = 0; i < NAMES_COUNT; i++) {
        int err = continue_names(inventory_names(to, i), inventory_names(from, i));
        if (err != 0)
            return err;
    }
    for (size_t i = 0; i < from->unit_ids.len; i++) {
        struct unit_id *id = vec_push(&to->unit_ids);
        if (!id)
            return ERR_NOMEM;
        *id = *inventory_unit_id(from, (uint32_t)i);
    }
    return 0;
}
