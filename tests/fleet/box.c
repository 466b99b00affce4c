#include "box.h"

#include "base/err.h"

#include <stdlib.h>

void box_init(struct box *b, size_t max)
{
    *b = (struct box){.low = 1};
    vec_init(&b->packs, sizeof(struct slice), max);
}

static void free_bytes(struct box *b, size_t i)
{
    union {
        const char *read;
        char *own;
    } bytes = {((struct slice *)vec_at(&b->packs, i))->at};

    free(bytes.own);
}

void box_done(struct box *b)
{
    for (size_t i = 0; i < b->packs.len; i++)
        free_bytes(b, i);
    vec_done(&b->packs);
}

void box_forget(struct box *b, uint64_t seq)
{
    size_t n = 0;
    while (n < b->packs.len && b->low + n <= seq)
        free_bytes(b, n++);
    vec_remove(&b->packs, 0, n);
    b->low += n;
}

int box_add(struct box *b, struct slice bytes, uint64_t *ret_dropped)
{
    char *copy = malloc(bytes.len ? bytes.len : 1);
    *ret_dropped = 0;
    if (!copy)
        return ERR_NOMEM;
    if (bytes.len)
        memcpy(copy, bytes.at, bytes.len);
    if (b->packs.len == b->packs.max) {
        box_forget(b, b->low);
        *ret_dropped = 1;
    }
    struct slice *item = vec_push(&b->packs);
    if (!item) {
        free(copy);
        return ERR_NOMEM;
    }
    *item = (struct slice){copy, bytes.len};
    return 0;
}

struct slice box_at(const struct box *b, uint64_t seq)
{
    return *(struct slice *)vec_at(&b->packs, seq - b->low);
}
