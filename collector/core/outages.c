#include "core/outages.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"
#include "core/dirty.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_VERSION = 1, OUTAGES_PER_UNIT_MAX = 1024, UNITS_MAX = 16 << 20, NUMBERS_MAX = 1 << 30 };

/* What never changes about an outage, withdrawn or not. */
struct birth {
    uint32_t unit;
    struct wall_ms from;
};

/* The outages of one unit. */
struct book {
    struct vec list;    /* struct outage in order of time */
    uint32_t open_slot; /* its place in outages.open + 1, 0 = none lasts */
};

struct outages {
    struct vec units;     /* struct book by unit number */
    struct vec open;      /* uint32_t units with an outage that lasts */
    struct dirty unsaved; /* units whose row changed */
    struct dirty changed; /* units whose outages changed, for those who tell */
    struct vec by_number; /* struct birth by outage number */
    uint64_t next;        /* number of the next outage */
};

struct outages *outages_new(void)
{
    struct outages *o = calloc(1, sizeof *o);
    if (!o)
        return NULL;
    vec_init(&o->units, sizeof(struct book), UNITS_MAX);
    vec_init(&o->open, sizeof(uint32_t), UNITS_MAX);
    dirty_init(&o->unsaved, UNITS_MAX);
    dirty_init(&o->changed, UNITS_MAX);
    vec_init(&o->by_number, sizeof(struct birth), NUMBERS_MAX);
    o->next = 1;
    return o;
}

void outages_free(struct outages *o)
{
    if (!o)
        return;
    for (size_t i = 0; i < o->units.len; i++)
        vec_done(&((struct book *)vec_at(&o->units, i))->list);
    vec_done(&o->units);
    vec_done(&o->open);
    vec_done(&o->by_number);
    dirty_done(&o->unsaved);
    dirty_done(&o->changed);
    free(o);
}

static struct book *book_of(struct outages *o, uint32_t unit)
{
    while (o->units.len <= unit) {
        struct book *book = vec_push(&o->units);
        if (!book)
            return NULL;
        vec_init(&book->list, sizeof(struct outage), OUTAGES_PER_UNIT_MAX);
    }
    return vec_at(&o->units, unit);
}

const struct outage *outages_of_unit(const struct outages *o, uint32_t unit, size_t *ret_len)
{
    *ret_len = 0;
    if (unit >= o->units.len)
        return NULL;
    const struct book *book = vec_at(&o->units, unit);
    *ret_len = book->list.len;
    return book->list.items;
}

const struct outage *outages_find(const struct outages *o, uint64_t number)
{
    if (number >= o->by_number.len)
        return NULL;
    size_t n = 0;
    const struct outage *list =
        outages_of_unit(o, ((struct birth *)vec_at(&o->by_number, number))->unit, &n);
    for (size_t i = 0; i < n; i++)
        if (list[i].number == number)
            return &list[i];
    return NULL;
}

static int note_number(struct outages *o, const struct outage *outage)
{
    while (o->by_number.len <= outage->number)
        if (!vec_push(&o->by_number))
            return ERR_NOMEM;
    *(struct birth *)vec_at(&o->by_number, outage->number) =
        (struct birth){outage->unit, outage->born};
    return 0;
}

uint32_t outages_unit(const struct outages *o, uint64_t number)
{
    return ((struct birth *)vec_at(&o->by_number, number))->unit;
}

struct wall_ms outages_born(const struct outages *o, uint64_t number)
{
    bool known = number > 0 && number < o->by_number.len;
    return known ? ((struct birth *)vec_at(&o->by_number, number))->from
                 : (struct wall_ms){INT64_MIN};
}

const struct outage *outages_open(const struct outages *o, uint32_t unit)
{
    size_t n = 0;
    const struct outage *list = outages_of_unit(o, unit, &n);
    return n && list[n - 1].to.ms == WALL_NEVER_MS ? &list[n - 1] : NULL;
}

const uint32_t *outages_open_units(const struct outages *o, size_t *ret_len)
{
    *ret_len = o->open.len;
    return o->open.items;
}

const struct outage *outages_overlapping(const struct outages *o, uint32_t unit,
                                         struct wall_ms from, struct wall_ms to)
{
    size_t n = 0;
    const struct outage *list = outages_of_unit(o, unit, &n);
    for (size_t i = 0; i < n; i++)
        if (list[i].from.ms < to.ms && list[i].to.ms > from.ms)
            return &list[i];
    return NULL;
}

const uint32_t *outages_changes(const struct outages *o, size_t *ret_len)
{
    *ret_len = o->changed.numbers.len;
    return o->changed.numbers.items;
}

