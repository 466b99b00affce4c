/* A publisher inside its own topics, through the whole of reception: each of its floods is bounded,
 * counted, and costs nobody else anything. Bounds are derived from the limits. */
#include "core/publishers.h"

#include "centre_rig.h"
#include "sample_inventory.h"
#include "unit.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FLOOD = 20000,
    PER_SECOND = 500,     /* of the flood: well below its share, so that every message is read */
    MEMORY_MAX = 4 << 20, /* what one publisher may make the core remember, generously */
    PACK_MAX = 65536,
};

#define EPOCH_OF "%016llx"

static const char GOOD[] = "[{\"n\":\"bts-1/icmp/a/rtt\",\"v\":1,\"t\":1790000000}]";

struct bench {
    struct rig rig;
    size_t before;
    int n;
    char topic[128];
    char text[PACK_MAX];
};

static size_t used(void)
{
    return mallinfo2().uordblks;
}

static int init(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    rig_init(&b->rig, sample_province);
    rig_pack(&b->rig, "p2", GOOD, 1);
    b->before = used();
    *state = b;
    return 0;
}

static double now(const struct bench *b)
{
    return 10 + (double)b->n / PER_SECOND;
}

/* The next message of the flood. */
static const char *say(struct bench *b)
{
    const char *said = rig_say(&b->rig, b->topic, b->text, now(b));
    b->n++;
    return said;
}

/* Whatever p1 did, the books are right, memory is bounded and p2 is served. */
static int done(void **state)
{
    struct bench *b = *state;
    struct centre *c = b->rig.centre;
    size_t n = 0;
    uint32_t p1 = sample_probe(c->inventory, "p1");
    const struct stream_mark *mark = stream_marks(c->stream, p1, &n);
    struct stream_mark retired = stream_retired(c->stream, p1);
    assert_true(n <= STREAM_EPOCHS && stream_balanced(&retired));
    for (size_t i = 0; i < n; i++)
        assert_true(stream_balanced(&mark[i]));
    rig_advance(&b->rig, now(b) + 120);
    assert_true(used() < b->before + MEMORY_MAX);
    struct rig fresh; /* what is kept can be loaded again */
    rig_restart(&b->rig, sample_province, &fresh);
    rig_done(&fresh);
    const char *said = rig_pack(&b->rig, "p2", GOOD, now(b) + 121);
    assert_string_equal(said, "readings p2 1\nack p2 upto=2\n");
    rig_done(&b->rig);
    free(b);
    return 0;
}

static void to(struct bench *b, unsigned long long epoch, unsigned long long low,
               unsigned long long seq)
{
    snprintf(b->topic, sizeof b->topic, "ioc/v1/p1/data/" EPOCH_OF "/%llu/%llu", epoch, low, seq);
}

static void an_epoch_in_every_message(void **state)
{
    struct bench *b = *state;
    snprintf(b->text, sizeof b->text, "%s", GOOD);
    for (int i = 1; i <= FLOOD; i++) {
        to(b, (unsigned long long)i, 1, 1);
        say(b);
    }
    assert_int_equal(b->rig.centre->ledger.stored, FLOOD + 1);
    struct stream_mark retired =
        stream_retired(b->rig.centre->stream, sample_probe(b->rig.centre->inventory, "p1"));
    assert_int_equal(retired.stored, FLOOD - STREAM_EPOCHS);
}

/* Sums of jumps overflowed once: 2,048 epochs at 2^53 made a store that could not be loaded. */
static void numbers_that_jump_and_go_back(void **state)
{
    static const unsigned long long jump[] = {1ULL << 52, 1ULL << 33, 1, 1ULL << 32, 7, 2};
    struct bench *b = *state;
    snprintf(b->text, sizeof b->text, "%s", GOOD);
    for (int i = 0; i < FLOOD; i++) {
        unsigned long long seq = jump[i % 6];
        to(b, 1000 + (unsigned long long)i / 3, i % 4 ? seq : seq + 1, seq);
        say(b);
        to(b, 1000 + (unsigned long long)i / 3, 1, seq);
        say(b);
    }
    assert_true(b->rig.centre->ledger.refused >= FLOOD / 2);
}

static void times_all_over_the_century(void **state)
{
    struct bench *b = *state;
    struct ledger *l = &b->rig.centre->ledger;
    for (int i = 0; i < FLOOD; i++) {
        long long t = 300000000 + (long long)i * 100000; /* 1979 to 2042 */
        snprintf(b->text, sizeof b->text, "[{\"n\":\"bts-1/icmp/a/rtt\",\"v\":1,\"t\":%lld}]", t);
        to(b, 1, 1, (unsigned long long)i + 1);
        say(b);
    }
    assert_true(l->too_old > FLOOD / 2);
    assert_true(l->stored < FLOOD / 12); /* 5 years of 63 */
    assert_int_equal(l->stored + l->refused, FLOOD + 1);
}

