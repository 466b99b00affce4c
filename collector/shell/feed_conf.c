#include "shell/feed_conf.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>

#define AT(member)                                                              \
    offsetof(struct feed_conf, feed.member) - offsetof(struct feed_conf, feed), \
        sizeof(((struct feed_conf *)0)->feed.member)

enum { MINUTE_MS = 60000, TIMEOUT_MS = 1000, SECTIONS_LEN = 3 };

#define SOURCE_WORD(name, word) [name] = (word),
static const char *const SOURCES[] = {FEED_SOURCE_MAP(SOURCE_WORD) NULL};
static const char *const CONTENTS[] = {"states", "alarms", "cover", NULL};
static const char *const ENCODINGS[] = {[FEED_AUTO] = "auto",
                                        [FEED_UTF8] = "utf-8",
                                        [FEED_UTF16] = "utf-16",
                                        [FEED_CP1258] = "windows-1258",
                                        NULL};

static const struct field FEED[] = {
    {"source", FIELD_WORD, AT(source), 0, 0, NULL, NULL,
     "Where tables come from: files dropped into a folder, asked for over HTTPS, or messages on an "
     "MQTT topic.",
     SOURCES},
    {"folder", FIELD_TEXT, AT(folder), 0, 0, "", NULL,
     "Folder into which the operator drops its files; taken ones go to its folder `taken`, those "
     "that could not be read at all to `refused`, each with its mistakes beside it.",
     NULL},
    {"url", FIELD_TEXT, AT(url), 0, 0, "", NULL, "What is asked for every period.", NULL},
    {"user", FIELD_TEXT, AT(user), 0, 0, "", NULL, "User name there; empty: none.", NULL},
    {"password_file", FIELD_TEXT, AT(password_file), 0, 0, "", NULL,
     "File with the password in its first line.", NULL},
    {"token_file", FIELD_TEXT, AT(token_file), 0, 0, "", NULL,
     "File with a token, sent as Authorization: Bearer.", NULL},
    {"ca_file", FIELD_TEXT, AT(ca_file), 0, 0, "", NULL,
     "Certificates to trust there; empty: the system's.", NULL},
    {"topic", FIELD_TEXT, AT(topic), 0, 0, "", NULL,
     "Topic at our broker, without wildcards; each message is one table.", NULL},
    {"content", FIELD_WORD, AT(content), 0, 0, NULL, NULL,
     "states: a row says what a unit is. alarms: a row is something that is wrong, and what has no "
     "row is well. cover: a row is an area that a unit serves for a while, and what has no row has "
     "ended.",
     CONTENTS},
    {"encoding", FIELD_WORD, AT(encoding), 0, 0, "auto", NULL,
     "Of the tables; auto: as the first bytes say, else UTF-8 if it is valid, else windows-1258.",
     ENCODINGS},
    {"period", FIELD_DURATION, AT(period_ms), 1000, 86400e3, "5min", NULL,
     "How often a table comes.", NULL},
    {"ttl", FIELD_DURATION, AT(ttl_ms), 0, 30.0 * 86400e3, "0s", NULL,
     "How long its word holds; 0s: twice the period and a minute.", NULL},
    {"max_age", FIELD_DURATION, AT(max_age_ms), 60e3, 30.0 * 86400e3, "1h", NULL,
     "Tables older than this at their coming, and rows so much older than their table, are not "
     "taken.",
     NULL},
    {"settle", FIELD_DURATION, AT(settle_ms), 0, 3600e3, "2s", NULL,
     "A dropped file is whole when it has not changed for so long.", NULL},
};

#define COLUMN_ROW(name, word, about)                                   \
    {word,  FIELD_TEXT, (name) * (size_t)FEED_NAME_MAX,  FEED_NAME_MAX, \
     0,     0,          (name) == FEED_SITE ? NULL : "", NULL,          \
     about, NULL},
static const struct field COLUMNS[] = {FEED_COLUMN_MAP(COLUMN_ROW)};

#define WORD_ROW(name, word, fallback, about) \
    {word,                                    \
     FIELD_TEXTS,                             \
     (name) * sizeof(struct field_texts),     \
     sizeof(struct field_texts),              \
     0,                                       \
     0,                                       \
     fallback,                                \
     NULL,                                    \
     about,                                   \
     NULL},
static const struct field WORDS[] = {FEED_WORD_MAP(WORD_ROW)};

