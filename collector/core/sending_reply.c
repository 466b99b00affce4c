#include "core/sending_reply.h"

#include <ctype.h>
#include <string.h>

/* Words that servers put before the reason; any number of them, in any order. */
static const char *const PREFIXES[] = {
    "partial write: ",
    "failure writing points to database: ",          /* InfluxDB 2, status 422 */
    "unexpected error writing points to database: ", /* InfluxDB 2.0, status 500 */
    "write failed: ",
};

/* Reasons, as they begin behind the prefixes. A line's own text may stand later in the body, so
 * nothing is looked for there. */
static const struct {
    const char *begins;
    enum sending_class class;
} REASONS[] = {
    {"unable to parse '", SENDING_LINES},
    {"field type conflict", SENDING_LINES},
    {"invalid field name", SENDING_LINES},
    {"invalid tag key", SENDING_LINES},
    {"partial write of line protocol occurred", SENDING_LINES}, /* InfluxDB 3 */
    {"points beyond retention policy", SENDING_BEYOND},
    {"retention policy not found", SENDING_REFUSED}, /* InfluxDB 1 says so with a 500 */
};

/* Finds `needle` in `hay`; its index, or hay.len. */
static size_t find(struct slice hay, const char *needle)
{
    size_t len = strlen(needle);
    for (size_t i = 0; i + len <= hay.len; i++)
        if (memcmp(hay.at + i, needle, len) == 0)
            return i;
    return hay.len;
}

/* The text of the JSON member that carries the reason, still escaped; the whole body if it has
 * none. */
static struct slice reason_of(struct slice body)
{
    static const char *const members[] = {"\"message\":\"", "\"error\":\""};
    for (size_t m = 0; m < sizeof members / sizeof *members; m++) {
        size_t at = find(body, members[m]);
        if (at == body.len)
            continue;
        at += strlen(members[m]);
        size_t end = at;
        while (end < body.len && body.at[end] != '"')
            end += body.at[end] == '\\' ? 2 : 1;
        if (end > body.len)
            end = body.len;
        return (struct slice){body.at + at, end - at};
    }
    return body;
}

static char unescape(char c)
{
    return c == 'n' || c == 'r' || c == 't' ? ' ' : c;
}

/* Readable text of at most SENDING_WORDS_MAX - 1 bytes: escapes undone, one space for white space
 * and control characters, never cut within a UTF-8 sequence. */
static void keep_words(struct slice s, char words[SENDING_WORDS_MAX])
{
    size_t len = 0;
    for (size_t i = 0; i < s.len && len + 1 < SENDING_WORDS_MAX; i++) {
        char c = s.at[i];
        if (c == '\\' && i + 1 < s.len)
            c = unescape(s.at[++i]);
        if ((unsigned char)c < 0x20 || c == 0x7f)
            c = ' ';
        if (c != ' ' || (len > 0 && words[len - 1] != ' '))
            words[len++] = c;
    }
    if (len == SENDING_WORDS_MAX - 1)
        while (len > 0 && (words[len - 1] & 0xc0) == 0x80)
            len--;
    if (len > 0 && ((unsigned char)words[len - 1] >= 0xc0 || words[len - 1] == ' '))
        len--;
    words[len] = '\0';
}

static const char *skip_prefixes(const char *words)
{
    for (size_t i = 0; i < sizeof PREFIXES / sizeof *PREFIXES;) {
        size_t len = strlen(PREFIXES[i]);
        bool fits = strncmp(words, PREFIXES[i], len) == 0;
        words += fits ? len : 0;
        i = fits ? 0 : i + 1;
    }
    return words;
}

static uint32_t read_count(struct slice digits)
{
    uint32_t count = 0;
    for (size_t i = 0; i < digits.len && isdigit((unsigned char)digits.at[i]); i++)
        if (count < UINT32_MAX / 10 - 1)
            count = count * 10 + (uint32_t)(digits.at[i] - '0');
    return count;
}

/* The number behind the last "dropped=" of the body, else behind "dropped " at the start of the
 * reason; 0 if there is neither. */
static uint32_t dropped_of(struct slice body, const char *reason)
{
    static const char word[] = "dropped=";
    struct slice rest = body;
    struct slice digits = {0};
    for (;;) {
        size_t at = find(rest, word);
        if (at == rest.len)
            break;
        at += sizeof word - 1;
        rest = digits = (struct slice){rest.at + at, rest.len - at};
    }
    uint32_t count = read_count(digits);
    if (count == 0 && strncmp(reason, "dropped ", 8) == 0)
        count = read_count(slice_of(reason + 8));
    return count;
}

/* InfluxDB 2.7 spells the retention error out: "dropped 2 points outside retention policy of
 * duration ... Retention Policy Lower Bound ..."; an upper bound concerns the future instead. */
static bool outside_retention(const char *reason)
{
    return strncmp(reason, "dropped ", 8) == 0 && strstr(reason, "outside retention policy");
}

/* Classes by what the text says; SENDING_OK = it says nothing we know. */
static enum sending_class class_of_text(const char *reason)
{
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if (strncmp(reason, REASONS[i].begins, strlen(REASONS[i].begins)) == 0)
            return REASONS[i].class;
    return outside_retention(reason) ? SENDING_BEYOND : SENDING_OK;
}

static enum sending_class class_of_status(int status)
{
    switch (status) {
    case 0:
    case 408:
        return SENDING_DOWN;
    case 413:
        return SENDING_TOO_LARGE;
    case 429:
    case 503:
        return SENDING_BUSY;
    default:
        return status >= 500 ? SENDING_DOWN : SENDING_REFUSED;
    }
}

/* Only these can carry the database's own judgement of lines. */
static bool may_judge(int status)
{
    return status == 400 || status == 422 || status == 500;
}

struct sending_verdict sending_reply_read(const struct sending_reply *reply)
{
    struct sending_verdict v = {.retry_after_ms = reply->retry_after_ms, .status = reply->status};
    if (reply->status >= 200 && reply->status < 300 && reply->body.len == 0)
        return v;
    keep_words(reason_of(reply->body), v.words);
    const char *reason = skip_prefixes(v.words);
    enum sending_class told = may_judge(reply->status) ? class_of_text(reason) : SENDING_OK;
    v.class = told != SENDING_OK ? told : class_of_status(reply->status);
    if (v.class != SENDING_BEYOND)
        return v;
    v.dropped = dropped_of(reply->body, reason);
    v.oldest = !strstr(reason, "Upper Bound");
    if (v.dropped == 0)
        v.class = SENDING_REFUSED;
    return v;
}
