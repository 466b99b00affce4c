#include "script.h"

#include "base/buf.h"
#include "base/num.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

bool script_complain(struct script *s, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fprintf(stderr, "%s:%d: ", s->name, s->line);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    s->failures++;
    return false;
}

/* ---- words and times ---- */

bool script_duration(struct slice word, int64_t *ret_ms)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}};

    bool minus = word.len && word.at[0] == '-';
    size_t i = minus;
    int64_t sum = 0;
    while (i < word.len) {
        size_t digits = i;
        while (i < word.len && word.at[i] >= '0' && word.at[i] <= '9')
            i++;
        int64_t value;
        if (num_parse_i64((struct slice){word.at + digits, i - digits}, &value))
            return false;
        size_t k = 0;
        while (k < 5 && (word.len - i < strlen(units[k].unit) ||
                         memcmp(word.at + i, units[k].unit, strlen(units[k].unit)) != 0))
            k++;
        if (k == 5)
            return false;
        sum += value * units[k].ms;
        i += strlen(units[k].unit);
    }
    if (word.len == (size_t)minus)
        return false;
    *ret_ms = minus ? -sum : sum;
    return true;
}

bool script_time(struct slice word, struct wall_ms *ret_t)
{
    int64_t ms;
    if (!script_duration(word, &ms))
        return false;
    ret_t->ms = HISTORY_ZERO_MS + ms;
    return true;
}

/** The next line of the text without its comment, split into words; false at the end. */
static bool next_line(struct script *s, struct slice *ret_line)
{
    if (!*s->rest)
        return false;
    size_t len = strcspn(s->rest, "\n");
    *ret_line = (struct slice){s->rest, len};
    s->rest += len + (s->rest[len] == '\n');
    s->line++;
    return true;
}

static size_t split(struct slice line, struct slice words[SCRIPT_WORDS_MAX])
{
    size_t n = 0;
    const char *at = line.at;
    const char *end = line.at + line.len;
    while (at < end && *at != '#' && n < SCRIPT_WORDS_MAX) {
        const char *from = at;
        while (at < end && *at != ' ' && *at != '\t')
            at++;
        if (at > from)
            words[n++] = (struct slice){from, (size_t)(at - from)};
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
    }
    return n;
}

static bool is(struct slice word, const char *text)
{
    return slice_equal(word, slice_of(text));
}

/** The index of @p word among @p words, -1 if it is none of them. */
static int choice(struct slice word, const char *const *words, int n)
{
    for (int i = 0; i < n; i++)
        if (is(word, words[i]))
            return i;
    return -1;
}

/* ---- inventory ---- */

static void read_table(struct script *s, struct slice name)
{
    char table[16];
    snprintf(table, sizeof table, "%.*s", (int)name.len, name.at);
    struct buf text;
    buf_init(&text, 1 << 20);
    struct slice line;
    while (next_line(s, &line) && !is(line, "end")) {
        buf_put(&text, line.at, line.len);
        buf_char(&text, '\n');
    }
    history_table(&s->h, table, text.data ? text.data : "");
    buf_done(&text);
}

static const struct inventory *present(const struct script *s)
{
    return ((const struct history_load *)vec_at(&s->h.loads, s->h.loads.len - 1))->inv;
}

static void read_load(struct script *s, const struct slice *words, size_t n)
{
    struct wall_ms at = {HISTORY_ZERO_MS - 1};
    if (n > 1 && !script_time(words[1], &at)) {
        script_complain(s, "not a time");
        return;
    }
    if (history_load(&s->h, at)) {
        script_complain(s, "inventory refused: %s", s->h.complaint);
        return;
    }
    if (s->h.loads.len >= 2)
        history_reload(&s->h);
}

/** declare TIME TARGET maintenance|asleep from TIME to TIME */
static bool read_declare(struct script *s, const struct slice *words, size_t n)
{
    static const char *const kinds[] = {"maintenance", "asleep"};
    struct wall_ms at;
    struct inventory_wish wish = {.unit = INV_NONE, .reason = "test", .by = "script"};
    int kind = n == 8 ? choice(words[3], kinds, 2) : -1;
    if (kind < 0 || !script_time(words[1], &at) || !script_time(words[5], &wish.span.from) ||
        !script_time(words[7], &wish.span.to))
        return script_complain(s, "declare TIME TARGET maintenance|asleep from TIME to TIME");
    wish.kind = (enum declaration_kind)kind;
    if (memchr(words[2].at, '/', words[2].len)) {
        wish.unit = names_find(&present(s)->units, words[2]);
        wish.site =
            wish.unit == INV_NONE ? INV_NONE : inventory_unit_id(present(s), wish.unit)->site;
    } else {
        wish.site = names_find(&present(s)->sites, words[2]);
    }
    if (wish.site == INV_NONE || history_declare(&s->h, at, &wish, 0))
        return script_complain(s, "not declared");
    history_reload(&s->h);
    return true;
}