void outages_changes_clear(struct outages *o)
{
    dirty_clear(&o->changed);
}

/* Whether a state begins an outage, ends one, or leaves things as they are (FIGURES 7.8). */
enum turn { TURN_OUT, TURN_BACK, TURN_STAYS };

static enum turn turn_of(const struct unit_view *v)
{
    switch (v->state) {
    case STATE_DOWN:
    case STATE_SILENT:
        return TURN_OUT;
    case STATE_UP:
    case STATE_DEGRADED:
        return TURN_BACK;
    case STATE_UNOBSERVED:
        return v->cause == CAUSE_PROBE ? TURN_BACK : TURN_STAYS;
    default:
        return TURN_STAYS;
    }
}

static void note_state(struct outage *outage, const struct unit_view *v)
{
    if (v->state != STATE_DOWN)
        return;
    outage->verified = true;
    outage->cause = v->cause;
}

/* A unit that never stops flapping forgets its oldest outages, many at a time; its timeline, which
 * outages are found in, holds as many changes in detail. */
static struct outage *add(struct vec *list)
{
    if (list->len == OUTAGES_PER_UNIT_MAX)
        vec_remove(list, 0, OUTAGES_PER_UNIT_MAX / 16);
    return vec_push(list);
}

/* The outages of the timeline from @p from on, which lies outside of any, up to @p now: it may go
 * on with what dates will bring. */
static int find(const struct timeline *tl, uint32_t unit, struct wall_ms from, struct wall_ms now,
                struct vec *found)
{
    struct outage *running = NULL;
    int64_t at = timeline_index(tl, from);
    for (at = at < 0 ? 0 : at; at < (int64_t)tl->len; at++) {
        struct timeline_span span = timeline_span_at(tl, at);
        if (span.from.ms > now.ms)
            break;
        struct unit_view v = state_unpack(span.code);
        enum turn turn = turn_of(&v);
        if (turn == TURN_BACK && running) {
            running->to = span.from;
            running = NULL;
        }
        if (turn == TURN_OUT && !running) {
            running = add(found);
            if (!running)
                return ERR_NOMEM;
            struct wall_ms start = span.from.ms > from.ms ? span.from : from;
            *running = (struct outage){
                .unit = unit, .cause = CAUSE_UNKNOWN, .from = start, .to = {WALL_NEVER_MS}};
        }
        if (turn == TURN_OUT)
            note_state(running, &v);
    }
    return 0;
}

/* What is found anew keeps the number of the first outage it overlaps; the rest is new. */
static void give_numbers(struct outages *o, const struct outage *old, size_t n_old,
                         struct vec *found)
{
    size_t used = 0;
    for (size_t i = 0; i < found->len; i++) {
        struct outage *fresh = vec_at(found, i);
        while (used < n_old && old[used].to.ms <= fresh->from.ms)
            used++;
        bool known = used < n_old && old[used].from.ms < fresh->to.ms;
        fresh->number = known ? old[used].number : o->next++;
        fresh->born = known ? old[used].born : fresh->from;
        used += known;
    }
}

static int list_open(struct outages *o, struct book *book, uint32_t unit)
{
    uint32_t *slot = vec_push(&o->open);
    if (!slot)
        return ERR_NOMEM;
    *slot = unit;
    book->open_slot = (uint32_t)o->open.len;
    return 0;
}

/* The last of the open ones takes the place that becomes free. */
static void unlist_open(struct outages *o, struct book *book)
{
    uint32_t *open = o->open.items;
    uint32_t moved = open[o->open.len - 1];
    open[book->open_slot - 1] = moved;
    ((struct book *)vec_at(&o->units, moved))->open_slot = book->open_slot;
    book->open_slot = 0;
    o->open.len--;
}

static int note_open(struct outages *o, struct book *book, uint32_t unit)
{
    bool open = outages_open(o, unit) != NULL;
    if (open && !book->open_slot)
        return list_open(o, book, unit);
    if (!open && book->open_slot)
        unlist_open(o, book);
    return 0;
}

static bool equal(const struct outage *a, const struct outage *b)
{
    return a->number == b->number && a->verified == b->verified && a->cause == b->cause &&
           a->from.ms == b->from.ms && a->to.ms == b->to.ms;
}

static bool same(const struct vec *list, size_t keep, const struct vec *found)
{
    if (list->len - keep != found->len)
        return false;
    for (size_t i = 0; i < found->len; i++)
        if (!equal(vec_at(list, keep + i), vec_at(found, i)))
            return false;
    return true;
}

