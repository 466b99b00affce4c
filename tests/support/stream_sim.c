#include "stream_sim.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROBE = 3, FATES = 16 };

static void check(const struct stream_sim *sim, bool holds, const char *what)
{
    if (!holds)
        fail_msg("seed %llu: %s", (unsigned long long)sim->seed, what);
}

static bool chance(struct stream_sim *sim, unsigned percent)
{
    return rng_below(&sim->rng, 100) < percent;
}

/* The network */

static void enqueue(struct stream_sim *sim, struct sim_queue *q, struct sim_message message)
{
    (void)sim;
    if (q->len < SIM_QUEUE) /* a full broker queue loses what comes */
        q->at[q->len++] = message;
}

/* Takes a message out, or leaves it in as well (a duplicate), or takes it from the middle. */
static bool dequeue(struct stream_sim *sim, struct sim_queue *q, struct sim_message *ret)
{
    if (q->len == 0)
        return false;
    bool faulty = sim->faults.network;
    size_t at = faulty && chance(sim, 20) ? rng_below(&sim->rng, q->len) : 0;
    *ret = q->at[at];
    if (faulty && chance(sim, 10))
        return true;
    memmove(q->at + at, q->at + at + 1, (--q->len - at) * sizeof *q->at);
    return !(faulty && chance(sim, 10));
}

/* The probe */

static uint64_t lowest_held(const struct stream_sim *sim)
{
    return sim->window.low;
}

static void drop_beyond_bound(struct stream_sim *sim)
{
    uint64_t low = lowest_held(sim);
    if (sim->high + 1 - low <= sim->bound)
        return;
    uint64_t new_low = low + 1 + rng_below(&sim->rng, sim->bound);
    for (uint64_t seq = low; seq < new_low; seq++)
        sim->gone[seq] = true;
    sim->dropped += new_low - low;
    sim->durable_low = new_low;
    window_dropped(&sim->window, new_low);
}

static void write_pack(struct stream_sim *sim)
{
    if (sim->high == SIM_PACKS)
        return;
    sim->high++;
    window_stored(&sim->window, sim->high);
    drop_beyond_bound(sim);
}

static void publish(struct stream_sim *sim)
{
    uint64_t seq;
    while ((seq = window_next(&sim->window, sim->now)) != 0) {
        uint64_t base = lowest_held(sim);
        check(sim, seq >= base && seq <= sim->high, "publishes what it does not hold");
        check(sim, !sim->gone[seq], "publishes what its bound dropped");
        check(sim, seq < base + WINDOW_SIZE, "more than W packs under way");
        enqueue(sim, &sim->up,
                (struct sim_message){.low = lowest_held(sim), .seq = seq, .dropped = sim->dropped});
        window_published(&sim->window, sim->now);
    }
}

static uint64_t committed_upto(const struct stream_sim *sim);

static void probe_hears(struct stream_sim *sim)
{
    struct sim_message m;
    if (!sim->window.connected || !dequeue(sim, &sim->down, &m))
        return;
    struct ack ack = {.epoch = m.epoch, .upto = m.upto, .gap = m.gap};
    if (m.hold)
        ack.hold = slice_of("bound reached");
    enum window_news news = window_ack(&sim->window, &ack, sim->now);
    check(sim, news != WINDOW_RENUMBER, "renumbers an outbox that nobody copied");
    if (news == WINDOW_ADVANCED)
        check(sim, sim->restored || committed_upto(sim) >= m.upto, "acknowledged before commit");
}

/* Forgetting acknowledged packs is lazy: the disk may still have them after a restart. */
static void probe_tidies(struct stream_sim *sim)
{
    sim->durable_low = lowest_held(sim);
}

static void probe_restarts(struct stream_sim *sim)
{
    window_init(&sim->window, sim->epoch, sim->durable_low, sim->high, &sim->jitter);
}

static void probe_reconnects(struct stream_sim *sim)
{
    if (sim->window.connected)
        window_disconnected(&sim->window);
    else
        window_connected(&sim->window);
}

static void time_passes(struct stream_sim *sim)
{
    struct mono_ms deadline = window_deadline(&sim->window);
    if (deadline.ms != MONO_NEVER_MS && deadline.ms > sim->now.ms && chance(sim, 50))
        sim->now = deadline;
    else
        sim->now.ms += (int64_t)rng_below(&sim->rng, 5000);
    window_tick(&sim->window, sim->now);
}

/* The centre */

