#include "codec/line.h"

#include "base/err.h"
#include "base/num.h"

#include <math.h>
#include <string.h>

/* What a byte means in each place: 1 = escape in a measurement, 2 = escape in tags and field keys,
 * 4 = forbidden in both, 8 = forbidden in a field key. */
enum { ESC_MEASUREMENT = 1, ESC_KEY = 2, FORBIDDEN = 4, NOT_IN_FIELD = 8 };

static const int64_t US_MAX = INT64_MAX / 1000;

/* Bytes from the space on. */
static const unsigned char CLASS[256] = {
    [' '] = ESC_MEASUREMENT | ESC_KEY,
    [','] = ESC_MEASUREMENT | ESC_KEY,
    ['='] = ESC_KEY,
    ['\\'] = FORBIDDEN,
    ['"'] = NOT_IN_FIELD,
    [0x7f] = FORBIDDEN,
};

static unsigned class_of(unsigned char c)
{
    unsigned control = c < ' ' ? FORBIDDEN : 0;
    return CLASS[c] | control;
}

/* What all bytes of s mean together. */
static unsigned classes_of(struct slice s)
{
    unsigned all = 0;
    for (size_t i = 0; i < s.len; i++)
        all |= class_of((unsigned char)s.at[i]);
    return all;
}

static int check_text(struct slice s)
{
    if (s.len == 0)
        return ERR_MISSING;
    return classes_of(s) & FORBIDDEN ? ERR_SYNTAX : 0;
}

/* Writes s escaped, at most 2 * s.len bytes. */
static char *escape(char *to, struct slice s, unsigned where)
{
    for (size_t i = 0; i < s.len; i++) {
        if (class_of((unsigned char)s.at[i]) & where)
            *to++ = '\\';
        *to++ = s.at[i];
    }
    return to;
}

static void put_escaped(struct buf *out, struct slice s, unsigned where)
{
    char *to = buf_reserve(out, 2 * s.len);
    if (to)
        buf_grown(out, (size_t)(escape(to, s, where) - to));
}

static int put_tag(struct buf *out, const struct line_tag *tag)
{
    int err = check_text(tag->key);
    if (!err)
        err = check_text(tag->value);
    if (err)
        return err;
    buf_char(out, ',');
    put_escaped(out, tag->key, ESC_KEY);
    buf_char(out, '=');
    put_escaped(out, tag->value, ESC_KEY);
    return out->err;
}

int line_key(struct buf *out, struct slice measurement, const struct line_tag *tags, size_t n)
{
    size_t start = out->len;
    int err = check_text(measurement);
    if (!err)
        put_escaped(out, measurement, ESC_MEASUREMENT);
    for (size_t i = 0; !err && i < n; i++)
        err = put_tag(out, &tags[i]);
    if (!err) {
        buf_char(out, ' ');
        err = out->err;
    }
    if (err && out->data)
        buf_cut(out, start);
    return err;
}

static char *put_bytes(char *to, const char *bytes, size_t len)
{
    memcpy(to, bytes, len);
    return to + len;
}

int line_origin(struct line_origin *origin, struct slice probe, struct slice site)
{
    int err = check_text(probe);
    if (!err)
        err = check_text(site);
    if (!err && (probe.len > LINE_NAME_MAX || site.len > LINE_NAME_MAX))
        err = ERR_TOO_LONG;
    if (err)
        return err;
    char *to = put_bytes(origin->text, ",probe=", 7);
    to = put_bytes(escape(to, probe, ESC_KEY), ",site=", 6);
    to = put_bytes(escape(to, site, ESC_KEY), " ", 1);
    origin->len = (size_t)(to - origin->text);
    return 0;
}

int line_begin_check(struct line *line, struct buf *out, struct slice type, struct slice check,
                     const struct line_origin *origin)
{
    int err = check_text(type);
    if (!err)
        err = check_text(check);
    char *to = err ? NULL : buf_reserve(out, 11 + 2 * (type.len + check.len) + origin->len);
    if (!to)
        return err ? err : out->err;
    *line = (struct line){.out = out, .start = out->len};
    to = escape(put_bytes(to, "chk_", 4), type, ESC_MEASUREMENT);
    to = escape(put_bytes(to, ",check=", 7), check, ESC_KEY);
    to = put_bytes(to, origin->text, origin->len);
    buf_grown(out, (size_t)(to - (out->data + out->len)));
    return 0;
}

