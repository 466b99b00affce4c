#include "core/latest.h"

#include "base/err.h"

#include <string.h>

static void forget(struct latest *l, struct latest_site *site)
{
    vec_done(&site->readings);
    *site = (struct latest_site){.id = ""};
    l->kept--;
}

void latest_init(struct latest *l)
{
    *l = (struct latest){.kept = 0};
}

void latest_done(struct latest *l)
{
    for (size_t i = 0; i < LATEST_SITES; i++)
        if (l->site[i].id[0])
            forget(l, &l->site[i]);
}

/* Copies as much as there is room for, between letters. */
static void copy(struct slice from, char *to, size_t size)
{
    struct slice kept = slice_front(from, size - 1);
    if (kept.len)
        memcpy(to, kept.at, kept.len);
    to[kept.len] = '\0';
}

/* A free place, else that of the site that was asked for longest ago. */
static struct latest_site *place(struct latest *l)
{
    struct latest_site *oldest = &l->site[0];
    for (size_t i = 0; i < LATEST_SITES; i++) {
        struct latest_site *site = &l->site[i];
        if (!site->id[0])
            return site;
        if (site->asked.ms < oldest->asked.ms)
            oldest = site;
    }
    forget(l, oldest);
    return oldest;
}

static void forget_old(struct latest *l, struct mono_ms mono)
{
    for (size_t i = 0; i < LATEST_SITES; i++)
        if (l->site[i].id[0] && mono_since(mono, l->site[i].asked) > LATEST_KEPT_MS)
            forget(l, &l->site[i]);
}

static struct latest_site *find(struct latest *l, struct slice id)
{
    for (size_t i = 0; i < LATEST_SITES; i++)
        if (l->site[i].id[0] && slice_is(id, l->site[i].id))
            return &l->site[i];
    return NULL;
}

const struct latest_site *latest_ask(struct latest *l, struct slice id, struct mono_ms mono,
                                     struct wall_ms now)
{
    forget_old(l, mono);
    struct latest_site *site = find(l, id);
    if (!site) {
        site = place(l);
        copy(id, site->id, sizeof site->id);
        site->since = now;
        vec_init(&site->readings, sizeof(struct latest_reading), LATEST_SERIES_MAX);
        l->kept++;
    }
    site->asked = mono;
    return site;
}

/* As strcmp() of the text that the slice would be. */
static int order(struct slice a, const char *b)
{
    size_t len = strlen(b);
    int less = memcmp(a.at, b, a.len < len ? a.len : len);
    return less ? less : (a.len > len) - (a.len < len);
}

static int compare(const struct reading *r, struct slice source, const struct latest_reading *held)
{
    int less = order(r->check, held->check);
    if (!less)
        less = order(r->metric, held->metric);
    return less ? less : order(source, held->source);
}

/* Where the series is, or is to be. */
static size_t search(const struct latest_site *site, const struct reading *r, struct slice source,
                     bool *ret_there)
{
    size_t low = 0, high = site->readings.len;
    *ret_there = false;
    while (low < high && !*ret_there) {
        size_t middle = low + (high - low) / 2;
        int less = compare(r, source, vec_at(&site->readings, middle));
        *ret_there = less == 0;
        if (less > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return high;
}

static void hold(const struct reading *r, struct latest_reading *held)
{
    held->time_us = r->time_us;
    held->kind = r->kind;
    held->flag = r->flag;
    held->number = r->number;
    copy(r->kind == READING_TEXT ? r->text : (struct slice){"", 0}, held->text, sizeof held->text);
    copy(r->unit, held->unit, sizeof held->unit);
}

static int take(struct latest_site *site, struct slice source, const struct reading *r)
{
    bool there = false;
    size_t at = search(site, r, source, &there);
    if (there) {
        struct latest_reading *held = vec_at(&site->readings, at);
        if (r->time_us >= held->time_us)
            hold(r, held);
        return 0;
    }
    if (site->readings.len == LATEST_SERIES_MAX) {
        site->left_out++;
        return 0;
    }
    struct latest_reading *made = vec_insert(&site->readings, at);
    if (!made)
        return ERR_NOMEM;
    copy(r->check, made->check, sizeof made->check);
    copy(r->metric, made->metric, sizeof made->metric);
    copy(source, made->source, sizeof made->source);
    hold(r, made);
    return 0;
}

int latest_take(struct latest *l, struct slice source, const struct reading *readings, size_t n,
                struct mono_ms mono)
{
    if (l->kept == 0)
        return 0;
    forget_old(l, mono);
    int err = 0;
    for (size_t i = 0; i < n && !err; i++) {
        struct latest_site *site = find(l, readings[i].site);
        if (site)
            err = take(site, source, &readings[i]);
    }
    return err;
}
