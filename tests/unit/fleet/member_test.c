#include "member.h"

#include "base/err.h"
#include "sample_inventory.h"
#include "unit.h"
#include "wire/body.h"
#include "wire/topic.h"

#include <stdio.h>
#include <string.h>

enum { SENT_MAX = 256, STEP_MS = 20, SCRATCH = 1 << 20 };

static const struct plan_times TIMES = {5000, 1000, 15000};
static const int64_t ZERO_MS = 1790000000000;

/* What one member said. */
struct said {
    enum topic_kind kind;
    uint64_t low, seq;
    char text[1024]; /* its beginning */
};

/* One member with a broker that notes and answers. */
struct stage {
    struct inventory *inventory;
    struct plan plan;
    struct scene scene;
    struct member_shared shared;
    struct member m;
    struct now now;
    struct said said[SENT_MAX];
    size_t len;
    bool refuses; /* the broker takes nothing */
    bool answers; /* every pack is acknowledged */
};

static int note(void *arg, const struct member *m, const char *topic, struct slice payload,
                bool retained)
{
    struct stage *s = arg;
    struct topic t;
    struct reason why;
    (void)m;
    if (s->refuses)
        return ERR_FULL;
    assert_true(s->len < SENT_MAX);
    assert_int_equal(topic_read(slice_of(topic), &t, &why), 0);
    assert_true(slice_is(t.who, "p1"));
    assert_int_equal(retained, t.kind == TOPIC_STATUS);
    struct said *said = &s->said[s->len++];
    *said = (struct said){.kind = t.kind, .low = t.low, .seq = t.seq};
    snprintf(said->text, sizeof said->text, "%.*s", (int)payload.len, payload.at);
    return 0;
}

static void open_stage(struct stage *s)
{
    struct plan_filter all = {.max = 1};
    memset(s, 0, sizeof *s);
    s->now = (struct now){{ZERO_MS}, {1000}};
    s->answers = true;
    s->inventory = sample_inventory(NULL, sample_province, ZERO_MS);
    assert_int_equal(plan_init(&s->plan, s->inventory, s->now.wall, &TIMES, &all), 0);
    assert_int_equal(scene_init(&s->scene, &s->plan), 0);
    s->shared = (struct member_shared){.plan = &s->plan,
                                       .scene = &s->scene,
                                       .pack_ms = 5000,
                                       .will_after_ms = 30000,
                                       .outbox_packs = 20,
                                       .rng = {1},
                                       .arg = s,
                                       .publish = note};
    buf_init(&s->shared.scratch, SCRATCH);
    assert_int_equal(member_init(&s->m, &s->shared, 0, 0, s->now), 0);
}

static void close_stage(struct stage *s)
{
    member_done(&s->m);
    buf_done(&s->shared.scratch);
    scene_done(&s->scene);
    plan_done(&s->plan);
    inventory_free(s->inventory);
}

static void answer(struct stage *s, uint64_t upto)
{
    struct ack ack = {.epoch = s->m.window.epoch, .upto = upto};
    assert_int_equal(member_ack(&s->m, &ack, s->now), 0);
}

/* Lets @p ms pass. */
static void pass(struct stage *s, int64_t ms)
{
    for (int64_t t = 0; t < ms; t += STEP_MS) {
        s->now.wall.ms += STEP_MS;
        s->now.mono.ms += STEP_MS;
        size_t before = s->len;
        assert_int_equal(member_tick(&s->m, s->now), 0);
        for (size_t i = before; s->answers && i < s->len; i++)
            if (s->said[i].kind == TOPIC_DATA)
                answer(s, s->said[i].seq);
    }
}

static void act(struct stage *s, enum fault_action action, bool begins)
{
    struct scene_deed deed = {action, sample_site(s->inventory, "bts-1"), INV_NONE, 0, 0};
    assert_int_equal(scene_apply(&s->scene, &deed, begins, s->now.wall), 0);
    assert_int_equal(member_look(&s->m, s->now), 0);
}

static size_t count(const struct stage *s, const char *what)
{
    size_t n = 0;
    for (size_t i = 0; i < s->len; i++)
        n += strstr(s->said[i].text, what) != NULL;
    return n;
}

