#include "shell/once.h"

#include "base/err.h"
#include "checks/check_table.h"
#include "io/entropy.h"
#include "io/loop.h"
#include "shell/check_env.h"
#include "shell/status_reason.h"
#include "shell/watch.h"

enum { UNKNOWN = 3, TABLE_MAX = 512 * 1024, GAP = 2 };

struct once {
    const struct probe_config *config;
    struct check_env env;
    struct results results;
    size_t open; /* checks that have not reported */
};

static void on_report(void *arg, size_t index, struct now started,
                      const struct check_report *report)
{
    struct once *once = arg;
    const struct conf_item *item = &once->config->checks.items[index];
    if (once->results.result[index].known)
        return; /* a second run, while another check takes its time */
    results_add(&once->results, index, check_table_find(slice_of(item->kind->word)), started.mono,
                report);
    if (--once->open == 0)
        loop_stop(once->env.loop);
}

static void name_of(const struct probe_config *config, size_t i, struct buf *out)
{
    buf_clear(out);
    buf_printf(out, "%s/%s", config->checks.items[i].kind->word,
               probe_config_check(config, i)->name);
}

static size_t widest_name(const struct probe_config *config, struct buf *name)
{
    size_t widest = 0;
    for (size_t i = 0; i < config->checks.len; i++) {
        name_of(config, i, name);
        widest = name->len > widest ? name->len : widest;
    }
    return widest;
}

static size_t widest_verdict(const struct results *results, enum status_language language)
{
    size_t widest = 0;
    for (size_t i = 0; i < results->len; i++) {
        size_t width = status_text_width(status_text_verdict(language, results->result[i].verdict));
        widest = width > widest ? width : widest;
    }
    return widest;
}

void once_table(const struct probe_config *config, const struct results *results,
                enum status_language language, struct buf *out)
{
    struct buf name;
    buf_init(&name, PROBE_CONFIG_TEXT_MAX);
    size_t name_columns = widest_name(config, &name) + GAP;
    size_t verdict_columns = widest_verdict(results, language) + GAP;
    for (size_t i = 0; i < results->len; i++) {
        const struct result *result = &results->result[i];
        name_of(config, i, &name);
        status_text_padded(out, name.data, name_columns);
        status_text_padded(out, status_text_verdict(language, result->verdict), verdict_columns);
        buf_printf(out, "%s%s", result->values, result->values[0] && result->reason[0] ? "; " : "");
        status_reason(out, language, result->reason);
        buf_char(out, '\n');
    }
    buf_done(&name);
}

static int run(struct once *once, enum status_language language, FILE *out)
{
    struct watch *watch = NULL;
    struct rng rng = {entropy_u64()};
    int err = watch_open(&once->env, once->config, &rng, on_report, once, &watch);
    if (err)
        return err;
    if (once->open > 0)
        loop_run(once->env.loop);
    watch_close(watch);
    struct buf table;
    buf_init(&table, TABLE_MAX);
    once_table(once->config, &once->results, language, &table);
    fwrite(table.data, 1, table.len, out);
    err = table.err;
    buf_done(&table);
    return err;
}

int once_run(const struct probe_config *config, enum status_language language, FILE *out)
{
    struct once once = {.config = config, .open = config->checks.len};
    int err = check_env_open(&once.env);
    if (err)
        return UNKNOWN;
    err = results_init(&once.results, config->checks.len);
    if (!err)
        err = run(&once, language, out);
    int code = err ? UNKNOWN : (int)results_worst(&once.results);
    results_done(&once.results);
    check_env_close(&once.env);
    return code;
}
