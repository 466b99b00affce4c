#include "base/vec.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SMALLEST_CAP = 4, LARGE_CAP = 4096 };

void vec_init(struct vec *v, size_t size, size_t max)
{
    *v = (struct vec){.size = size, .max = max};
}

void vec_done(struct vec *v)
{
    free(v->items);
    *v = (struct vec){.size = v->size, .max = v->max};
}

static char *address(const struct vec *v, size_t at)
{
    return (char *)v->items + at * v->size;
}

/* Grows by half, large arrays by an eighth: they are most of the collector's memory. */
static int make_room(struct vec *v)
{
    if (v->len < v->cap)
        return 0;
    if (v->len >= v->max)
        return -1;
    size_t cap =
        v->cap < SMALLEST_CAP ? SMALLEST_CAP : v->cap + v->cap / (v->cap < LARGE_CAP ? 2 : 8);
    if (cap > v->max)
        cap = v->max;
    void *items = realloc(v->items, cap * v->size);
    if (!items)
        return -1;
    v->items = items;
    v->cap = cap;
    return 0;
}

void *vec_push(struct vec *v)
{
    return vec_insert(v, v->len);
}

void *vec_insert(struct vec *v, size_t at)
{
    assert(at <= v->len);
    if (make_room(v) != 0)
        return NULL;
    memmove(address(v, at + 1), address(v, at), (v->len - at) * v->size);
    memset(address(v, at), 0, v->size);
    v->len++;
    return address(v, at);
}

void *vec_at(const struct vec *v, size_t at)
{
    assert(at < v->len);
    return address(v, at);
}

void vec_remove(struct vec *v, size_t at, size_t count)
{
    assert(at <= v->len && count <= v->len - at);
    if (count == 0)
        return;
    memmove(address(v, at), address(v, at + count), (v->len - at - count) * v->size);
    v->len -= count;
}