static bool check_feed(const void *object, char ret_why[FIELD_WHY_MAX])
{
    struct feed_conf c;
    memcpy(&c.feed, object, sizeof c.feed);
    const char *const places[] = {
        [FEED_FOLDER] = c.feed.folder, [FEED_HTTPS] = c.feed.url, [FEED_MQTT] = c.feed.topic};
    static const char *const keys[] = {
        [FEED_FOLDER] = "folder", [FEED_HTTPS] = "url", [FEED_MQTT] = "topic"};
    if (!places[c.feed.source][0])
        snprintf(ret_why, FIELD_WHY_MAX, "source %s needs %s", SOURCES[c.feed.source],
                 keys[c.feed.source]);
    else if (c.feed.source == FEED_MQTT && strpbrk(c.feed.topic, "+#"))
        snprintf(ret_why, FIELD_WHY_MAX, "topic: no wildcards");
    else if (c.feed.source == FEED_MQTT && strncmp(c.feed.topic, "ioc/", 4) == 0)
        snprintf(ret_why, FIELD_WHY_MAX, "topic: ioc/ is for probes");
    else if (c.feed.ttl_ms && c.feed.ttl_ms < 2 * c.feed.period_ms + TIMEOUT_MS)
        snprintf(
            ret_why, FIELD_WHY_MAX,
            "ttl must be at least twice the period and a second, or one late table is silence");
    else
        return true;
    return false;
}

static const struct conf_section SECTIONS[SECTIONS_LEN] = {
    {.name = "feed",
     .about = "Where the tables come from.",
     .fields = FEED,
     .len = sizeof FEED / sizeof *FEED,
     .offset = offsetof(struct feed_conf, feed),
     .required = true,
     .check = check_feed},
    {.name = "columns",
     .about = "Which column of the header holds what; left out: the tables have none.",
     .fields = COLUMNS,
     .len = FEED_COLUMNS,
     .offset = offsetof(struct feed_conf, map.column),
     .required = true},
    {.name = "words",
     .about = "What the operator's words mean, any case.",
     .fields = WORDS,
     .len = FEED_WORDS,
     .offset = offsetof(struct feed_conf, map.word)},
};

/* Cover has columns of its own. */
static void check_cover(const struct feed_map *map, struct conf_errors *errors)
{
    static const struct {
        enum feed_column column;
        bool of_cover;
    } rows[] = {
        {FEED_AREA, true},   {FEED_OPERATOR, true}, {FEED_FROM, true},  {FEED_TO, true},
        {FEED_REASON, true}, {FEED_STATE, false},   {FEED_TIME, false}, {FEED_CLEARED, false},
        {FEED_CAUSE, false}, {FEED_TEXT, false},
    };

    bool cover = map->content == FEED_COVER;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (map->column[rows[i].column][0] && rows[i].of_cover != cover)
            conf_error(errors, 0, 0, "columns.%s is %s content cover",
                       feed_column_word(rows[i].column), cover ? "not for" : "for");
    if (cover && !map->column[FEED_AREA][0])
        conf_error(errors, 0, 0, "content cover needs columns.area");
}

/* What the sections mean together. */
static void finish(struct feed_conf *c, int zone_min, struct conf_errors *errors)
{
    struct feed_map *map = &c->map;
    map->content = (enum feed_content)c->feed.content;
    map->zone_min = zone_min;
    map->period_ms = c->feed.period_ms;
    map->ttl_ms = c->feed.ttl_ms ? c->feed.ttl_ms : 2 * c->feed.period_ms + MINUTE_MS;
    map->max_age_ms = c->feed.max_age_ms;
    check_cover(map, errors);
    if (map->content == FEED_STATES && !map->column[FEED_STATE][0])
        conf_error(errors, 0, 0, "content states needs columns.state");
    if (map->content == FEED_STATES && map->column[FEED_CLEARED][0])
        conf_error(errors, 0, 0, "columns.cleared is for content alarms");
}

static int whole(int err, int zone_min, struct feed_conf *c, struct feed_conf *ret_conf,
                 struct conf_errors *errors)
{
    if (err)
        return err;
    finish(c, zone_min, errors);
    if (errors->len)
        return ERR_SYNTAX;
    *ret_conf = *c;
    return 0;
}

int feed_conf_read(const char *file, int zone_min, struct feed_conf *ret_conf,
                   struct conf_errors *errors)
{
    struct feed_conf c;
    memset(&c, 0, sizeof c);
    conf_errors_init(errors, file);
    int err = conf_read(SECTIONS, SECTIONS_LEN, &c, errors);
    return whole(err, zone_min, &c, ret_conf, errors);
}

int feed_conf_read_text(const char *file, struct slice text, int zone_min,
                        struct feed_conf *ret_conf, struct conf_errors *errors)
{
    struct feed_conf c;
    memset(&c, 0, sizeof c);
    conf_errors_init(errors, file);
    int err = conf_read_text(SECTIONS, SECTIONS_LEN, text, &c, errors);
    return whole(err, zone_min, &c, ret_conf, errors);
}

void feed_conf_help(struct buf *out)
{
    conf_help(SECTIONS, SECTIONS_LEN, out);
}

void feed_conf_manual(struct buf *out)
{
    conf_manual(SECTIONS, SECTIONS_LEN, out);
}

const char *feed_source_word(int source)
{
    return SOURCES[source];
}

const char *feed_content_word(int content)
{
    return CONTENTS[content];
}