/* True for `time`, the tags' own names and what is reserved at the beginning or end of a name. */
static bool is_reserved(struct slice metric)
{
    static const char *const whole[] = {"time", "check", "probe", "site"};

    enum { END = 5 };

    if (metric.at[0] == '_')
        return true;
    for (size_t i = 0; metric.len <= END && i < sizeof whole / sizeof *whole; i++)
        if (slice_is(metric, whole[i]))
            return true;
    const char *end = metric.at + metric.len - END;
    return metric.len >= END && (memcmp(end, "_flag", END) == 0 || memcmp(end, "_text", END) == 0);
}

int line_metric(struct slice metric)
{
    if (metric.len == 0)
        return ERR_MISSING;
    if (classes_of(metric) & (FORBIDDEN | NOT_IN_FIELD))
        return ERR_SYNTAX;
    return is_reserved(metric) ? ERR_DENIED : 0;
}

void line_begin(struct line *line, struct buf *out, struct slice key)
{
    *line = (struct line){.out = out, .start = out->len};
    buf_put(out, key.at, key.len);
}

/* Room for ",<metric><suffix>=" and extra more bytes, the first part written; NULL on error. */
static char *open_field(struct line *line, struct slice metric, struct slice suffix, size_t extra)
{
    char *to = buf_reserve(line->out, 2 * metric.len + suffix.len + 2 + extra);
    if (!to)
        return NULL;
    if (line->fields++ > 0)
        *to++ = ',';
    to = escape(to, metric, ESC_KEY);
    memcpy(to, suffix.at, suffix.len);
    to += suffix.len;
    *to++ = '=';
    return to;
}

static void close_field(struct line *line, const char *end)
{
    struct buf *out = line->out;
    buf_grown(out, (size_t)(end - (out->data + out->len)));
}

int line_number(struct line *line, struct slice metric, double value)
{
    if (!isfinite(value))
        return ERR_RANGE;
    char *to = open_field(line, metric, (struct slice){"", 0}, NUM_TEXT_MAX);
    if (to)
        close_field(line, to + num_format(value, to));
    return 0;
}

void line_integer(struct line *line, struct slice metric, int64_t value)
{
    char *to = open_field(line, metric, (struct slice){"", 0}, 0);
    if (!to)
        return;
    close_field(line, to);
    buf_i64(line->out, value);
}

void line_flag(struct line *line, struct slice metric, bool value)
{
    char *to = open_field(line, metric, (struct slice){"_flag", 5}, 1);
    if (!to)
        return;
    *to = value ? '1' : '0';
    close_field(line, to + 1);
}

void line_text(struct line *line, struct slice metric, struct slice value)
{
    char *to = open_field(line, metric, (struct slice){"_text", 5}, 2 * value.len + 2);
    if (!to)
        return;
    *to++ = '"';
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if (c == '"' || c == '\\')
            *to++ = '\\';
        *to++ = c < 0x20 || c == 0x7f ? ' ' : (char)c;
    }
    *to++ = '"';
    close_field(line, to);
}

uint32_t line_end(struct line *line, int64_t time_us)
{
    struct buf *out = line->out;
    if (out->err)
        return 0;
    if (line->fields == 0 || time_us > US_MAX || time_us < -US_MAX) {
        buf_cut(out, line->start);
        return 0;
    }
    buf_char(out, ' ');
    buf_i64(out, time_us);
    if (time_us != 0)
        buf_put(out, "000", 3);
    buf_char(out, '\n');
    return out->err ? 0 : line->fields;
}

/* Index of the first space that ends the key; escaped ones belong to it. */
static size_t skip_key(struct slice text)
{
    size_t at = 0;
    while (at < text.len && text.at[at] != ' ')
        at += text.at[at] == '\\' ? 2 : 1;
    return at < text.len ? at : text.len;
}

/* Counts fields from `at` to the space behind them; returns its index. */
static size_t count_fields(struct slice text, size_t at, uint32_t *ret_fields)
{
    bool quoted = false;
    uint32_t fields = 1;
    for (; at < text.len; at++) {
        char c = text.at[at];
        if (c == '\\')
            at++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && c == ' ')
            break;
        else
            fields += !quoted && c == ',';
    }
    *ret_fields = fields;
    return at;
}

int line_look(struct slice text, struct line_facts *ret_facts)
{
    struct line_facts facts = {0};
    size_t at = skip_key(text);
    if (at + 1 >= text.len)
        return ERR_SYNTAX;
    at = count_fields(text, at + 1, &facts.fields);
    if (at + 1 >= text.len)
        return ERR_SYNTAX;
    if (num_parse_i64((struct slice){text.at + at + 1, text.len - at - 1}, &facts.time_ns))
        return ERR_SYNTAX;
    *ret_facts = facts;
    return 0;
}
