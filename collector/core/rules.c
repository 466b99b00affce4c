#include "core/rules.h"

#include <string.h>

enum { SETTLE_MS = 20000, AREA_SITES = 5 };

void rules_init(struct rules *rules)
{
    memset(rules, 0, sizeof *rules);
    rules->settle_ms = SETTLE_MS;
    rules->area_share = 0.3;
    rules->area_sites = AREA_SITES;
}

int rules_find(const struct rules *rules, const char *name)
{
    for (size_t i = 0; i < rules->len; i++)
        if (strcmp(rules->rule[i].name, name) == 0)
            return (int)i;
    return -1;
}

int rules_find_target(const struct rules *rules, const char *name)
{
    for (size_t i = 0; i < rules->targets; i++)
        if (strcmp(rules->target[i].name, name) == 0)
            return (int)i;
    return -1;
}

uint32_t rules_told(const struct rule *rule, size_t steps)
{
    uint32_t mask = rule->targets;
    for (size_t i = 0; i < steps && i < rule->steps; i++)
        mask |= rule->step[i].targets;
    return mask;
}

bool rules_within_hours(const struct rule_target *target, struct wall_ms now, int64_t zone_ms)
{
    int64_t day_ms = INT64_C(24) * 3600 * 1000;
    int minute = (int)((now.ms + zone_ms) % day_ms / 60000);
    bool after = minute >= target->from_min;
    bool before = minute < target->to_min;
    if (target->from_min == target->to_min)
        return true;
    return target->from_min < target->to_min ? after && before : after || before;
}

bool rules_of_outages(enum rule_condition condition)
{
    return condition == RULE_DOWN || condition == RULE_SILENT || condition == RULE_PEOPLE;
}

bool rules_of_areas(enum rule_condition condition)
{
    return condition == RULE_COVERAGE || condition == RULE_SHARE || condition == RULE_DROP ||
           condition == RULE_AVAILABILITY || condition == RULE_BUDGET;
}

bool rules_of_readings(enum rule_condition condition)
{
    return condition == RULE_METRIC || condition == RULE_CHANGE || condition == RULE_CERTIFICATE;
}

/* Words of one row. */
struct words {
    const char *word, *vi, *en;
};

#define CONDITION_WORDS(name, value, word, vi, en) {word, vi, en},
static const struct words CONDITIONS[] = {RULE_CONDITION_MAP(CONDITION_WORDS)};
#undef CONDITION_WORDS

static const struct words *words_of(int condition)
{
    static const struct words none = {"", "", ""};
    return condition >= 0 && condition < RULE_CONDITIONS ? &CONDITIONS[condition] : &none;
}

const char *rules_condition_word(int condition)
{
    return words_of(condition)->word;
}

const char *rules_condition_vi(int condition)
{
    return words_of(condition)->vi;
}

const char *rules_condition_en(int condition)
{
    return words_of(condition)->en;
}
