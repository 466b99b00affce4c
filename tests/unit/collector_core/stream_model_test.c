/* The stream of both sides under everything that may happen to it: at rest, every pack was handed
 * to the core once and in order, or stands in the ledger as lost or missing. */
#include "stream_sim.h"
#include "unit.h"

#include <string.h>

enum { STEPS = 400, RUNS = 3000 };

/* Each pack that was written and never delivered must have left the outbox for a reason. */
static void every_pack_has_its_place(const struct stream_sim *sim)
{
    struct stream_mark mark = stream_sim_mark(sim);
    bool delivered[SIM_PACKS + 1] = {0};
    for (size_t i = 0; i < sim->n_delivered; i++)
        delivered[sim->delivered[i]] = true;
    uint64_t absent = 0;
    for (uint64_t seq = 1; seq <= sim->high; seq++) {
        absent += !delivered[seq];
        if (!delivered[seq] && !sim->gone[seq] && !sim->restored)
            fail_msg("seed %llu: pack %llu vanished", (unsigned long long)sim->seed,
                     (unsigned long long)seq);
    }
    assert_int_equal(mark.upto, sim->high);
    assert_int_equal(mark.lost + mark.missing, absent);
}

static void run(struct stream_sim_faults faults, uint64_t first_seed)
{
    uint64_t lost = 0, restored = 0;
    for (uint64_t seed = first_seed; seed < first_seed + RUNS; seed++) {
        struct stream_sim sim;
        stream_sim_init(&sim, seed, faults);
        for (int i = 0; i < STEPS; i++)
            stream_sim_step(&sim);
        stream_sim_quiet(&sim);
        every_pack_has_its_place(&sim);
        lost += stream_sim_mark(&sim).lost;
        restored += sim.restored;
        stream_sim_done(&sim);
    }
    /* a run that never meets its fault proves nothing */
    assert_true(!faults.bound || lost > RUNS);
    assert_true(!faults.restores || restored > RUNS / 10);
}

static void a_calm_network_delivers_all(void **state)
{
    (void)state;
    run((struct stream_sim_faults){0}, 1000000);
}

static void a_bad_network_delivers_all(void **state)
{
    (void)state;
    run((struct stream_sim_faults){.network = true}, 2000000);
}

static void restarts_of_anything_lose_nothing(void **state)
{
    (void)state;
    run((struct stream_sim_faults){.network = true, .restarts = true}, 3000000);
}

static void what_the_bound_drops_is_counted(void **state)
{
    (void)state;
    run((struct stream_sim_faults){.network = true, .restarts = true, .bound = true}, 4000000);
}

static void a_restored_store_counts_what_it_misses(void **state)
{
    (void)state;
    run((struct stream_sim_faults){.network = true, .restarts = true, .restores = true}, 5000000);
}

static void everything_at_once(void **state)
{
    (void)state;
    run((struct stream_sim_faults){true, true, true, true, true}, 6000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_calm_network_delivers_all),
        cmocka_unit_test(a_bad_network_delivers_all),
        cmocka_unit_test(restarts_of_anything_lose_nothing),
        cmocka_unit_test(what_the_bound_drops_is_counted),
        cmocka_unit_test(a_restored_store_counts_what_it_misses),
        cmocka_unit_test(everything_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
