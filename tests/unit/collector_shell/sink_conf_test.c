#include "shell/sink_conf.h"

#include "shell/sink_text.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct sink_conf conf_of(int kind)
{
    struct sink_conf conf;
    memset(&conf, 0, sizeof conf);
    field_defaults(SINK_FIELDS, SINK_FIELDS_LEN, &conf);
    conf.kind = kind;
    return conf;
}

static void set(char *to, const char *text)
{
    memcpy(to, text, strlen(text) + 1);
}

static void defaults_are_a_local_influxdb(void **state)
{
    (void)state;
    struct sink_conf conf = conf_of(SINK_INFLUXDB);
    char why[FIELD_WHY_MAX] = "";
    assert_true(sink_conf_check(&conf, why));
    assert_int_equal(conf.requests, 4);
    assert_int_equal(conf.timeout, 30000);
    struct buf url;
    buf_init(&url, 1000);
    sink_conf_write_url(&conf, &url);
    assert_string_equal(url.data, "http://127.0.0.1:8086/write?precision=ns&db=ioc");
    buf_done(&url);
}

static void urls_of_all_kinds(void **state)
{
    (void)state;
    struct sink_conf conf = conf_of(SINK_INFLUXDB2);
    set(conf.url, "https://db:8086//");
    set(conf.org, "s\xe1\xbb\x9f y");
    set(conf.bucket, "a&b=c/100%");
    struct buf url;
    buf_init(&url, 1000);
    sink_conf_write_url(&conf, &url);
    assert_string_equal(url.data, "https://db:8086/api/v2/write?precision=ns&org=s%E1%BB%9F%20y"
                                  "&bucket=a%26b%3Dc%2F100%25");
    buf_clear(&url);
    conf.kind = SINK_VICTORIA;
    sink_conf_write_url(&conf, &url);
    assert_string_equal(url.data, "https://db:8086/api/v2/write?precision=ns&db=ioc");
    buf_clear(&url);
    conf.kind = SINK_INFLUXDB;
    set(conf.retention_policy, "year");
    sink_conf_write_url(&conf, &url);
    assert_string_equal(url.data, "https://db:8086/write?precision=ns&db=ioc&rp=year");
    buf_done(&url);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    char why[FIELD_WHY_MAX];
    struct sink_conf conf = conf_of(SINK_INFLUXDB2);
    assert_false(sink_conf_check(&conf, why));
    assert_string_equal(why, "bucket: is needed for kind influxdb2");
    conf = conf_of(SINK_INFLUXDB);
    conf.database[0] = '\0';
    assert_false(sink_conf_check(&conf, why));
    conf = conf_of(SINK_INFLUXDB);
    set(conf.url, "127.0.0.1:8086");
    assert_false(sink_conf_check(&conf, why));
    conf = conf_of(SINK_INFLUXDB);
    set(conf.password_file, "/run/p");
    assert_false(sink_conf_check(&conf, why));
    set(conf.user, "ioc");
    assert_true(sink_conf_check(&conf, why));
    set(conf.token_file, "/run/t");
    assert_false(sink_conf_check(&conf, why));
}

static void trouble_says_what_to_do(void **state)
{
    (void)state;

    static const struct {
        int kind, status;
        enum sending_class class;
        const char *words, *text;
    } cases[] = {
        {SINK_INFLUXDB, 404, SENDING_REFUSED, "database not found: \"ioc\"",
         "database \"ioc\" does not exist on http://127.0.0.1:8086; create it or fix sink.database "
         "(404: database not found: \"ioc\")"},
        {SINK_INFLUXDB, 404, SENDING_REFUSED, "404 page not found",
         "nothing for \"ioc\" is found at http://127.0.0.1:8086; check sink.kind and sink.url "
         "(404: 404 page not found)"},
        {SINK_INFLUXDB, 500, SENDING_REFUSED, "retention policy not found: nix",
         "database \"ioc\" on http://127.0.0.1:8086 has no such retention policy; create it or fix "
         "sink.retention_policy (500: retention policy not found: nix)"},
        {SINK_INFLUXDB2, 404, SENDING_REFUSED, "bucket \"b\" not found",
         "bucket \"b\" does not exist on http://127.0.0.1:8086; create it or fix sink.bucket and "
         "sink.org (404: bucket \"b\" not found)"},
        {SINK_INFLUXDB, 0, SENDING_DOWN, "connection refused",
         "http://127.0.0.1:8086 does not answer (connection refused)"},
        {SINK_INFLUXDB, 503, SENDING_BUSY, "", "http://127.0.0.1:8086 asks for time (503)"},
        {SINK_INFLUXDB, 502, SENDING_DOWN, "x", "http://127.0.0.1:8086 fails (502: x)"},
        {SINK_INFLUXDB, 200, SENDING_REFUSED, "<html>",
         "http://127.0.0.1:8086 answers with a page instead of a receipt: is it a database? check "
         "sink.url (200: <html>)"},
        {SINK_INFLUXDB, 204, SENDING_OK, "", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sink_conf conf = conf_of(cases[i].kind);
        set(conf.bucket, "b");
        struct sending_trouble trouble = {.class = cases[i].class, .status = cases[i].status};
        set(trouble.words, cases[i].words);
        char text[SINK_TEXT_MAX];
        sink_text(&conf, &trouble, text);
        assert_string_equal(text, cases[i].text);
    }
    struct sink_conf conf = conf_of(SINK_INFLUXDB);
    struct sending_trouble trouble = {.aside = 2};
    set(trouble.aside_words, "panic");
    char text[SINK_TEXT_MAX];
    sink_text(&conf, &trouble, text);
    assert_string_equal(text, "2 batches are set aside while others pass: panic");
}

static void the_longest_words_fit(void **state)
{
    (void)state;
    struct sink_conf conf = conf_of(SINK_INFLUXDB);
    struct sending_trouble trouble = {.class = SENDING_REFUSED, .status = 404, .aside = 1};
    memset(conf.url, 'u', sizeof conf.url - 1);
    memset(conf.database, 'd', sizeof conf.database - 1);
    memset(trouble.words, 'w', sizeof trouble.words - 1);
    memset(trouble.aside_words, 'a', sizeof trouble.aside_words - 1);
    char text[SINK_TEXT_MAX];
    sink_text(&conf, &trouble, text);
    assert_true(strlen(text) < SINK_TEXT_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_a_local_influxdb), cmocka_unit_test(urls_of_all_kinds),
        cmocka_unit_test(what_does_not_fit_is_refused),  cmocka_unit_test(trouble_says_what_to_do),
        cmocka_unit_test(the_longest_words_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