/** withdraw TIME NUMBER */
static bool read_withdraw(struct script *s, const struct slice *words, size_t n)
{
    struct wall_ms at;
    int64_t number;
    if (n != 3 || !script_time(words[1], &at) || num_parse_i64(words[2], &number) ||
        history_declare(&s->h, at, NULL, number))
        return script_complain(s, "withdraw TIME NUMBER, of a declaration that stands");
    history_reload(&s->h);
    return true;
}

uint32_t script_unit(const struct inventory *inv, struct slice word)
{
    return names_find(&inv->units, word);
}

/* ---- options ---- */

static const char *const site_kinds[] = {"bts", "fibre", "network", "service", "link", "feeder"};

static bool read_option(struct script *s, const struct slice *words, size_t n)
{
    int64_t ms = 0;
    if (n == 3 && script_duration(words[2], &ms)) {
        if (is(words[1], "late"))
            s->h.options.late_ms = ms;
        else if (is(words[1], "settle"))
            s->h.options.connect_settle_ms = ms;
        else if (is(words[1], "future"))
            s->h.options.future_ms = ms;
        else
            return script_complain(s, "unknown option");
        return true;
    }
    int kind = n == 5 ? choice(words[2], site_kinds, 6) : -1;
    int64_t bad = 0;
    int64_t good = 0;
    if (kind < 0 || num_parse_i64(words[3], &bad) || num_parse_i64(words[4], &good))
        return script_complain(s,
                               "option late|settle|future DURATION, or hysteresis KIND BAD GOOD");
    s->h.options.hysteresis[kind].bad = (uint8_t)bad;
    s->h.options.hysteresis[kind].good = (uint8_t)good;
    return true;
}

/* ---- lists ---- */

static bool read_units(struct script *s, struct history_entry *entry, struct slice word)
{
    while (word.len) {
        const char *comma = memchr(word.at, ',', word.len);
        size_t len = comma ? (size_t)(comma - word.at) : word.len;
        uint32_t unit = inventory_find_unit(present(s), entry->site, (struct slice){word.at, len});
        if (unit == INV_NONE || entry->n_units == HISTORY_UNITS_MAX)
            return script_complain(s, "no unit %.*s", (int)len, word.at);
        entry->units[entry->n_units++] = unit;
        word.at += len + (comma != NULL);
        word.len -= len + (comma != NULL);
    }
    return true;
}

static bool read_attribute(struct script *s, struct history_entry *entry, struct slice word)
{
    const char *eq = memchr(word.at, '=', word.len);
    if (!eq)
        return script_complain(s, "key=value expected");
    struct slice key = {word.at, (size_t)(eq - word.at)};
    struct slice value = {eq + 1, word.len - key.len - 1};
    if (is(key, "units"))
        return read_units(s, entry, value);
    if (is(key, "role"))
        return !role_read(value, &entry->role) || script_complain(s, "not a role");
    if (is(key, "cause"))
        return !cause_read(value, &entry->cause) || script_complain(s, "not a cause");
    int64_t *duration = is(key, "interval")  ? &entry->interval_ms
                        : is(key, "timeout") ? &entry->timeout_ms
                        : is(key, "ttl")     ? &entry->ttl_ms
                                             : NULL;
    if (!duration || !script_duration(value, duration))
        return script_complain(s, "unknown key or value");
    return true;
}

/** One line of a list: NAME SITE units=a,b ttl=30s [interval= timeout= role= cause=]. */
static bool read_entry(struct script *s, const struct slice *words, size_t n)
{
    uint32_t site = n > 1 ? names_find(&present(s)->sites, words[1]) : NAMES_NONE;
    if (site == NAMES_NONE)
        return script_complain(s, "no such site");
    uint32_t check = history_check(&s->h, words[0]);
    struct history_entry *entry = history_entry(&s->h);
    *entry = (struct history_entry){.check = check, .site = site, .ttl_ms = 30000};
    for (size_t i = 2; i < n; i++)
        if (!read_attribute(s, entry, words[i]))
            return false;
    if (!entry->interval_ms && !entry->timeout_ms) {
        entry->interval_ms = entry->ttl_ms / 3;
        entry->timeout_ms = entry->ttl_ms / 3;
    }
    return true;
}

static uint32_t read_list(struct script *s)
{
    uint32_t list = history_list(&s->h);
    struct slice line;
    struct slice words[SCRIPT_WORDS_MAX];
    while (next_line(s, &line)) {
        size_t n = split(line, words);
        if (n == 1 && is(words[0], "end"))
            break;
        if (n)
            read_entry(s, words, n);
    }
    return list;
}

/* ---- events ---- */

/** Unless the script is raw, the marker reaches @p t before what happens there. */
static void listen_until(struct script *s, struct wall_ms t)
{
    if (s->raw || !s->hearing || t.ms <= s->heard_to.ms)
        return;
    history_add(&s->h, HISTORY_LISTENED, t)->also = s->heard_to;
    s->heard_to = t;
}

