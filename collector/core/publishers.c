#include "core/publishers.h"

#include "base/names.h"
#include "core/share.h"
#include "core/vocabulary.h"

#include <stdlib.h>

enum { BURST_S = 20, HOUR_MS = 3600 * 1000, DEAR = 10, KIB = 1024 };

struct publishers {
    struct publishers_limits limits;
    struct names strangers;
    struct share load;
    struct share letters;
    struct vocabulary *vocabulary;
};

struct publishers_limits publishers_limits_default(void)
{
    return (struct publishers_limits){
        .load = 1000, .letters = 100, .names = 16384, .past_ms = INT64_C(1827) * 24 * HOUR_MS};
}

struct publishers *publishers_new(const struct publishers_limits *limits)
{
    struct publishers *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->limits = *limits;
    names_init(&p->strangers, PUBLISHERS_STRANGERS);
    share_init(&p->load, limits->load * BURST_S, BURST_S * 1000);
    share_init(&p->letters, limits->letters, HOUR_MS);
    p->vocabulary = vocabulary_new((uint32_t)limits->names);
    if (p->vocabulary)
        return p;
    publishers_free(p);
    return NULL;
}

void publishers_free(struct publishers *p)
{
    if (!p)
        return;
    names_done(&p->strangers);
    share_done(&p->load);
    share_done(&p->letters);
    vocabulary_free(p->vocabulary);
    free(p);
}

/* Probes have the even numbers, strangers the odd ones. */
uint32_t publishers_probe(uint32_t probe)
{
    return probe * 2;
}

uint32_t publishers_stranger(struct publishers *p, struct slice name)
{
    uint32_t number = PUBLISHERS_STRANGERS;
    if (names_add(&p->strangers, name, &number) != 0)
        number = PUBLISHERS_STRANGERS;
    return number * 2 + 1;
}

bool publishers_may_load(struct publishers *p, uint32_t who, size_t bytes, bool dear,
                         struct wall_ms now)
{
    uint64_t units = 1 + bytes / KIB;
    return share_take(&p->load, who, dear ? units * DEAR : units, now);
}

bool publishers_may_leave(struct publishers *p, uint32_t who, struct wall_ms now)
{
    return share_take(&p->letters, who, 1, now);
}

bool publishers_may_name(struct publishers *p, uint32_t who, const struct reading *readings,
                         size_t n)
{
    return vocabulary_admits(p->vocabulary, who, readings, n);
}

bool publishers_may_recall(const struct publishers *p, const struct reading *readings, size_t n,
                           struct wall_ms received)
{
    int64_t oldest_us = (received.ms - p->limits.past_ms) * 1000;
    for (size_t i = 0; i < n; i++)
        if (readings[i].time_us < oldest_us)
            return false;
    return true;
}
