#include "memory_rows.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

void memory_rows_init(struct memory_rows *m)
{
    vec_init(&m->rows, sizeof(struct memory_row), 1 << 20);
}

static void row_done(struct memory_row *row)
{
    free(row->key);
    free(row->value);
}

void memory_rows_done(struct memory_rows *m)
{
    for (size_t i = 0; i < m->rows.len; i++)
        row_done(vec_at(&m->rows, i));
    vec_done(&m->rows);
}

static char *copy_of(struct slice s)
{
    char *copy = malloc(s.len + 1);
    if (!copy)
        abort();
    if (s.len)
        memcpy(copy, s.at, s.len);
    copy[s.len] = 0;
    return copy;
}

static int drop(void *context, uint8_t kind, struct slice key)
{
    struct memory_rows *m = context;
    for (size_t i = 0; i < m->rows.len; i++) {
        struct memory_row *row = vec_at(&m->rows, i);
        if (row->kind != kind || !slice_equal((struct slice){row->key, row->key_len}, key))
            continue;
        row_done(row);
        vec_remove(&m->rows, i, 1);
        break;
    }
    return 0;
}

static int put(void *context, uint8_t kind, struct slice key, struct slice value)
{
    struct memory_rows *m = context;
    drop(context, kind, key);
    struct memory_row *row = vec_push(&m->rows);
    if (!row)
        return ERR_NOMEM;
    *row = (struct memory_row){kind, copy_of(key), copy_of(value), key.len, value.len};
    return 0;
}

static int compare(struct slice a, struct slice b)
{
    int order = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static struct slice key_of(const struct memory_row *row)
{
    return (struct slice){row->key, row->key_len};
}

static int by_key(const void *a, const void *b)
{
    return compare(key_of(*(struct memory_row *const *)a), key_of(*(struct memory_row *const *)b));
}

/** Pointers to the rows of @p kind with from <= key < to, in order. */
static struct vec matching(const struct memory_rows *m, uint8_t kind, struct slice from,
                           struct slice to)
{
    struct vec found;
    vec_init(&found, sizeof(struct memory_row *), 1 << 20);
    for (size_t i = 0; i < m->rows.len; i++) {
        struct memory_row *row = vec_at(&m->rows, i);
        if (row->kind != kind || compare(key_of(row), from) < 0 || compare(key_of(row), to) >= 0)
            continue;
        struct memory_row **slot = vec_push(&found);
        if (!slot)
            abort();
        *slot = row;
    }
    if (found.len)
        qsort(found.items, found.len, sizeof(struct memory_row *), by_key);
    return found;
}

static int forget(void *context, uint8_t kind, struct slice from, struct slice to, bool but_last)
{
    struct vec found = matching(context, kind, from, to);
    struct vec keys;
    vec_init(&keys, sizeof(struct memory_row), 1 << 20);
    for (size_t i = 0; i + but_last < found.len; i++) {
        struct slice key = key_of(*(struct memory_row **)vec_at(&found, i));
        struct memory_row *copy = vec_push(&keys); /* rows move when one is dropped */
        if (!copy)
            abort();
        *copy = (struct memory_row){.key = copy_of(key), .key_len = key.len};
    }
    vec_done(&found);
    for (size_t i = 0; i < keys.len; i++) {
        struct memory_row *copy = vec_at(&keys, i);
        drop(context, kind, key_of(copy));
        free(copy->key);
    }
    vec_done(&keys);
    return 0;
}

struct row_sink memory_rows_sink(struct memory_rows *m)
{
    return (struct row_sink){m, put, drop, forget};
}

static int give(const struct vec *found, size_t from, row_take *take, void *taker)
{
    int err = 0;
    for (size_t i = from; !err && i < found->len; i++) {
        const struct memory_row *row = *(struct memory_row **)vec_at(found, i);
        err = take(taker, (struct slice){row->key, row->key_len},
                   (struct slice){row->value, row->value_len});
    }
    return err;
}

static int range(void *context, uint8_t kind, struct slice from, struct slice to, row_take *take,
                 void *taker)
{
    struct vec found = matching(context, kind, from, to);
    int err = give(&found, 0, take, taker);
    vec_done(&found);
    return err;
}

static int last(void *context, uint8_t kind, struct slice from, struct slice to, row_take *take,
                void *taker)
{
    struct vec found = matching(context, kind, from, to);
    int err = found.len ? give(&found, found.len - 1, take, taker) : 0;
    vec_done(&found);
    return err;
}

struct row_source memory_rows_source(struct memory_rows *m)
{
    return (struct row_source){m, range, last};
}

int memory_rows_save(struct memory_rows *m, struct world *w)
{
    struct row_sink sink = memory_rows_sink(m);
    return world_save(w, &sink);
}

int memory_rows_load(const struct memory_rows *m, struct world *w)
{
    for (size_t i = m->rows.len; i-- > 0;) {
        const struct memory_row *row = vec_at(&m->rows, i);
        int err = world_load(w, row->kind, (struct slice){row->key, row->key_len},
                             (struct slice){row->value, row->value_len});
        if (err)
            return err;
    }
    return world_loaded(w);
}
