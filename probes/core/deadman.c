#include "core/deadman.h"

#include "base/err.h"
#include "base/num.h"

#include <stdio.h>
#include <string.h>

#define GONE "gone"
#define WELL "well"
#define TOLD "told"
#define ENDED "ended"

void deadman_init(struct deadman *d, const struct deadman_rules *rules)
{
    *d = (struct deadman){.rules = *rules};
}

void deadman_add(struct deadman *d, const char *name)
{
    if (d->len < DEADMAN_EARS_MAX)
        snprintf(d->ears[d->len++].name, DEADMAN_NAME_MAX, "%s", name);
}

/* Another thing is to be told: whoever could not be reached with the one before is tried at once.
 */
static void turn(struct deadman *d, bool gone)
{
    d->gone = gone;
    for (size_t i = 0; i < d->len; i++)
        d->ears[i].misses = 0;
}

static bool see_life(struct deadman *d, struct now now)
{
    bool was_gone = d->gone;
    d->failing = false;
    if (was_gone) {
        d->until = now;
        turn(d, false);
    }
    return was_gone;
}

static bool see_none(struct deadman *d, struct now now)
{
    if (!d->failing)
        d->failing_since = now;
    d->failing = true;
    if (d->gone || mono_since(now.mono, d->failing_since.mono) < d->rules.after_ms)
        return false;
    d->since = d->failing_since;
    turn(d, true);
    return true;
}

bool deadman_see(struct deadman *d, struct now now, bool alive)
{
    d->seen = true;
    return alive ? see_life(d, now) : see_none(d, now);
}

/* What the ear does not know yet. Before the first result nothing is known here either. */
static enum deadman_word word_for(const struct deadman *d, const struct deadman_ear *ear)
{
    if (!d->seen)
        return DEADMAN_NOTHING;
    if (d->gone && !ear->told)
        return DEADMAN_GONE;
    if (d->gone && d->rules.repeat_ms > 0)
        return DEADMAN_STILL;
    return !d->gone && ear->told && !d->failing ? DEADMAN_BACK : DEADMAN_NOTHING;
}

static int64_t distance_of(const struct deadman_rules *rules, enum deadman_word word)
{
    return word == DEADMAN_STILL ? num_max(rules->repeat_ms, rules->pause_ms) : rules->pause_ms;
}

static struct mono_ms time_for(const struct deadman *d, const struct deadman_ear *ear,
                               enum deadman_word word)
{
    int64_t ms = INT64_MIN;
    if (word == DEADMAN_NOTHING)
        return (struct mono_ms){MONO_NEVER_MS};
    if (word != DEADMAN_BACK && ear->paced)
        ms = ear->told_at.mono.ms + distance_of(&d->rules, word);
    if (ear->misses > 0)
        ms = num_max(ms, ear->try_at.ms);
    return (struct mono_ms){ms};
}

struct mono_ms deadman_next(const struct deadman *d, size_t *ret_ear, enum deadman_word *ret_word)
{
    struct mono_ms first = {MONO_NEVER_MS};
    *ret_word = DEADMAN_NOTHING;
    for (size_t i = 0; i < d->len; i++) {
        enum deadman_word word = word_for(d, &d->ears[i]);
        struct mono_ms at = time_for(d, &d->ears[i], word);
        if (mono_reached(at, first))
            continue;
        first = at;
        *ret_ear = i;
        *ret_word = word;
    }
    return first;
}

void deadman_told(struct deadman *d, size_t ear, enum deadman_word word, struct now now)
{
    struct deadman_ear *who = &d->ears[ear];
    who->told = word != DEADMAN_BACK;
    who->misses = 0;
    if (!who->told)
        return;
    who->paced = true;
    who->told_at = now;
}

void deadman_missed(struct deadman *d, size_t ear, struct mono_ms now)
{
    struct deadman_ear *who = &d->ears[ear];
    int64_t wait_ms = DEADMAN_RETRY_MS;
    for (unsigned n = 0; n < who->misses && wait_ms < DEADMAN_RETRY_MAX; n++)
        wait_ms *= 2;
    who->misses++;
    who->try_at = mono_add(now, num_min(wait_ms, DEADMAN_RETRY_MAX));
}

/* ---- across a restart: "gone SINCE UNTIL", then "NAME told|ended AT" for each ear ---- */

static bool is_pending(const struct deadman *d)
{
    bool pending = d->gone;
    for (size_t i = 0; i < d->len; i++)
        pending = pending || d->ears[i].paced;
    return pending;
}

void deadman_keep(const struct deadman *d, struct buf *out)
{
    if (!is_pending(d))
        return;
    buf_printf(out, "%s %lld %lld", d->gone ? GONE : WELL, (long long)d->since.wall.ms,
               (long long)d->until.wall.ms);
    for (size_t i = 0; i < d->len; i++)
        if (d->ears[i].paced)
            buf_printf(out, " %s %s %lld", d->ears[i].name, d->ears[i].told ? TOLD : ENDED,
                       (long long)d->ears[i].told_at.wall.ms);
}

/* One of two words: true and whether it is @p yes. */
static bool read_either(struct slice *rest, const char *yes, const char *no, bool *ret_yes)
{
    struct slice word = slice_take(rest, ' ');
    *ret_yes = slice_is(word, yes);
    return *ret_yes || slice_is(word, no);
}

/* A time of another life, as this one counts. */
static bool read_time(struct slice *rest, struct now now, struct now *ret_time)
{
    int64_t ms = 0;
    if (num_parse_i64(slice_take(rest, ' '), &ms) != 0 || ms < 0)
        return false;
    *ret_time =
        (struct now){.wall = {ms}, .mono = mono_add(now.mono, num_min(0, ms - now.wall.ms))};
    return true;
}

static struct deadman_ear *ear_called(struct deadman *d, struct slice name)
{
    for (size_t i = 0; i < d->len; i++)
        if (slice_is(name, d->ears[i].name))
            return &d->ears[i];
    return NULL;
}

static bool read_ear(struct deadman *d, struct slice *rest, struct now now)
{
    struct deadman_ear read = {.paced = true};
    struct deadman_ear *ear = ear_called(d, slice_take(rest, ' '));
    if (!read_either(rest, TOLD, ENDED, &read.told) || !read_time(rest, now, &read.told_at))
        return false;
    if (ear) {
        memcpy(read.name, ear->name, sizeof read.name);
        *ear = read;
    }
    return true;
}

int deadman_recall(struct deadman *d, struct slice kept, struct now now)
{
    struct deadman read = *d;
    bool whole = read_either(&kept, GONE, WELL, &read.gone) && read_time(&kept, now, &read.since) &&
                 read_time(&kept, now, &read.until);
    while (whole && kept.len > 0)
        whole = read_ear(&read, &kept, now);
    if (!whole)
        return ERR_CORRUPT;
    *d = read;
    return 0;
}
