#include "core/alert.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"

#include <stdlib.h>
#include <string.h>

/* Bits of the flags; the first two versions knew one step only, the third no was_of. */
enum { ROW_VERSION = 4, ROW_MAX = 16384, FLAG_ESCALATED = 1, FLAG_MERGED = 2, STEPS_SHIFT = 4 };

static void put_name(struct buf *b, const char *name)
{
    buf_char(b, (char)strlen(name));
    buf_str(b, name);
}

static void get_name(struct cursor *c, char to[RULE_NAME_MAX])
{
    struct slice name = cursor_bytes(c, cursor_u8(c));
    size_t len = name.len < RULE_NAME_MAX ? name.len : 0;
    if (len)
        memcpy(to, name.at, len);
    to[len] = '\0';
}

static void put_number(struct buf *b, double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    buf_le64(b, bits);
}

static double get_number(struct cursor *c)
{
    uint64_t bits = cursor_le64(c);
    double value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void put_watches(struct buf *b, const struct alert *a, const struct rules *rules)
{
    buf_char(b, (char)a->watches);
    for (size_t i = 0; i < a->watches; i++) {
        put_name(b, rules->rule[a->watch[i].rule].name);
        buf_char(b, (char)a->watch[i].fired);
        buf_le64(b, (uint64_t)a->watch[i].since.ms);
        put_number(b, a->watch[i].value);
    }
}

static void put_told(struct buf *b, const struct alert *a, const struct rules *rules)
{
    buf_char(b, (char)rules->targets);
    for (size_t i = 0; i < rules->targets; i++) {
        put_name(b, rules->target[i].name);
        buf_char(b, (char)a->told[i]);
    }
}

static void put_alert(struct buf *b, const struct alert_table *t, const struct alert *a,
                      const struct rules *rules)
{
    buf_char(b, ROW_VERSION);
    buf_char(b, (char)a->subject);
    buf_char(b, (char)(a->steps << STEPS_SHIFT | (a->merged ? FLAG_MERGED : 0)));
    buf_le32(b, a->of);
    buf_le64(b, a->number);
    buf_le64(b, (uint64_t)a->opened.ms);
    buf_le64(b, (uint64_t)a->fired.ms);
    buf_le64(b, (uint64_t)a->acked.ms);
    buf_le64(b, (uint64_t)a->stepped.ms);
    buf_le64(b, a->was_of);
    buf_le32(b, a->flaps);
    buf_le32(b, a->sites);
    buf_le64(b, (uint64_t)a->people);
    buf_char(b, (char)a->cause);
    buf_le64(b, t->next_alarm);
    put_watches(b, a, rules);
    put_told(b, a, rules);
    if (a->subject == ALERT_SERIES)
        buf_str(b, names_text(&t->series, a->of));
}

static int save_one(const struct alert_table *t, const struct alert *a, const struct rules *rules,
                    const struct row_sink *sink)
{
    struct buf key, value;
    buf_init(&key, 8);
    buf_init(&value, ROW_MAX);
    buf_le32(&key, a->id);
    put_alert(&value, t, a, rules);
    int err = key.err ? key.err : value.err;
    if (!err)
        err = sink->put(sink->context, ROW_ALERT, (struct slice){key.data, key.len},
                        (struct slice){value.data, value.len});
    buf_done(&key);
    buf_done(&value);
    return err;
}

static int drop_one(uint32_t id, const struct row_sink *sink)
{
    struct buf key;
    buf_init(&key, 8);
    buf_le32(&key, id);
    int err = key.err;
    if (!err)
        err = sink->drop(sink->context, ROW_ALERT, (struct slice){key.data, key.len});
    buf_done(&key);
    return err;
}

int alert_save(struct alert_table *t, const struct rules *rules, const struct row_sink *sink)
{
    int err = 0;
    for (size_t i = 0; !err && i < t->dropped.len; i++)
        err = drop_one(*(uint32_t *)vec_at(&t->dropped, i), sink);
    for (uint32_t i = 0; !err && i < t->alerts.len; i++) {
        struct alert *a = alert_at(t, i);
        if (a->id && a->dirty)
            err = save_one(t, a, rules, sink);
        a->dirty = a->dirty && err;
    }
    if (!err)
        t->dropped.len = 0;
    return err;
}

/* Rows of the first version have one value for all. */
static int get_watches(struct cursor *c, struct alert *a, const struct rules *rules,
                       const double *value)
{
    char name[RULE_NAME_MAX];
    for (uint8_t n = cursor_u8(c); n > 0 && !c->err; n--) {
        get_name(c, name);
        bool fired = cursor_u8(c) != 0;
        struct wall_ms since = {(int64_t)cursor_le64(c)};
        double own = value ? *value : get_number(c);
        int rule = rules_find(rules, name);
        if (rule < 0)
            continue;
        struct alert_watch *w = alert_watch_add(a, (size_t)rule, since);
        if (!w)
            return ERR_NOMEM;
        w->fired = fired;
        w->value = own;
        w->holds = a->subject >= ALERT_AREA; /* until its rule is looked at again */
    }
    return 0;
}

static void get_told(struct cursor *c, struct alert *a, const struct rules *rules)
{
    char name[RULE_NAME_MAX];
    for (uint8_t n = cursor_u8(c); n > 0 && !c->err; n--) {
        get_name(c, name);
        uint8_t told = cursor_u8(c);
        int target = rules_find_target(rules, name);
        if (target >= 0)
            a->told[target] = told;
    }
}

/* What stands before the lists; @p value only if the row is of the first version. */
static int get_alert(struct cursor *c, uint8_t version, struct alert *a, double *value,
                     uint64_t *ret_next_alarm)
{
    uint8_t subject = cursor_u8(c), flags = cursor_u8(c);
    if (subject >= ALERT_SUBJECTS)
        return ERR_CORRUPT;
    a->subject = (enum alert_subject)subject;
    a->steps = version < 3 ? flags & FLAG_ESCALATED : flags >> STEPS_SHIFT;
    a->merged = flags & FLAG_MERGED;
    a->of = cursor_le32(c);
    a->number = cursor_le64(c);
    a->opened.ms = (int64_t)cursor_le64(c);
    a->fired.ms = (int64_t)cursor_le64(c);
    a->acked.ms = (int64_t)cursor_le64(c);
    a->stepped.ms = version < 3 ? 0 : (int64_t)cursor_le64(c);
    a->was_of = version < 4 ? 0 : cursor_le64(c);
    a->flaps = cursor_le32(c);
    if (version == 1)
        *value = get_number(c);
    a->sites = cursor_le32(c);
    a->people = (int64_t)cursor_le64(c);
    a->cause = cursor_u8(c);
    *ret_next_alarm = cursor_le64(c);
    return a->cause <= CAUSE_NONE ? 0 : ERR_CORRUPT;
}

/* The text that stands for the thing gets a number of this life. */
static int get_series(struct alert_table *t, struct cursor *c, struct alert *a)
{
    struct slice text = cursor_bytes(c, cursor_left(c));
    if (a->subject != ALERT_SERIES)
        return text.len ? ERR_CORRUPT : 0;
    return text.len ? names_add(&t->series, text, &a->of) : ERR_CORRUPT;
}

/* What stands behind the version, and the alert's place. */
static int take(struct alert_table *t, const struct rules *rules, uint8_t version, struct cursor *c,
                struct alert *a)
{
    uint64_t next_alarm = 0;
    double old = 0;
    int err = get_alert(c, version, a, &old, &next_alarm);
    if (!err)
        err = get_watches(c, a, rules, version == 1 ? &old : NULL);
    if (err)
        return err;
    get_told(c, a, rules);
    err = c->err ? ERR_CORRUPT : get_series(t, c, a);
    if (err || c->err)
        return err ? err : ERR_CORRUPT;
    struct alert *place = vec_push(&t->alerts);
    if (!place)
        return ERR_NOMEM;
    a->dirty = false;
    *place = *a;
    a->watch = NULL; /* the place's now */
    t->open++;
    t->next = a->id >= t->next ? a->id + 1 : t->next;
    t->next_alarm = next_alarm > t->next_alarm ? next_alarm : t->next_alarm;
    return alert_index(t, (uint32_t)t->alerts.len - 1);
}

int alert_load(struct alert_table *t, const struct rules *rules, struct slice key,
               struct slice value)
{
    struct cursor k, c;
    cursor_init(&k, key.at, key.len);
    cursor_init(&c, value.at, value.len);
    struct alert a = {.id = cursor_le32(&k)};
    uint8_t version = cursor_u8(&c);
    if (k.err || cursor_left(&k) || !a.id)
        return ERR_CORRUPT;
    if (version < 1 || version > ROW_VERSION)
        return ERR_VERSION;
    int err = take(t, rules, version, &c, &a);
    free(a.watch);
    return err;
}
