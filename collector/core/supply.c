/* Rows of plants: key = "SITE NUMBER/CHECK" as text; value = version u8, changes u8, newest look
 * i64, then of each change its time i64 and supply u8. */
#include "core/supply.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"
#include "base/names.h"
#include "base/vec.h"
#include "core/dirty.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 128, VERSION = 1, ROW_BYTES = 10 + 9 * SUPPLY_CHANGES, AHEAD_MS = 60 * 1000 };

#define MINUTE_MS 60000.0

/* From this instant on it was fed so. */
struct change {
    int64_t at;
    enum supply fed;
};

struct plant {
    uint32_t site;
    uint8_t changes; /* 0 = nothing told yet */
    int64_t told;    /* newest look */
    double minutes_left;
    struct change change[SUPPLY_CHANGES]; /* oldest first */
};

struct supply_book {
    struct names keys;
    struct vec plants; /* struct plant, by key number */
    struct dirty unsaved;
};

static const char *const words[] = {
#define WORD(name, value, word) [value] = (word),
    SUPPLY_MAP(WORD)
#undef WORD
};

const char *supply_word(int supply)
{
    return supply >= 0 && supply < SUPPLIES ? words[supply] : "";
}

struct supply_book *supply_new(void)
{
    struct supply_book *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    names_init(&s->keys, SUPPLY_PLANTS_MAX);
    vec_init(&s->plants, sizeof(struct plant), SUPPLY_PLANTS_MAX);
    dirty_init(&s->unsaved, SUPPLY_PLANTS_MAX);
    return s;
}

void supply_free(struct supply_book *s)
{
    if (!s)
        return;
    names_done(&s->keys);
    vec_done(&s->plants);
    dirty_done(&s->unsaved);
    free(s);
}

/* The plant of a key, made if it is new. */
static int plant_of(struct supply_book *s, struct slice key, uint32_t *ret_number)
{
    int err = names_add(&s->keys, key, ret_number);
    while (!err && s->plants.len <= *ret_number) {
        struct plant *p = vec_push(&s->plants);
        if (!p)
            return ERR_NOMEM;
        *p = (struct plant){.told = INT64_MIN, .minutes_left = NAN};
    }
    return err;
}

/* Names are text: the number of the site stands in digits. */
static int key_of(const struct supply_look *look, struct buf *key)
{
    buf_printf(key, "%u/", (unsigned)look->site);
    buf_put(key, look->check.at, look->check.len);
    return key->err;
}

static void push_change(struct plant *p, struct change change)
{
    if (p->changes == SUPPLY_CHANGES) {
        memmove(p->change, p->change + 1, sizeof p->change - sizeof p->change[0]);
        p->changes--;
    }
    p->change[p->changes++] = change;
}

static bool fed_otherwise(const struct plant *p, enum supply fed)
{
    return p->changes == 0 || p->change[p->changes - 1].fed != fed;
}

int supply_take(struct supply_book *s, const struct supply_look *look, struct wall_ms now)
{
    struct buf key;
    uint32_t number = 0;
    if (look->t.ms > now.ms + AHEAD_MS)
        return 0;
    buf_init(&key, KEY_MAX);
    int err = key_of(look, &key);
    if (!err)
        err = plant_of(s, (struct slice){key.data, key.len}, &number);
    buf_done(&key);
    if (err)
        return err == ERR_NOMEM ? err : 0; /* beyond a bound it is left out */
    struct plant *p = vec_at(&s->plants, number);
    if (look->t.ms <= p->told)
        return 0;
    p->site = look->site;
    p->told = look->t.ms;
    p->minutes_left = look->minutes_left;
    if (!fed_otherwise(p, look->fed))
        return 0;
    push_change(p, (struct change){look->t.ms, look->fed});
    return dirty_add(&s->unsaved, number);
}

/* ---- reading ---- */

static double minutes_from(const struct plant *p, const struct supply_view *v, struct wall_ms t)
{
    if (v->fed != SUPPLY_BATTERY || p->told > t.ms)
        return NAN;
    double left = p->minutes_left - (double)(t.ms - p->told) / MINUTE_MS;
    return left < 0 ? 0 : left;
}

