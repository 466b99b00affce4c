#include "core/feed_map.h"

#include "base/err.h"
#include "base/iso.h"
#include "base/num.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *feed_column_word(enum feed_column column)
{
#define FEED_WORD_OF(name, word, about) [name] = (word),
    static const char *const words[] = {FEED_COLUMN_MAP(FEED_WORD_OF)};
#undef FEED_WORD_OF
    return words[column];
}

bool feed_same(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || strncasecmp(a.at, b.at, a.len) == 0);
}

static bool means(const struct feed_map *map, enum feed_word word, struct slice cell)
{
    const struct field_texts *texts = &map->word[word];
    for (size_t i = 0; i < texts->len; i++)
        if (feed_same(slice_of(texts->text[i]), cell))
            return true;
    return false;
}

int feed_map_state(const struct feed_map *map, struct slice cell, enum verdict *ret_verdict)
{
    static const struct {
        enum feed_word word;
        enum verdict verdict;
    } states[] = {
        {FEED_UP, VERDICT_OK}, {FEED_DEGRADED, VERDICT_DEGRADED}, {FEED_DOWN, VERDICT_FAILED}};

    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (means(map, states[i].word, cell)) {
            *ret_verdict = states[i].verdict;
            return 0;
        }
    return ERR_UNKNOWN;
}

int feed_map_cause(const struct feed_map *map, struct slice cell, enum cause *ret_cause)
{
    static const struct {
        enum feed_word word;
        enum cause cause;
    } causes[] = {
        {FEED_FAULT, CAUSE_FAULT}, {FEED_POWER, CAUSE_POWER}, {FEED_TRANSPORT, CAUSE_TRANSPORT}};

    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
        if (means(map, causes[i].word, cell)) {
            *ret_cause = causes[i].cause;
            return 0;
        }
    return ERR_UNKNOWN;
}

struct slice feed_map_service(const struct feed_map *map, struct slice cell)
{
    const struct field_texts *texts = &map->word[FEED_SERVICES];
    for (size_t i = 0; i < texts->len; i++) {
        const char *equals = strchr(texts->text[i], '=');
        struct slice theirs = {texts->text[i], equals ? (size_t)(equals - texts->text[i]) : 0};
        if (equals && feed_same(theirs, cell))
            return slice_of(equals + 1);
    }
    return cell;
}

/* Cuts the text before the first of the separators off *rest. */
static struct slice cut(struct slice *rest, const char *separators)
{
    size_t len = 0;
    while (len < rest->len && !strchr(separators, rest->at[len]))
        len++;
    struct slice part = {rest->at, len};
    size_t skip = len < rest->len ? len + 1 : len;
    *rest = (struct slice){rest->at + skip, rest->len - skip};
    return part;
}

/* Digits, perhaps with a leading zero. */
static int number(struct slice text, uint64_t *ret_number)
{
    while (text.len > 1 && text.at[0] == '0')
        text = (struct slice){text.at + 1, text.len - 1};
    return num_parse_u64(text, ret_number);
}

static int date(struct slice text, char iso[11])
{
    uint64_t part[3];
    struct slice rest = text;
    for (int i = 0; i < 3; i++) {
        int err = number(cut(&rest, "/-."), &part[i]);
        if (err)
            return err;
    }
    if (rest.len || part[0] > 31 || part[1] > 12 || part[2] < 1900 || part[2] > 2199)
        return ERR_RANGE;
    snprintf(iso, 11, "%04u-%02u-%02u", (unsigned)part[2], (unsigned)part[1], (unsigned)part[0]);
    return 0;
}

static int clock_time(struct slice text, char iso[9])
{
    uint64_t part[3] = {0};
    struct slice rest = text;
    for (int i = 0; i < 3 && (i < 2 || rest.len); i++) {
        int err = number(cut(&rest, ":"), &part[i]);
        if (err)
            return err;
    }
    if (rest.len || part[0] > 23 || part[1] > 59 || part[2] > 59)
        return ERR_RANGE;
    snprintf(iso, 9, "%02u:%02u:%02u", (unsigned)part[0], (unsigned)part[1], (unsigned)part[2]);
    return 0;
}

int feed_time(struct slice cell, int zone_min, struct wall_ms *ret_t)
{
    if (iso_parse(cell, zone_min, ret_t) == 0)
        return 0;
    struct slice second = cell, first = cut(&second, " ");
    bool clock_first = first.len && memchr(first.at, ':', first.len);
    struct slice day = clock_first ? second : first, clock = clock_first ? first : second;
    char text[20], iso_day[11], iso_clock[9] = "00:00:00";
    int err = date(day, iso_day);
    if (!err && clock.len)
        err = clock_time(clock, iso_clock);
    if (err)
        return err;
    int len = snprintf(text, sizeof text, "%sT%s", iso_day, iso_clock);
    return iso_parse((struct slice){text, (size_t)len}, zone_min, ret_t);
}
