#include "load.h"

#include "wire/checklist.h"
#include "wire/pack_writer.h"
#include "wire/status.h"
#include "wire/topic.h"

#include <assert.h>
#include <stdio.h>

enum { TIMEOUT_MS = 2000, METRICS = 3 };

/* One number of a check: between low and low + span, a whole number of 1 / scale. */
struct load_metric {
    const char *name, *unit;
    double low, span, scale;
};

static const struct load_type {
    const char *check[2];
    struct load_metric metric[METRICS];
} TYPE[LOAD_CHECKS_A_PACK] = {
    {{"icmp/core-1", "icmp/core-2"},
     {{"rtt", "ms", 4, 20, 1000}, {"loss", "", 0, 0.05, 100}, {"jitter", "ms", 0, 3, 1000}}},
    {{"tcp/mgmt-1", "tcp/mgmt-2"},
     {{"connect", "ms", 2, 9, 1000}, {"tries", "", 1, 2, 1}, {"open", "", 10, 90, 1}}},
    {{"http/portal-1", "http/portal-2"},
     {{"total", "ms", 30, 200, 100}, {"status", "", 200, 1, 1}, {"size", "B", 9000, 800, 1}}},
    {{"dns/resolver-1", "dns/resolver-2"},
     {{"lookup", "ms", 1, 30, 1000}, {"answers", "", 1, 4, 1}, {"age", "s", 0, 300, 1}}},
    {{"iface/eth0", "iface/eth1"},
     {{"in", "bit/s", 1e6, 9e7, 1}, {"out", "bit/s", 1e6, 9e6, 1}, {"errors", "", 0, 2, 1}}},
};

static const char *const UNIT[LOAD_UNITS] = {"2g@a", "3g@a", "4g@a", "4g@b", "fibre@b"};

void load_site(uint32_t n, char ret_name[LOAD_NAME_MAX])
{
    snprintf(ret_name, LOAD_NAME_MAX, "B%05u", n);
}

void load_probe(uint32_t n, char ret_name[LOAD_NAME_MAX])
{
    snprintf(ret_name, LOAD_NAME_MAX, "p%05u", n);
}

const char *load_check(unsigned i)
{
    return TYPE[i % LOAD_CHECKS_A_PACK].check[i / LOAD_CHECKS_A_PACK];
}

const char *load_unit(unsigned i)
{
    return UNIT[i];
}

void load_list(struct buf *out, uint32_t n, int64_t time_us, int64_t interval_ms)
{
    char site[LOAD_NAME_MAX];
    struct slice unit[LOAD_CHECKS];
    struct checklist_entry entry[LOAD_CHECKS];
    load_site(n, site);
    for (unsigned i = 0; i < LOAD_CHECKS; i++) {
        unit[i] = slice_of(UNIT[i % LOAD_UNITS]);
        entry[i] = (struct checklist_entry){.name = slice_of(load_check(i)),
                                            .site = slice_of(site),
                                            .units = &unit[i],
                                            .n_units = 1,
                                            .interval_ms = interval_ms,
                                            .timeout_ms = TIMEOUT_MS,
                                            .ttl_ms = interval_ms * 5 / 2,
                                            .role = ROLE_REQUIRED,
                                            .cause = CAUSE_FAULT};
    }
    struct checklist list = {.time_us = time_us, .entries = entry, .len = LOAD_CHECKS};
    checklist_write(out, &list);
}

static double random_number(const struct load_metric *m, struct rng *rng)
{
    return (double)(int64_t)((m->low + rng_unit(rng) * m->span) * m->scale) / m->scale;
}

static void add(struct pack_writer *w, struct reading *r, const char *metric, const char *unit,
                double number)
{
    r->metric = slice_of(metric);
    r->unit = slice_of(unit);
    r->number = number;
    int err = pack_writer_add(w, r);
    assert(!err);
    (void)err;
}

void load_pack(struct buf *out, uint32_t n, uint64_t seq, int64_t time_us, enum verdict verdict,
               struct rng *rng)
{
    char site[LOAD_NAME_MAX];
    load_site(n, site);
    struct reading r = {.site = slice_of(site), .kind = READING_NUMBER};
    struct pack_writer w;
    pack_writer_begin(&w, out);
    for (unsigned i = 0; i < LOAD_CHECKS_A_PACK; i++) {
        const struct load_type *type = &TYPE[i];
        r.check = slice_of(type->check[seq % 2]);
        r.time_us = time_us + i * INT64_C(1013);
        add(&w, &r, "state", "", verdict);
        for (size_t m = 0; m < METRICS; m++)
            add(&w, &r, type->metric[m].name, type->metric[m].unit,
                random_number(&type->metric[m], rng));
    }
    int err = pack_writer_end(&w);
    assert(!err);
    (void)err;
}

void load_topic(struct buf *out, uint32_t n, uint64_t epoch, uint64_t seq)
{
    char probe[LOAD_NAME_MAX];
    load_probe(n, probe);
    struct topic topic = {
        .kind = TOPIC_DATA, .who = slice_of(probe), .epoch = epoch, .low = 1, .seq = seq};
    topic_write(out, &topic);
}

void load_status(struct buf *out, uint64_t boot, uint64_t conn, bool gone, uint64_t backlog)
{
    struct status s = {.state = gone ? STATUS_OFFLINE : STATUS_ONLINE, .boot = boot, .conn = conn};
    if (!gone) {
        s.version = slice_of("bench");
        s.clock = CLOCK_SYSTEM;
        s.epoch = boot;
        s.backlog = backlog;
    }
    status_write(out, &s);
}

void load_status_topic(struct buf *out, uint32_t n)
{
    char probe[LOAD_NAME_MAX];
    load_probe(n, probe);
    struct topic topic = {.kind = TOPIC_STATUS, .who = slice_of(probe)};
    topic_write(out, &topic);
}