struct stream_mark stream_sim_mark(const struct stream_sim *sim)
{
    size_t len;
    const struct stream_mark *marks = stream_marks(sim->centre, PROBE, &len);
    return len ? marks[0] : (struct stream_mark){0};
}

static int keep_row(void *context, uint8_t kind, struct slice key, struct slice value)
{
    struct sim_snapshot *snapshot = context;
    assert_int_equal(kind, ROW_STREAM);
    assert_int_equal(key.len, 5);
    assert_true(value.len <= SIM_ROW);
    memcpy(snapshot->row, value.at, value.len);
    snapshot->row_len = value.len;
    return 0;
}

/* Everything decided so far becomes durable, then the answers leave. */
static void commit(struct stream_sim *sim)
{
    struct sim_snapshot next = sim->snapshot[sim->n_snapshots - 1];
    struct row_sink sink = {.context = &next, .put = keep_row};
    assert_int_equal(stream_save(sim->centre, &sink), 0);
    next.delivered = sim->n_delivered;
    if (sim->n_snapshots == SIM_SNAPSHOTS)
        memmove(sim->snapshot, sim->snapshot + 1, --sim->n_snapshots * sizeof next);
    sim->snapshot[sim->n_snapshots++] = next;
    for (size_t i = 0; i < sim->held.len; i++)
        enqueue(sim, &sim->down, sim->held.at[i]);
    sim->held.len = 0;
}

/* The centre starts from commit number @p at, all later ones never were. */
static void centre_starts(struct stream_sim *sim, size_t at)
{
    const struct sim_snapshot *snapshot = &sim->snapshot[at];
    sim->n_snapshots = at + 1;
    stream_free(sim->centre);
    sim->centre = stream_new();
    assert_non_null(sim->centre);
    struct slice row = {snapshot->row, snapshot->row_len};
    if (row.len > 0)
        assert_int_equal(stream_load(sim->centre, (struct slice){"g\0\0\0", 5}, row), 0);
    sim->n_delivered = snapshot->delivered;
    sim->held.len = 0;
    sim->centre_boot++;
}

static uint64_t committed_upto(const struct stream_sim *sim)
{
    struct stream *s = stream_new();
    const struct sim_snapshot *last = &sim->snapshot[sim->n_snapshots - 1];
    struct slice row = {last->row, last->row_len};
    if (row.len > 0)
        assert_int_equal(stream_load(s, (struct slice){"g\0\0\0", 5}, row), 0);
    size_t len;
    const struct stream_mark *marks = stream_marks(s, PROBE, &len);
    uint64_t upto = len ? marks[0].upto : 0;
    stream_free(s);
    return upto;
}

static void deliver(struct stream_sim *sim, uint64_t seq, enum stream_fate fate)
{
    check(sim, sim->n_delivered < SIM_PACKS, "delivers more packs than were written");
    sim->delivered[sim->n_delivered] = (uint16_t)seq;
    sim->fate[sim->n_delivered++] = (uint8_t)fate;
}

static enum stream_fate random_fate(struct stream_sim *sim)
{
    static const enum stream_fate fates[FATES] = {
        [3] = STREAM_FATE_REFUSED, [7] = STREAM_FATE_UNTIMED};

    return fates[rng_below(&sim->rng, FATES)];
}

static void centre_hears(struct stream_sim *sim)
{
    struct sim_message m;
    if (!dequeue(sim, &sim->up, &m))
        return;
    if (sim->holding) {
        enqueue(sim, &sim->down, (struct sim_message){.hold = true});
        return;
    }
    struct stream_offer offer = {PROBE, sim->epoch, m.low, m.seq, m.dropped, {0}};
    enum stream_fate fate = random_fate(sim);
    struct stream_decision d;
    assert_int_equal(stream_settle(sim->centre, &offer, fate, &d), 0);
    check(sim, d.verdict != STREAM_REFUSED, "refuses a sound pack");
    if (d.verdict == STREAM_ACCEPT)
        deliver(sim, m.seq, fate);
    enqueue(sim, &sim->held,
            (struct sim_message){.epoch = sim->epoch, .upto = d.upto, .gap = d.gap});
}

static void centre_restarts(struct stream_sim *sim)
{
    bool restore = sim->faults.restores && chance(sim, 40);
    size_t back = restore ? rng_below(&sim->rng, sim->n_snapshots) : 0;
    sim->restored = sim->restored || back > 0;
    centre_starts(sim, sim->n_snapshots - 1 - back);
}

