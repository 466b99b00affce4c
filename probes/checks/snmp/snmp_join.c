#include "checks/snmp/snmp_join.h"

#include <math.h>

enum { UNITS = 9 }; /* RFC 3433: times 1 */

static const struct snmp_joined unknown = {.class = -1, .scale = UNITS};

void snmp_join_init(struct snmp_join *join)
{
    join->at = 0;
    vec_init(&join->items, sizeof(struct snmp_joined), SNMP_JOIN_MAX);
}

void snmp_join_done(struct snmp_join *join)
{
    vec_done(&join->items);
}

void snmp_join_clear(struct snmp_join *join)
{
    vec_remove(&join->items, 0, join->items.len);
    join->at = 0;
}

/* Walks go the same way: the next one is nearly always behind the last one. */
static struct snmp_joined *find(struct snmp_join *join, uint64_t key)
{
    struct snmp_joined *items = join->items.items;
    for (size_t i = 0; i < join->items.len; i++) {
        size_t at = (join->at + i) % join->items.len;
        if (items[at].key == key) {
            join->at = at;
            return &items[at];
        }
    }
    return NULL;
}

static bool joins(enum snmp_means means)
{
    return means == SNMP_MEANS_CLASS || means == SNMP_MEANS_BREAK || means == SNMP_MEANS_SCALE ||
           means == SNMP_MEANS_PRECISION;
}

static void set(struct snmp_joined *item, enum snmp_means means, double number)
{
    bool small = fabs(number) < INT16_MAX;
    if (means == SNMP_MEANS_CLASS && number >= 0 && number <= UINT32_MAX)
        item->class = (int64_t)number;
    else if (means == SNMP_MEANS_BREAK && number >= 0 && number <= UINT32_MAX)
        item->broken_at = (uint64_t)number;
    else if (means == SNMP_MEANS_SCALE && small)
        item->scale = (int16_t)number;
    else if (means == SNMP_MEANS_PRECISION && small)
        item->precision = (int16_t)number;
}

void snmp_join_take(struct snmp_join *join, const struct snmp_row *row,
                    const struct snmp_oid *index, const struct snmp_value *value)
{
    double number = snmp_value_number(value);
    if (!joins(row->means) || isnan(number))
        return;
    uint64_t key = snmp_oid_hash(index, index->len);
    struct snmp_joined *item = find(join, key);
    if (!item) {
        item = vec_push(&join->items);
        if (!item)
            return;
        *item = unknown;
        item->key = key;
        join->at = join->items.len - 1;
    }
    set(item, row->means, number);
}

struct snmp_joined snmp_join_of(struct snmp_join *join, const struct snmp_oid *index)
{
    const struct snmp_joined *item = find(join, snmp_oid_hash(index, index->len));
    return item ? *item : unknown;
}
