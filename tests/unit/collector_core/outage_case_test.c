/* Outages as people work with them, on evidence: by any number, with what they caused, through
 * corrections of their roots and a restart. */
#include "core/outage_case.h"

#include "base/err.h"
#include "centre_rig.h"
#include "sample_inventory.h"
#include "unit.h"

#define UNITS_OF_A "\"4g@a\",\"5g@a\""

static int init(void **state)
{
    static struct rig rig;
    rig_init(&rig, sample_province);
    *state = &rig;
    return 0;
}

static int done(void **state)
{
    rig_done(*state);
    return 0;
}

/* Lists for bts-1 and its link; both up until 100, then the mast is down. */
static void begin(struct rig *rig)
{
    rig_list(rig, "p-link", "link-1", "\"link\"", NULL, "fault", 0);
    rig_list(rig, "p1", "bts-1", UNITS_OF_A, "\"4g@b\"", "fault", 0);
    rig_results(rig, "p-link", "link-1", 'a', 0, 0, 100, 0);
    rig_results(rig, "p1", "bts-1", 'a', 0, 0, 110, 0);
    rig_results(rig, "p1", "bts-1", 'a', 2, 110, 200, 0);
    rig_advance(rig, 195);
}

static struct outage first_of(const struct rig *rig, const char *unit)
{
    return outages_at(rig->centre->outages, sample_unit(rig->centre->inventory, unit), 0);
}

static struct outage_case find(const struct rig *rig, uint64_t number, double at_s)
{
    struct outage_case found;
    assert_int_equal(outage_case_find(rig->centre, number, rig_at(at_s), &found), 0);
    return found;
}

static int act(struct rig *rig, uint64_t number, enum life_deed deed, double at_s)
{
    struct life_act a = {.deed = deed,
                         .at = rig_at(at_s),
                         .until = {WALL_NEVER_MS},
                         .by = "lan",
                         .text = "x",
                         .to = "",
                         .ticket = ""};
    struct outage_case found = find(rig, number, at_s);
    const char *why = NULL;
    int err = outage_case_act(rig->centre, &found, &a, &why);
    assert_int_equal(err == ERR_DENIED, why != NULL);
    outage_case_done(&found);
    return err;
}

static enum life_stage stage(const struct rig *rig, uint64_t number, double at_s)
{
    struct outage_case found = find(rig, number, at_s);
    enum life_stage stage = found.view.stage;
    outage_case_done(&found);
    return stage;
}

static void it_is_found_by_its_number_only(void **state)
{
    struct rig *rig = *state;
    struct outage_case found;
    begin(rig);
    assert_int_equal(outage_case_find(rig->centre, 99, rig_at(195), &found), ERR_NOT_FOUND);
    assert_int_equal(outage_case_find(rig->centre, 0, rig_at(195), &found), ERR_NOT_FOUND);
    found = find(rig, first_of(rig, "bts-1/4g@a").number, 195);
    assert_true(found.open);
    assert_int_equal(found.view.stage, LIFE_NEW);
    outage_case_done(&found);
}

/* The mast's outage is acknowledged; then late evidence says that its link was cut all the while.
 */
static void a_root_that_comes_late_is_acknowledged_already(void **state)
{
    struct rig *rig = *state;
    begin(rig);
    uint64_t child = first_of(rig, "bts-1/4g@a").number;
    assert_int_equal(act(rig, child, LIFE_ACKNOWLEDGE, 195), 0);
    rig_results(rig, "p-link", "link-1", 'a', 2, 100, 200, 196);
    rig_advance(rig, 197);
    uint64_t root = first_of(rig, "link-1/link").number;
    assert_int_not_equal(root, child);
    assert_int_equal(stage(rig, root, 197), LIFE_ACKNOWLEDGED);
    assert_int_equal(stage(rig, child, 197), LIFE_ACKNOWLEDGED);
    assert_int_equal(act(rig, child, LIFE_ACKNOWLEDGE, 198), ERR_DENIED);
    assert_int_equal(act(rig, child, LIFE_COMMENT, 198), 0); /* goes to the root */
    struct outage o = first_of(rig, "link-1/link");
    assert_int_equal(lives_of(rig->centre->lives, &o)->len, 2);
    struct rig fresh;
    rig_restart(rig, sample_province, &fresh);
    assert_int_equal(stage(&fresh, child, 199), LIFE_ACKNOWLEDGED);
    rig_done(&fresh);
}

static void it_is_over_when_all_that_it_caused_is(void **state)
{
    struct rig *rig = *state;
    begin(rig);
    rig_results(rig, "p-link", "link-1", 'a', 2, 100, 200, 196);
    rig_advance(rig, 197);
    uint64_t root = first_of(rig, "link-1/link").number;
    rig_results(rig, "p-link", "link-1", 'a', 0, 200, 300, 0);
    rig_results(rig, "p1", "bts-1", 'a', 2, 200, 300, 0);
    rig_advance(rig, 295);
    assert_int_equal(stage(rig, root, 295), LIFE_NEW); /* the mast is out still */
    assert_int_equal(act(rig, root, LIFE_CLOSE, 295), ERR_DENIED);
    rig_results(rig, "p1", "bts-1", 'a', 0, 300, 320, 0);
    rig_advance(rig, 315);
    assert_int_equal(stage(rig, root, 315), LIFE_RESTORED);
    assert_int_equal(act(rig, root, LIFE_CLOSE, 315), 0);
    assert_int_equal(stage(rig, root, 316), LIFE_CLOSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_found_by_its_number_only, init, done),
        cmocka_unit_test_setup_teardown(a_root_that_comes_late_is_acknowledged_already, init, done),
        cmocka_unit_test_setup_teardown(it_is_over_when_all_that_it_caused_is, init, done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
