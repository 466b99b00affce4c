/* Seeded random provinces and histories: the counters against the definitions, evaluated village by
 * village and unit by unit from the rows themselves. */
#include "core/coverage.h"

#include "base/buf.h"
#include "base/rng.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS = 60, STEPS = 60, DAYS = 40, UNITS_MAX = 64, TEXT_MAX = 1 << 16 };

static const int64_t DAY_MS = 24 * 3600 * 1000;

static int64_t day(uint64_t n)
{
    return sample_ms("2026-01-01") + (int64_t)n * DAY_MS;
}

/* --- a random province --- */

static void put_day(struct buf *b, struct rng *r, const char *before)
{
    if (rng_below(r, 3) > 0) {
        buf_str(b, before);
        return;
    }
    uint64_t n = 1 + rng_below(r, DAYS);
    buf_printf(b, "%s2026-%02u-%02u", before, n < 31 ? 1u : 2u,
               n < 31 ? (unsigned)n + 1 : (unsigned)n - 30);
}

static void put_areas(struct buf *b, struct rng *r)
{
    buf_str(b, "[areas]\nid,parent,level,name,population,households,valid_from\np,,x,P,,,\n"
               "d1,p,x,D,,,\nd2,p,x,D,,,\nc1,d1,x,C,,,\nc2,d1,x,C,,,\nc3,d2,x,C,,,\nc4,p,x,C,,,\n");
    for (unsigned v = 0; v < 10; v++) {
        buf_printf(b, "v%u,c%u,village,V,", v, 1 + (unsigned)rng_below(r, 4));
        if (rng_below(r, 4))
            buf_printf(b, "%u", (unsigned)rng_below(r, 1000));
        buf_printf(b, ",%u", (unsigned)rng_below(r, 100));
        put_day(b, r, ",");
        buf_str(b, "\n");
    }
}

static void put_units(struct buf *b, struct rng *r, char units[UNITS_MAX][32], unsigned *n)
{
    static const char *const services[] = {"2g", "3g", "4g", "5g", "fibre", "link"};
    static const char *const operators[] = {"a", "b", "c", ""};
    buf_str(b, "[operators]\nid,name\na,A\nb,B\nc,C\n[sites]\nid,kind,area\ns0,bts,c1\ns1,bts,c2\n"
               "s2,bts,p\n[units]\nsite,service,operator,commissioned\n");
    *n = 0;
    for (unsigned i = 0; i < 3 * 6 * 4 && *n < UNITS_MAX; i++) {
        if (rng_below(r, 4))
            continue;
        snprintf(units[*n], sizeof units[0], "s%u,%s,%s", i % 3, services[i / 3 % 6],
                 operators[i / 18]);
        buf_str(b, units[(*n)++]);
        put_day(b, r, ",");
        buf_str(b, "\n");
    }
}

static void put_serves(struct buf *b, struct rng *r, char units[UNITS_MAX][32], unsigned n)
{
    static const char *const larger[] = {"p", "d1", "d2", "c1", "c2", "c3", "c4"};
    buf_str(b, "[serves]\nsite,service,operator,area,from\n");
    for (unsigned u = 0; u < n; u++)
        for (unsigned a = 0; a < 17; a++) {
            if (rng_below(r, a < 7 ? 20 : 5))
                continue;
            if (a < 7)
                buf_printf(b, "%s,%s", units[u], larger[a]);
            else
                buf_printf(b, "%s,v%u", units[u], a - 7);
            put_day(b, r, ",");
            buf_str(b, "\n");
        }
}

static struct inventory *random_province(struct rng *r)
{
    struct buf text;
    char units[UNITS_MAX][32];
    unsigned n;
    buf_init(&text, TEXT_MAX);
    put_areas(&text, r);
    put_units(&text, r, units, &n);
    put_serves(&text, r, units, n);
    struct inventory *inv = sample_inventory(NULL, text.data, 0);
    buf_done(&text);
    return inv;
}

