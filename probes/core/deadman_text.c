#include "core/deadman_text.h"

#include "base/gsm_text.h"
#include "base/iso.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MINUTE_MS = 60000,
    HOUR_MIN = 60,
    DAY_MIN = 24 * HOUR_MIN,
    PROBE_MAX = 16,  /* characters of its name */
    REASON_MIN = 10, /* less of it says nothing */
    WHEN_MAX = 24,
};

/* "00:12 23/11 GMT+7" */
static void write_time(struct wall_ms t, int zone_min, char to[WHEN_MAX])
{
    int64_t minutes = t.ms / MINUTE_MS + zone_min;
    int year, month, day;
    iso_date(minutes / DAY_MIN, &year, &month, &day);
    int minute = (int)(minutes % DAY_MIN);
    int len = snprintf(to, WHEN_MAX, "%02d:%02d %02d/%02d GMT", minute / HOUR_MIN,
                       minute % HOUR_MIN, day, month);
    if (zone_min != 0)
        len += snprintf(to + len, WHEN_MAX - (size_t)len, "%+d", zone_min / HOUR_MIN);
    if (zone_min % HOUR_MIN != 0)
        snprintf(to + len, WHEN_MAX - (size_t)len, ":%02d", abs(zone_min % HOUR_MIN));
}

static void write_duration(int64_t ms, char to[WHEN_MAX])
{
    static const struct {
        int64_t from, minutes;
        const char *unit;
    } units[] = {{2 * DAY_MIN, DAY_MIN, "ngay"}, {2 * HOUR_MIN, HOUR_MIN, "gio"}, {0, 1, "phut"}};

    int64_t minutes = ms > 0 ? ms / MINUTE_MS : 0;
    size_t i = 0;
    while (minutes < units[i].from)
        i++;
    snprintf(to, WHEN_MAX, "%lld %s", (long long)(minutes / units[i].minutes), units[i].unit);
}

/* What has happened, from the centre's name to its times. */
static void write_news(const struct deadman_story *s, const char *centre, char to[DEADMAN_TEXT_MAX])
{
    char since[WHEN_MAX], until[WHEN_MAX], lasted[WHEN_MAX];
    write_time(s->since, s->zone_min, since);
    write_time(s->until, s->zone_min, until);
    write_duration(s->lasted_ms, lasted);
    if (s->word == DEADMAN_BACK && s->timed)
        snprintf(to, DEADMAN_TEXT_MAX, "HET SU CO: %s tra loi lai luc %s, sau %s (tu %s).", centre,
                 until, lasted, since);
    else if (s->word == DEADMAN_BACK)
        snprintf(to, DEADMAN_TEXT_MAX, "HET SU CO: %s tra loi lai sau %s.", centre, lasted);
    else
        snprintf(to, DEADMAN_TEXT_MAX, "%s: %s khong tra loi binh thuong %s %s",
                 s->word == DEADMAN_STILL ? "NHAC LAI" : "KHAN CAP", centre, s->timed ? "tu" : "da",
                 s->timed ? since : lasted);
}

/* Appends @p text, of at most @p max characters, as far as there is room. */
static void add(char to[DEADMAN_TEXT_MAX], const char *text, size_t max)
{
    size_t len = strlen(to);
    size_t room = DEADMAN_TEXT_MAX - len;
    gsm_text_write(slice_of(text), to + len, max + 1 < room ? max + 1 : room);
}

static void add_reason(char to[DEADMAN_TEXT_MAX], const char *reason, size_t tail)
{
    size_t room = DEADMAN_TEXT_MAX - 1 - strlen(to);
    size_t around = tail + sizeof " ()." - 1;
    if (reason[0] && room >= around + REASON_MIN) {
        add(to, " (", room);
        add(to, reason, room - around);
        add(to, ")", room);
    }
    add(to, ".", room);
}

size_t deadman_text_write(const struct deadman_story *s, char to[DEADMAN_TEXT_MAX])
{
    char centre[DEADMAN_CENTRE_MAX + 1], tail[DEADMAN_TEXT_MAX] = "";
    gsm_text_write(slice_of(s->centre), centre, sizeof centre);
    if (s->word != DEADMAN_BACK) {
        add(tail, " ", 1);
        add(tail, s->advice, DEADMAN_ADVICE_MAX);
    }
    add(tail, " Tin tu ", sizeof " Tin tu ");
    add(tail, s->probe, PROBE_MAX);
    write_news(s, centre, to);
    if (s->word != DEADMAN_BACK)
        add_reason(to, s->reason, strlen(tail));
    add(to, tail, strlen(tail));
    return strlen(to);
}
