#include "core/vocabulary.h"

#include "base/names.h"
#include "base/vec.h"

#include <stdlib.h>

enum {
    SOURCES_MAX = 1 << 25,
    MAP_BITS = 512,
    MAP_ALARM = MAP_BITS * 3 / 4,
    LOOK_EVERY = 8,
    FIRST_SLOTS = 1024
};

/* What one source has used. */
struct used {
    uint64_t map[MAP_BITS / 64]; /* while it is looked at now and then */
    uint16_t bits;               /* set in map */
    uint32_t len;                /* names in slot */
    uint32_t slots;              /* a power of two; 0 = not followed */
    uint64_t *slot;              /* hashes of names, 0 = free */
};

struct vocabulary {
    struct vec sources; /* struct used *, NULL until the source is heard */
    uint32_t max;
    uint32_t followed;
    unsigned turn; /* which reading of the eight is looked at next */
};

struct vocabulary *vocabulary_new(uint32_t max)
{
    struct vocabulary *v = calloc(1, sizeof *v);
    if (!v)
        return NULL;
    v->max = max;
    vec_init(&v->sources, sizeof(struct used *), SOURCES_MAX);
    return v;
}

void vocabulary_free(struct vocabulary *v)
{
    if (!v)
        return;
    for (size_t i = 0; i < v->sources.len; i++) {
        struct used *used = *(struct used **)vec_at(&v->sources, i);
        if (used)
            free(used->slot);
        free(used);
    }
    vec_done(&v->sources);
    free(v);
}

uint32_t vocabulary_followed(const struct vocabulary *v)
{
    return v->followed;
}

static struct used *used_by(struct vocabulary *v, uint32_t source)
{
    while (v->sources.len <= source)
        if (!vec_push(&v->sources))
            return NULL;
    struct used **used = vec_at(&v->sources, source);
    if (!*used)
        *used = calloc(1, sizeof **used);
    return *used;
}

static uint64_t mix(uint64_t hash, struct slice part)
{
    return (hash ^ names_hash(part)) * UINT64_C(0x9e3779b97f4a7c15);
}

static uint64_t hash_of(const struct reading *r)
{
    uint64_t hash = mix(mix(mix(r->kind + 1U, r->site), r->check), r->metric);
    return (hash ^ hash >> 31) | 1;
}

static uint64_t *place(const struct used *used, uint64_t hash)
{
    uint32_t at = (uint32_t)(hash >> 32) & (used->slots - 1);
    while (used->slot[at] && used->slot[at] != hash)
        at = (at + 1) & (used->slots - 1);
    return &used->slot[at];
}

static bool grow(struct used *used)
{
    uint32_t slots = used->slots ? used->slots * 2 : FIRST_SLOTS;
    struct used wider = {.slots = slots, .slot = calloc(slots, sizeof(uint64_t))};
    if (!wider.slot)
        return false;
    for (uint32_t i = 0; i < used->slots; i++)
        if (used->slot[i])
            *place(&wider, used->slot[i]) = used->slot[i];
    free(used->slot);
    used->slot = wider.slot;
    used->slots = slots;
    return true;
}

/* Now and then, while the source gives no reason for more. */
static void look(struct vocabulary *v, struct used *used, const struct reading *readings, size_t n)
{
    for (size_t i = v->turn++ % LOOK_EVERY; i < n; i += LOOK_EVERY) {
        uint64_t bit = (hash_of(&readings[i]) >> 32) % MAP_BITS;
        uint64_t mask = UINT64_C(1) << bit % 64;
        used->bits = (uint16_t)(used->bits + !(used->map[bit / 64] & mask));
        used->map[bit / 64] |= mask;
    }
    if (used->bits >= MAP_ALARM && grow(used))
        v->followed++;
}

static bool follow(const struct vocabulary *v, struct used *used, const struct reading *r)
{
    uint64_t hash = hash_of(r);
    uint64_t *slot = place(used, hash);
    if (*slot)
        return true;
    if (used->len >= v->max)
        return false;
    *slot = hash;
    used->len++;
    return used->len * 2 < used->slots || grow(used) || used->len + 1 < used->slots;
}

bool vocabulary_admits(struct vocabulary *v, uint32_t source, const struct reading *readings,
                       size_t n)
{
    struct used *used = used_by(v, source);
    if (!used)
        return true;
    if (used->slots == 0)
        look(v, used, readings, n);
    for (size_t i = 0; used->slots && i < n; i++)
        if (!follow(v, used, &readings[i]))
            return false;
    return true;
}