static int replace(struct outages *o, uint32_t unit, struct book *book, size_t keep,
                   const struct vec *found)
{
    if (same(&book->list, keep, found))
        return 0;
    vec_remove(&book->list, keep, book->list.len - keep);
    for (size_t i = 0; i < found->len; i++) {
        struct outage *slot = add(&book->list);
        if (!slot)
            return ERR_NOMEM;
        memcpy(slot, vec_at(found, i), sizeof *slot);
        if (note_number(o, slot) != 0)
            return ERR_NOMEM;
    }
    int err = note_open(o, book, unit);
    if (!err)
        err = dirty_add(&o->unsaved, unit);
    return err ? err : dirty_add(&o->changed, unit);
}

int outages_update(struct outages *o, const struct world *w, uint32_t unit, struct wall_ms from)
{
    struct book *book = book_of(o, unit);
    if (!book)
        return ERR_NOMEM;
    const struct outage *old = book->list.items;
    size_t keep = book->list.len;
    while (keep > 0 && old[keep - 1].to.ms >= from.ms)
        keep--;
    if (keep < book->list.len && old[keep].from.ms < from.ms)
        from = old[keep].from;
    struct vec found;
    vec_init(&found, sizeof(struct outage), OUTAGES_PER_UNIT_MAX);
    int err = find(world_unit_timeline(w, unit), unit, from, world_now(w), &found);
    if (!err) {
        give_numbers(o, old ? old + keep : NULL, book->list.len - keep, &found);
        err = replace(o, unit, book, keep, &found);
    }
    vec_done(&found);
    return err;
}

static int save_unit(struct outages *o, uint32_t unit, const struct row_sink *sink)
{
    size_t n = 0;
    const struct outage *list = outages_of_unit(o, unit, &n);
    struct buf key;
    struct buf value;
    buf_init(&key, 8);
    buf_init(&value, 64 << 20);
    buf_le32(&key, unit);
    buf_char(&value, ROW_VERSION);
    buf_le64(&value, o->next);
    for (size_t i = 0; i < n; i++) {
        buf_le64(&value, list[i].number);
        buf_le64(&value, (uint64_t)list[i].from.ms);
        buf_le64(&value, (uint64_t)list[i].to.ms);
        buf_le64(&value, (uint64_t)list[i].born.ms);
        buf_char(&value, (char)(list[i].verified | list[i].cause << 1));
    }
    int err = key.err ? key.err : value.err;
    if (!err)
        err = sink->put(sink->context, ROW_OUTAGE, (struct slice){key.data, key.len},
                        (struct slice){value.data, value.len});
    buf_done(&key);
    buf_done(&value);
    return err;
}

int outages_save(struct outages *o, const struct row_sink *sink)
{
    for (size_t i = 0; i < dirty_len(&o->unsaved); i++) {
        int err = save_unit(o, dirty_at(&o->unsaved, i), sink);
        if (err)
            return err;
    }
    dirty_clear(&o->unsaved);
    return 0;
}

static int load_one(struct cursor *c, uint32_t unit, struct vec *list)
{
    struct outage *outage = vec_push(list);
    if (!outage)
        return ERR_NOMEM;
    *outage = (struct outage){.unit = unit, .number = cursor_le64(c)};
    outage->from.ms = (int64_t)cursor_le64(c);
    outage->to.ms = (int64_t)cursor_le64(c);
    outage->born.ms = (int64_t)cursor_le64(c);
    uint8_t bits = cursor_u8(c);
    outage->verified = bits & 1;
    outage->cause = (enum cause)(bits >> 1);
    return c->err || outage->number >= NUMBERS_MAX ? ERR_CORRUPT : 0;
}

static int note_numbers(struct outages *o, const struct vec *list)
{
    int err = 0;
    for (size_t i = 0; !err && i < list->len; i++)
        err = note_number(o, vec_at(list, i));
    return err;
}

int outages_load(struct outages *o, struct slice key, struct slice value)
{
    struct cursor c;
    cursor_init(&c, key.at, key.len);
    uint32_t unit = cursor_le32(&c);
    if (c.err || unit >= UNITS_MAX)
        return ERR_CORRUPT;
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != ROW_VERSION)
        return ERR_VERSION;
    uint64_t next = cursor_le64(&c);
    if (next > o->next)
        o->next = next;
    if (c.err)
        return ERR_CORRUPT;
    struct book *book = book_of(o, unit);
    int err = book ? 0 : ERR_NOMEM;
    while (!err && cursor_left(&c) > 0)
        err = load_one(&c, unit, &book->list);
    if (!err)
        err = note_numbers(o, &book->list);
    return err ? err : note_open(o, book, unit);
}
