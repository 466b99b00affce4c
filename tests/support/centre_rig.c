#include "centre_rig.h"

#include "core/ledger.h"
#include "memory_rows.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

enum { SAID_MAX = 1 << 20 };

static int on_readings(void *context, struct slice source, const struct reading *readings, size_t n)
{
    struct rig *rig = context;
    (void)readings;
    buf_printf(&rig->said, "readings %.*s %zu\n", (int)source.len, source.at, n);
    return 0;
}

static int on_dead(void *context, const struct reception_message *message, const char *reason)
{
    struct rig *rig = context;
    (void)message;
    buf_printf(&rig->said, "dead %s\n", reason);
    return 0;
}

static int on_answer(void *context, const struct reception_answer *a)
{
    struct rig *rig = context;
    buf_printf(&rig->said, "ack %.*s", (int)a->probe.len, a->probe.at);
    if (a->epoch)
        buf_printf(&rig->said, " upto=%llu", (unsigned long long)a->upto);
    if (a->gap)
        buf_str(&rig->said, " gap");
    if (a->hold)
        buf_printf(&rig->said, " hold=%s", a->hold);
    if (a->refused_seq)
        buf_printf(&rig->said, " refused=%llu:%s", (unsigned long long)a->refused_seq, a->refused);
    buf_char(&rig->said, '\n');
    return 0;
}

static void on_conflict(void *context, struct slice probe)
{
    struct rig *rig = context;
    buf_printf(&rig->said, "conflict %.*s\n", (int)probe.len, probe.at);
}

static int on_work(void *context, uint32_t probe, const struct body_work *work)
{
    struct rig *rig = context;
    buf_printf(&rig->said, "work %s from=%lld for=%lld %.*s\n",
               names_text(&rig->centre->inventory->probes, probe),
               (long long)(work->from_us / 1000000),
               (long long)((work->until_us - work->from_us) / 1000000), (int)work->reason.len,
               work->reason.at ? work->reason.at : "");
    return 0;
}

void rig_init(struct rig *rig, const char *text)
{
    struct centre_options options = {
        .world = world_options_default(),
        .will_hold_ms = 15000,
        .derived = {.zone_ms = (int64_t)SAMPLE_ZONE_MIN * 60000, .max = 1 << 16},
        .measured = measured_options_default(),
        .minutes_back_ms = CENTRE_MINUTES_BACK_MS};
    struct reception_effects effects = {rig, on_readings, on_dead, on_answer, on_conflict, on_work};
    *rig = (struct rig){0};
    buf_init(&rig->said, SAID_MAX);
    rig->centre = centre_new(sample_inventory(NULL, text, RIG_START_MS), &options);
    assert_non_null(rig->centre);
    rig->reception = reception_new(rig->centre, "c1", 7, &effects);
    assert_non_null(rig->reception);
}

void rig_done(struct rig *rig)
{
    reception_free(rig->reception);
    centre_free(rig->centre);
    buf_done(&rig->said);
}

struct wall_ms rig_at(double at_s)
{
    return (struct wall_ms){RIG_START_MS + (int64_t)(at_s * 1000)};
}

static const char *give(struct rig *rig, const char *topic, const char *payload, double at_s,
                        bool retained)
{
    struct reception_message m = {.topic = slice_of(topic),
                                  .payload = slice_of(payload),
                                  .received = rig_at(at_s),
                                  .retained = retained,
                                  .after_damage = rig->after_damage};
    buf_clear(&rig->said);
    assert_int_equal(reception_take(rig->reception, &m), 0);
    assert_int_equal(rig->said.err, 0);
    rig->messages++;
    assert_int_equal(ledger_processed(&rig->centre->ledger), rig->messages);
    return rig->said.len ? rig->said.data : "";
}

const char *rig_say(struct rig *rig, const char *topic, const char *payload, double at_s)
{
    return give(rig, topic, payload, at_s, false);
}

const char *rig_copy(struct rig *rig, const char *topic, const char *payload, double at_s)
{
    return give(rig, topic, payload, at_s, true);
}

