#include "base/iso.h"

#include "base/err.h"

#include <stdio.h>

enum { MINUTE_MS = 60 * 1000, YEAR_MIN = 1900, YEAR_MAX = 2199 };

static const int64_t DAY_MS = 24 * 60 * (int64_t)MINUTE_MS;

/* Years begin in March here, so that the leap day is the last one of its year. */
int64_t iso_days(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

/* Takes exactly `digits` digits off the front. */
static int take_number(struct slice *s, size_t digits, int *ret_value)
{
    int value = 0;
    if (s->len < digits)
        return ERR_SYNTAX;
    for (size_t i = 0; i < digits; i++) {
        if (s->at[i] < '0' || s->at[i] > '9')
            return ERR_SYNTAX;
        value = value * 10 + (s->at[i] - '0');
    }
    *s = (struct slice){s->at + digits, s->len - digits};
    *ret_value = value;
    return 0;
}

static bool take_char(struct slice *s, char c)
{
    if (s->len == 0 || s->at[0] != c)
        return false;
    *s = (struct slice){s->at + 1, s->len - 1};
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static int take_date(struct slice *s, int64_t *ret_ms)
{
    int year, month, day;
    if (take_number(s, 4, &year) != 0 || !take_char(s, '-') || take_number(s, 2, &month) != 0 ||
        !take_char(s, '-') || take_number(s, 2, &day) != 0)
        return ERR_SYNTAX;
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month))
        return ERR_RANGE;
    *ret_ms = iso_days(year, month, day) * DAY_MS;
    return 0;
}

static int take_fraction(struct slice *s, int64_t *ret_ms)
{
    int digit, weight = 100;
    if (take_number(s, 1, &digit) != 0)
        return ERR_SYNTAX;
    *ret_ms = 0;
    do {
        *ret_ms += digit * weight;
        weight /= 10;
    } while (take_number(s, 1, &digit) == 0);
    return 0;
}

static int take_time(struct slice *s, int64_t *ret_ms)
{
    int hour, minute, second = 0;
    int64_t fraction_ms = 0;
    if (take_number(s, 2, &hour) != 0 || !take_char(s, ':') || take_number(s, 2, &minute) != 0)
        return ERR_SYNTAX;
    if (take_char(s, ':')) {
        if (take_number(s, 2, &second) != 0)
            return ERR_SYNTAX;
        if (take_char(s, '.') && take_fraction(s, &fraction_ms) != 0)
            return ERR_SYNTAX;
    }
    if (hour > 23 || minute > 59 || second > 59)
        return ERR_RANGE;
    *ret_ms = (hour * 60 + minute) * (int64_t)MINUTE_MS + second * 1000 + fraction_ms;
    return 0;
}

static int take_offset(struct slice *s, int *ret_min)
{
    if (take_char(s, 'Z')) {
        *ret_min = 0;
        return 0;
    }
    bool west = take_char(s, '-');
    int hours, minutes;
    if ((!west && !take_char(s, '+')) || take_number(s, 2, &hours) != 0 || !take_char(s, ':') ||
        take_number(s, 2, &minutes) != 0)
        return ERR_SYNTAX;
    if (hours > 14 || minutes > 59)
        return ERR_RANGE;
    *ret_min = (west ? -1 : 1) * (hours * 60 + minutes);
    return 0;
}

int iso_parse(struct slice text, int zone_min, struct wall_ms *ret_t)
{
    int64_t day_ms, time_ms = 0;
    int err = take_date(&text, &day_ms);
    if (err == 0 && text.len > 0) {
        if (!take_char(&text, 'T') && !take_char(&text, ' '))
            return ERR_SYNTAX;
        err = take_time(&text, &time_ms);
        if (err == 0 && text.len > 0)
            err = take_offset(&text, &zone_min);
    }
    if (err != 0)
        return err;
    if (text.len > 0)
        return ERR_SYNTAX;
    ret_t->ms = day_ms + time_ms - zone_min * (int64_t)MINUTE_MS;
    return 0;
}

/* Years begin in March, so that the leap day is the last of its year (Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms"). */
void iso_date(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    *ret_day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    *ret_month = (int)(month < 10 ? month + 3 : month - 9);
    *ret_year = (int)(year_of_era + era * 400 + (*ret_month <= 2));
}

size_t iso_write(struct wall_ms t, char text[ISO_TEXT_MAX])
{
    int64_t days = t.ms / DAY_MS - (t.ms % DAY_MS < 0);
    int64_t ms = t.ms - days * DAY_MS;
    int year;
    int month;
    int day;
    iso_date(days, &year, &month, &day);
    return (size_t)snprintf(text, ISO_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month,
                            day, (int)(ms / 3600000), (int)(ms / 60000 % 60), (int)(ms / 1000 % 60),
                            (int)(ms % 1000));
}