static void lists_with_ever_new_checks_and_terms(void **state)
{
    struct bench *b = *state;
    size_t checks = b->rig.centre->options.world.checks_per_probe;
    for (int i = 0; i < 3000; i++) {
        struct buf text;
        buf_init(&text, PACK_MAX - 1);
        buf_printf(&text, "{\"t\":%.3f,\"checks\":[", 1790000000 + now(b));
        for (int k = 0; k < 100; k++)
            buf_printf(&text,
                       "%s{\"name\":\"icmp/n%d\",\"site\":\"bts-1\",\"units\":[\"4g@a\"],"
                       "\"interval_ms\":1,\"timeout_ms\":1,\"ttl_ms\":%d,\"role\":\"required\"}",
                       k ? "," : "", i % 2 ? k : i * 100 + k, 3 + i * 100 + k);
        buf_str(&text, "]}");
        snprintf(b->text, sizeof b->text, "%s", text.data);
        buf_done(&text);
        to(b, 1, 1, (unsigned long long)i + 1);
        say(b);
        b->n += PER_SECOND; /* its share is another test's */
    }
    struct ledger *l = &b->rig.centre->ledger;
    assert_true(l->stored <= 2 + 4 * checks / 100);
    assert_int_equal(l->stored + l->refused, 3001);
}

static void results_and_gasps_just_ahead_of_now(void **state)
{
    struct bench *b = *state;
    rig_list(&b->rig, "p1", "bts-1", "\"4g@a\"", NULL, "fault", 1);
    for (int i = 0; i < FLOOD; i++) {
        double t = 1790000000 + now(b) + 30 + i * 0.001;
        if (i % 10)
            snprintf(b->text, sizeof b->text,
                     "[{\"n\":\"bts-1/icmp/a/state\",\"v\":%d,\"t\":%.3f}]", i % 3, t);
        else
            snprintf(b->text, sizeof b->text, "{\"power_lost\":%.3f}", t);
        snprintf(b->topic, sizeof b->topic, "ioc/v1/p1/data/" RIG_EPOCH "/1/%d", i + 2);
        say(b);
        b->n--; /* all at one instant of the centre */
        b->n += i % PER_SECOND == 0;
    }
    assert_true(b->rig.centre->ledger.results_ahead > 0);
}

static void more_than_its_share(void **state)
{
    struct bench *b = *state;
    struct ledger *l = &b->rig.centre->ledger;
    struct publishers_limits limits = publishers_limits_default();
    snprintf(b->text, sizeof b->text, "%s", GOOD);
    for (int i = 0; i < 2 * FLOOD; i++) {
        to(b, 1, 1, (unsigned long long)i + 1);
        rig_say(&b->rig, b->topic, b->text, 10);
    }
    assert_int_equal(l->stored, 1 + 20 * limits.load);
    assert_int_equal(l->over_share, 2 * FLOOD - 20 * limits.load);
    assert_int_equal(l->ignored, l->over_share);
    to(b, 1, 1, 20ULL * (unsigned long long)limits.load + 1);
    assert_string_equal(rig_say(&b->rig, b->topic, b->text, 10),
                        "ack p1 hold=this probe sends more than one probe may\n");
    assert_string_equal(rig_pack(&b->rig, "p3", "[]", 10), "readings p3 0\nack p3 upto=1\n");
    assert_string_equal(rig_say(&b->rig, b->topic, b->text, 11),
                        "readings p1 1\nack p1 upto=20001\n");
    snprintf(b->topic, sizeof b->topic, "ioc/v1/p1/status");
    for (int i = 0; i < FLOOD; i++)
        rig_say(&b->rig, b->topic, "{\"state\":\"online\"}", 11);
    assert_true(l->over_share > FLOOD);
}

static void dead_letters_of_one_do_not_push_out_others(void **state)
{
    struct bench *b = *state;
    struct ledger *l = &b->rig.centre->ledger;
    int kept = 0;
    for (int i = 0; i < FLOOD; i++) {
        snprintf(b->text, sizeof b->text, "garbage %d", i);
        to(b, 1, 1, (unsigned long long)i + 1);
        kept += strncmp(say(b), "dead ", 5) == 0;
    }
    assert_true(kept >= 100 && kept <= 102); /* 100 an hour, and this took 40 s */
    assert_int_equal(l->refused, FLOOD);
    assert_int_equal(l->letters_unkept, FLOOD - kept);
    assert_int_equal(strncmp(rig_pack(&b->rig, "p3", "garbage", 99), "dead ", 5), 0);
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, init, done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BENCH(an_epoch_in_every_message),
        WITH_BENCH(numbers_that_jump_and_go_back),
        WITH_BENCH(times_all_over_the_century),
        WITH_BENCH(lists_with_ever_new_checks_and_terms),
        WITH_BENCH(results_and_gasps_just_ahead_of_now),
        WITH_BENCH(more_than_its_share),
        WITH_BENCH(dead_letters_of_one_do_not_push_out_others),
    };
    return cmocka_run_group_tests_name("publishers", tests, NULL, NULL);
}
