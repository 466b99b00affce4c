#include "base/names.h"

#include "base/err.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SMALLEST_SLOTS = 16 };

void names_init(struct names *n, uint32_t max)
{
    *n = (struct names){.max = max};
}

void names_done(struct names *n)
{
    for (uint32_t i = 0; i < n->len; i++)
        free(n->item[i].text);
    free(n->item);
    free(n->slot);
    *n = (struct names){.max = n->max};
}

static uint64_t mix(uint64_t hash)
{
    hash *= UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

static uint64_t eight_bytes(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Eight bytes at a time; the last eight overlap those before. */
uint64_t names_hash(struct slice s)
{
    uint64_t hash = mix(s.len);
    if (s.len < sizeof hash) {
        uint64_t word = 0;
        for (size_t i = 0; i < s.len; i++)
            word = word << 8 | (unsigned char)s.at[i];
        return mix(hash ^ word);
    }
    for (size_t at = 0; at + sizeof hash < s.len; at += sizeof hash)
        hash = mix(hash ^ eight_bytes(s.at + at));
    return mix(hash ^ eight_bytes(s.at + s.len - sizeof hash));
}

static bool is_name(const struct names *n, const struct names_slot *slot, struct slice name)
{
    const struct names_item *item = &n->item[slot->held - 1];
    return slice_equal(name, (struct slice){item->text, item->len});
}

/* The slot that holds the name, or the free one where it belongs. */
static struct names_slot *slot_of(const struct names *n, struct slice name, uint32_t hash)
{
    uint32_t mask = n->slots - 1;
    for (uint32_t at = hash & mask;; at = (at + 1) & mask) {
        struct names_slot *slot = &n->slot[at];
        if (!slot->held || (slot->hash == hash && is_name(n, slot, name)))
            return slot;
    }
}

static void put_all(struct names *n)
{
    uint32_t mask = n->slots - 1;
    for (uint32_t i = 0; i < n->len; i++) {
        uint32_t at = n->item[i].hash & mask;
        while (n->slot[at].held)
            at = (at + 1) & mask;
        n->slot[at] = (struct names_slot){i + 1, n->item[i].hash};
    }
}

static int grow_slots(struct names *n)
{
    if ((uint64_t)n->len * 4 < (uint64_t)n->slots * 3)
        return 0;
    uint32_t slots = n->slots ? n->slots * 2 : SMALLEST_SLOTS;
    struct names_slot *slot = calloc(slots, sizeof *slot);
    if (!slot)
        return ERR_NOMEM;
    free(n->slot);
    n->slot = slot;
    n->slots = slots;
    put_all(n);
    return 0;
}

static int grow_items(struct names *n)
{
    if (n->len < n->cap)
        return 0;
    uint32_t cap = n->cap ? n->cap + n->cap / 2 : SMALLEST_SLOTS;
    struct names_item *item = realloc(n->item, cap * sizeof *item);
    if (!item)
        return ERR_NOMEM;
    n->item = item;
    n->cap = cap;
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
    if (name.len >= UINT32_MAX || grow_slots(n) != 0 || grow_items(n) != 0)
        return ERR_NOMEM;
    char *copy = malloc(name.len + 1);
    if (!copy)
        return ERR_NOMEM;
    if (name.len)
        memcpy(copy, name.at, name.len);
    copy[name.len] = '\0';
    uint32_t hash = (uint32_t)names_hash(name);
    *slot_of(n, name, hash) = (struct names_slot){n->len + 1, hash};
    struct names_item *item = &n->item[n->len];
    item->text = copy;
    item->len = (uint32_t)name.len;
    item->hash = hash;
    *ret_number = n->len++;
    return 0;
}

uint32_t names_find(const struct names *n, struct slice name)
{
    if (!n->slots)
        return NAMES_NONE;
    uint32_t held = slot_of(n, name, (uint32_t)names_hash(name))->held;
    return held ? held - 1 : NAMES_NONE;
}

const char *names_text(const struct names *n, uint32_t number)
{
    return n->item[number].text;
}