/* --- the definitions, row by row --- */

struct facts {
    const struct inventory *inv;
    int64_t t;
    const enum unit_state *beneath; /* by unit */
};

static bool at(struct validity valid, int64_t t)
{
    return valid.from.ms <= t && t < valid.to.ms;
}

static const struct area_row *area_now(const struct facts *f, uint32_t area)
{
    const struct area_row *rows = f->inv->area_rows.items;
    for (size_t i = 0; i < f->inv->area_rows.len; i++)
        if (rows[i].area == area && at(rows[i].valid, f->t))
            return &rows[i];
    return NULL;
}

static bool within(const struct facts *f, uint32_t area, uint32_t root)
{
    const struct area_row *row = area_now(f, area);
    return row && (area == root || (row->parent != INV_NONE && within(f, row->parent, root)));
}

static bool exists(const struct facts *f, uint32_t unit)
{
    const struct unit_row *rows = f->inv->unit_rows.items;
    for (size_t i = 0; i < f->inv->unit_rows.len; i++)
        if (rows[i].unit == unit && at(rows[i].valid, f->t) && rows[i].commissioned.ms <= f->t &&
            f->t < rows[i].decommissioned.ms)
            return true;
    return false;
}

static bool serves(const struct facts *f, uint32_t unit, uint32_t village)
{
    const struct serves_row *rows = f->inv->serves_rows.items;
    for (size_t i = 0; i < f->inv->serves_rows.len; i++)
        if (rows[i].unit == unit && at(rows[i].valid, f->t) && within(f, village, rows[i].area))
            return true;
    return false;
}

/* Has the unit's service this technology, live? nominally (a higher generation will do)? */
static bool of_technology(const struct facts *f, uint32_t unit, int technology, bool nominal)
{
    const char *service = names_text(&f->inv->services, inventory_unit_id(f->inv, unit)->service);
    bool mobile = service[0] >= '2' && service[0] <= '5';
    if (technology == TECHNOLOGY_FIBRE)
        return strcmp(service, "fibre") == 0;
    if (technology == TECHNOLOGY_MOBILE)
        return mobile;
    char wanted = coverage_technology_word(technology)[0];
    return mobile && (nominal ? service[0] >= wanted : service[0] == wanted);
}

struct answer {
    bool nominal, live, possible;
};

static struct answer by_operator(const struct facts *f, uint32_t village, int technology,
                                 uint32_t op)
{
    struct answer answer = {false, false, false};
    for (uint32_t unit = 0; unit < f->inv->units.len; unit++) {
        enum unit_state state = f->beneath[unit];
        if (inventory_unit_id(f->inv, unit)->op != op || !exists(f, unit) ||
            !serves(f, unit, village))
            continue;
        bool same = of_technology(f, unit, technology, false);
        answer.nominal |= of_technology(f, unit, technology, true);
        answer.live |= same && (state == STATE_UP || state == STATE_DEGRADED);
        answer.possible |= same && state != STATE_DOWN;
    }
    return answer;
}

static bool in_family(const struct facts *f, uint32_t op, int technology)
{
    int family = technology == TECHNOLOGY_FIBRE ? TECHNOLOGY_FIBRE : TECHNOLOGY_MOBILE;
    for (uint32_t unit = 0; unit < f->inv->units.len; unit++)
        if (inventory_unit_id(f->inv, unit)->op == op && exists(f, unit) &&
            of_technology(f, unit, family, true))
            return true;
    return false;
}