static void announces_itself_then_its_checks(void **state)
{
    struct stage s;
    (void)state;
    open_stage(&s);
    pass(&s, 1000);
    assert_int_equal(s.len, 0); /* no line yet: what it has waits */
    member_line(&s.m, true, s.now);
    pass(&s, 6000);
    assert_int_equal(s.said[0].kind, TOPIC_STATUS);
    assert_non_null(strstr(s.said[0].text, "\"state\":\"online\""));
    assert_int_equal(s.said[1].kind, TOPIC_DATA);
    assert_int_equal(s.said[1].seq, 1);
    assert_non_null(strstr(s.said[1].text, "{\"checks\":["));
    assert_int_equal(s.said[2].kind, TOPIC_STATUS); /* nothing waits any more */
    assert_non_null(strstr(s.said[2].text, "\"backlog\":0"));
    assert_int_equal(s.said[3].seq, 2);
    assert_non_null(strstr(s.said[3].text, "icmp/centre/state"));
    assert_int_equal(window_backlog(&s.m.window), 0);
    close_stage(&s);
}

static void a_full_broker_is_asked_again(void **state)
{
    struct stage s;
    (void)state;
    open_stage(&s);
    s.refuses = true;
    member_line(&s.m, true, s.now);
    pass(&s, 2000);
    assert_int_equal(s.len, 0);
    s.refuses = false;
    pass(&s, 100);
    assert_int_equal(count(&s, "\"online\""), 2); /* the birth, and that nothing waits any more */
    assert_int_equal(s.said[1].seq, 1);
    close_stage(&s);
}

static void a_cut_fills_the_outbox_and_leaves_a_will(void **state)
{
    struct stage s;
    (void)state;
    open_stage(&s);
    member_line(&s.m, true, s.now);
    pass(&s, 6000);
    act(&s, FAULT_CUT, true);
    size_t before = s.len;
    pass(&s, 29000);
    assert_int_equal(s.len, before);
    pass(&s, 2000);
    assert_int_equal(s.len, before + 1);
    assert_string_equal(strstr(s.said[before].text, "\"state\":\"offline\"") ? "will" : "", "will");
    assert_true(window_backlog(&s.m.window) >= 6);
    act(&s, FAULT_CUT, false);
    pass(&s, 2000);
    assert_int_equal(window_backlog(&s.m.window), 0);
    assert_non_null(strstr(s.said[before + 1].text, "\"now\":[["));
    assert_int_equal(s.m.conn, 2);
    close_stage(&s);
}

static void power_goes_with_a_gasp_in_the_stream(void **state)
{
    struct stage s;
    (void)state;
    open_stage(&s);
    member_line(&s.m, true, s.now);
    pass(&s, 7000);
    uint64_t boot = s.m.boot;
    act(&s, FAULT_DARK, true);
    pass(&s, 1000);
    assert_int_equal(count(&s, "\"state\":\"power_lost\""), 1);
    assert_false(s.m.running);
    assert_true(window_backlog(&s.m.window) >= 1); /* the gasp waits on its disk */
    act(&s, FAULT_DARK, false);
    pass(&s, 2000);
    assert_int_equal(count(&s, "{\"power_lost\":"), 1);
    assert_int_not_equal(s.m.boot, boot);
    assert_int_equal(count(&s, "{\"checks\":["), 2); /* the first pack of every boot */
    close_stage(&s);
}

static void a_killed_probe_loses_only_what_was_open(void **state)
{
    struct stage s;
    (void)state;
    open_stage(&s);
    member_line(&s.m, true, s.now);
    pass(&s, 5600); /* a run of the checks is open */
    uint64_t high = s.m.window.high;
    act(&s, FAULT_KILL, true);
    pass(&s, 100);
    assert_int_equal(s.m.window.high, high);
    assert_int_equal(count(&s, "\"state\":\"offline\""), 1);
    close_stage(&s);
}

static void a_full_outbox_drops_its_oldest_and_says_so(void **state)
{
    struct stage s;
    (void)state;
    open_stage(&s);
    s.answers = false;
    member_line(&s.m, true, s.now);
    pass(&s, 130000);
    assert_true(s.m.dropped > 0);
    assert_int_equal(s.m.window.low, s.m.dropped + 1);
    char said[64];
    snprintf(said, sizeof said, "\"dropped\":%llu", (unsigned long long)s.m.dropped);
    assert_true(count(&s, said) > 0);
    close_stage(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(announces_itself_then_its_checks),
        cmocka_unit_test(a_full_broker_is_asked_again),
        cmocka_unit_test(a_cut_fills_the_outbox_and_leaves_a_will),
        cmocka_unit_test(power_goes_with_a_gasp_in_the_stream),
        cmocka_unit_test(a_killed_probe_loses_only_what_was_open),
        cmocka_unit_test(a_full_outbox_drops_its_oldest_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