static struct supply_view view_of(const struct plant *p, struct wall_ms t)
{
    int i = p->changes - 1;
    while (i >= 0 && p->change[i].at > t.ms)
        i--;
    if (i < 0)
        return (struct supply_view){.fed = SUPPLIES, .minutes_left = NAN};
    int64_t told = p->told < t.ms ? p->told : t.ms;
    struct supply_view v = {.fed = p->change[i].fed,
                            .since = {p->change[i].at},
                            .told = {told},
                            .fresh = t.ms - told <= SUPPLY_VALID_MS};
    v.minutes_left = minutes_from(p, &v, t);
    return v;
}

/* A plant that is known to be worse speaks for its site; what is fresh before what is not. */
static bool is_worse(const struct supply_view *a, const struct supply_view *b)
{
    if (b->fed == SUPPLIES || a->fed == SUPPLIES)
        return a->fed != SUPPLIES;
    if (a->fresh != b->fresh)
        return a->fresh;
    return a->fed > b->fed || (a->fed == b->fed && a->minutes_left < b->minutes_left);
}

void supply_at(const struct supply_book *s, struct wall_ms t, uint32_t sites,
               struct supply_view *ret_views)
{
    for (uint32_t site = 0; site < sites; site++)
        ret_views[site] = (struct supply_view){.fed = SUPPLIES, .minutes_left = NAN};
    for (size_t i = 0; i < s->plants.len; i++) {
        const struct plant *p = vec_at(&s->plants, i);
        if (p->changes == 0 || p->site >= sites)
            continue;
        struct supply_view v = view_of(p, t);
        if (is_worse(&v, &ret_views[p->site]))
            ret_views[p->site] = v;
    }
}

/* ---- rows ---- */

static int save_plant(const struct supply_book *s, uint32_t number, const struct row_sink *sink)
{
    const struct plant *p = vec_at(&s->plants, number);
    struct buf value;
    buf_init(&value, ROW_BYTES);
    buf_char(&value, VERSION);
    buf_char(&value, (char)p->changes);
    buf_le64(&value, (uint64_t)p->told);
    for (int i = 0; i < p->changes; i++) {
        buf_le64(&value, (uint64_t)p->change[i].at);
        buf_char(&value, (char)p->change[i].fed);
    }
    int err = value.err;
    if (!err)
        err = sink->put(sink->context, ROW_SUPPLY, slice_of(names_text(&s->keys, number)),
                        (struct slice){value.data, value.len});
    buf_done(&value);
    return err;
}

int supply_save(struct supply_book *s, const struct row_sink *sink)
{
    int err = 0;
    for (size_t i = 0; !err && i < dirty_len(&s->unsaved); i++)
        err = save_plant(s, dirty_at(&s->unsaved, i), sink);
    if (!err)
        dirty_clear(&s->unsaved);
    return err;
}

static int read_changes(struct cursor *c, uint8_t n, struct plant *p)
{
    if (n == 0 || n > SUPPLY_CHANGES)
        return ERR_CORRUPT;
    for (p->changes = 0; p->changes < n; p->changes++) {
        int64_t at = (int64_t)cursor_le64(c);
        unsigned fed = cursor_u8(c);
        if (fed >= SUPPLIES)
            return ERR_CORRUPT;
        p->change[p->changes] = (struct change){at, (enum supply)fed};
    }
    return c->err || cursor_left(c) != 0 ? ERR_CORRUPT : 0;
}

/* The site's number at the head of a key. */
static int site_of(struct slice key, uint32_t *ret_site)
{
    uint32_t site = 0;
    size_t i = 0;
    for (; i < key.len && key.at[i] >= '0' && key.at[i] <= '9' && i < 10; i++)
        site = site * 10 + (uint32_t)(key.at[i] - '0');
    *ret_site = site;
    return i > 0 && i < key.len && key.at[i] == '/' ? 0 : ERR_CORRUPT;
}

int supply_load(struct supply_book *s, struct slice key, struct slice value)
{
    struct cursor c;
    struct plant read = {.minutes_left = NAN};
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != VERSION)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    uint8_t n = cursor_u8(&c);
    read.told = (int64_t)cursor_le64(&c);
    int err = read_changes(&c, n, &read);
    if (!err)
        err = site_of(key, &read.site);
    uint32_t number = 0;
    if (!err)
        err = plant_of(s, key, &number);
    if (!err)
        *(struct plant *)vec_at(&s->plants, number) = read;
    return err;
}
