#include "base/names.h"

#include "base/err.h"

#include <stdlib.h>

enum { SMALLEST_SLOTS = 16 };

void names_init(struct names *n, uint32_t max)
{
    *n = (struct names){.max = max};
}

void names_done(struct names *n)
{
    for (uint32_t i = 0; i < n->len; i++)
        free(n->text[i]);
    free(n->text);
    free(n->slot);
    *n = (struct names){.max = n->max};
}

uint64_t names_hash(struct slice s)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.at[i]) * 1099511628211u;
    return hash ^ hash >> 32;
}

/* The slot that holds the name, or the free one where it belongs. */
static uint32_t slot_of(const struct names *n, struct slice name)
{
    uint32_t mask = n->slots - 1;
    uint32_t at = (uint32_t)names_hash(name) & mask;
    while (n->slot[at] && !slice_is(name, n->text[n->slot[at] - 1]))
        at = (at + 1) & mask;
    return at;
}

static int grow_slots(struct names *n)
{
    if ((uint64_t)n->len * 4 < (uint64_t)n->slots * 3)
        return 0;
    uint32_t slots = n->slots ? n->slots * 2 : SMALLEST_SLOTS;
    uint32_t *slot = calloc(slots, sizeof *slot);
    if (!slot)
        return ERR_NOMEM;
    free(n->slot);
    n->slot = slot;
    n->slots = slots;
    for (uint32_t i = 0; i < n->len; i++)
        n->slot[slot_of(n, slice_of(n->text[i]))] = i + 1;
    return 0;
}

static int grow_text(struct names *n)
{
    if (n->len < n->text_cap)
        return 0;
    uint32_t cap = n->text_cap ? n->text_cap + n->text_cap / 2 : SMALLEST_SLOTS;
    char **text = realloc(n->text, cap * sizeof *text);
    if (!text)
        return ERR_NOMEM;
    n->text = text;
    n->text_cap = cap;
    return 0;
}

int names_add(struct names *n, struct slice name, uint32_t *ret_number)
{
    uint32_t known = names_find(n, name);
    if (known != NAMES_NONE) {
        *ret_number = known;
        return 0;
    }
    if (n->len >= n->max)
        return ERR_FULL;
    if (grow_slots(n) != 0 || grow_text(n) != 0)
        return ERR_NOMEM;
    char *copy = strndup(name.len ? name.at : "", name.len);
    if (!copy)
        return ERR_NOMEM;
    n->slot[slot_of(n, name)] = n->len + 1;
    n->text[n->len] = copy;
    *ret_number = n->len++;
    return 0;
}

uint32_t names_find(const struct names *n, struct slice name)
{
    if (!n->slots)
        return NAMES_NONE;
    uint32_t held = n->slot[slot_of(n, name)];
    return held ? held - 1 : NAMES_NONE;
}

const char *names_text(const struct names *n, uint32_t number)
{
    return n->text[number];
}
