#include "core/alert.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

enum { THINGS_MAX = 16 << 20, FIRST_WATCHES = 2 };

_Static_assert(ALERT_WATCHES_MAX <= UINT8_MAX / 2, "room for watches is counted in a byte");

void alert_table_init(struct alert_table *t)
{
    *t = (struct alert_table){.next = 1, .next_alarm = 1};
    vec_init(&t->alerts, sizeof(struct alert), THINGS_MAX);
    vec_init(&t->dropped, sizeof(uint32_t), THINGS_MAX);
    names_init(&t->series, ALERT_SERIES_MAX);
    for (size_t i = 0; i < ALERT_SUBJECTS; i++)
        vec_init(&t->place[i], sizeof(uint32_t), THINGS_MAX);
}

void alert_table_done(struct alert_table *t)
{
    for (uint32_t i = 0; i < t->alerts.len; i++)
        free(alert_at(t, i)->watch);
    vec_done(&t->alerts);
    vec_done(&t->dropped);
    names_done(&t->series);
    for (size_t i = 0; i < ALERT_SUBJECTS; i++)
        vec_done(&t->place[i]);
}

struct alert *alert_at(const struct alert_table *t, uint32_t slot)
{
    return vec_at(&t->alerts, slot);
}

uint32_t alert_find(const struct alert_table *t, enum alert_subject subject, uint32_t of)
{
    const struct vec *place = &t->place[subject];
    return of < place->len ? *(const uint32_t *)vec_at(place, of) - 1 : ALERT_NONE;
}

/* ALERT_NONE is 0 - 1: an empty place needs no case of its own. */
static uint32_t *place_of(struct alert_table *t, enum alert_subject subject, uint32_t of)
{
    struct vec *place = &t->place[subject];
    while (place->len <= of)
        if (!vec_push(place))
            return NULL;
    return vec_at(place, of);
}

int alert_index(struct alert_table *t, uint32_t slot)
{
    const struct alert *a = alert_at(t, slot);
    uint32_t *place = place_of(t, a->subject, a->of);
    if (!place)
        return ERR_NOMEM;
    *place = slot + 1;
    return 0;
}

static uint32_t free_place(struct alert_table *t)
{
    for (size_t i = t->free_from; i < t->alerts.len; i++)
        if (!alert_at(t, (uint32_t)i)->id)
            return (uint32_t)i;
    return vec_push(&t->alerts) ? (uint32_t)t->alerts.len - 1 : ALERT_NONE;
}

uint32_t alert_open(struct alert_table *t, enum alert_subject subject, uint32_t of, uint64_t number,
                    struct wall_ms now)
{
    uint32_t slot = free_place(t);
    if (slot == ALERT_NONE || !place_of(t, subject, of))
        return ALERT_NONE;
    *place_of(t, subject, of) = slot + 1;
    t->free_from = slot + 1;
    *alert_at(t, slot) = (struct alert){.id = t->next++,
                                        .subject = subject,
                                        .of = of,
                                        .number = number ? number : t->next_alarm++,
                                        .opened = now,
                                        .dirty = true};
    t->open++;
    return slot;
}

int alert_close(struct alert_table *t, uint32_t slot)
{
    uint32_t *id = vec_push(&t->dropped);
    if (!id)
        return ERR_NOMEM;
    const struct alert *a = alert_at(t, slot);
    *id = a->id;
    *(uint32_t *)vec_at(&t->place[a->subject], a->of) = 0;
    free(a->watch);
    *alert_at(t, slot) = (struct alert){0};
    t->open--;
    if (slot < t->free_from)
        t->free_from = slot;
    return 0;
}

struct alert_watch *alert_watching(struct alert *a, size_t rule)
{
    for (size_t i = 0; i < a->watches; i++)
        if (a->watch[i].rule == rule)
            return &a->watch[i];
    return NULL;
}

static bool make_room(struct alert *a)
{
    if (a->watches < a->room)
        return true;
    size_t room = a->room ? 2U * a->room : FIRST_WATCHES;
    struct alert_watch *more = realloc(a->watch, room * sizeof *more);
    if (!more)
        return false;
    a->watch = more;
    a->room = (uint8_t)room;
    return true;
}

struct alert_watch *alert_watch_add(struct alert *a, size_t rule, struct wall_ms now)
{
    struct alert_watch *w = alert_watching(a, rule);
    if (w || !make_room(a))
        return w;
    w = &a->watch[a->watches++];
    *w = (struct alert_watch){.rule = (uint8_t)rule, .since = now};
    a->dirty = true;
    return w;
}

void alert_watch_drop(struct alert *a, size_t at)
{
    memmove(&a->watch[at], &a->watch[at + 1], (a->watches - at - 1) * sizeof *a->watch);
    a->watches--;
    a->dirty = true;
}

static void rename_watches(struct alert *a, const struct rules *old, const struct rules *fresh)
{
    for (size_t i = a->watches; i > 0; i--) {
        int rule = rules_find(fresh, old->rule[a->watch[i - 1].rule].name);
        if (rule < 0)
            alert_watch_drop(a, i - 1);
        else
            a->watch[i - 1].rule = (uint8_t)rule;
    }
}

static void rename_told(struct alert *a, const struct rules *old, const struct rules *fresh)
{
    uint8_t told[RULE_TARGETS_MAX] = {0};
    for (size_t i = 0; i < old->targets; i++) {
        int target = rules_find_target(fresh, old->target[i].name);
        if (target >= 0)
            told[target] = a->told[i];
    }
    memcpy(a->told, told, sizeof told);
}

void alert_rename(struct alert_table *t, const struct rules *old, const struct rules *fresh)
{
    for (uint32_t i = 0; i < t->alerts.len; i++) {
        struct alert *a = alert_at(t, i);
        if (!a->id)
            continue;
        rename_watches(a, old, fresh);
        rename_told(a, old, fresh);
        a->dirty = true;
    }
}
