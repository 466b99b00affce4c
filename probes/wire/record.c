#include "wire/record.h"

#include "base/err.h"
#include "base/num.h"
#include "wire/seconds.h"

enum label_type { TYPE_TEXT, TYPE_NUMBER, TYPE_TIME, TYPE_BOOL };

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

int record_refuse(const struct record_reader *r, int err, const char *what)
{
    reason_set(r->why, "%s in record %zu", what, r->number);
    return err;
}

char *record_scratch(struct record_reader *r, size_t len)
{
    if (len > r->scratch_max - r->scratch_len) {
        record_refuse(r, ERR_FULL, "too much text");
        return NULL;
    }
    r->scratch_len += len;
    return r->scratch + r->scratch_len - len;
}

static int read_text(struct record_reader *r, struct slice *ret_text)
{
    struct slice raw;
    bool escaped = false;
    int err = json_text(&r->json, &raw, &escaped);
    if (err)
        return json_explain(&r->json, err, r->why);
    if (escaped) {
        char *to = record_scratch(r, raw.len);
        if (!to)
            return ERR_FULL;
        raw = (struct slice){to, json_unescape(raw, to)};
    }
    *ret_text = raw;
    return 0;
}

#define KEY(a, b) ((uint32_t)(a) | (uint32_t)(b) << 8)

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
static int skip_unknown(struct record_reader *r, struct slice key)
{
    if (key.len && key.at[key.len - 1] == '_') {
        reason_set(r->why, "label %.*s must be understood", (int)key.len, key.at);
        return ERR_UNKNOWN;
    }
    int err = json_skip(&r->json, JSON_DEPTH_MAX - 2);
    return err ? json_explain(&r->json, err, r->why) : 0;
}

static int read_number(struct record_reader *r, enum label_type type, void *ret_value)
{
    struct slice text = {r->json.at, 0};
    int err = json_number(&r->json, &text);
    if (!err)
        err = type == TYPE_TIME ? seconds_read(text, ret_value) : num_parse(text, ret_value);
    if (err == ERR_SYNTAX) {
        r->json.at = text.at;
        return json_explain(&r->json, err, r->why);
    }
    return err ? record_refuse(r, err, "number out of range") : 0;
}

/* A value whose first character already shows another type than its label has. */
static bool wrong_type(struct record_reader *r, enum label_type type)
{
    char c = json_peek(&r->json);
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

static int refuse_type(struct record_reader *r, enum label label)
{
    int err = json_skip(&r->json, JSON_DEPTH_MAX - 2);
    if (err)
        return json_explain(&r->json, err, r->why);
    reason_set(r->why, "wrong type of %s in record %zu", LABELS[label].word, r->number);
    return ERR_TYPE;
}

static int read_value(struct record_reader *r, enum label label)
{
    void *to = (char *)&r->record + LABELS[label].offset;
    if (wrong_type(r, LABELS[label].type))
        return refuse_type(r, label);
    switch (LABELS[label].type) {
    case TYPE_TEXT:
        return read_text(r, to);
    case TYPE_BOOL:
        return json_bool(&r->json, to) ? json_explain(&r->json, ERR_SYNTAX, r->why) : 0;
    default:
        return read_number(r, LABELS[label].type, to);
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
static int read_key(struct record_reader *r, struct slice *ret_key)
{
    int err = read_text(r, ret_key);
    if (!err && !json_take(&r->json, ':'))
        err = json_explain(&r->json, ERR_SYNTAX, r->why);
    return err;
}

static int read_member(struct record_reader *r)
{
    enum label label = take_short_label(&r->json);
    if (label == L_UNKNOWN) {
        struct slice key = {0};
        int err = read_key(r, &key);
        if (err)
            return err;
        label = label_of(key);
        if (label == L_UNKNOWN)
            return skip_unknown(r, key);
    }
    if (r->record.seen & record_bit(label))
        return record_refuse(r, ERR_EXISTS, "a label twice");
    r->record.seen |= record_bit(label);
    return read_value(r, label);
}

/* Another value than must stand here: not JSON at all, or of the wrong type. */
int record_refuse_shape(struct record_reader *r, const char *what)
{
    int err = json_skip(&r->json, JSON_DEPTH_MAX);
    if (err)
        return json_explain(&r->json, err, r->why);
    if (r->number)
        return record_refuse(r, ERR_TYPE, what);
    reason_set(r->why, "%s", what);
    return ERR_TYPE;
}

int record_read(struct record_reader *r)
{
    struct json *json = &r->json;
    r->number++;
    if (!json_take(json, '{'))
        return record_refuse_shape(r, "not an object");
    r->record.seen = 0;
    if (!json_take(json, '}')) {
        do {
            int err = read_member(r);
            if (err)
                return err;
        } while (json_take(json, ','));
        if (!json_take(json, '}'))
            return json_explain(json, ERR_SYNTAX, r->why);
    }
    return 0;
}
