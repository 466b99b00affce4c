/* Acceptance records: the readings of a check `accept/NAME`. `accepted` (flag) says whether all was
 * well, `units` (text) which units of the site it is about; the rest is for people and goes to the
 * database with them. */
#include "core/reception_own.h"

#include "base/err.h"
#include "core/inventory_accept.h"
#include "wire/seconds.h"

#include <string.h>

/* One record: readings that stand together in their pack. */
struct record {
    const struct reading *first; /* NULL = none yet */
    bool accepted;
    struct slice units;
};

static bool of_record(struct slice check)
{
    static const char type[] = "accept/";
    return check.len > sizeof type - 1 && memcmp(check.at, type, sizeof type - 1) == 0;
}

static bool same_record(const struct reading *a, const struct reading *b)
{
    return a->time_us == b->time_us && slice_equal(a->check, b->check) &&
           slice_equal(a->site, b->site);
}

static struct slice next_word(struct slice *rest)
{
    while (rest->len && *rest->at == ' ')
        *rest = (struct slice){rest->at + 1, rest->len - 1};
    struct slice word = {rest->at, 0};
    while (word.len < rest->len && rest->at[word.len] != ' ')
        word.len++;
    *rest = (struct slice){rest->at + word.len, rest->len - word.len};
    return word;
}

/* Only the site's own probe accepts it; what awaits nothing stays as it is. */
static int take(struct reception *r, uint32_t probe, const struct record *record,
                struct wall_ms received)
{
    struct centre *c = r->centre;
    bool own = false;
    if (!record->first || !record->accepted)
        return 0;
    uint32_t site = names_find(&c->inventory->sites, record->first->site);
    struct wall_ms t = seconds_to_wall(record->first->time_us);
    if (t.ms > received.ms)
        t = received;
    if (site == NAMES_NONE || !inventory_may_speak(c->inventory, probe, site, t, &own) || !own)
        return 0;
    struct slice rest = record->units;
    int err = 0;
    for (struct slice word = next_word(&rest); !err && word.len; word = next_word(&rest)) {
        uint32_t unit = inventory_find_unit(c->inventory, site, word);
        err = unit == INV_NONE ? 0 : centre_accept(c, unit, t, received);
        if (err == ERR_NOT_FOUND)
            err = 0;
    }
    return err;
}

static void add(struct record *record, const struct reading *reading)
{
    if (reading->kind == READING_FLAG && slice_is(reading->metric, "accepted"))
        record->accepted = reading->flag;
    else if (reading->kind == READING_TEXT && slice_is(reading->metric, "units"))
        record->units = reading->text;
}

int reception_accept(struct reception *r, uint32_t probe, struct wall_ms received)
{
    struct record record = {NULL, false, {"", 0}};
    int err = 0;
    for (size_t i = 0; !err && i < r->reader.len; i++) {
        const struct reading *reading = &r->reader.readings[i];
        if (!of_record(reading->check))
            continue;
        if (record.first && !same_record(record.first, reading)) {
            err = take(r, probe, &record, received);
            record = (struct record){NULL, false, {"", 0}};
        }
        record.first = reading;
        add(&record, reading);
    }
    return err ? err : take(r, probe, &record, received);
}
