#include "core/calendar.h"

#include "base/err.h"
#include "base/iso.h"

#include <stdio.h>
#include <string.h>

enum { DAY_MS = 24 * 60 * 60 * 1000, YEAR_MIN = 1970, YEAR_MAX = 2199, MONTHS = 12 };

/* A date of which a period may fix only the beginning. */
struct date {
    int year, month, day;
};

static const char *const WORDS[CALENDAR_KINDS] = {

#define CALENDAR_WORD(name, word) [name] = (word),
    CALENDAR_MAP(CALENDAR_WORD)
#undef CALENDAR_WORD
};

/* Months that a kind is long; a day is none. */
static const int LENGTH[CALENDAR_KINDS] = {[CALENDAR_MONTH] = 1,
                                           [CALENDAR_QUARTER] = 3,
                                           [CALENDAR_YEAR] = MONTHS,
                                           [CALENDAR_YTD] = MONTHS};

int64_t calendar_day(struct wall_ms t, int64_t zone_ms)
{
    int64_t local = t.ms + zone_ms;
    int64_t day = local / DAY_MS;
    return day - (local % DAY_MS < 0);
}

struct wall_ms calendar_midnight(int64_t day, int64_t zone_ms)
{
    return (struct wall_ms){day * DAY_MS - zone_ms};
}

/* The period of the kind that holds the date. */
static struct calendar_period around(enum calendar_kind kind, struct date d, int64_t zone_ms)
{
    int64_t first = iso_days(d.year, d.month, d.day);
    int64_t end = first + 1;
    if (LENGTH[kind]) {
        int month = d.month - (d.month - 1) % LENGTH[kind];
        int after = month + LENGTH[kind];
        first = iso_days(d.year, month, 1);
        end = iso_days(d.year + after / (MONTHS + 1), after > MONTHS ? 1 : after, 1);
    }
    return (struct calendar_period){kind, calendar_midnight(first, zone_ms),
                                    calendar_midnight(end, zone_ms)};
}

/* `width` digits at the front of the text, which are taken off it. */
static bool take_number(struct slice *text, size_t width, int *ret_number)
{
    int number = 0;
    if (text->len < width)
        return false;
    for (size_t i = 0; i < width; i++) {
        if (text->at[i] < '0' || text->at[i] > '9')
            return false;
        number = 10 * number + (text->at[i] - '0');
    }
    *text = (struct slice){text->at + width, text->len - width};
    *ret_number = number;
    return true;
}

static bool take_text(struct slice *text, const char *word)
{
    size_t len = strlen(word);
    if (text->len < len || memcmp(text->at, word, len) != 0)
        return false;
    *text = (struct slice){text->at + len, text->len - len};
    return true;
}

/* What stands behind the colon: as much of a date as the kind needs. */
static int read_date(enum calendar_kind kind, struct slice text, struct date *ret_date)
{
    struct date d = {0, 1, 1};
    int quarter = 1;
    bool good = take_number(&text, 4, &d.year);
    if (kind == CALENDAR_QUARTER)
        good = good && take_text(&text, "-Q") && take_number(&text, 1, &quarter);
    if (kind == CALENDAR_MONTH || kind == CALENDAR_DAY)
        good = good && take_text(&text, "-") && take_number(&text, 2, &d.month);
    if (kind == CALENDAR_DAY)
        good = good && take_text(&text, "-") && take_number(&text, 2, &d.day);
    if (!good || text.len > 0 || kind == CALENDAR_YTD)
        return ERR_SYNTAX;
    if (d.year < YEAR_MIN || d.year > YEAR_MAX || quarter < 1 || quarter > 4 || d.month < 1 ||
        d.month > MONTHS)
        return ERR_RANGE;
    if (kind == CALENDAR_QUARTER)
        d.month = 3 * quarter - 2;
    struct date same;
    iso_date(iso_days(d.year, d.month, d.day), &same.year, &same.month, &same.day);
    if (same.month != d.month || same.day != d.day)
        return ERR_RANGE;
    *ret_date = d;
    return 0;
}

int calendar_read(struct slice text, int64_t zone_ms, struct wall_ms now,
                  struct calendar_period *ret_period)
{
    const char *colon = text.len ? memchr(text.at, ':', text.len) : NULL;
    struct slice word = {text.at, colon ? (size_t)(colon - text.at) : text.len};
    int kind = 0;
    while (kind < CALENDAR_KINDS && !slice_is(word, WORDS[kind]))
        kind++;
    if (kind == CALENDAR_KINDS)
        return ERR_SYNTAX;
    struct date d;
    iso_date(calendar_day(now, zone_ms), &d.year, &d.month, &d.day);
    int err = 0;
    if (colon)
        err = read_date((enum calendar_kind)kind,
                        (struct slice){colon + 1, text.len - word.len - 1}, &d);
    if (!err)
        *ret_period = around((enum calendar_kind)kind, d, zone_ms);
    return err;
}

size_t calendar_write(const struct calendar_period *period, int64_t zone_ms,
                      char text[CALENDAR_TEXT_MAX])
{
    const char *word = WORDS[period->kind];
    struct date d;
    int len = 0;
    iso_date(calendar_day(period->from, zone_ms), &d.year, &d.month, &d.day);
    if (period->kind == CALENDAR_YTD)
        len = snprintf(text, CALENDAR_TEXT_MAX, "%s", word);
    else if (period->kind == CALENDAR_YEAR)
        len = snprintf(text, CALENDAR_TEXT_MAX, "%s:%04d", word, d.year);
    else if (period->kind == CALENDAR_QUARTER)
        len = snprintf(text, CALENDAR_TEXT_MAX, "%s:%04d-Q%d", word, d.year, (d.month + 2) / 3);
    else if (period->kind == CALENDAR_MONTH)
        len = snprintf(text, CALENDAR_TEXT_MAX, "%s:%04d-%02d", word, d.year, d.month);
    else
        len = snprintf(text, CALENDAR_TEXT_MAX, "%s:%04d-%02d-%02d", word, d.year, d.month, d.day);
    return (size_t)len;
}

struct wall_ms calendar_final_at(const struct calendar_period *period, int64_t grace_ms)
{
    if (period->kind == CALENDAR_YTD)
        return (struct wall_ms){WALL_NEVER_MS};
    return wall_add(period->to, grace_ms);
}