static void boot_is_seen(struct stream_sim *sim)
{
    if (sim->window.connected)
        window_centre_boot(&sim->window, sim->centre_boot, false);
}

static void broker_forgets(struct stream_sim *sim)
{
    sim->up.len = 0;
    if (chance(sim, 50))
        sim->down.len = 0;
}

static void toggle_hold(struct stream_sim *sim)
{
    sim->holding = !sim->holding && sim->faults.holds;
}

/* The run */

static void check_ledger(const struct stream_sim *sim)
{
    struct stream_mark mark = stream_sim_mark(sim);
    uint64_t count[3] = {0};
    for (size_t i = 0; i < sim->n_delivered; i++) {
        check(sim, i == 0 || sim->delivered[i] > sim->delivered[i - 1], "out of order or doubled");
        count[sim->fate[i]]++;
    }
    check(sim, stream_balanced(&mark), "the ledger's equation");
    check(sim, mark.stored == count[STREAM_STORED], "stored is not what was delivered");
    check(sim, mark.refused == count[STREAM_FATE_REFUSED], "refused is not what was delivered");
    check(sim, mark.untimed == count[STREAM_FATE_UNTIMED], "untimed is not what was delivered");
    check(sim, mark.upto <= sim->high, "knows packs that were never written");
    check(sim, mark.lost <= sim->dropped, "books more lost than the bound dropped");
    check(sim, sim->restored || mark.missing == 0, "missing without a restored store");
}

struct event {
    void (*run)(struct stream_sim *sim);
    unsigned weight;
};

static const struct event usual[] = {
    {write_pack, 20},  {publish, 20},     {centre_hears, 40}, {commit, 10},
    {probe_hears, 25}, {time_passes, 10}, {probe_tidies, 5},
};

static const struct event trouble[] = {
    {probe_restarts, 2}, {probe_reconnects, 6}, {centre_restarts, 2},
    {boot_is_seen, 4},   {broker_forgets, 2},
};

static void run_one_of(struct stream_sim *sim, const struct event *events, size_t len)
{
    unsigned sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += events[i].weight;
    uint64_t at = rng_below(&sim->rng, sum);
    size_t i = 0;
    while (at >= events[i].weight)
        at -= events[i++].weight;
    events[i].run(sim);
}

void stream_sim_init(struct stream_sim *sim, uint64_t seed, struct stream_sim_faults faults)
{
    *sim = (struct stream_sim){.seed = seed, .rng = {seed}, .jitter = {~seed}, .faults = faults};
    sim->epoch = rng_next(&sim->rng) | 1;
    sim->durable_low = 1;
    sim->bound = faults.bound ? 3 + rng_below(&sim->rng, 20) : SIM_PACKS;
    sim->centre = stream_new();
    assert_non_null(sim->centre);
    sim->centre_boot = 1;
    sim->n_snapshots = 1;
    window_init(&sim->window, sim->epoch, 1, 0, &sim->jitter);
    window_connected(&sim->window);
}

void stream_sim_done(struct stream_sim *sim)
{
    stream_free(sim->centre);
}

void stream_sim_step(struct stream_sim *sim)
{
    if (sim->faults.restarts && chance(sim, 8))
        run_one_of(sim, trouble, sizeof trouble / sizeof *trouble);
    else if (sim->faults.holds && chance(sim, 2))
        toggle_hold(sim);
    else
        run_one_of(sim, usual, sizeof usual / sizeof *usual);
    check_ledger(sim);
}

static void drain_once(struct stream_sim *sim)
{
    publish(sim);
    while (sim->up.len > 0)
        centre_hears(sim);
    commit(sim);
    while (sim->down.len > 0)
        probe_hears(sim);
    check_ledger(sim);
    struct mono_ms deadline = window_deadline(&sim->window);
    if (window_next(&sim->window, sim->now) == 0 && deadline.ms != MONO_NEVER_MS)
        sim->now = deadline.ms > sim->now.ms ? deadline : sim->now;
    window_tick(&sim->window, sim->now);
}

void stream_sim_quiet(struct stream_sim *sim)
{
    sim->faults = (struct stream_sim_faults){0};
    sim->holding = false;
    if (!sim->window.connected)
        window_connected(&sim->window);
    write_pack(sim); /* shows a restored store what it has forgotten */
    for (int rounds = 0; window_backlog(&sim->window) > 0; rounds++) {
        check(sim, rounds < 2 * SIM_PACKS, "does not come to rest");
        drain_once(sim);
    }
}
