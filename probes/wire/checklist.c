#include "wire/checklist.h"

#include "wire/json.h"
#include "wire/pack.h"
#include "wire/seconds.h"

#include <ctype.h>

static bool unit_char_ok(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("-:._@", c));
}

bool checklist_unit_ok(struct slice unit)
{
    if (unit.len == 0 || unit.len > PACK_PART_MAX || !isalnum((unsigned char)unit.at[0]))
        return false;
    for (size_t i = 1; i < unit.len; i++)
        if (!unit_char_ok(unit.at[i]))
            return false;
    return true;
}

static void put_span(struct buf *out, const char *key, int64_t ms)
{
    buf_printf(out, ",\"%s\":%lld", key, (long long)ms);
}

static void put_entry(struct buf *out, const struct checklist_entry *entry)
{
    buf_str(out, "{\"name\":");
    json_put_text(out, entry->name);
    buf_str(out, ",\"site\":");
    json_put_text(out, entry->site);
    buf_str(out, ",\"units\":[");
    for (size_t i = 0; i < entry->n_units; i++) {
        if (i)
            buf_char(out, ',');
        json_put_text(out, entry->units[i]);
    }
    buf_char(out, ']');
    put_span(out, "interval_ms", entry->interval_ms);
    put_span(out, "timeout_ms", entry->timeout_ms);
    put_span(out, "ttl_ms", entry->ttl_ms);
    buf_printf(out, ",\"role\":\"%s\",\"cause\":\"%s\"}", role_word((int)entry->role),
               cause_word((int)entry->cause));
}

void checklist_write(struct buf *out, const struct checklist *list)
{
    buf_str(out, "{\"checks\":[");
    for (size_t i = 0; i < list->len; i++) {
        if (i)
            buf_char(out, ',');
        put_entry(out, &list->entries[i]);
    }
    buf_str(out, "],\"t\":");
    seconds_write(out, list->time_us);
    if (list->start != START_UNSAID)
        buf_printf(out, ",\"start\":\"%s\"", start_word((int)list->start));
    buf_char(out, '}');
}
