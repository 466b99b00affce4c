/* Led from instant to instant, coverage is what it is when made anew for each. */
#include "core/coverage_steps.h"

#include "core/coverage_past.h"
#include "sample_inventory.h"
#include "unit.h"

#include <string.h>

/* bts-1's 5G goes down and up; nothing else changes. */
static uint32_t changing;
static struct timeline told;
static struct timeline steady;

static uint16_t code_of(enum unit_state state)
{
    struct unit_view view = {.state = state, .beneath = state, .cause = CAUSE_NONE};
    return state_pack(&view);
}

const struct timeline *world_unit_timeline(const struct world *w, uint32_t unit)
{
    (void)w;
    return unit == changing ? &told : &steady;
}

struct unit_view world_unit_at(const struct world *w, uint32_t unit, struct wall_ms t)
{
    return state_unpack(timeline_at(world_unit_timeline(w, unit), t));
}

static void make(struct inventory *inv)
{
    static const struct {
        int64_t t;
        enum unit_state state;
    } story[] = {{0, STATE_UP},      {1000, STATE_DOWN}, {1500, STATE_UP},
                 {2000, STATE_DOWN}, {5000, STATE_UP},   {5001, STATE_SILENT}};

    memset(&told, 0, sizeof told);
    memset(&steady, 0, sizeof steady);
    changing = sample_unit(inv, "bts-1/5g@a");
    assert_int_equal(timeline_set_from(&steady, (struct wall_ms){0}, code_of(STATE_UP)), 0);
    for (size_t i = 0; i < sizeof story / sizeof *story; i++)
        assert_int_equal(
            timeline_set_from(&told, (struct wall_ms){story[i].t}, code_of(story[i].state)), 0);
}

struct seen {
    const struct inventory *inv;
    const struct wall_ms *at;
    size_t n;
    int64_t live[16];
};

static void see(void *context, size_t index, const struct coverage *coverage)
{
    struct seen *seen = context;
    assert_int_equal(index, seen->n++);
    uint32_t area = sample_area(seen->inv, "p");
    struct coverage_figure f = coverage_figure(coverage, area, TECHNOLOGY_5G, COVERAGE_ANY);
    struct coverage *anew = coverage_past(NULL, seen->inv, seen->at[index]);
    struct coverage_figure g = coverage_figure(anew, area, TECHNOLOGY_5G, COVERAGE_ANY);
    assert_memory_equal(&f, &g, sizeof f);
    coverage_free(anew);
    seen->live[index] = f.live.villages;
}

static void each_instant_is_as_if_made_anew(void **state)
{
    (void)state;
    static const struct wall_ms at[] = {{0}, {999}, {1000}, {1600}, {1999}, {2000}, {5000}, {6000}};
    static const int64_t live[] = {2, 2, 0, 2, 2, 0, 2, 0};

    enum { N = sizeof at / sizeof *at };
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct seen seen = {.inv = inv, .at = at};
    make(inv);
    assert_int_equal(coverage_steps(NULL, inv, at, N, see, &seen), 0);
    assert_int_equal(seen.n, N);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(seen.live[i], live[i]);
    assert_int_equal(coverage_steps(NULL, inv, at, 0, see, &seen), 0);
    assert_int_equal(seen.n, N);
    timeline_done(&told);
    timeline_done(&steady);
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_instant_is_as_if_made_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
