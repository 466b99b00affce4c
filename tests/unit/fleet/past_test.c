#include "past.h"

#include "base/err.h"
#include "sample_inventory.h"
#include "unit.h"

#include <string.h>

enum { SCRATCH = 1 << 20 };

static const struct plan_times TIMES = {10000, 1000, 30000};
static const int64_t ZERO_MS = 1790000000000;
static const int64_t HOUR_MS = 3600000;

/* One member with a script. */
struct life {
    struct inventory *inventory;
    struct plan plan;
    struct scene scene;
    struct timetable timetable;
    struct rng rng;
    struct member_shared shared;
    struct member m;
    struct now began;
    size_t said;
};

static int count_said(void *arg, const struct member *m, const char *topic, struct slice payload,
                      bool retained)
{
    struct life *l = arg;
    (void)m;
    (void)topic;
    (void)payload;
    (void)retained;
    l->said++;
    return 0;
}

/* Lives from an hour before the script's 0, which is at 1 s of the monotonic clock. */
static void open_life(struct life *l, const char *script, size_t pack_readings)
{
    struct plan_filter one = {.max = 1};
    char why[FAULT_WHY_MAX];
    memset(l, 0, sizeof *l);
    l->began = (struct now){{ZERO_MS - HOUR_MS}, {1000 - HOUR_MS}};
    l->inventory = sample_inventory(NULL, sample_province, ZERO_MS);
    assert_int_equal(plan_init(&l->plan, l->inventory, (struct wall_ms){ZERO_MS}, &TIMES, &one), 0);
    assert_int_equal(scene_init(&l->scene, &l->plan), 0);
    timetable_init(&l->timetable);
    assert_int_equal(timetable_read(&l->timetable, &l->scene, slice_of(script), &l->rng, why), 0);
    l->shared = (struct member_shared){.plan = &l->plan,
                                       .scene = &l->scene,
                                       .pack_ms = 30000,
                                       .pack_readings = pack_readings,
                                       .outbox_packs = 1000,
                                       .rng = {1},
                                       .arg = l,
                                       .publish = count_said};
    buf_init(&l->shared.scratch, SCRATCH);
    assert_int_equal(member_init(&l->m, &l->shared, 0, 0, l->began), 0);
}

static void close_life(struct life *l)
{
    member_done(&l->m);
    buf_done(&l->shared.scratch);
    timetable_done(&l->timetable);
    scene_done(&l->scene);
    plan_done(&l->plan);
    inventory_free(l->inventory);
}

static int play(void *arg, struct now now)
{
    struct life *l = arg;
    const struct timetable_event *e;
    int err = 0;
    while (!err && (e = timetable_take(&l->timetable, now.mono.ms - 1000)) != NULL) {
        err = scene_apply(&l->scene, &e->deed, e->begins, now.wall);
        if (!err)
            err = member_look(&l->m, now);
    }
    return err;
}

static void live(struct life *l, struct now from, int64_t length_ms)
{
    struct past past = {&l->m, 1, &l->timetable, {1000}, l, play};
    assert_int_equal(past_live(&past, from, length_ms), 0);
}

/* Packs of the outbox that hold @p text. */
static size_t holding(const struct life *l, const char *text)
{
    char pack[65536];
    size_t n = 0;
    for (uint64_t seq = l->m.box.low; seq <= l->m.window.high; seq++) {
        struct slice bytes = box_at(&l->m.box, seq);
        assert_true(bytes.len < sizeof pack);
        memcpy(pack, bytes.at, bytes.len);
        pack[bytes.len] = '\0';
        n += strstr(pack, text) != NULL;
    }
    return n;
}

static void an_hour_is_in_the_outbox(void **state)
{
    struct life l;
    (void)state;
    open_life(&l, "", 0);
    live(&l, l.began, HOUR_MS);
    /* the list, and a pack each half minute: the last one closes at the very end of the hour */
    assert_int_equal(l.m.window.high, 1 + 119);
    assert_int_equal(holding(&l, "{\"checks\":["), 1);
    assert_int_equal(l.m.last[0].time_ms, ZERO_MS - TIMES.interval_ms);
    assert_int_equal(l.said, 0);
    close_life(&l);
}

static void it_is_the_same_in_pieces(void **state)
{
    struct life whole;
    struct life pieces;
    (void)state;
    open_life(&whole, "-50min down bts-1 5min\n", 0);
    open_life(&pieces, "-50min down bts-1 5min\n", 0);
    live(&whole, whole.began, HOUR_MS);
    for (int64_t at = 0; at < HOUR_MS; at += 7000)
        live(&pieces, (struct now){{pieces.began.wall.ms + at}, {pieces.began.mono.ms + at}},
             at + 7000 < HOUR_MS ? 7000 : HOUR_MS - at);
    assert_int_equal(whole.m.window.high, pieces.m.window.high);
    for (uint64_t seq = 1; seq <= whole.m.window.high; seq++) {
        struct slice a = box_at(&whole.m.box, seq);
        struct slice b = box_at(&pieces.m.box, seq);
        assert_int_equal(a.len, b.len);
    }
    close_life(&whole);
    close_life(&pieces);
}

static void faults_happen_in_it(void **state)
{
    struct life l;
    (void)state;
    open_life(&l, "-30min dark bts-1 10min\n", 0);
    live(&l, l.began, HOUR_MS);
    assert_int_equal(holding(&l, "power_lost"), 1);
    assert_int_equal(holding(&l, "{\"checks\":["), 2); /* it started anew */
    assert_true(l.m.running);
    close_life(&l);
    open_life(&l, "-30min die bts-1\n", 0);
    live(&l, l.began, HOUR_MS);
    assert_false(l.m.running);
    assert_int_equal(l.m.window.high, 1 + 59);
    close_life(&l);
}

static void packs_close_at_so_many_readings(void **state)
{
    struct life l;
    (void)state;
    open_life(&l, "", 1);
    live(&l, l.began, HOUR_MS);
    assert_int_equal(l.m.window.high, 1 + 360); /* one for each run of the checks */
    close_life(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_is_in_the_outbox),
        cmocka_unit_test(it_is_the_same_in_pieces),
        cmocka_unit_test(faults_happen_in_it),
        cmocka_unit_test(packs_close_at_so_many_readings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
