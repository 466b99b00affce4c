#include "fault.h"

#include "base/err.h"
#include "base/num.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 5, REBOOT_MS = 2000, PERIOD_MS = 10000 };

/* What an action is called and takes. */
struct row {
    const char *word;
    const char *number;
    const char *about;
};

#define ROW(name, word, number, about) {word, number, about},

static const struct row ROWS[FAULT_ACTIONS] = {FAULT_MAP(ROW)};

const char *fault_word(enum fault_action action)
{
    return ROWS[action].word;
}

const char *fault_about(enum fault_action action)
{
    return ROWS[action].about;
}

static bool read_clock(struct slice text, int64_t *ret_ms)
{
    const char *colon = text.len ? memchr(text.at, ':', text.len) : NULL;
    uint64_t minutes;
    double seconds;
    if (!colon)
        return false;
    struct slice before = {text.at, (size_t)(colon - text.at)};
    struct slice after = {colon + 1, text.len - before.len - 1};
    if (after.len > 1 && after.at[0] == '0' && after.at[1] != '.')
        after = (struct slice){after.at + 1, after.len - 1};
    if (num_parse_u64(before, &minutes) || num_parse(after, &seconds) || seconds < 0 ||
        seconds >= 60 || minutes > 100000)
        return false;
    *ret_ms = (int64_t)minutes * 60000 + (int64_t)(seconds * 1000 + 0.5);
    return true;
}

bool fault_duration(struct slice text, int64_t *ret_ms)
{
    static const struct {
        const char *unit;
        double ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}, {"d", 86400000}};

    if (read_clock(text, ret_ms))
        return true;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t len = strlen(units[i].unit);
        double value;
        if (text.len <= len || memcmp(text.at + text.len - len, units[i].unit, len) != 0 ||
            num_parse((struct slice){text.at, text.len - len}, &value) || value < 0 || value > 1e9)
            continue;
        *ret_ms = (int64_t)(value * units[i].ms + 0.5);
        return true;
    }
    return false;
}

/* With a minus: before the start. */
static bool read_at(struct slice text, int64_t *ret_ms)
{
    bool before = text.len > 1 && text.at[0] == '-';
    if (before)
        text = (struct slice){text.at + 1, text.len - 1};
    if (!fault_duration(text, ret_ms))
        return false;
    if (before)
        *ret_ms = -*ret_ms;
    return true;
}

static size_t split(struct slice line, struct slice words[WORDS_MAX + 1])
{
    size_t n = 0;
    for (size_t at = 0; at < line.len && n <= WORDS_MAX;) {
        while (at < line.len && strchr(" \t\r", line.at[at]))
            at++;
        size_t start = at;
        while (at < line.len && !strchr(" \t\r#", line.at[at]))
            at++;
        if (at > start)
            words[n++] = (struct slice){line.at + start, at - start};
        if (at < line.len && line.at[at] == '#')
            break;
    }
    return n;
}

static int find_action(struct slice word, struct fault *f, char *why)
{
    for (int i = 0; i < FAULT_ACTIONS; i++)
        if (slice_is(word, ROWS[i].word)) {
            f->action = (enum fault_action)i;
            return 0;
        }
    snprintf(why, FAULT_WHY_MAX, "unknown action \"%.*s\"", (int)word.len, word.at);
    return ERR_UNKNOWN;
}

static int read_target(struct slice word, struct fault *f, char *why)
{
    if (word.len >= sizeof f->target) {
        snprintf(why, FAULT_WHY_MAX, "the target is too long");
        return ERR_TOO_LONG;
    }
    memcpy(f->target, word.at, word.len);
    f->target[word.len] = '\0';
    return 0;
}

static int64_t usual_duration(enum fault_action action)
{
    if (action == FAULT_REBOOT)
        return REBOOT_MS;
    return action == FAULT_FLAP ? PERIOD_MS : FAULT_FOREVER_MS;
}

/* What stands behind the target. */
static int read_rest(const struct slice *words, size_t n, struct fault *f, char *why)
{
    const char *number = ROWS[f->action].number;
    size_t at = 0;
    if (number && (n == 0 || num_parse(words[at++], &f->number))) {
        snprintf(why, FAULT_WHY_MAX, "%s takes a number of %s", ROWS[f->action].word, number);
        return n == 0 ? ERR_MISSING : ERR_SYNTAX;
    }
    f->duration_ms = usual_duration(f->action);
    if (at < n && !fault_duration(words[at++], &f->duration_ms)) {
        snprintf(why, FAULT_WHY_MAX, "\"%.*s\" is no duration (30s, 500ms, 2min, 1:30)",
                 (int)words[at - 1].len, words[at - 1].at);
        return ERR_SYNTAX;
    }
    if (at < n) {
        snprintf(why, FAULT_WHY_MAX, "\"%.*s\" is one word too many", (int)words[at].len,
                 words[at].at);
        return ERR_SYNTAX;
    }
    return 0;
}

int fault_read(struct slice line, bool timed, struct fault *ret_fault, char ret_why[FAULT_WHY_MAX])
{
    struct slice words[WORDS_MAX + 1];
    struct fault f = {0};
    size_t n = split(line, words);
    size_t at = timed ? 1 : 0;
    if (n == 0)
        return ERR_END;
    if (timed && !read_at(words[0], &f.at_ms)) {
        snprintf(ret_why, FAULT_WHY_MAX, "\"%.*s\" is no time after the start (1:30, 90s, -2h)",
                 (int)words[0].len, words[0].at);
        return ERR_SYNTAX;
    }
    if (n < at + 2) {
        snprintf(ret_why, FAULT_WHY_MAX, "an action and a target are needed: down bts-1 30s");
        return ERR_MISSING;
    }
    int err = find_action(words[at], &f, ret_why);
    if (!err)
        err = read_target(words[at + 1], &f, ret_why);
    if (!err)
        err = read_rest(words + at + 2, n - at - 2, &f, ret_why);
    if (!err)
        *ret_fault = f;
    return err;
}