const char *rig_pack(struct rig *rig, const char *probe, const char *payload, double at_s)
{
    char topic[128];
    uint32_t number = sample_probe(rig->centre->inventory, probe);
    assert_true(number < RIG_PROBES);
    snprintf(topic, sizeof topic, "ioc/v1/%s/data/" RIG_EPOCH "/1/%llu", probe,
             (unsigned long long)++rig->seq[number]);
    return rig_say(rig, topic, payload, at_s);
}

static void put_check(struct buf *out, char check, const char *site, const char *units,
                      const char *cause)
{
    buf_printf(out,
               "{\"name\":\"icmp/%c\",\"site\":\"%s\",\"units\":[%s],\"interval_ms\":10000,"
               "\"timeout_ms\":2000,\"ttl_ms\":25000,\"role\":\"required\",\"cause\":\"%s\"}",
               check, site, units, cause);
}

void rig_list(struct rig *rig, const char *probe, const char *site, const char *units_a,
              const char *units_b, const char *cause, double at_s)
{
    struct buf text;
    buf_init(&text, 4096);
    buf_str(&text, "{\"checks\":[");
    put_check(&text, 'a', site, units_a, cause);
    if (units_b) {
        buf_char(&text, ',');
        put_check(&text, 'b', site, units_b, cause);
    }
    buf_printf(&text, "],\"t\":%.3f}", (double)RIG_START_MS / 1000 + at_s);
    const char *said = rig_pack(rig, probe, text.data, at_s);
    assert_non_null(strstr(said, "ack "));
    assert_null(strstr(said, "hold="));
    assert_null(strstr(said, "refused="));
    buf_done(&text);
}

void rig_results(struct rig *rig, const char *probe, const char *site, char check, int verdict,
                 double from_s, double to_s, double received_s)
{
    char text[256];
    for (int i = 0; from_s + i * 10 < to_s; i++) {
        double t = from_s + i * 10;
        snprintf(text, sizeof text, "[{\"n\":\"%s/icmp/%c/state\",\"v\":%d,\"t\":%.3f}]", site,
                 check, verdict, (double)RIG_START_MS / 1000 + t);
        const char *said = rig_pack(rig, probe, text, t > received_s ? t : received_s);
        assert_non_null(strstr(said, "readings"));
    }
}

void rig_listen(struct rig *rig, double from_s, double to_s)
{
    char text[128];
    rig_say(rig, "", "", from_s);
    for (int i = 0; from_s + i <= to_s; i++) {
        snprintf(text, sizeof text, "{\"id\":\"c1\",\"boot\":\"0000000000000007\",\"number\":%llu}",
                 (unsigned long long)++rig->marker);
        rig_say(rig, "ioc/v1/_centre/c1/echo", text, from_s + i);
    }
}

void rig_census(const struct rig *rig)
{
    const struct centre *c = rig->centre;
    uint32_t units[STATE_COUNT] = {0};
    for (uint32_t unit = 0; unit < c->inventory->units.len; unit++)
        units[world_unit_at(c->world, unit, world_now(c->world)).state]++;
    assert_memory_equal(units, c->census.units, sizeof units);
}

void rig_advance(struct rig *rig, double at_s)
{
    assert_int_equal(centre_advance(rig->centre, rig_at(at_s)), 0);
    rig_census(rig);
}

void rig_restart(struct rig *old, const char *text, struct rig *fresh)
{
    struct memory_rows rows;
    memory_rows_init(&rows);
    struct row_sink sink = memory_rows_sink(&rows);
    assert_int_equal(centre_save(old->centre, &sink), 0);
    rig_init(fresh, text);
    for (size_t i = 0; i < rows.rows.len; i++) {
        const struct memory_row *row = vec_at(&rows.rows, i);
        if (row->kind >= ROW_ARCHIVE)
            continue;
        assert_int_equal(centre_load(fresh->centre, row->kind,
                                     (struct slice){row->key, row->key_len},
                                     (struct slice){row->value, row->value_len}),
                         0);
    }
    assert_int_equal(centre_loaded(fresh->centre), 0);
    memcpy(fresh->seq, old->seq, sizeof fresh->seq);
    fresh->messages = old->messages;
    fresh->marker = old->marker;
    memory_rows_done(&rows);
}
