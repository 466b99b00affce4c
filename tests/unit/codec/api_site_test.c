#include "centre_rig.h"
#include "codec/api.h"
#include "sample_inventory.h"
#include "unit.h"

#include <cJSON.h>
#include <string.h>

enum { ANSWER_MAX = 1 << 16, FORGOTTEN_S = 75 * 86400 };

static const char *const places = "[areas]\nid,parent,level,name\np,,province,P\n"
                                  "[operators]\nid,name\na,A\n"
                                  "[sites]\nid,name,kind,area\nbts-1,B,bts,p\n"
                                  "[units]\nsite,service,operator\nbts-1,4g,a\n"
                                  "[probes]\nprobe,site\np1,bts-1\n";

/* The spans of the only unit, from @p from_s to @p to_s; the whole answer is @p ret_tree's. */
static const cJSON *spans(struct rig *rig, double from_s, double to_s, cJSON **ret_tree)
{
    const struct inventory *inv = rig->centre->inventory;
    struct api_scope scope = {.centre = rig->centre, .now = rig_at(to_s)};
    struct buf out;
    buf_init(&out, ANSWER_MAX);
    api_timeline(&scope, names_find(&inv->sites, slice_of("bts-1")), rig_at(from_s), rig_at(to_s),
                 &out);
    *ret_tree = cJSON_ParseWithLength(out.data, out.len);
    buf_done(&out);
    assert_non_null(*ret_tree);
    return cJSON_GetObjectItem(cJSON_GetArrayItem(cJSON_GetObjectItem(*ret_tree, "units"), 0),
                               "spans");
}

static bool same(const cJSON *a, const cJSON *b, const char *name)
{
    return cJSON_Compare(cJSON_GetObjectItem(a, name), cJSON_GetObjectItem(b, name), true) ||
           (!cJSON_GetObjectItem(a, name) && !cJSON_GetObjectItem(b, name));
}

static bool look_alike(const cJSON *a, const cJSON *b)
{
    return same(a, b, "state") && same(a, b, "cause") && same(a, b, "beneath") &&
           same(a, b, "provenance") && same(a, b, "awaiting_backlog");
}

/* Stretches touch, and no two neighbours look alike. */
static void check_neighbours(struct rig *rig, double from_s, double to_s, int least)
{
    cJSON *tree = NULL;
    const cJSON *all = spans(rig, from_s, to_s, &tree);
    assert_true(cJSON_GetArraySize(all) >= least);
    for (const cJSON *at = all->child; at->next; at = at->next) {
        assert_string_equal(cJSON_GetObjectItem(at, "to")->valuestring,
                            cJSON_GetObjectItem(at->next, "from")->valuestring);
        assert_false(look_alike(at, at->next));
    }
    cJSON_Delete(tree);
}

/* From before the first evidence on, and from before what is kept: nothing is known of either. */
static void neighbours_of_a_timeline_differ(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    rig_listen(&rig, 0, 400);
    rig_list(&rig, "p1", "bts-1", "\"4g@a\"", NULL, "fault", 100);
    rig_results(&rig, "p1", "bts-1", 'a', 0, 100, 200, 100);
    rig_results(&rig, "p1", "bts-1", 'a', 2, 200, 300, 200);
    rig_advance(&rig, 400);
    check_neighbours(&rig, -100, 400, 4);
    check_neighbours(&rig, -FORGOTTEN_S, 400, 4);
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_of_a_timeline_differ),
    };
    return cmocka_run_group_tests_name("api_site", tests, NULL, NULL);
}
