#include "centre_rig.h"
#include "codec/api.h"
#include "unit.h"

#include <cJSON.h>

enum { ANSWER_MAX = 1 << 16 };

static const char *const places = "[areas]\nid,parent,level,name\np,,province,P\n"
                                  "[operators]\nid,name\na,A\n"
                                  "[sites]\nid,name,kind,area\nbts-1,B,bts,p\nnoc,N,service,p\n"
                                  "[units]\nsite,service,operator\nbts-1,4g,a\n"
                                  "[probes]\nprobe,site,feed\np1,bts-1,\nnoc-a,noc,a\n";

/* The list of probes that @p feeds lets pass; the caller's to delete. */
static cJSON *listed(struct rig *rig, enum api_feeds_among feeds)
{
    struct api_scope scope = {.centre = rig->centre, .now = rig_at(400)};
    struct api_probes_filter filter = {.area = INV_NONE, .feeds = feeds};
    struct buf out;
    buf_init(&out, ANSWER_MAX);
    api_probes(&scope, &filter, (struct api_page){.limit = 10}, &out);
    cJSON *tree = cJSON_ParseWithLength(out.data, out.len);
    buf_done(&out);
    assert_non_null(tree);
    return tree;
}

static const char *text_at(const cJSON *tree, int index, const char *name)
{
    const cJSON *item = cJSON_GetArrayItem(cJSON_GetObjectItem(tree, "probes"), index);
    assert_non_null(item);
    return cJSON_GetStringValue(cJSON_GetObjectItem(item, name));
}

static double total(const cJSON *tree)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItem(tree, "total"));
}

static void a_feed_says_whose_word_it_passes_on(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    rig_listen(&rig, 0, 400);
    cJSON *all = listed(&rig, API_FEEDS_TOO);
    assert_true(total(all) == 2);
    assert_string_equal(text_at(all, 0, "probe"), "p1");
    assert_null(text_at(all, 0, "feed_of"));
    assert_string_equal(text_at(all, 1, "probe"), "noc-a");
    assert_string_equal(text_at(all, 1, "feed_of"), "a");
    cJSON_Delete(all);
    rig_done(&rig);
}

static void feeds_are_left_out_or_asked_for_alone(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    rig_listen(&rig, 0, 400);
    cJSON *probes = listed(&rig, API_FEEDS_NOT);
    cJSON *feeds = listed(&rig, API_FEEDS_ONLY);
    assert_true(total(probes) == 1);
    assert_string_equal(text_at(probes, 0, "probe"), "p1");
    assert_true(total(feeds) == 1);
    assert_string_equal(text_at(feeds, 0, "probe"), "noc-a");
    cJSON_Delete(probes);
    cJSON_Delete(feeds);
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_feed_says_whose_word_it_passes_on),
        cmocka_unit_test(feeds_are_left_out_or_asked_for_alone),
    };
    return cmocka_run_group_tests_name("api_probe", tests, NULL, NULL);
}
