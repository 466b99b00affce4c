#include "wire/pack_reader.h"

#include "base/err.h"
#include "base/num.h"
#include "wire/json.h"
#include "wire/seconds.h"

#include <stdlib.h>

enum { SCRATCH_BYTES = 4 * PACK_BYTES_MAX, VERSION_MAX = 10 };

/* The labels of RFC 8428 section 4.3. */
enum label {
    L_BN,
    L_BT,
    L_BU,
    L_BV,
    L_BS,
    L_BVER,
    L_N,
    L_T,
    L_U,
    L_V,
    L_VB,
    L_VS,
    L_VD,
    L_S,
    L_UT,
    L_UNKNOWN
};

enum label_type { TYPE_TEXT, TYPE_NUMBER, TYPE_TIME, TYPE_BOOL };

#define BIT(label) (1u << (label))

enum {
    BITS_VALUE = BIT(L_V) | BIT(L_VB) | BIT(L_VS) | BIT(L_VD),
    BITS_BASE = BIT(L_BN) | BIT(L_BT) | BIT(L_BU) | BIT(L_BV) | BIT(L_BS) | BIT(L_BVER),
};

/* One record as written. Base members keep their last value from record to record; the others mean
 * something only where `seen` has their bit. */
struct record {
    unsigned seen;
    struct slice bn, bu, n, u, vs, vd;
    int64_t bt, t;
    double bv, bs, bver, v, s, ut;
    bool vb;
};

static const struct {
    const char *word;
    enum label_type type;
    size_t offset;
} LABELS[] = {
    [L_BN] = {"bn", TYPE_TEXT, offsetof(struct record, bn)},
    [L_BT] = {"bt", TYPE_TIME, offsetof(struct record, bt)},
    [L_BU] = {"bu", TYPE_TEXT, offsetof(struct record, bu)},
    [L_BV] = {"bv", TYPE_NUMBER, offsetof(struct record, bv)},
    [L_BS] = {"bs", TYPE_NUMBER, offsetof(struct record, bs)},
    [L_BVER] = {"bver", TYPE_NUMBER, offsetof(struct record, bver)},
    [L_N] = {"n", TYPE_TEXT, offsetof(struct record, n)},
    [L_T] = {"t", TYPE_TIME, offsetof(struct record, t)},
    [L_U] = {"u", TYPE_TEXT, offsetof(struct record, u)},
    [L_V] = {"v", TYPE_NUMBER, offsetof(struct record, v)},
    [L_VB] = {"vb", TYPE_BOOL, offsetof(struct record, vb)},
    [L_VS] = {"vs", TYPE_TEXT, offsetof(struct record, vs)},
    [L_VD] = {"vd", TYPE_TEXT, offsetof(struct record, vd)},
    [L_S] = {"s", TYPE_NUMBER, offsetof(struct record, s)},
    [L_UT] = {"ut", TYPE_NUMBER, offsetof(struct record, ut)},
};

/* One read: what the functions below share. */
struct run {
    struct pack_reader *r;
    struct json json;
    struct record record;
    struct slice site; /* base name without its slash, if that is all it is; else empty */
    size_t number;     /* of the record, from 1, for messages */
    enum pack_origin origin;
    int64_t received_us;
    int64_t latest_us; /* a later time refuses the pack */
    struct reason *why;
};

int pack_reader_init(struct pack_reader *r)
{
    *r = (struct pack_reader){0};
    r->readings = malloc(PACK_READINGS_MAX * sizeof *r->readings);
    r->scratch = malloc(SCRATCH_BYTES);
    if (r->readings && r->scratch)
        return 0;
    pack_reader_done(r);
    return ERR_NOMEM;
}

void pack_reader_done(struct pack_reader *r)
{
    free(r->readings);
    free(r->scratch);
    *r = (struct pack_reader){0};
}

static int refuse(const struct run *run, int err, const char *what)
{
    reason_set(run->why, "%s in record %zu", what, run->number);
    return err;
}

/* Room for @p len bytes that live as long as the readings, or NULL. */
static char *scratch(struct pack_reader *r, size_t len)
{
    if (len > SCRATCH_BYTES - r->scratch_len)
        return NULL;
    r->scratch_len += len;
    return r->scratch + r->scratch_len - len;
}

