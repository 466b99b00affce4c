#include "io/cli.h"

#include "base/err.h"
#include "base/field.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { NAMES_MAX = 64, WIDTH = 80, COLUMN = 26 };

/* The known word nearest to what was typed, by the rule that configuration keys have. */
static const char *nearest(const char *const names[], size_t n, struct slice typed)
{
    struct field rows[NAMES_MAX] = {{.name = NULL}};
    for (size_t i = 0; i < n; i++)
        rows[i].name = names[i];
    return field_suggest(rows, n, typed);
}

static void complain_unknown(struct buf *complaint, const char *what, struct slice typed,
                             const char *meant)
{
    buf_printf(complaint, "%s%.*s is not known", what, (int)typed.len, typed.at);
    if (meant)
        buf_printf(complaint, "; did you mean %s%s?", what, meant);
}

static int unknown_option(const struct cli *cli, struct slice name, struct buf *complaint)
{
    const char *names[CLI_OPTIONS_MAX];
    for (size_t i = 0; i < cli->options_len; i++)
        names[i] = cli->options[i].name;
    complain_unknown(complaint, "--", name, nearest(names, cli->options_len, name));
    return ERR_UNKNOWN;
}

/* Reads the option at argv[*at]; moves *at past a value that stands by itself. */
static int read_option(const struct cli *cli, int argc, char *const argv[], int *at,
                       struct cli_given *given, struct buf *complaint)
{
    const char *text = argv[*at] + 2;
    const char *equals = strchr(text, '=');
    struct slice name = {text, equals ? (size_t)(equals - text) : strlen(text)};
    size_t row = 0;
    while (row < cli->options_len && !slice_is(name, cli->options[row].name))
        row++;
    if (row == cli->options_len)
        return unknown_option(cli, name, complaint);
    const struct cli_option *option = &cli->options[row];
    if (given->value[row]) {
        buf_printf(complaint, "--%s is given twice", option->name);
        return ERR_EXISTS;
    }
    if (!option->value && equals) {
        buf_printf(complaint, "--%s takes no value", option->name);
        return ERR_SYNTAX;
    }
    const char *value = !option->value ? "" : equals ? equals + 1 : argv[*at + 1];
    if (!value || (option->value && !*value)) {
        buf_printf(complaint, "--%s needs a %s", option->name, option->value);
        return ERR_SYNTAX;
    }
    *at += option->value && !equals && *at + 1 < argc;
    given->value[row] = value;
    return 0;
}

static int read_command(const struct cli *cli, const char *word, struct cli_given *given,
                        struct buf *complaint)
{
    const char *names[NAMES_MAX];
    assert(cli->commands_len <= NAMES_MAX);
    for (size_t i = 0; i < cli->commands_len; i++) {
        names[i] = cli->commands[i].name;
        if (strcmp(word, names[i]) == 0) {
            given->command = &cli->commands[i];
            return 0;
        }
    }
    complain_unknown(complaint, "", slice_of(word),
                     nearest(names, cli->commands_len, slice_of(word)));
    return ERR_UNKNOWN;
}

static int read_word(const struct cli *cli, const char *word, struct cli_given *given,
                     struct buf *complaint)
{
    if (cli->commands_len > 0 && !given->command && given->operands == 0)
        return read_command(cli, word, given, complaint);
    const char *operands = given->command ? given->command->operands : cli->operands;
    if (!operands || !*operands) {
        buf_printf(complaint, "%s is too much", word);
        return ERR_SYNTAX;
    }
    if (given->operands == CLI_OPERANDS_MAX) {
        buf_printf(complaint, "more than %d operands", CLI_OPERANDS_MAX);
        return ERR_FULL;
    }
    given->operand[given->operands++] = word;
    return 0;
}

int cli_read(const struct cli *cli, int argc, char *const argv[], struct cli_given *ret_given,
             struct buf *complaint)
{
    assert(cli->options_len <= CLI_OPTIONS_MAX);
    struct cli_given given = {.command = NULL};
    bool options_end = false;
    int err = 0;
    for (int at = 1; at < argc && !err; at++) {
        if (!options_end && strcmp(argv[at], "--") == 0) {
            options_end = true;
        } else if (!options_end && strncmp(argv[at], "--", 2) == 0) {
            err = read_option(cli, argc, argv, &at, &given, complaint);
        } else if (!options_end && argv[at][0] == '-' && argv[at][1] != '\0') {
            buf_printf(complaint, "%s is not known; options begin with --", argv[at]);
            err = ERR_UNKNOWN;
        } else {
            err = read_word(cli, argv[at], &given, complaint);
        }
    }
    if (!err)
        *ret_given = given;
    return err;
}

