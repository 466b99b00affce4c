#include "core/lives.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_VERSION = 1, ROW_BYTES_MAX = 256 << 10, GONE_MAX = 2 * LIVES_MAX };

struct entry {
    uint64_t number;
    struct wall_ms from; /* of the outage, as it was seen last */
    struct wall_ms to;
    uint64_t was[LIVES_WAS_MAX]; /* numbers it had before, the newest last */
    struct life life;
    uint32_t unit;
    uint8_t n_was;
    bool unsaved;
};

struct lives {
    struct vec entries; /* struct entry by unit, then number */
    struct vec gone;    /* uint64_t numbers whose rows are to be deleted */
    size_t unsaved;     /* entries that are */
};

struct lives *lives_new(void)
{
    struct lives *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    vec_init(&l->entries, sizeof(struct entry), LIVES_MAX + 1);
    vec_init(&l->gone, sizeof(uint64_t), GONE_MAX);
    return l;
}

void lives_free(struct lives *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->entries.len; i++)
        life_done(&((struct entry *)vec_at(&l->entries, i))->life);
    vec_done(&l->entries);
    vec_done(&l->gone);
    free(l);
}

/* Index of the first entry that is not before (unit, number). */
static size_t place(const struct lives *l, uint32_t unit, uint64_t number)
{
    size_t low = 0;
    size_t high = l->entries.len;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct entry *e = vec_at(&l->entries, mid);
        if (e->unit < unit || (e->unit == unit && e->number < number))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static struct entry *find(const struct lives *l, uint32_t unit, uint64_t number)
{
    size_t at = place(l, unit, number);
    struct entry *e = at < l->entries.len ? vec_at(&l->entries, at) : NULL;
    return e && e->unit == unit && e->number == number ? e : NULL;
}

const struct life *lives_of(const struct lives *l, const struct outage *outage)
{
    const struct entry *e = find(l, outage->unit, outage->number);
    return e ? &e->life : NULL;
}

const struct life *lives_of_group(const struct lives *l, const struct outage *root,
                                  const struct outage *members, size_t n)
{
    const struct life *life = lives_of(l, root);
    uint64_t number = UINT64_MAX;
    if (life)
        return life;
    for (size_t i = 0; i < n; i++) {
        const struct life *of = lives_of(l, &members[i]);
        if (of && members[i].number < number) {
            number = members[i].number;
            life = of;
        }
    }
    return life;
}

size_t lives_count(const struct lives *l)
{
    return l->entries.len;
}

const struct life *lives_at(const struct lives *l, size_t at, uint64_t *ret_number,
                            uint32_t *ret_unit)
{
    const struct entry *e = vec_at(&l->entries, at);
    *ret_number = e->number;
    *ret_unit = e->unit;
    return &e->life;
}

static void touch(struct lives *l, struct entry *e)
{
    l->unsaved += !e->unsaved;
    e->unsaved = true;
}

/* ---- room ---- */

static int remove_at(struct lives *l, size_t at)
{
    struct entry *e = vec_at(&l->entries, at);
    uint64_t *gone = vec_push(&l->gone);
    if (!gone)
        return ERR_NOMEM;
    *gone = e->number;
    l->unsaved -= e->unsaved;
    life_done(&e->life);
    vec_remove(&l->entries, at, 1);
    return 0;
}

static int make_room(struct lives *l)
{
    if (l->entries.len < LIVES_MAX)
        return 0;
    size_t victim = 0;
    bool victim_closed = false;
    for (size_t i = 0; i < l->entries.len; i++) {
        const struct entry *e = vec_at(&l->entries, i);
        const struct entry *v = vec_at(&l->entries, victim);
        bool closed = life_at(&e->life, false, e->to).closed != NULL;
        bool better = closed == victim_closed ? e->number < v->number : closed;
        if (better) {
            victim = i;
            victim_closed = closed;
        }
    }
    return remove_at(l, victim);
}

static struct entry *insert(struct lives *l, const struct entry *fresh)
{
    struct entry *e = vec_insert(&l->entries, place(l, fresh->unit, fresh->number));
    if (!e)
        return NULL;
    *e = *fresh;
    e->unsaved = false;
    touch(l, e);
    return e;
}

/* ---- acts ---- */

static int copy_acts(struct life *to, const struct life *from)
{
    int err = 0;
    for (size_t i = 0; !err && from && i < from->len; i++)
        err = life_add(to, &from->acts[i]);
    return err;
}

static struct entry *begin(struct lives *l, const struct outage *root, const struct life *before)
{
    struct entry fresh = {
        .number = root->number, .unit = root->unit, .from = root->from, .to = root->to};
    if (copy_acts(&fresh.life, before) == 0 && make_room(l) == 0) {
        struct entry *e = insert(l, &fresh);
        if (e)
            return e;
    }
    life_done(&fresh.life);
    return NULL;
}

int lives_act(struct lives *l, const struct outage *root, const struct life *before,
              const struct life_act *act)
{
    struct entry *e = find(l, root->unit, root->number);
    if (!e)
        e = begin(l, root, before);
    if (!e)
        return ERR_NOMEM;
    touch(l, e);
    return life_add(&e->life, act);
}

uint64_t lives_number(const struct lives *l, uint64_t number)
{
    for (size_t i = 0; i < l->entries.len; i++) {
        const struct entry *e = vec_at(&l->entries, i);
        for (size_t k = 0; k < e->n_was; k++)
            if (e->was[k] == number)
                return e->number;
    }
    return number;
}

/* ---- corrections ---- */

static void remember(struct entry *e, uint64_t number)
{
    if (e->n_was == LIVES_WAS_MAX) {
        memmove(e->was, e->was + 1, (LIVES_WAS_MAX - 1) * sizeof *e->was);
        e->n_was--;
    }
    e->was[e->n_was++] = number;
}

/* Both lives in one, act by act in order of their doing. */
static int merge(const struct life *one, const struct life *other, struct life *ret_both)
{
    size_t a = 0;
    size_t b = 0;
    int err = 0;
    while (!err && (a < one->len || b < other->len)) {
        bool first =
            b == other->len || (a < one->len && one->acts[a].at.ms <= other->acts[b].at.ms);
        err = life_add(ret_both, first ? &one->acts[a++] : &other->acts[b++]);
    }
    return err;
}

/* The entry at @p at goes on as @p outage. */
static int rename_at(struct lives *l, size_t at, const struct outage *outage)
{
    static const struct life none;
    struct entry *old = vec_at(&l->entries, at);
    const struct entry *target = find(l, outage->unit, outage->number);
    struct entry fresh = *(target ? target : old);
    fresh.life = (struct life){0};
    int err = merge(target ? &target->life : &none, &old->life, &fresh.life);
    fresh.number = outage->number;
    fresh.from = outage->from;
    fresh.to = outage->to;
    for (size_t k = 0; target && k < old->n_was; k++)
        remember(&fresh, old->was[k]);
    remember(&fresh, old->number);
    if (!err)
        err = remove_at(l, at);
    if (!err && target)
        err = remove_at(l, place(l, outage->unit, outage->number));
    if (!err && insert(l, &fresh))
        return 0;
    life_done(&fresh.life);
    return ERR_NOMEM;
}

static int follow_one(struct lives *l, size_t at, const struct outages *outages, bool *ret_moved)
{
    struct entry *e = vec_at(&l->entries, at);
    struct outage o = outages_find(outages, e->unit, e->number);
    *ret_moved = false;
    if (o.number) {
        if (o.from.ms != e->from.ms || o.to.ms != e->to.ms)
            touch(l, e);
        e->from = o.from;
        e->to = o.to;
        return 0;
    }
    struct wall_ms to = e->to.ms > e->from.ms ? e->to : wall_add(e->from, 1);
    o = outages_overlapping(outages, e->unit, e->from, to);
    if (!o.number)
        return 0; /* evidence took it back; it may come again */
    *ret_moved = true;
    return rename_at(l, at, &o);
}

int lives_follow(struct lives *l, const struct outages *outages, uint32_t unit)
{
    int err = 0;
    for (size_t at = place(l, unit, 0); !err && at < l->entries.len;) {
        const struct entry *e = vec_at(&l->entries, at);
        bool moved = false;
        if (e->unit != unit)
            break;
        err = follow_one(l, at, outages, &moved);
        at = moved ? place(l, unit, 0) : at + 1;
    }
    return err;
}

/* ---- rows ---- */

static int save_entry(const struct entry *e, const struct row_sink *sink)
{
    struct buf key;
    struct buf value;
    buf_init(&key, 8);
    buf_init(&value, ROW_BYTES_MAX);
    buf_le64(&key, e->number);
    buf_char(&value, ROW_VERSION);
    buf_le32(&value, e->unit);
    buf_le64(&value, (uint64_t)e->from.ms);
    buf_le64(&value, (uint64_t)e->to.ms);
    buf_char(&value, (char)e->n_was);
    for (size_t k = 0; k < e->n_was; k++)
        buf_le64(&value, e->was[k]);
    life_write(&e->life, &value);
    int err = key.err ? key.err : value.err;
    if (!err)
        err = sink->put(sink->context, ROW_LIFE, (struct slice){key.data, key.len},
                        (struct slice){value.data, value.len});
    buf_done(&key);
    buf_done(&value);
    return err;
}

int lives_save(struct lives *l, const struct row_sink *sink)
{
    int err = 0;
    for (size_t i = 0; !err && i < l->gone.len; i++)
        err = rows_drop_numbered(sink, ROW_LIFE, *(uint64_t *)vec_at(&l->gone, i));
    for (size_t i = 0; !err && l->unsaved && i < l->entries.len; i++) {
        struct entry *e = vec_at(&l->entries, i);
        if (!e->unsaved)
            continue;
        err = save_entry(e, sink);
        l->unsaved -= !err;
        e->unsaved = err != 0;
    }
    if (!err)
        l->gone.len = 0;
    return err;
}

int lives_load(struct lives *l, struct slice key, struct slice value)
{
    struct entry fresh = {0};
    struct cursor c;
    cursor_init(&c, key.at, key.len);
    fresh.number = cursor_le64(&c);
    if (c.err || !fresh.number)
        return ERR_CORRUPT;
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != ROW_VERSION)
        return ERR_VERSION;
    fresh.unit = cursor_le32(&c);
    fresh.from.ms = (int64_t)cursor_le64(&c);
    fresh.to.ms = (int64_t)cursor_le64(&c);
    fresh.n_was = cursor_u8(&c);
    if (c.err || fresh.n_was > LIVES_WAS_MAX)
        return ERR_CORRUPT;
    for (size_t k = 0; k < fresh.n_was; k++)
        fresh.was[k] = cursor_le64(&c);
    int err = life_read(&fresh.life, &c);
    struct entry *e = err ? NULL : insert(l, &fresh);
    if (e) {
        e->unsaved = false;
        l->unsaved--;
        return 0;
    }
    life_done(&fresh.life);
    return err ? err : ERR_NOMEM;
}