static int read_text(struct run *run, struct slice *ret_text)
{
    struct slice raw;
    bool escaped;
    int err = json_text(&run->json, &raw, &escaped);
    if (err)
        return json_explain(&run->json, err, run->why);
    if (escaped) {
        char *to = scratch(run->r, raw.len);
        if (!to)
            return refuse(run, ERR_FULL, "too much text");
        raw = (struct slice){to, json_unescape(raw, to)};
    }
    *ret_text = raw;
    return 0;
}

#define KEY(a, b) ((uint32_t)(a) | (uint32_t)(b) << 8)

static enum label label_of(struct slice key)
{
    if (key.len == 4 && memcmp(key.at, "bver", 4) == 0)
        return L_BVER;
    if (key.len == 0 || key.len > 2)
        return L_UNKNOWN;
    switch (KEY((unsigned char)key.at[0], key.len == 2 ? (unsigned char)key.at[1] : 0)) {
    case KEY('n', 0):
        return L_N;
    case KEY('v', 0):
        return L_V;
    case KEY('u', 0):
        return L_U;
    case KEY('t', 0):
        return L_T;
    case KEY('s', 0):
        return L_S;
    case KEY('b', 'n'):
        return L_BN;
    case KEY('b', 't'):
        return L_BT;
    case KEY('b', 'u'):
        return L_BU;
    case KEY('b', 'v'):
        return L_BV;
    case KEY('b', 's'):
        return L_BS;
    case KEY('v', 'b'):
        return L_VB;
    case KEY('v', 's'):
        return L_VS;
    case KEY('v', 'd'):
        return L_VD;
    case KEY('u', 't'):
        return L_UT;
    default:
        return L_UNKNOWN;
    }
}

/* A label that is none of ours: skipped, unless its `_` says that it must be understood. */
static int skip_unknown(struct run *run, struct slice key)
{
    if (key.len && key.at[key.len - 1] == '_') {
        reason_set(run->why, "label %.*s must be understood", (int)key.len, key.at);
        return ERR_UNKNOWN;
    }
    int err = json_skip(&run->json, JSON_DEPTH_MAX - 2);
    return err ? json_explain(&run->json, err, run->why) : 0;
}

static int read_number(struct run *run, enum label_type type, void *ret_value)
{
    struct slice text = {run->json.at, 0};
    int err = json_number(&run->json, &text);
    if (!err)
        err = type == TYPE_TIME ? seconds_read(text, ret_value) : num_parse(text, ret_value);
    if (err == ERR_SYNTAX) {
        run->json.at = text.at;
        return json_explain(&run->json, err, run->why);
    }
    return err ? refuse(run, err, "number out of range") : 0;
}

/* A value whose first character already shows another type than its label has. */
static bool wrong_type(struct run *run, enum label_type type)
{
    char c = json_peek(&run->json);
    bool number = c == '-' || (c >= '0' && c <= '9');
    switch (type) {
    case TYPE_TEXT:
        return c != '"';
    case TYPE_BOOL:
        return c != 't' && c != 'f';
    default:
        return !number;
    }
}

static int refuse_type(struct run *run, enum label label)
{
    int err = json_skip(&run->json, JSON_DEPTH_MAX - 2);
    if (err)
        return json_explain(&run->json, err, run->why);
    reason_set(run->why, "wrong type of %s in record %zu", LABELS[label].word, run->number);
    return ERR_TYPE;
}

static int read_value(struct run *run, enum label label)
{
    void *to = (char *)&run->record + LABELS[label].offset;
    if (wrong_type(run, LABELS[label].type))
        return refuse_type(run, label);
    switch (LABELS[label].type) {
    case TYPE_TEXT:
        return read_text(run, to);
    case TYPE_BOOL:
        return json_bool(&run->json, to) ? json_explain(&run->json, ERR_SYNTAX, run->why) : 0;
    default:
        return read_number(run, LABELS[label].type, to);
    }
}

/* Takes `"x":` or `"xy":` at once if it is a label of ours: what nearly every member begins with.
 */