const char *cli_value(const struct cli *cli, const struct cli_given *given, const char *name)
{
    for (size_t i = 0; i < cli->options_len; i++)
        if (strcmp(cli->options[i].name, name) == 0)
            return given->value[i];
    assert(false && "the option is in no table");
    return NULL;
}

/* Appends words, broken before the right margin and indented to the second column. */
static void put_wrapped(struct buf *out, size_t at, const char *text)
{
    while (*text) {
        size_t word = strcspn(text, " ");
        if (at > COLUMN && at + 1 + word > WIDTH) {
            buf_printf(out, "\n%*s", COLUMN, "");
            at = COLUMN;
        } else if (at > COLUMN) {
            buf_char(out, ' ');
            at++;
        }
        buf_put(out, text, word);
        at += word;
        text += word;
        text += strspn(text, " ");
    }
    buf_char(out, '\n');
}

static void put_row(struct buf *out, const char *left, const char *about)
{
    size_t len = strlen(left);
    buf_str(out, left);
    if (len + 1 >= COLUMN) {
        buf_char(out, '\n');
        len = 0;
    }
    buf_printf(out, "%*s", (int)(COLUMN - len), "");
    put_wrapped(out, COLUMN, about);
}

static void put_usage(const struct cli *cli, struct buf *out)
{
    buf_str(out, cli->program);
    buf_str(out, cli->options_len > 0 ? " [OPTIONS]" : "");
    if (cli->commands_len > 0)
        buf_str(out, " [COMMAND]");
    else if (cli->operands && *cli->operands)
        buf_printf(out, " %s", cli->operands);
}

void cli_help(const struct cli *cli, struct buf *out)
{
    char left[128];
    buf_str(out, "Usage: ");
    put_usage(cli, out);
    buf_printf(out, "\n\n%s\n", cli->about);
    if (cli->options_len > 0)
        buf_str(out, "\nOptions:\n");
    for (size_t i = 0; i < cli->options_len; i++) {
        const struct cli_option *o = &cli->options[i];
        snprintf(left, sizeof left, "  --%s%s%s", o->name, o->value ? " " : "",
                 o->value ? o->value : "");
        put_row(out, left, o->about);
    }
    if (cli->commands_len > 0)
        buf_str(out, "\nCommands:\n");
    for (size_t i = 0; i < cli->commands_len; i++) {
        const struct cli_command *c = &cli->commands[i];
        snprintf(left, sizeof left, "  %s%s%s", c->name, *c->operands ? " " : "", c->operands);
        put_row(out, left, c->about);
    }
}

void cli_manual(const struct cli *cli, struct buf *out)
{
    buf_printf(out, ".\\\" Made by %s --manual from the tables of the program.\n.TH ",
               cli->program);
    for (const char *p = cli->program; *p; p++)
        buf_char(out, (char)toupper((unsigned char)*p));
    buf_printf(out, " 1 \"\" ioc-telemetry\n.SH NAME\n%s \\- %s\n.SH SYNOPSIS\n", cli->program,
               cli->about);
    put_usage(cli, out);
    buf_str(out, cli->options_len > 0 ? "\n.SH OPTIONS\n" : "\n");
    for (size_t i = 0; i < cli->options_len; i++) {
        const struct cli_option *o = &cli->options[i];
        buf_printf(out, ".TP\n.B \\-\\-%s", o->name);
        if (o->value)
            buf_printf(out, " \\fI%s\\fR", o->value);
        buf_printf(out, "\n%s\n", o->about);
    }
    buf_str(out, cli->commands_len > 0 ? ".SH COMMANDS\n" : "");
    for (size_t i = 0; i < cli->commands_len; i++) {
        const struct cli_command *c = &cli->commands[i];
        buf_printf(out, ".TP\n.B %s", c->name);
        if (*c->operands)
            buf_printf(out, " \\fI%s\\fR", c->operands);
        buf_printf(out, "\n%s\n", c->about);
    }
}