static void listen_from(struct script *s, struct wall_ms t)
{
    s->hearing = true;
    s->heard_to = t;
}

/** "... [of TIME]": the event's own time where it differs from its arrival. */
static bool own_time(struct script *s, const struct slice *words, size_t n, struct wall_ms *t)
{
    if (n == 0)
        return true;
    if (n == 2 && is(words[0], "of") && script_time(words[1], t))
        return true;
    return script_complain(s, "of TIME expected");
}

static bool read_result(struct script *s, enum history_kind kind, struct wall_ms at, uint32_t probe,
                        const struct slice *words, size_t n)
{
    struct wall_ms t = at;
    int64_t verdict = 0;
    uint32_t site = n > 2 ? names_find(&present(s)->sites, words[0]) : NAMES_NONE;
    if (site == NAMES_NONE || num_parse_i64(words[2], &verdict) || verdict < 0 || verdict > 3)
        return script_complain(s, "result PROBE SITE CHECK 0..3 [of TIME]");
    if (!own_time(s, words + 3, n - 3, &t))
        return false;
    uint32_t check = history_check(&s->h, words[1]);
    struct history_event *e = history_add(&s->h, kind, t);
    e->also = at;
    e->probe = probe;
    e->site = site;
    e->check = check;
    e->verdict = (enum verdict)verdict;
    return true;
}

/** Events without a probe: connected, advance, listened FROM, and the script's own deaf and
 * hearing. */
static bool read_centre(struct script *s, struct wall_ms at, const struct slice *words, size_t n)
{
    struct wall_ms from;
    if (is(words[0], "connected")) {
        history_add(&s->h, HISTORY_CONNECTED, at);
        listen_from(s, at);
    } else if (is(words[0], "listened") && n == 2 && script_time(words[1], &from)) {
        history_add(&s->h, HISTORY_LISTENED, at)->also = from;
    } else if (is(words[0], "deaf")) {
        s->hearing = false;
    } else if (is(words[0], "hearing")) {
        listen_from(s, at);
    } else if (!is(words[0], "advance")) {
        return script_complain(s, "unknown event");
    }
    return true;
}

static bool read_of_probe(struct script *s, enum history_kind kind, struct wall_ms at,
                          const struct slice *words, size_t n)
{
    uint32_t probe = n > 1 ? names_find(&present(s)->probes, words[1]) : NAMES_NONE;
    if (probe == NAMES_NONE)
        return script_complain(s, "no such probe");
    if (kind == HISTORY_RESULT || kind == HISTORY_SUMMARY)
        return read_result(s, kind, at, probe, words + 2, n - 2);
    struct wall_ms t = at;
    if (!own_time(s, words + 2, n - 2, &t))
        return false;
    uint32_t list = kind == HISTORY_LIST ? read_list(s) : 0;
    struct history_event *e = history_add(&s->h, kind, t);
    e->probe = probe;
    e->index = list;
    return true;
}

static void read_event(struct script *s, const struct slice *words, size_t n)
{
    struct wall_ms at;
    if (n < 3 || !script_time(words[1], &at) || !s->h.loads.len) {
        script_complain(s, "at TIME EVENT expected, after a load");
        return;
    }
    static const char *const kinds[] = {"list", "result", "summary", "will", "gasp"};
    int kind = is(words[2], "heard")  ? HISTORY_HEARD
               : is(words[2], "away") ? HISTORY_AWAY
                                      : choice(words[2], kinds, 5);
    listen_until(s, at);
    if (kind < 0)
        read_centre(s, at, words + 2, n - 2);
    else
        read_of_probe(s, (enum history_kind)kind, at, words + 2, n - 2);
    if (!s->raw || is(words[2], "advance"))
        history_add(&s->h, HISTORY_ADVANCE, at);
}

static void read_line(struct script *s, const struct slice *words, size_t n)
{
    if (is(words[0], "raw"))
        s->raw = true;
    else if (is(words[0], "table") && n == 2)
        read_table(s, words[1]);
    else if (is(words[0], "load"))
        read_load(s, words, n);
    else if (is(words[0], "declare"))
        read_declare(s, words, n);
    else if (is(words[0], "withdraw"))
        read_withdraw(s, words, n);
    else if (is(words[0], "option"))
        read_option(s, words, n);
    else if (is(words[0], "at"))
        read_event(s, words, n);
    else if (!is(words[0], "expect"))
        script_complain(s, "unknown statement");
    else if (s->expect)
        s->expect(s, words + 1, n - 1);
}

int script_run(struct script *s, const char *name, const char *text)
{
    history_init(&s->h);
    s->name = name;
    s->rest = text;
    s->line = 0;
    s->failures = 0;
    s->raw = false;
    s->hearing = false;
    struct slice line;
    struct slice words[SCRIPT_WORDS_MAX];
    while (next_line(s, &line)) {
        size_t n = split(line, words);
        if (n)
            read_line(s, words, n);
    }
    return s->failures;
}

void script_done(struct script *s)
{
    history_done(&s->h);
}
