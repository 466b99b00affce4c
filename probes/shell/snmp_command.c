#include "shell/snmp_command.h"

#include "base/err.h"
#include "base/num.h"
#include "checks/check_table.h"
#include "io/loop.h"
#include "shell/check_env.h"
#include "shell/status_reason.h"

#include <math.h>
#include <stdlib.h>

enum { USAGE = 64, UNKNOWN = 3, NAME_COLUMNS = 40, VALUE_COLUMNS = 22, LINE_BYTES = 512 };

struct look {
    enum status_language language;
    FILE *out;
    struct loop *loop;
    enum verdict verdict;
};

/* ---- lines ---- */

static void put_line(const struct look *look, const char *name, double number, const char *unit,
                     const char *state, const char *words)
{
    char digits[NUM_TEXT_MAX] = "-", value[NUM_TEXT_MAX + 40];
    struct buf line;
    if (isfinite(number))
        digits[num_format(number, digits)] = 0;
    snprintf(value, sizeof value, "%s%s%.32s", digits, unit ? " " : "", unit ? unit : "");
    buf_init(&line, LINE_BYTES);
    status_text_padded(&line, name, NAME_COLUMNS);
    buf_char(&line, ' ');
    status_text_padded(&line, value, VALUE_COLUMNS);
    buf_printf(&line, " %s%s%.200s\n", state, state[0] && words[0] ? " " : "", words);
    fwrite(line.data, 1, line.len, look->out);
    buf_done(&line);
}

static void on_seen(void *arg, const struct check_seen *seen)
{
    const struct look *look = arg;
    char name[NAME_COLUMNS * 4];
    snprintf(name, sizeof name, "%.64s%s%.80s", seen->name, seen->instance[0] ? "." : "",
             seen->instance);
    put_line(look, name, seen->number, seen->unit,
             status_text_verdict(look->language, seen->verdict), seen->words);
}

static void put_report(const struct look *look, const struct check_type *type,
                       const struct check_report *report)
{
    fputc('\n', look->out);
    for (size_t i = 0; i < type->n_metrics; i++) {
        if (report->values[i].known)
            put_line(look, type->metrics[i].name, report->values[i].number, type->metrics[i].unit,
                     "", "");
    }
    for (size_t i = 0; i < report->n_extra; i++)
        put_line(look, report->extra[i].name, report->extra[i].number, report->extra[i].unit, "",
                 "");
    struct buf why;
    buf_init(&why, LINE_BYTES);
    status_reason(&why, look->language, report->reason);
    fprintf(look->out, "\n%s %.*s\n", status_text_verdict(look->language, report->verdict),
            (int)why.len, why.len ? why.data : "");
    buf_done(&why);
}

static void on_report(void *arg, struct check *check, const struct check_report *report)
{
    struct look *look = arg;
    put_report(look, check_type_of(check), report);
    look->verdict = report->verdict;
    loop_stop(look->loop);
}

/* ---- configuration ---- */

static int set_key(const struct check_type *type, void *config, const char *key, const char *text,
                   FILE *complaints)
{
    size_t n = 0;
    char why[FIELD_WHY_MAX] = "no such key";
    const struct field *common = check_common_fields(&n);
    const struct field *row = field_find(common, n, slice_of(key));
    row = row ? row : field_find(type->fields, type->n_fields, slice_of(key));
    int err = row ? field_set(row, config, slice_of(text), why) : ERR_UNKNOWN;
    if (err)
        fprintf(complaints, "ioc-probe: %s: %s\n", key, why);
    return err;
}

/* "key=value" */
static int set_operand(const struct check_type *type, void *config, const char *operand,
                       FILE *complaints)
{
    char key[64];
    size_t len = strcspn(operand, "=");
    if (!operand[len] || len >= sizeof key) {
        fprintf(complaints, "ioc-probe: %s: keys are set as KEY=VALUE\n", operand);
        return ERR_SYNTAX;
    }
    memcpy(key, operand, len);
    key[len] = 0;
    return set_key(type, config, key, operand + len + 1, complaints);
}

static int configure(const struct check_type *type, const struct cli_given *given, void *config,
                     FILE *complaints)
{
    static const char *const own[][2] = {{"name", "look"}, {"interval", "1h"}, {"timeout", "1min"}};

    size_t n = 0;
    int err = 0;
    char why[FIELD_WHY_MAX];
    const struct field *common = check_common_fields(&n);
    field_defaults(common, n, config);
    field_defaults(type->fields, type->n_fields, config);
    for (size_t i = 0; i < sizeof own / sizeof *own && !err; i++)
        err = set_key(type, config, own[i][0], own[i][1], complaints);
    if (!err)
        err = set_key(type, config, "target", given->operand[0], complaints);
    if (!err && type->n_fields > 0) /* a program built without it says so by its verify */
        err = set_key(type, config, "profile", given->operand[1], complaints);
    for (size_t i = 2; i < given->operands && !err; i++)
        err = set_operand(type, config, given->operand[i], complaints);
    if (err || type->verify(config, why))
        return err;
    fprintf(complaints, "ioc-probe: %s\n", why);
    return ERR_SYNTAX;
}

/* ---- the look ---- */

static int run(struct look *look, const struct check_type *type, const void *config)
{
    struct check_env env;
    struct check *check = NULL;
    if (check_env_open(&env) != 0)
        return UNKNOWN;
    env.seen = on_seen;
    env.seen_arg = look;
    look->loop = env.loop;
    int err = check_open(type, &env, config, on_report, look, &check);
    if (!err) {
        check_start(check);
        loop_run(env.loop);
        check_close(check);
    }
    check_env_close(&env);
    return err ? UNKNOWN : (int)look->verdict;
}

int snmp_command_run(const struct cli_given *given, enum status_language language, FILE *out,
                     FILE *complaints)
{
    const struct check_type *type = check_table_find(slice_of("snmp"));
    struct look look = {.language = language, .out = out, .verdict = VERDICT_UNKNOWN};
    if (given->operands < 2) {
        fprintf(complaints, "ioc-probe: snmp HOST PROFILE [KEY=VALUE ...]\n");
        return USAGE;
    }
    void *config = calloc(1, type->config_size);
    if (!config)
        return UNKNOWN;
    int err = configure(type, given, config, complaints);
    int code = err ? USAGE : run(&look, type, config);
    free(config);
    return code;
}