static enum label take_short_label(struct json *json)
{
    json_peek(json);
    const char *at = json->at;
    if (json->end - at < 5 || at[0] != '"')
        return L_UNKNOWN;
    size_t len = at[2] == '"' ? 1 : 2;
    if (at[len + 1] != '"' || at[len + 2] != ':')
        return L_UNKNOWN;
    enum label label = label_of((struct slice){at + 1, len});
    if (label != L_UNKNOWN)
        json->at += len + 3;
    return label;
}

/* Any key and its colon: the slow way, which also finds what is wrong with it. */
static int read_key(struct run *run, struct slice *ret_key)
{
    int err = read_text(run, ret_key);
    if (!err && !json_take(&run->json, ':'))
        err = json_explain(&run->json, ERR_SYNTAX, run->why);
    return err;
}

static int read_member(struct run *run)
{
    enum label label = take_short_label(&run->json);
    if (label == L_UNKNOWN) {
        struct slice key;
        int err = read_key(run, &key);
        if (err)
            return err;
        label = label_of(key);
        if (label == L_UNKNOWN)
            return skip_unknown(run, key);
    }
    if (run->record.seen & BIT(label))
        return refuse(run, ERR_EXISTS, "a label twice");
    run->record.seen |= BIT(label);
    return read_value(run, label);
}

static int refuse_name(const struct run *run)
{
    return refuse(run, ERR_SYNTAX, "name is not site/type/name/metric");
}

static void set_names(struct reading *reading, struct slice site, const struct slice part[3])
{
    reading->site = site;
    reading->check = (struct slice){part[0].at, part[0].len + 1 + part[1].len};
    reading->metric = part[2];
}

static int join(struct run *run, struct slice a, struct slice b, struct slice *ret_joined)
{
    char *to = scratch(run->r, a.len + b.len);
    if (!to)
        return refuse(run, ERR_FULL, "too much text");
    memcpy(to, a.at, a.len);
    memcpy(to + a.len, b.at, b.len);
    *ret_joined = (struct slice){to, a.len + b.len};
    return 0;
}

/* The name is base name + name (RFC 8428 section 4.5.1). Nothing is copied where the base name is
 * the site or where one of the two is empty. */
static int resolve_name(struct run *run, struct reading *reading)
{
    const struct record *record = &run->record;
    bool named = record->seen & BIT(L_N) && record->n.len;
    struct slice part[PACK_PARTS];
    if (named && run->site.len && pack_split(record->n, part) == 3) {
        set_names(reading, run->site, part);
        return 0;
    }
    struct slice name = record->bn;
    if (named && !record->bn.len)
        name = record->n;
    else if (named && record->bn.len + record->n.len >= PACK_PARTS * (PACK_PART_MAX + 1))
        return refuse_name(run);
    int err = named && record->bn.len ? join(run, record->bn, record->n, &name) : 0;
    if (err)
        return err;
    if (pack_split(name, part) != PACK_PARTS)
        return refuse_name(run);
    set_names(reading, part[0], part + 1);
    return 0;
}

/* RFC 8428 section 4.5.3. */
static int resolve_time(struct run *run, struct reading *reading)
{
    const struct record *record = &run->record;
    int64_t us = record->bt + (record->seen & BIT(L_T) ? record->t : 0);
    if (us < SECONDS_ABSOLUTE_US) {
        if (run->origin == PACK_STREAM)
            return refuse(run, ERR_RANGE, "time is not absolute");
        us += run->received_us;
    }
    if (us > run->latest_us)
        return refuse(run, ERR_RANGE, "time more than a day ahead");
    reading->time_us = us;
    return 0;
}

static void resolve_value(const struct run *run, struct reading *reading)
{
    const struct record *record = &run->record;
    reading->unit = record->seen & BIT(L_U) ? record->u : record->bu;
    if (record->seen & BIT(L_V)) {
        reading->kind = READING_NUMBER;
        reading->number = record->bv != 0 ? record->bv + record->v : record->v;
    } else if (record->seen & BIT(L_VB)) {
        reading->kind = READING_FLAG;
        reading->flag = record->vb;
    } else {
        reading->kind = READING_TEXT;
        reading->text = record->vs;
    }
}

