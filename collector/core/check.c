#include "core/check.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 64 };

void check_table_init(struct check_table *table)
{
    *table = (struct check_table){0};
    vec_init(&table->checks, sizeof(struct check), CHECK_MAX);
    names_init(&table->names, CHECK_MAX);
}

void check_table_done(struct check_table *table)
{
    for (size_t i = 0; i < table->checks.len; i++) {
        struct check *check = vec_at(&table->checks, i);
        check_line_done(&check->line);
        check_tail_free(check_rest(check)->tail);
        free(check_rest(check)->older);
        free(check->rest);
    }
    vec_done(&table->checks);
    names_done(&table->names);
    free(table->slot);
}

struct check *check_table_at(const struct check_table *table, uint32_t number)
{
    return vec_at(&table->checks, number);
}

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 31) * UINT64_C(0x7fb5d329728ea185);
    return x ^ x >> 27;
}

/* The slot that holds the triple, or the free one where it belongs. */
static uint32_t slot_of(const struct check_table *table, uint32_t probe, uint32_t site,
                        uint32_t name)
{
    uint64_t hash = mix(mix((uint64_t)probe << 32 | site) + name);
    uint32_t mask = table->slots - 1;
    for (uint32_t at = (uint32_t)hash & mask;; at = (at + 1) & mask) {
        uint32_t held = table->slot[at];
        if (!held)
            return at;
        const struct check *check = check_table_at(table, held - 1);
        if (check->probe == probe && check->site == site && check->name == name)
            return at;
    }
}

uint32_t check_table_find(const struct check_table *table, uint32_t probe, uint32_t site,
                          struct slice name)
{
    uint32_t number = names_find(&table->names, name);
    if (number == NAMES_NONE || !table->slots)
        return CHECK_NONE;
    uint32_t held = table->slot[slot_of(table, probe, site, number)];
    return held ? held - 1 : CHECK_NONE;
}

static int grow(struct check_table *table)
{
    if (table->checks.len * 4 < (size_t)table->slots * 3)
        return 0;
    uint32_t slots = table->slots ? table->slots * 2 : FIRST_SLOTS;
    uint32_t *slot = calloc(slots, sizeof *slot);
    if (!slot)
        return ERR_NOMEM;
    free(table->slot);
    table->slot = slot;
    table->slots = slots;
    for (uint32_t i = 0; i < table->checks.len; i++) {
        const struct check *check = check_table_at(table, i);
        if (check->name != NAMES_NONE)
            slot[slot_of(table, check->probe, check->site, check->name)] = i + 1;
    }
    return 0;
}

int check_table_reserve(struct check_table *table, uint32_t probe, uint32_t *ret_number)
{
    struct check *check = vec_push(&table->checks);
    if (!check)
        return table->checks.len >= CHECK_MAX ? ERR_FULL : ERR_NOMEM;
    check->probe = probe;
    check->name = NAMES_NONE;
    check->newest_from = INT64_MIN;
    check->newest_terms = TERMS_NONE;
    check->admitted = INT64_MIN;
    check->hold = INT64_MAX;
    *ret_number = (uint32_t)table->checks.len - 1;
    return 0;
}

int check_table_name(struct check_table *table, uint32_t number, uint32_t site, struct slice name)
{
    struct check *check = check_table_at(table, number);
    if (check->name != NAMES_NONE ||
        check_table_find(table, check->probe, site, name) != CHECK_NONE)
        return ERR_EXISTS;
    uint32_t text = NAMES_NONE;
    int err = names_add(&table->names, name, &text);
    if (!err)
        err = grow(table);
    if (err)
        return err;
    check->site = site;
    check->name = text;
    table->slot[slot_of(table, check->probe, site, text)] = number + 1;
    return 0;
}

int check_table_add(struct check_table *table, uint32_t probe, uint32_t site, struct slice name,
                    uint32_t *ret_number)
{
    uint32_t known = check_table_find(table, probe, site, name);
    if (known != CHECK_NONE) {
        *ret_number = known;
        return 0;
    }
    int err = check_table_reserve(table, probe, &known);
    if (err)
        return err;
    err = check_table_name(table, known, site, name);
    if (err)
        table->checks.len--;
    else
        *ret_number = known;
    return err;
}

const struct check_rest *check_rest(const struct check *check)
{
    static const struct check_rest none = {.summarized = INT64_MIN, .ended = INT64_MIN};
    return check->rest ? check->rest : &none;
}

struct check_rest *check_rest_own(struct check *check)
{
    if (!check->rest) {
        struct check_rest *rest = malloc(sizeof *rest);
        if (!rest)
            return NULL;
        *rest = *check_rest(check);
        check->rest = rest;
    }
    return check->rest;
}

int check_rest_ended(struct check *check, int64_t t)
{
    if (check_rest(check)->ended == t)
        return 0;
    struct check_rest *rest = check_rest_own(check);
    if (!rest)
        return ERR_NOMEM;
    rest->ended = t;
    return 0;
}

int check_rest_summarized(struct check *check, int64_t t)
{
    if (check_rest(check)->summarized == t)
        return 0;
    struct check_rest *rest = check_rest_own(check);
    if (!rest)
        return ERR_NOMEM;
    rest->summarized = t;
    return 0;
}

struct check_listing check_listing_at(const struct check *check, int64_t t)
{
    if (check->newest_from <= t)
        return (struct check_listing){check->newest_from, check->newest_terms};
    const struct check_rest *rest = check_rest(check);
    for (unsigned i = rest->older_len; i-- > 0;)
        if (rest->older[i].from <= t)
            return rest->older[i];
    return (struct check_listing){INT64_MIN, TERMS_NONE};
}

int64_t check_listing_until(const struct check *check, int64_t t)
{
    const struct check_rest *rest = check_rest(check);
    for (unsigned i = 0; i < rest->older_len; i++)
        if (rest->older[i].from > t)
            return rest->older[i].from;
    return check->newest_from > t ? check->newest_from : INT64_MAX;
}

/* The newest listing becomes one of the older ones. */
static int keep_newest(struct check *check)
{
    struct check_rest *rest = check_rest_own(check);
    if (!rest)
        return ERR_NOMEM;
    if (rest->older_len == CHECK_LISTINGS_MAX) {
        rest->older_len--;
        memmove(rest->older, rest->older + 1, rest->older_len * sizeof *rest->older);
    }
    struct check_listing *older = realloc(rest->older, (rest->older_len + 1U) * sizeof *older);
    if (!older)
        return ERR_NOMEM;
    rest->older = older;
    older[rest->older_len++] = (struct check_listing){check->newest_from, check->newest_terms};
    return 0;
}

int check_listing_set(struct check *check, int64_t t, uint32_t terms)
{
    if (check->newest_terms == terms)
        return 0;
    bool first = check->newest_from == t || check->newest_from == INT64_MIN;
    int err = first ? 0 : keep_newest(check);
    if (err)
        return err;
    check->newest_from = t;
    check->newest_terms = terms;
    return 0;
}
