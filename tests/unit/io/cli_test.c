#include "io/cli.h"

#include "base/err.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static const struct cli_option OPTIONS[] = {
    {"config", "FILE", "Configuration to read."},
    {"once", NULL,
     "Runs every check once, prints a table of what each of them found, and exits with a status "
     "that is the worst of all."},
    {"help", NULL, "Shows this text."},
};
static const struct cli_command COMMANDS[] = {
    {"status", "", "Shows what the running service does."},
    {"fault", "CODE down|up SECONDS", "Makes a fault."},
};
static const struct cli CLI = {"ioc-test", "Tests the command line.", OPTIONS, 3, COMMANDS, 2,
                               NULL};
static const struct cli PLAIN = {"plain", "Takes files.", OPTIONS, 3, NULL, 0, "FILE..."};

static int run(const struct cli *cli, const char *line, struct cli_given *given, struct buf *why)
{
    static char words[256];
    static char *argv[32];
    int argc = 1;
    snprintf(words, sizeof words, "%s", line);
    argv[0] = words + sizeof words - 1;
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    argv[argc] = NULL;
    buf_clear(why);
    return cli_read(cli, argc, argv, given, why);
}

static void reads_options_commands_and_operands(void **state)
{
    (void)state;
    struct cli_given given;
    struct buf why;
    buf_init(&why, 1000);
    assert_int_equal(run(&CLI, "--config a.yaml --once", &given, &why), 0);
    assert_string_equal(cli_value(&CLI, &given, "config"), "a.yaml");
    assert_string_equal(cli_value(&CLI, &given, "once"), "");
    assert_null(cli_value(&CLI, &given, "help"));
    assert_null(given.command);
    assert_int_equal(run(&CLI, "fault --config=b S1 down -- --3", &given, &why), 0);
    assert_string_equal(cli_value(&CLI, &given, "config"), "b");
    assert_ptr_equal(given.command, &COMMANDS[1]);
    assert_int_equal(given.operands, 3);
    assert_string_equal(given.operand[2], "--3");
    assert_int_equal(run(&PLAIN, "x - y", &given, &why), 0);
    assert_int_equal(given.operands, 3);
    buf_done(&why);
}

static void mistakes_are_told(void **state)
{
    (void)state;

    static const struct {
        const char *line;
        int err;
        const char *why;
    } cases[] = {
        {"--confg x", ERR_UNKNOWN, "--confg is not known; did you mean --config?"},
        {"--zzzzzz", ERR_UNKNOWN, "--zzzzzz is not known"},
        {"--config", ERR_SYNTAX, "--config needs a FILE"},
        {"--config=", ERR_SYNTAX, "--config needs a FILE"},
        {"--once=1", ERR_SYNTAX, "--once takes no value"},
        {"--once --once", ERR_EXISTS, "--once is given twice"},
        {"-c x", ERR_UNKNOWN, "-c is not known; options begin with --"},
        {"stauts", ERR_UNKNOWN, "stauts is not known; did you mean status?"},
        {"status now", ERR_SYNTAX, "now is too much"},
        {"fault 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7", ERR_FULL, "more than 16 operands"},
    };
    struct buf why;
    buf_init(&why, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cli_given given;
        assert_int_equal(run(&CLI, cases[i].line, &given, &why), cases[i].err);
        assert_string_equal(why.data, cases[i].why);
    }
    buf_done(&why);
}

static void help_shows_every_row_in_80_columns(void **state)
{
    (void)state;
    static const char expected[] =
        "Usage: ioc-test [OPTIONS] [COMMAND]\n"
        "\n"
        "Tests the command line.\n"
        "\n"
        "Options:\n"
        "  --config FILE           Configuration to read.\n"
        "  --once                  Runs every check once, prints a table of what each of\n"
        "                          them found, and exits with a status that is the worst\n"
        "                          of all.\n"
        "  --help                  Shows this text.\n"
        "\n"
        "Commands:\n"
        "  status                  Shows what the running service does.\n"
        "  fault CODE down|up SECONDS\n"
        "                          Makes a fault.\n";
    struct buf out;
    buf_init(&out, 65536);
    cli_help(&CLI, &out);
    assert_string_equal(out.data, expected);
    buf_clear(&out);
    cli_manual(&CLI, &out);
    assert_non_null(
        strstr(out.data, ".TP\n.B \\-\\-config \\fIFILE\\fR\nConfiguration to read.\n"));
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_options_commands_and_operands),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(help_shows_every_row_in_80_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
