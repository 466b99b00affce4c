#include "io/conf.h"

#include "base/err.h"
#include "folder.h"
#include "io/file.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

struct broker {
    char host[32];
    int64_t port;
    char password_file[64];
};

struct check {
    char name[32];
    int64_t every_ms;
    struct field_texts units;
};

struct icmp_check {
    struct check common;
    char target[32];
    int64_t count;
};

struct tcp_check {
    struct check common;
    char target[32];
    int64_t port;
};

struct config {
    struct broker broker;
    struct conf_list checks;
    struct conf_list notes;
};

#define AT(type, m) offsetof(type, m), sizeof(((type *)0)->m)

static const struct field BROKER[] = {
    {"host", FIELD_TEXT, AT(struct broker, host), 0, 0, NULL, NULL, "Where it is.", NULL},
    {"port", FIELD_I64, AT(struct broker, port), 1, 65535, "1883", NULL, "Its port.", NULL},
    {"password_file", FIELD_TEXT, AT(struct broker, password_file), 0, 0, "", NULL, "Secret.",
     NULL},
};
static const struct field CHECK[] = {
    {"name", FIELD_TEXT, AT(struct check, name), 0, 0, NULL, NULL, "Its name.", NULL},
    {"every", FIELD_DURATION, AT(struct check, every_ms), 1000, 3600000, "10s", NULL, "How often.",
     NULL},
    {"units", FIELD_TEXTS, AT(struct check, units), 0, 0, "all", NULL, "What it is for.", NULL},
};
static const struct field ICMP[] = {
    {"target", FIELD_TEXT, AT(struct icmp_check, target), 0, 0, NULL, NULL, "Whom.", NULL},
    {"count", FIELD_I64, AT(struct icmp_check, count), 1, 20, "5", NULL, "How many.", NULL},
};
static const struct field TCP[] = {
    {"target", FIELD_TEXT, AT(struct tcp_check, target), 0, 0, NULL, NULL, "Whom.", NULL},
    {"port", FIELD_I64, AT(struct tcp_check, port), 1, 65535, NULL, NULL, "Which.", NULL},
};

static bool not_port_25(const void *object, char why[FIELD_WHY_MAX])
{
    const struct tcp_check *check = object;
    snprintf(why, FIELD_WHY_MAX, "port 25 is not asked");
    return check->port != 25;
}

static const struct conf_kind KINDS[] = {
    {"icmp", ICMP, 2, sizeof(struct icmp_check), NULL, "Pings."},
    {"tcp", TCP, 2, sizeof(struct tcp_check), not_port_25, "Connects."},
};
static const struct conf_kind NOTE[] = {{NULL, NULL, 0, sizeof(struct check), NULL, NULL}};
static const struct conf_section SECTIONS[] = {
    {"broker", "The broker.", BROKER, 3, offsetof(struct config, broker), true, NULL, NULL, 0, 0,
     0},
    {"checks", "What is checked.", CHECK, 3, offsetof(struct config, checks), false, NULL, KINDS, 2,
     3, 0},
    {"notes", "Notes.", CHECK, 3, offsetof(struct config, notes), false, NULL, NOTE, 1, 3, 0},
};

enum { N = sizeof SECTIONS / sizeof *SECTIONS };

static void a_right_file_is_read(void **state)
{
    (void)state;
    static const char text[] = "# comment\n"
                               "broker: {host: b.example, port: 8883}\n"
                               "checks:\n"
                               "  - type: icmp\n"
                               "    name: core-1\n"
                               "    target: 10.0.0.1\n"
                               "    units: [5g@a, \"4g@b\"]\n"
                               "  - name: portal\n"
                               "    type: tcp\n"
                               "    target: portal\n"
                               "    port: 443\n"
                               "    every: 1min\n"
                               "notes:\n"
                               "  - name: n\n";
    struct config config = {.broker = {.port = 0}};
    struct conf_errors errors;
    conf_errors_init(&errors, "probe.yaml");
    assert_int_equal(conf_read_text(SECTIONS, N, slice_of(text), &config, &errors), 0);
    assert_string_equal(config.broker.host, "b.example");
    assert_int_equal(config.broker.port, 8883);
    assert_int_equal(config.checks.len, 2);
    assert_ptr_equal(config.checks.items[0].kind, &KINDS[0]);
    const struct icmp_check *icmp = config.checks.items[0].object;
    assert_string_equal(icmp->target, "10.0.0.1");
    assert_int_equal(icmp->count, 5);
    assert_int_equal(icmp->common.every_ms, 10000);
    assert_int_equal(icmp->common.units.len, 2);
    assert_string_equal(icmp->common.units.text[0], "5g@a");
    const struct tcp_check *tcp = config.checks.items[1].object;
    assert_int_equal(tcp->common.every_ms, 60000);
    assert_int_equal(tcp->port, 443);
    assert_string_equal(tcp->common.units.text[0], "all");
    assert_int_equal(config.checks.items[1].line, 8);
    assert_int_equal(config.notes.len, 1);
    conf_done(SECTIONS, N, &config);
    conf_errors_done(&errors);
}