static struct answer village_answer(const struct facts *f, uint32_t village, int technology,
                                    uint32_t who)
{
    struct answer any = by_operator(f, village, technology, INV_NONE), all = {true, true, true};
    bool somebody = false;
    if (who != COVERAGE_ANY && who != COVERAGE_ALL)
        return by_operator(f, village, technology, who);
    for (uint32_t op = 0; op < f->inv->operators.len; op++) {
        struct answer one = by_operator(f, village, technology, op);
        any = (struct answer){any.nominal || one.nominal, any.live || one.live,
                              any.possible || one.possible};
        if (!in_family(f, op, technology))
            continue;
        somebody = true;
        all = (struct answer){all.nominal && one.nominal, all.live && one.live,
                              all.possible && one.possible};
    }
    if (who == COVERAGE_ANY)
        return any;
    return somebody ? all : (struct answer){false, false, false};
}

static void add_village(struct coverage_count *sum, const struct area_row *village, bool counts)
{
    if (!counts)
        return;
    sum->villages++;
    sum->households += village->households > 0 ? village->households : 0;
    sum->population += village->population > 0 ? village->population : 0;
}

static struct coverage_figure defined(const struct facts *f, uint32_t area, int technology,
                                      uint32_t who)
{
    struct coverage_figure sum = {0};
    for (uint32_t v = 0; v < f->inv->areas.len; v++) {
        const struct area_row *row = area_now(f, v);
        if (!row || !row->village || !within(f, v, area))
            continue;
        struct answer answer = village_answer(f, v, technology, who);
        add_village(&sum.total, row, true);
        add_village(&sum.nominal, row, answer.nominal);
        add_village(&sum.live, row, answer.live);
        add_village(&sum.unknown, row, answer.possible && !answer.live);
        sum.without_population += row->population < 0;
    }
    return sum;
}

/* --- both, step by step --- */

static void compare(const struct coverage *c, const struct facts *f, uint32_t area, uint64_t seed)
{
    static const uint32_t who[] = {0, 1, 2, INV_NONE, COVERAGE_ANY, COVERAGE_ALL};
    for (int technology = 0; technology < TECHNOLOGY_COUNT; technology++)
        for (size_t i = 0; i < sizeof who / sizeof *who; i++) {
            struct coverage_figure fast = coverage_figure(c, area, (unsigned)technology, who[i]);
            struct coverage_figure slow = defined(f, area, technology, who[i]);
            if (memcmp(&fast, &slow, sizeof fast) != 0)
                fail_msg("seed %u: area %s, %s, who %x differ", (unsigned)seed,
                         names_text(&f->inv->areas, area), coverage_technology_word(technology),
                         who[i]);
        }
}

static void play(uint64_t seed)
{
    static const enum unit_state states[] = {STATE_UP, STATE_DEGRADED, STATE_DOWN, STATE_SILENT,
                                             STATE_UNOBSERVED};
    struct rng r = {seed};
    struct inventory *inv = random_province(&r);
    enum unit_state beneath[UNITS_MAX];
    struct facts f = {inv, day(0), beneath};
    struct coverage *c = coverage_new(inv, (struct wall_ms){f.t});
    for (size_t i = 0; i < UNITS_MAX; i++)
        beneath[i] = STATE_UNOBSERVED;
    for (int step = 0; step < STEPS && inv->units.len > 0; step++) {
        uint32_t unit = (uint32_t)rng_below(&r, inv->units.len);
        beneath[unit] = states[rng_below(&r, sizeof states / sizeof *states)];
        struct unit_view view = {.state = STATE_MAINTENANCE, .beneath = beneath[unit]};
        if (rng_below(&r, 3) == 0)
            f.t += (int64_t)rng_below(&r, 2 * (uint64_t)DAY_MS);
        else if (rng_below(&r, 8) == 0) /* what asks for the past goes back */
            f.t -= (int64_t)rng_below(&r, 3 * (uint64_t)DAY_MS);
        assert_int_equal(coverage_advance(c, (struct wall_ms){f.t}), 0);
        coverage_unit(c, unit, &view);
        compare(c, &f, (uint32_t)rng_below(&r, inv->areas.len), seed);
    }
    coverage_free(c);
    inventory_free(inv);
}

static void agrees_with_the_definitions(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        play(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_definitions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
