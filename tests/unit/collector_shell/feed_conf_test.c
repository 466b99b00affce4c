#include "shell/feed_conf.h"

#include "base/err.h"
#include "unit.h"

#include <string.h>

static int read_text(const char *text, struct feed_conf *conf, struct conf_errors *errors)
{
    return feed_conf_read_text("a.yaml", slice_of(text), 420, conf, errors);
}

static void five_lines_are_enough(void **state)
{
    (void)state;
    struct feed_conf conf;
    struct conf_errors errors;
    assert_int_equal(read_text("feed:\n  source: folder\n  folder: /x\n  content: states\n"
                               "columns: {site: Site, state: State}\n",
                               &conf, &errors),
                     0);
    conf_errors_done(&errors);
    assert_int_equal(conf.map.ttl_ms, 11 * 60000); /* twice 5 min, and a minute */
    assert_int_equal(conf.map.zone_min, 420);
    assert_int_equal(conf.map.content, FEED_STATES);
    assert_string_equal(conf.map.column[FEED_SITE], "Site");
    assert_string_equal(conf.map.column[FEED_CAUSE], "");
    enum verdict verdict;
    assert_int_equal(feed_map_state(&conf.map, slice_of("Critical"), &verdict), 0);
    assert_int_equal(verdict, VERDICT_FAILED);
}

static void what_does_not_fit_together_is_told(void **state)
{
    (void)state;

    static const struct {
        const char *text, *why;
    } cases[] = {
        {"feed: {source: https, content: states}\ncolumns: {site: a, state: b}\n", "needs url"},
        {"feed: {source: mqtt, topic: a/+, content: states}\ncolumns: {site: a, state: b}\n",
         "no wildcards"},
        {"feed: {source: mqtt, topic: ioc/v1/x, content: states}\ncolumns: {site: a, state: b}\n",
         "for probes"},
        {"feed: {source: folder, folder: /x, content: states, ttl: 5min}\ncolumns: {site: a, "
         "state: "
         "b}\n",
         "twice the period"},
        {"feed: {source: folder, folder: /x, content: states}\ncolumns: {site: a}\n",
         "needs columns.state"},
        {"feed: {source: folder, folder: /x, content: states}\ncolumns: {site: a, state: b, "
         "cleared: c}\n",
         "for content alarms"},
        {"feed: {source: folder, folder: /x, content: cover}\ncolumns: {site: a}\n",
         "needs columns.area"},
        {"feed: {source: folder, folder: /x, content: cover}\ncolumns: {site: a, area: b, cause: "
         "c}\n",
         "columns.cause is not for content cover"},
        {"feed: {source: folder, folder: /x, content: alarms}\ncolumns: {site: a, to: c}\n",
         "columns.to is for content cover"},
        {"feed: {source: folder, folder: /x, content: alarms}\n", "columns"},
        {"feed: {source: post, folder: /x, content: alarms}\ncolumns: {site: a}\n", "source"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct feed_conf conf;
        struct conf_errors errors;
        assert_int_equal(read_text(cases[i].text, &conf, &errors), ERR_SYNTAX);
        assert_non_null(errors.text.data);
        if (!strstr(errors.text.data, cases[i].why))
            fail_msg("\"%s\" is not in: %s", cases[i].why, errors.text.data);
        conf_errors_done(&errors);
    }
}

static void the_example_is_right(void **state)
{
    (void)state;
    struct feed_conf conf;
    struct conf_errors errors;
    int err =
        feed_conf_read(IOC_SOURCE_DIR "/deploy/examples/feeds/noc-a.yaml", 420, &conf, &errors);
    if (err)
        fail_msg("%s", errors.text.data);
    conf_errors_done(&errors);
    assert_int_equal(conf.map.content, FEED_ALARMS);
    assert_true(slice_is(feed_map_service(&conf.map, slice_of("NR")), "5g"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_lines_are_enough),
        cmocka_unit_test(what_does_not_fit_together_is_told),
        cmocka_unit_test(the_example_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
