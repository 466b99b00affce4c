#include "core/arena.h"

#include <stdlib.h>

enum { BLOCK_BYTES = 64 * 1024 };

struct arena_block {
    struct arena_block *older;
    size_t used, size;
    char text[];
};

void arena_done(struct arena *a)
{
    struct arena_block *block = a->newest;
    while (block) {
        struct arena_block *older = block->older;
        free(block);
        block = older;
    }
    *a = (struct arena){0};
}

static int add_block(struct arena *a, size_t needed)
{
    size_t size = needed > BLOCK_BYTES ? needed : BLOCK_BYTES;
    struct arena_block *block = malloc(sizeof *block + size);
    if (!block)
        return -1;
    *block = (struct arena_block){.older = a->newest, .size = size};
    a->newest = block;
    a->bytes += size;
    return 0;
}

const char *arena_text(struct arena *a, struct slice text)
{
    if (text.len == 0)
        return "";
    size_t needed = text.len + 1;
    if ((!a->newest || a->newest->size - a->newest->used < needed) && add_block(a, needed) != 0)
        return NULL;
    char *copy = a->newest->text + a->newest->used;
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    a->newest->used += needed;
    return copy;
}