static void every_mistake_is_told_with_its_place(void **state)
{
    (void)state;
    static const char text[] = "broker:\n"
                               "  hots: b\n"
                               "  port: 99999\n"
                               "  port: 1\n"
                               "  password: x\n"
                               "cheks: []\n"
                               "checks:\n"
                               "  - type: imcp\n"
                               "    name: a\n"
                               "  - name: b\n"
                               "  - type: tcp\n"
                               "    name: c\n"
                               "    target: [x]\n"
                               "    port:\n"
                               "    every: 5\n"
                               "    units: all\n"
                               "broker: {}\n";
    static const char expected[] =
        "p.yaml:2:3: broker: the key \"hots\" is not known; did you mean \"host\"?\n"
        "p.yaml:3:9: broker.port must be between 1 and 65535\n"
        "p.yaml:4:3: broker.port is given twice\n"
        "p.yaml:5:3: broker: the key \"password\" is not known; did you mean \"password_file\"?\n"
        "p.yaml:2:3: broker.host is missing: Where it is.\n"
        "p.yaml:6:1: the section \"cheks\" is not known; did you mean \"checks\"?\n"
        "p.yaml:8:11: checks: the type \"imcp\" is not known; did you mean \"icmp\"?\n"
        "p.yaml:10:5: checks.type is missing: one of icmp, tcp\n"
        "p.yaml:13:13: checks.target must be a single value\n"
        "p.yaml:14:10: checks.port has no value\n"
        "p.yaml:15:12: checks.every must be a duration with its unit, such as 500ms, 5s, 2min, 1h "
        "or 7d\n"
        "p.yaml:16:12: checks.units must be a list, such as [a, b]\n"
        "p.yaml:17:1: the section broker is given twice\n";
    struct config config = {.broker = {.port = 0}};
    struct conf_errors errors;
    conf_errors_init(&errors, "p.yaml");
    assert_int_equal(conf_read_text(SECTIONS, N, slice_of(text), &config, &errors), ERR_SYNTAX);
    assert_string_equal(errors.text.data, expected);
    assert_int_equal(errors.len, 13);
    conf_done(SECTIONS, N, &config);
    conf_errors_done(&errors);
}

static void odd_files_are_refused_in_words(void **state)
{
    (void)state;

    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"", "f: the section broker is missing: The broker.\n"},
        {"# nothing\n", "f: the section broker is missing: The broker.\n"},
        {"- a\n", "f:1:1: the file must be made of sections, such as \"broker:\"\n"},
        {"broker: b\n", "f:1:9: broker must be a section of keys\n"},
        {"broker: {host: b}\n---\na: b\n",
         "f:3:1: a second document begins here; only one is read\n"},
        {"broker: {host: b}\nchecks: {a: b}\n",
         "f:2:9: checks must be a list of items that begin with \"-\"\n"},
        {"broker: {host: b}\nnotes: [1]\n", "f:2:9: notes: an item must be keys with values\n"},
        {"broker: {host: b}\nnotes: [{name: a},{name: a},{name: a},{name: a}]\n",
         "f:2:8: notes has 4 items, more than 3\n"},
        {"broker: {host: b}\nchecks: [{type: tcp, name: a, target: b, port: 25}]\n",
         "f:2:10: checks: port 25 is not asked\n"},
        {"broker: {? [a] : b, host: b}\n", "f:1:12: a key must be a single word\n"},
        {"broker: {host: \"b\n", "f:2:1: not well-formed YAML: found unexpected end of stream\n"},
        {"broker: {host: b, \"x\\n\\e[2J\": 1}\n",
         "f:1:19: broker: the key \"x??[2J\" is not known\n"},
        {"broker: &a {host: *a}\n", "f:1:9: broker.host must be a single value\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct config config = {.broker = {.port = 0}};
        struct conf_errors errors;
        conf_errors_init(&errors, "f");
        assert_int_equal(conf_read_text(SECTIONS, N, slice_of(cases[i].text), &config, &errors),
                         ERR_SYNTAX);
        assert_string_equal(errors.text.data, cases[i].expected);
        conf_done(SECTIONS, N, &config);
        conf_errors_done(&errors);
    }
}

static void json_is_read_too(void **state)
{
    (void)state;
    struct config config = {.broker = {.port = 0}};
    struct conf_errors errors;
    conf_errors_init(&errors, "message");
    assert_int_equal(
        conf_read_text(SECTIONS, N, slice_of("{\"broker\":{\"host\":\"b\"}}"), &config, &errors),
        0);
    assert_string_equal(config.broker.host, "b");
    conf_errors_done(&errors);
}

static void a_file_that_is_not_there_is_told(void **state)
{
    (void)state;
    struct config config = {.broker = {.port = 0}};
    struct conf_errors errors;
    conf_errors_init(&errors, "/nowhere/probe.yaml");
    assert_int_equal(conf_read(SECTIONS, N, &config, &errors), ERR_NOT_FOUND);
    assert_string_equal(errors.text.data, "/nowhere/probe.yaml: cannot be read: not found\n");
    conf_errors_done(&errors);
}

static void help_and_manual_name_every_key(void **state)
{
    (void)state;
    static const char *const names[] = {"broker", "host",  "password_file", "checks", "every",
                                        "icmp",   "count", "tcp",           "notes"};
    struct buf help, manual;
    buf_init(&help, 65536);
    buf_init(&manual, 65536);
    conf_help(SECTIONS, N, &help);
    conf_manual(SECTIONS, N, &manual);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_non_null(strstr(help.data, names[i]));
        assert_non_null(strstr(manual.data, names[i]));
    }
    assert_non_null(strstr(help.data, "    port: 1883               Its port.\n"));
    buf_done(&help);
    buf_done(&manual);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_file_is_read),
        cmocka_unit_test(every_mistake_is_told_with_its_place),
        cmocka_unit_test(odd_files_are_refused_in_words),
        cmocka_unit_test(json_is_read_too),
        cmocka_unit_test(a_file_that_is_not_there_is_told),
        cmocka_unit_test(help_and_manual_name_every_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
