/* Ports of an OLT: a cut fibre takes a port, a power cut and a customer's plug do not. */
#include "checks/snmp/snmp_pon_kept.h"

#include "base/err.h"

#include "unit.h"

enum { TOGETHER_MS = 300000, MINUTE_MS = 60000 };

/* One look: letters for the terminals of each port, ports parted by spaces; o online, l LOS, g
 * dying gasp, x off line, - no such row. */
static struct snmp_pon_sum look(struct snmp_pon *pon, int64_t minute, const char *ports)
{
    struct snmp_oid index = {2, {4194304000U, 0}};
    snmp_pon_begin(pon);
    for (; *ports; ports++) {
        index.id[1]++;
        if (*ports == ' ')
            index = (struct snmp_oid){2, {index.id[0] + 256, 0}};
        else if (*ports != '-')
            snmp_pon_state(pon, &index, 1,
                           *ports == 'o'   ? SNMP_LEVEL_ONLINE
                           : *ports == 'l' ? SNMP_LEVEL_LOS
                           : *ports == 'g' ? SNMP_LEVEL_GASP
                                           : SNMP_LEVEL_OFFLINE);
    }
    return snmp_pon_end(pon, (struct mono_ms){minute * MINUTE_MS});
}

/* A story of looks, one a minute, and how many ports are down after each. */
struct story {
    const char *what;
    const char *looks[8];
    unsigned down[8];
};

static const struct story stories[] = {
    {"a cut fibre", {"oooooooo", "llllllll", "llllllll", "oooooooo"}, {0, 1, 1, 0}},
    {"in two looks", {"oooooooo", "lllooooo", "llllllll"}, {0, 0, 1}},
    {"most, not all", {"oooooooo", "lllllooo"}, {0, 1}},
    {"half is not most", {"oooooooo", "lllloooo"}, {0, 0}},
    {"a power cut", {"oooooooo", "gggggggg"}, {0, 0}},
    {"a power cut, some gasps lost", {"oooooooo", "gglllllg"}, {0, 0}},
    {"a cut fibre while one has no power", {"oooooooooooo", "glllllllllll"}, {0, 1}},
    {"one terminal", {"o", "l"}, {0, 0}},
    {"one of many", {"oooooooo", "looooooo"}, {0, 0}},
    {"off line for no reason told", {"oooooooo", "xxxxxxxx"}, {0, 0}},
    {"rows that vanish", {"oooooooo", "--------"}, {0, 0}},
    {"a port of two", {"oo oooo", "ll oooo", "lo oooo", "oo oooo"}, {0, 1, 1, 0}},
    {"one cable of two", {"oooo oooo", "llll oooo", "oooo llll"}, {0, 1, 1}},
    {"up with most of those it had",
     {"oooooooo", "llllllll", "oooollll", "ooooolll"},
     {0, 1, 1, 0}},
    {"dark before the first look", {"llllllll oooo", "llllllll oooo", "ooooolll oooo"}, {1, 1, 0}},
    {"customers who left", {"lllllllooo", "lllllllooo", "lllllllooo"}, {0, 0, 0}},
    {"customers who left, then a cut", {"llllllloooo", "lllllllllll"}, {0, 1}},
};

static void stories_end_as_they_must(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        struct snmp_pon pon;
        snmp_pon_init(&pon, TOGETHER_MS);
        for (int at = 0; at < 8 && stories[i].looks[at]; at++) {
            struct snmp_pon_sum sum = look(&pon, at, stories[i].looks[at]);
            if (sum.down != stories[i].down[at])
                fail_msg("%s: %u ports down at look %d", stories[i].what, (unsigned)sum.down, at);
        }
        snmp_pon_done(&pon);
    }
}

/* One a look, further apart than "together": customers leave one by one, nothing is cut. */
static void what_vanishes_over_a_day_has_not_vanished_together(void **state)
{
    (void)state;
    struct snmp_pon pon;
    char row[] = "oooooooooooo";
    snmp_pon_init(&pon, TOGETHER_MS);
    (void)look(&pon, 0, row);
    for (int i = 0; i < 12; i++) {
        row[i] = 'l';
        assert_int_equal(look(&pon, 6 * (i + 1), row).down, 0);
    }
    snmp_pon_done(&pon);
}