static int resolve(struct run *run)
{
    struct pack_reader *r = run->r;
    if (r->len == PACK_READINGS_MAX)
        return refuse(run, ERR_FULL, "too many readings");
    struct reading *reading = &r->readings[r->len];
    *reading = (struct reading){0};
    int err = resolve_name(run, reading);
    if (!err)
        err = resolve_time(run, reading);
    if (err)
        return err;
    resolve_value(run, reading);
    err = pack_value_check(reading, run->why);
    if (!err)
        r->len++;
    return err;
}

/* What a base member that just came means for the records from here on. */
static int take_bases(struct run *run)
{
    const struct record *record = &run->record;
    if (record->seen & BIT(L_BN)) {
        struct slice site = record->bn;
        bool slash = site.len && site.at[site.len - 1] == '/';
        site.len -= slash;
        run->site = slash && pack_part_ok(site) ? site : (struct slice){0};
    }
    if (record->seen & BIT(L_BVER) && !(record->bver >= 1 && record->bver <= VERSION_MAX))
        return refuse(run, ERR_VERSION, "a version of SenML above 10");
    return 0;
}

/* Exactly one value, unless there is a sum (RFC 8428 section 4.2); a record of base members alone
 * only sets them. */
static int finish_record(struct run *run)
{
    unsigned seen = run->record.seen;
    unsigned values = seen & BITS_VALUE;
    int err = seen & BITS_BASE ? take_bases(run) : 0;
    if (err)
        return err;
    if (values & (values - 1))
        return refuse(run, ERR_EXISTS, "two values");
    if (values && values != BIT(L_VD))
        return resolve(run);
    if (values || seen & BIT(L_S))
        run->r->skipped++;
    else if (!seen || seen & ~(unsigned)BITS_BASE)
        return refuse(run, ERR_MISSING, "no value");
    return 0;
}

/* Another value than must stand here: not JSON at all, or of the wrong type. */
static int refuse_shape(struct run *run, const char *what)
{
    int err = json_skip(&run->json, JSON_DEPTH_MAX);
    if (err)
        return json_explain(&run->json, err, run->why);
    if (run->number)
        return refuse(run, ERR_TYPE, what);
    reason_set(run->why, "%s", what);
    return ERR_TYPE;
}

static int read_record(struct run *run)
{
    struct json *json = &run->json;
    run->number++;
    if (!json_take(json, '{'))
        return refuse_shape(run, "not an object");
    run->record.seen = 0;
    if (!json_take(json, '}')) {
        do {
            int err = read_member(run);
            if (err)
                return err;
        } while (json_take(json, ','));
        if (!json_take(json, '}'))
            return json_explain(json, ERR_SYNTAX, run->why);
    }
    return finish_record(run);
}

static int read_pack(struct run *run)
{
    struct json *json = &run->json;
    if (!json_take(json, '['))
        return refuse_shape(run, "not a list of records");
    if (!json_take(json, ']')) {
        do {
            int err = read_record(run);
            if (err)
                return err;
        } while (json_take(json, ','));
        if (!json_take(json, ']'))
            return json_explain(json, ERR_SYNTAX, run->why);
    }
    return json_peek(json) || json->at != json->end ? json_explain(json, ERR_SYNTAX, run->why) : 0;
}

int pack_reader_read(struct pack_reader *r, struct slice bytes, enum pack_origin origin,
                     struct wall_ms received, struct reason *ret_why)
{
    r->len = r->skipped = r->scratch_len = 0;
    if (bytes.len > PACK_BYTES_MAX) {
        reason_set(ret_why, "longer than %d bytes", PACK_BYTES_MAX);
        return ERR_TOO_LONG;
    }
    struct run run = {
        .r = r,
        .json = json_scan(bytes),
        .origin = origin,
        .received_us = received.ms * 1000,
        .latest_us = (received.ms + PACK_AHEAD_MAX_MS) * 1000,
        .why = ret_why,
    };
    int err = read_pack(&run);
    if (err)
        r->len = r->skipped = 0;
    return err;
}
