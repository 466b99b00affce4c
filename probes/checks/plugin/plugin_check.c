#include "checks/plugin/plugin_check.h"

#include "base/err.h"
#include "checks/plugin/plugin_output.h"
#include "checks/plugin/plugin_perf.h"
#include "io/loop.h"
#include "io/process.h"

#include <math.h>
#include <stdio.h>

/* Nagios itself reads 8 KiB. */
#define OUTPUT_MAX 65536
/* Words of `command`, and the NULL that ends them. */
#define WORDS_MAX (CHECK_COUNT(((struct field_texts *)0)->text) + 1)

enum { OUTPUT, RUNTIME, PERF_LEFT };

static const struct check_metric metrics[] = {
    [OUTPUT] = {"output", READING_TEXT, NULL,
                "The first line the plugin printed; absent if it printed none or was killed."},
    [RUNTIME] = {"runtime", READING_NUMBER, "ms",
                 "From start to end of the plugin; absent if it did not end by itself."},
    [PERF_LEFT] = {"perf_left", READING_NUMBER, "count",
                   "Performance data not taken: not well formed, named like another, or beyond 32; "
                   "absent if none."},
};

static const struct field fields[] = {
    {"command", FIELD_TEXTS, CHECK_KEY(struct plugin_config, command), 0, 0, NULL, NULL,
     "The plugin's absolute path and its arguments, one text each; no shell reads them.", NULL},
};

struct plugin_state {
    struct process *process; /* NULL once ended */
    int64_t started_us;
    struct check_extra extra[CHECK_EXTRA_MAX];
    size_t n_extra;
    size_t left;                  /* performance data not taken */
    char loud[PACK_PART_MAX + 1]; /* the first value the plugin's own ranges warn of, "" = none */
};

static bool plugin_verify(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct plugin_config *config = object;
    if (!check_common_ok(&config->common, ret_why))
        return false;
    if (config->common.target[0]) {
        snprintf(ret_why, FIELD_WHY_MAX, "plugin takes no target: its command says what it does");
        return false;
    }
    if (config->command.len > 0 && config->command.text[0][0] == '/')
        return true;
    snprintf(ret_why, FIELD_WHY_MAX, "command must begin with the plugin's absolute path");
    return false;
}

static bool plugin_is_named(const struct plugin_state *state, const char *name)
{
    for (size_t i = 0; i < CHECK_COUNT(metrics); i++) {
        if (strcmp(metrics[i].name, name) == 0)
            return true;
    }
    for (size_t i = 0; i < state->n_extra; i++) {
        if (strcmp(state->extra[i].name, name) == 0)
            return true;
    }
    return false;
}

static void plugin_take_value(struct plugin_state *state, const struct plugin_perf *perf)
{
    bool loud = plugin_perf_alerts(&perf->crit, perf->plain) ||
                plugin_perf_alerts(&perf->warn, perf->plain);
    if (loud && !state->loud[0])
        snprintf(state->loud, sizeof state->loud, "%s", perf->name);
    if (isnan(perf->plain))
        return; /* the plugin says that it could not measure it */
    if (state->n_extra == CHECK_EXTRA_MAX || !isfinite(perf->value) ||
        plugin_is_named(state, perf->name)) {
        state->left++;
        return;
    }
    struct check_extra *extra = &state->extra[state->n_extra++];
    snprintf(extra->name, sizeof extra->name, "%s", perf->name);
    extra->unit = perf->unit;
    extra->number = perf->value;
}

static void plugin_take_values(struct plugin_state *state, struct slice text)
{
    struct plugin_perf perf;
    int err = 0;
    while ((err = plugin_perf_next(&text, &perf)) != ERR_END) {
        if (err)
            state->left++;
        else
            plugin_take_value(state, &perf);
    }
}

static void plugin_report(struct check *check, const struct plugin_output *output)
{
    struct plugin_state *state = check_state(check);
    struct check_report *draft = check_draft(check);
    plugin_take_values(state, output->perf[0]);
    plugin_take_values(state, output->perf[1]);
    if (output->text.len > 0)
        check_report_text(draft, OUTPUT, output->text);
    check_report_number(draft, RUNTIME, (double)(loop_stopwatch_us() - state->started_us) / 1e3);
    if (state->left > 0)
        check_report_number(draft, PERF_LEFT, (double)state->left);
    draft->extra = state->extra;
    draft->n_extra = state->n_extra;
}

/* In the plugin's own words if it has any; they are made printable by check_report_text(). */
static void plugin_judge(struct check *check, int code)
{
    const struct plugin_state *state = check_state(check);
    struct check_report *draft = check_draft(check);
    enum verdict verdict = plugin_output_verdict(code);
    if (code < 0 || code > PLUGIN_OUTPUT_UNKNOWN)
        check_report_judge(draft, verdict, "exit code %d is no plugin's", code);
    else if (draft->values[OUTPUT].known)
        check_report_judge(draft, verdict, "%s", draft->values[OUTPUT].text);
    else if (state->loud[0])
        check_report_judge(draft, verdict, "%s is out of the plugin's range", state->loud);
    else
        check_report_judge(draft, verdict, "the plugin ended with code %d and no word", code);
}

static void plugin_on_end(void *arg, const struct process_end *end)
{
    struct check *check = arg;
    struct check_report *draft = check_draft(check);
    if (end->overflow) {
        check_report_judge(draft, VERDICT_UNKNOWN, "it printed more than %d KiB and was killed",
                           OUTPUT_MAX / 1024);
    } else if (end->signal) {
        check_report_judge(draft, VERDICT_UNKNOWN, "signal %d ended the plugin", end->signal);
    } else {
        struct plugin_output output = plugin_output_split(end->output);
        plugin_report(check, &output);
        plugin_judge(check, end->code);
    }
    check_finish(check);
}

static void plugin_start(struct check *check)
{
    const struct plugin_config *config = check_config(check);
    struct plugin_state *state = check_state(check);
    const char *argv[WORDS_MAX] = {NULL};
    for (size_t i = 0; i < config->command.len; i++)
        argv[i] = config->command.text[i];
    memset(state, 0, sizeof *state);
    state->started_us = loop_stopwatch_us();
    int err = process_open(check_env(check)->loop, argv, OUTPUT_MAX, plugin_on_end, check,
                           &state->process);
    if (!err)
        return;
    check_report_judge(check_draft(check), VERDICT_UNKNOWN, "%.80s: %s", argv[0], err_text(err));
    check_finish(check);
}

static void plugin_expire(struct check *check)
{
    check_conclude(check, VERDICT_UNKNOWN, "the plugin did not end in time and was killed");
}

/* What was measured stays for the report; only the program goes. */
static void plugin_release(struct check *check)
{
    struct plugin_state *state = check_state(check);
    process_close(state->process);
    state->process = NULL;
}

const struct check_type plugin_check = {
    .name = "plugin",
    .about = "Any Nagios plugin of this machine: the verdict is its exit code; its performance "
             "data are metrics under their own labels.",
    .target_about = NULL,
    .fields = fields,
    .n_fields = CHECK_COUNT(fields),
    .config_size = sizeof(struct plugin_config),
    .metrics = metrics,
    .n_metrics = CHECK_COUNT(metrics),
    .cause = CAUSE_FAULT,
    .state_size = sizeof(struct plugin_state),
    .verify = plugin_verify,
    .start = plugin_start,
    .expire = plugin_expire,
    .release = plugin_release,
};