/* The story of another life goes on: after the first half of the looks the probe starts anew. */
static void a_port_stays_down_across_a_restart(void **state)
{
    static const struct story ways[] = {
        {"some came back while it was off",
         {"oooooooo", "llllllll", "ooolllll", "ooooolll"},
         {0, 1, 1, 0}},
        {"all came back", {"oooooooo", "llllllll", "oooooooo", "oooooooo"}, {0, 1, 0, 0}},
        {"it has no terminals any more", {"oooo oooo", "oooo llll", "oooo", "oooo"}, {0, 1, 0, 0}},
        {"another one went", {"oooo oooo", "oooo llll", "llll lllo", "oooo oooo"}, {0, 1, 2, 0}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct snmp_pon life[2];
        struct buf kept;
        buf_init(&kept, 4096);
        snmp_pon_init(&life[0], TOGETHER_MS);
        snmp_pon_init(&life[1], TOGETHER_MS);
        for (size_t at = 0; at < 4; at++) {
            if (at == 2) {
                snmp_pon_kept_write(&life[0], &kept);
                assert_int_equal(snmp_pon_kept_read((struct slice){kept.data, kept.len}, &life[1]),
                                 0);
            }
            unsigned down = look(&life[at / 2], (int64_t)at, ways[i].looks[at]).down;
            if (down != ways[i].down[at])
                fail_msg("%s: %u down after look %zu", ways[i].what, down, at);
        }
        snmp_pon_done(&life[0]);
        snmp_pon_done(&life[1]);
        buf_done(&kept);
    }
}

static void what_was_never_kept_is_refused(void **state)
{
    static const char *const cases[] = {
        "",
        " ",
        "0011223344556677:1",
        "0011223344556677:1:2:3",
        "0011223344556677:1:16385",
        "0011223344556677:4294967296:1",
        "0000000000000000:1:1",
        "0011223344556677:1:2 0011223344556677:x:2",
        "0011223344556677:1:2  0011223344556678:1:2",
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct snmp_pon pon;
        snmp_pon_init(&pon, TOGETHER_MS);
        if (snmp_pon_kept_read(slice_of(cases[i]), &pon) != ERR_CORRUPT || pon.ports.len)
            fail_msg("\"%s\" is taken", cases[i]);
        snmp_pon_done(&pon);
    }
}

static void sums_are_of_all_ports(void **state)
{
    (void)state;
    struct snmp_pon pon;
    snmp_pon_init(&pon, TOGETHER_MS);
    struct snmp_pon_sum sum = look(&pon, 0, "oolg xo lll");
    assert_int_equal(sum.onts, 9);
    assert_int_equal(sum.online, 3);
    assert_int_equal(sum.los, 4);
    assert_int_equal(sum.gasp, 1);
    assert_int_equal(sum.ports, 3);
    assert_int_equal(sum.down, 1);
    snmp_pon_done(&pon);
}

/* Huawei: the state says only down, a second column why. */
static void a_cause_is_joined_to_its_terminal(void **state)
{
    (void)state;
    struct snmp_pon pon;
    struct snmp_oid index = {2, {1, 0}};
    snmp_pon_init(&pon, TOGETHER_MS);
    (void)look(&pon, 0, "");
    for (int turn = 0; turn < 2; turn++) {
        snmp_pon_begin(&pon);
        for (index.id[1] = 0; index.id[1] < 8; index.id[1]++)
            snmp_pon_state(&pon, &index, 1, turn ? SNMP_LEVEL_OFFLINE : SNMP_LEVEL_ONLINE);
        snmp_pon_rewind(&pon);
        for (index.id[1] = 0; index.id[1] < 9; index.id[1]++) /* the last one is unknown */
            snmp_pon_cause(&pon, &index, 1, SNMP_LEVEL_LOS);
        struct snmp_pon_sum sum = snmp_pon_end(&pon, (struct mono_ms){turn * MINUTE_MS});
        assert_int_equal(sum.onts, 8);
        assert_int_equal(sum.los, turn ? 8 : 0); /* who serves has no cause to be down */
        assert_int_equal(sum.down, turn);
    }
    snmp_pon_done(&pon);
}

static void more_terminals_than_there_is_room_for_are_counted(void **state)
{
    (void)state;
    struct snmp_pon pon;
    struct snmp_oid index = {2, {0, 0}};
    snmp_pon_init(&pon, TOGETHER_MS);
    snmp_pon_begin(&pon);
    for (unsigned i = 0; i < SNMP_PON_ONTS_MAX + 5; i++) {
        index.id[0] = i / 64;
        index.id[1] = i % 64;
        snmp_pon_state(&pon, &index, 1, SNMP_LEVEL_ONLINE);
    }
    assert_int_equal(pon.left_out, 5);
    assert_int_equal(snmp_pon_end(&pon, (struct mono_ms){0}).onts, SNMP_PON_ONTS_MAX);
    index.len = 1; /* no number behind the port's */
    snmp_pon_begin(&pon);
    snmp_pon_state(&pon, &index, 1, SNMP_LEVEL_ONLINE);
    assert_int_equal(pon.left_out, 1);
    snmp_pon_done(&pon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stories_end_as_they_must),
        cmocka_unit_test(what_vanishes_over_a_day_has_not_vanished_together),
        cmocka_unit_test(a_port_stays_down_across_a_restart),
        cmocka_unit_test(what_was_never_kept_is_refused),
        cmocka_unit_test(sums_are_of_all_ports),
        cmocka_unit_test(a_cause_is_joined_to_its_terminal),
        cmocka_unit_test(more_terminals_than_there_is_room_for_are_counted),
    };
    return cmocka_run_group_tests_name("snmp_pon", tests, NULL, NULL);
}
