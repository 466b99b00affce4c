#include "codec/points.h"

#include "base/err.h"
#include "base/names.h"
#include "codec/line.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 1024, IDENTITY_MAX = 4 * PACK_PART_MAX + 8 };

struct points {
    struct names checks; /* "source/site/type/name" */
    struct slice *key;   /* start of the line by number of the check, owned */
    uint32_t cap;
    struct buf spare; /* a start that is not kept */
};

struct points *points_new(uint32_t max_keys)
{
    struct points *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    names_init(&p->checks, max_keys);
    buf_init(&p->spare, KEY_MAX);
    return p;
}

void points_free(struct points *p)
{
    if (!p)
        return;
    for (uint32_t i = 0; i < p->checks.len; i++)
        free((char *)(uintptr_t)p->key[i].at);
    free(p->key);
    names_done(&p->checks);
    buf_done(&p->spare);
    free(p);
}

static size_t put(char *to, size_t at, struct slice part)
{
    memcpy(to + at, part.at, part.len);
    to[at + part.len] = '/';
    return at + part.len + 1;
}

static int make_room(struct points *p)
{
    if (p->checks.len < p->cap)
        return 0;
    uint32_t cap = p->cap ? p->cap * 2 : 64;
    struct slice *key = realloc(p->key, cap * sizeof *key);
    if (!key)
        return ERR_NOMEM;
    p->key = key;
    p->cap = cap;
    return 0;
}

static int build(struct points *p, struct slice source, const struct reading *r,
                 struct slice *ret_key)
{
    buf_clear(&p->spare);
    int err = line_check_key(&p->spare, pack_check_type(r->check), r->check, source, r->site);
    *ret_key = (struct slice){p->spare.data, p->spare.len};
    return err;
}

static int keep(struct points *p, struct slice identity, struct slice *key)
{
    uint32_t number;
    char *copy = strndup(key->at, key->len);
    int err = copy ? make_room(p) : ERR_NOMEM;
    if (!err)
        err = names_add(&p->checks, identity, &number);
    if (err) {
        free(copy);
        return err == ERR_FULL ? 0 : err;
    }
    key->at = copy;
    p->key[number] = *key;
    return 0;
}

static int key_of(struct points *p, struct slice source, const struct reading *r,
                  struct slice *ret_key)
{
    char text[IDENTITY_MAX];
    if (source.len + r->site.len + r->check.len + 3 > sizeof text)
        return ERR_TOO_LONG;
    size_t len = put(text, put(text, put(text, 0, source), r->site), r->check);
    struct slice identity = {text, len};
    uint32_t number = names_find(&p->checks, identity);
    if (number != NAMES_NONE) {
        *ret_key = p->key[number];
        return 0;
    }
    int err = build(p, source, r, ret_key);
    return err ? err : keep(p, identity, ret_key);
}

static int write_field(struct line *line, const struct reading *r)
{
    int err = line_metric(r->metric);
    if (err)
        return err;
    switch (r->kind) {
    case READING_NUMBER:
        return line_number(line, r->metric, r->number);
    case READING_FLAG:
        line_flag(line, r->metric, r->flag);
        return 0;
    case READING_TEXT:
        line_text(line, r->metric, r->text);
        return 0;
    }
    return ERR_TYPE;
}

static bool same_line(const struct reading *a, const struct reading *b)
{
    return a->time_us == b->time_us && slice_equal(a->check, b->check) &&
           slice_equal(a->site, b->site);
}

int points_write(struct points *p, struct buf *out, struct slice source,
                 const struct reading *readings, size_t n, struct points_count *ret_count)
{
    size_t start = out->len;
    struct points_count count = {0};
    for (size_t i = 0; i < n;) {
        struct slice key;
        int err = key_of(p, source, &readings[i], &key);
        if (err) {
            buf_cut(out, start);
            return err;
        }
        struct line line;
        line_begin(&line, out, key);
        size_t first = i;
        for (; i < n && same_line(&readings[i], &readings[first]); i++)
            count.refused += write_field(&line, &readings[i]) != 0;
        uint32_t fields = line_end(&line, readings[first].time_us);
        count.lines += fields > 0;
        count.readings += fields;
    }
    int err = out->err;
    if (err)
        buf_cut(out, start);
    else
        *ret_count = count;
    return err;
}
