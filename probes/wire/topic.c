#include "wire/topic.h"

#include "base/err.h"
#include "base/num.h"

#include <ctype.h>

static const char PREFIX[] = "ioc/v1/";

enum { HEX_DIGITS = 16, LEVELS_MAX = 5 };

/* The forms by what follows the name; data is apart, it has numbers. */
static const struct {
    const char *word;
    enum topic_kind kind;
    bool centre;
} FORMS[] = {
    {"status", TOPIC_STATUS, false},       {"ack", TOPIC_ACK, false},
    {"config", TOPIC_CONFIG, false},       {"plain", TOPIC_PLAIN, false},
    {"status", TOPIC_CENTRE_STATUS, true}, {"echo", TOPIC_CENTRE_ECHO, true},
};

static bool name_char_ok(char c)
{
    return isalnum((unsigned char)c) || c == '.' || c == '_' || c == '-';
}

bool topic_name_ok(struct slice name)
{
    if (name.len == 0 || name.len > TOPIC_NAME_MAX || !isalnum((unsigned char)name.at[0]))
        return false;
    for (size_t i = 1; i < name.len; i++)
        if (!name_char_ok(name.at[i]))
            return false;
    return true;
}

int topic_read_hex(struct slice text, uint64_t *ret_value)
{
    if (text.len != HEX_DIGITS)
        return ERR_SYNTAX;
    uint64_t value = 0;
    for (size_t i = 0; i < HEX_DIGITS; i++) {
        char c = text.at[i];
        if (!isdigit((unsigned char)c) && (c < 'a' || c > 'f'))
            return ERR_SYNTAX;
        value = value << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    if (value == 0)
        return ERR_RANGE;
    *ret_value = value;
    return 0;
}

/* Cuts @p text at its slashes; the number of levels, or LEVELS_MAX + 1 if there are more. */
static size_t split(struct slice text, struct slice level[LEVELS_MAX])
{
    size_t n = 0;
    const char *end = text.at + text.len;
    for (const char *at = text.at;; n++) {
        const char *slash = memchr(at, '/', (size_t)(end - at));
        const char *stop = slash ? slash : end;
        if (n < LEVELS_MAX)
            level[n] = (struct slice){at, (size_t)(stop - at)};
        else
            return LEVELS_MAX + 1;
        if (!slash)
            return n + 1;
        at = slash + 1;
    }
}

static int read_seq(struct slice text, const char *what, uint64_t *ret_value,
                    struct reason *ret_why)
{
    uint64_t value = 0;
    int err = num_parse_u64(text, &value);
    if (!err && (value == 0 || value > TOPIC_SEQ_MAX))
        err = ERR_RANGE;
    if (!err)
        *ret_value = value;
    else
        reason_set(ret_why, "%s in the topic is not a whole number 1..2^53-1", what);
    return err;
}

/* <who> data <epoch> <low> <seq> */
static int read_data(const struct slice level[LEVELS_MAX], struct topic *topic,
                     struct reason *ret_why)
{
    topic->kind = TOPIC_DATA;
    topic->who = level[0];
    int err = topic_read_hex(level[2], &topic->epoch);
    if (err) {
        reason_set(ret_why, "epoch in the topic is not 16 lowercase hex digits above 0");
        return err;
    }
    err = read_seq(level[3], "low", &topic->low, ret_why);
    return err ? err : read_seq(level[4], "seq", &topic->seq, ret_why);
}

/* Everything without numbers: @p level begins at the name. */
static int read_form(const struct slice *level, size_t n, bool centre, struct topic *topic,
                     struct reason *ret_why)
{
    for (size_t i = 0; n == 2 && i < sizeof FORMS / sizeof *FORMS; i++) {
        if (FORMS[i].centre != centre || !slice_is(level[1], FORMS[i].word))
            continue;
        topic->kind = FORMS[i].kind;
        topic->who = level[0];
        return 0;
    }
    reason_set(ret_why, "not a topic of contract v1");
    return ERR_UNKNOWN;
}

int topic_read(struct slice text, struct topic *ret_topic, struct reason *ret_why)
{
    size_t prefix = sizeof PREFIX - 1;
    struct slice level[LEVELS_MAX] = {{0}};
    size_t n = 0;
    if (text.len < TOPIC_MAX && text.len > prefix && memcmp(text.at, PREFIX, prefix) == 0)
        n = split((struct slice){text.at + prefix, text.len - prefix}, level);
    bool centre = n == 3 && slice_is(level[0], "_centre");
    struct topic topic = {0};
    int err = n == LEVELS_MAX && slice_is(level[1], "data")
                  ? read_data(level, &topic, ret_why)
                  : read_form(level + centre, n - centre, centre, &topic, ret_why);
    if (!err && !topic_name_ok(topic.who)) {
        reason_set(ret_why, "name in the topic is not 1..64 of A-Z a-z 0-9 . _ -");
        err = ERR_SYNTAX;
    }
    if (!err)
        *ret_topic = topic;
    return err;
}

void topic_write(struct buf *out, const struct topic *topic)
{
    buf_str(out, PREFIX);
    bool centre = topic->kind == TOPIC_CENTRE_STATUS || topic->kind == TOPIC_CENTRE_ECHO;
    if (centre)
        buf_str(out, "_centre/");
    buf_put(out, topic->who.at, topic->who.len);
    if (topic->kind == TOPIC_DATA) {
        buf_printf(out, "/data/%016llx/%llu/%llu", (unsigned long long)topic->epoch,
                   (unsigned long long)topic->low, (unsigned long long)topic->seq);
        return;
    }
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++)
        if (FORMS[i].kind == topic->kind)
            buf_printf(out, "/%s", FORMS[i].word);
}
