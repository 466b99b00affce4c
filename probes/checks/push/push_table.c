#include "checks/push/push_table.h"

static struct push_place *place_of(struct push_table *table, const char *name)
{
    for (size_t i = 0; i < table->len; i++) {
        if (strcmp(table->place[i].item.name, name) == 0)
            return &table->place[i];
    }
    return NULL;
}

bool push_table_put(struct push_table *table, const struct push_item *item)
{
    struct push_place *place = place_of(table, item->name);
    if (!place && table->len == CHECK_EXTRA_MAX)
        return false;
    if (!place)
        place = &table->place[table->len++];
    *place = (struct push_place){.item = *item, .fresh = true};
    return true;
}

static void put_extra(const struct push_item *item, struct check_extra *extra)
{
    memcpy(extra->name, item->name, sizeof extra->name);
    extra->unit = item->unit;
    extra->number = item->number;
}

size_t push_table_report(struct push_table *table, struct check_extra ret_extra[CHECK_EXTRA_MAX])
{
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < table->len; i++) {
        struct push_place place = table->place[i];
        if (place.fresh)
            put_extra(&place.item, &ret_extra[n++]);
        place.missed = place.fresh ? 0 : place.missed + 1;
        place.fresh = false;
        if (place.missed < PUSH_TABLE_REPORTS)
            table->place[kept++] = place;
    }
    table->len = kept;
    return n;
}
