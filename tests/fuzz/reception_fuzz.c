/* A sequence of messages into a whole centre: each is a line "kind seconds topic" and a line of
 * payload. Whatever comes, no message is an error, every one is counted, every stream balances, and
 * what was saved is taken back and saved the same. */
#include "base/num.h"
#include "centre_rig.h"
#include "check.h"
#include "memory_rows.h"
#include "sample_inventory.h"

#include <stdlib.h>
#include <string.h>

static struct slice line_of(struct slice *rest)
{
    const char *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;
    struct slice line = {rest->at, end ? (size_t)(end - rest->at) : rest->len};
    size_t taken = line.len + (end != NULL);
    rest->at += taken;
    rest->len -= taken;
    return line;
}

static void feed(struct rig *rig, struct slice input)
{
    int64_t now_ms = RIG_START_MS;
    uint64_t given = 0;
    while (input.len > 0 && given < 200) {
        struct slice head = line_of(&input);
        struct slice payload = line_of(&input);
        if (head.len < 2)
            continue;
        now_ms += (int64_t)(unsigned char)head.at[1] * 100;
        struct reception_message m = {.topic = {head.at + 2, head.len - 2},
                                      .payload = payload,
                                      .received = {now_ms},
                                      .retained = head.at[0] == 'r'};
        buf_clear(&rig->said);
        check(reception_take(rig->reception, &m) == 0, "no message is an error");
        check(ledger_processed(&rig->centre->ledger) == ++given, "every message is counted once");
        if (head.at[0] == 'a')
            check(centre_advance(rig->centre, (struct wall_ms){now_ms}) == 0, "time passes");
    }
    check(centre_advance(rig->centre, (struct wall_ms){now_ms + 200000}) == 0, "time passes");
}

static void look(const struct rig *rig)
{
    const struct centre *c = rig->centre;
    for (uint32_t probe = 0; probe < c->inventory->probes.len; probe++) {
        size_t n = 0;
        const struct stream_mark *mark = stream_marks(c->stream, probe, &n);
        for (size_t i = 0; i < n; i++)
            check(stream_balanced(&mark[i]), "every stream balances");
    }
    rig_census(rig);
    for (uint32_t unit = 0; unit < c->inventory->units.len; unit++) {
        int64_t last = INT64_MIN;
        for (size_t i = 0; i < outages_count(c->outages, unit); i++) {
            struct outage o = outages_at(c->outages, unit, i);
            check(o.from.ms < o.to.ms && last <= o.from.ms, "outages of a unit follow each other");
            last = o.to.ms;
        }
    }
}

static void same_after_restart(struct rig *rig)
{
    struct rig fresh;
    rig_restart(rig, sample_province, &fresh);
    rig_census(&fresh);
    int64_t now = world_now(rig->centre->world).ms;
    for (uint32_t unit = 0; unit < rig->centre->inventory->units.len; unit++) {
        struct unit_view a = world_unit_at(rig->centre->world, unit, (struct wall_ms){now});
        struct unit_view b = world_unit_at(fresh.centre->world, unit, (struct wall_ms){now});
        check(a.state == b.state && a.cause == b.cause, "a restart changes no state");
        size_t n = outages_count(rig->centre->outages, unit);
        size_t m = outages_count(fresh.centre->outages, unit);
        check(n == m, "a restart changes no outage");
        for (size_t i = 0; i < n && i < m; i++) {
            struct outage old = outages_at(rig->centre->outages, unit, i);
            struct outage again = outages_at(fresh.centre->outages, unit, i);
            check(old.number == again.number && old.from.ms == again.from.ms,
                  "a restart changes no number");
        }
    }
    rig_done(&fresh);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rig rig;
    rig_init(&rig, sample_province);
    feed(&rig, (struct slice){(const char *)data, size});
    look(&rig);
    same_after_restart(&rig);
    rig_done(&rig);
    return 0;
}
