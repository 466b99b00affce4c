#include "checks/check.h"

#include "base/err.h"
#include "io/loop.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/** Where a check is between two starts. */
enum check_phase {
    CHECK_IDLE,      /**< nothing under way */
    CHECK_MEASURING, /**< the timer is the run's deadline */
    CHECK_FINISHED,  /**< the timer delivers the report */
};

struct check {
    const struct check_type *type;
    struct check_env env;
    check_report_fn *report;
    void *user;
    struct loop_timer *timer;
    enum check_phase phase;
    struct check_report draft;
    void *config;
    void *state;
};

static void check_deliver(struct check *check)
{
    struct check_report report = check->draft;
    check->phase = CHECK_IDLE;
    check->report(check->user, check, &report);
}

static void check_on_timer(void *arg)
{
    struct check *check = arg;
    if (check->phase == CHECK_FINISHED) {
        check_deliver(check);
        return;
    }
    check->type->expire(check);
    if (check->phase == CHECK_MEASURING)
        check_finish(check);
}

int check_open(const struct check_type *type, const struct check_env *env, const void *config,
               check_report_fn *report, void *user, struct check **ret_check)
{
    struct check *check = calloc(1, sizeof *check);
    if (!check)
        return ERR_NOMEM;
    *check = (struct check){.type = type, .env = *env, .report = report, .user = user};
    check->config = malloc(type->config_size);
    check->state = calloc(1, type->state_size);
    int err = ERR_NOMEM;
    if (check->config && check->state)
        err = loop_timer_open(env->loop, check_on_timer, check, &check->timer);
    if (err) {
        check_close(check);
        return err;
    }
    memcpy(check->config, config, type->config_size);
    *ret_check = check;
    return 0;
}

void check_start(struct check *check)
{
    assert(check->phase == CHECK_IDLE);
    check_report_clear(&check->draft);
    check->phase = CHECK_MEASURING;
    loop_timer_after(check->timer, check_common_of(check)->timeout_ms);
    check->type->start(check);
}

static void check_release(struct check *check)
{
    if (check->type->release)
        check->type->release(check);
}

void check_cancel(struct check *check)
{
    if (check->phase == CHECK_IDLE)
        return;
    check->phase = CHECK_IDLE;
    loop_timer_stop(check->timer);
    check_release(check);
}

bool check_running(const struct check *check)
{
    return check->phase != CHECK_IDLE;
}

void check_keep(struct check *check, struct buf *out)
{
    if (check->type->keep)
        check->type->keep(check, out);
}

int check_recall(struct check *check, struct slice kept)
{
    return check->type->recall ? check->type->recall(check, kept) : ERR_CORRUPT;
}

void check_close(struct check *check)
{
    if (!check)
        return;
    check_cancel(check);
    if (check->type->done && check->state)
        check->type->done(check);
    loop_timer_close(check->timer);
    free(check->config);
    free(check->state);
    free(check);
}

const struct check_type *check_type_of(const struct check *check)
{
    return check->type;
}

const struct check_common *check_common_of(const struct check *check)
{
    return check->config;
}

enum cause check_cause(const struct check *check)
{
    int cause = check_common_of(check)->cause;
    return cause == CAUSE_NONE ? check->type->cause : (enum cause)cause;
}

const struct check_env *check_env(const struct check *check)
{
    return &check->env;
}

const void *check_config(const struct check *check)
{
    return check->config;
}

void *check_state(struct check *check)
{
    return check->state;
}

struct check_report *check_draft(struct check *check)
{
    return &check->draft;
}

static const char *check_unit(const struct check_type *type, const char *metric)
{
    for (size_t i = 0; i < type->n_metrics; i++) {
        if (strcmp(type->metrics[i].name, metric) == 0)
            return type->metrics[i].unit;
    }
    return NULL;
}

/* "rtt 182.3 ms reaches the limit of 150 ms" */
static void check_judge_limits(struct check *check)
{
    const struct check_type *type = check->type;
    struct threshold_reading readings[CHECK_METRICS_MAX];
    size_t len = 0;
    for (size_t i = 0; i < type->n_metrics; i++) {
        const struct check_value *value = &check->draft.values[i];
        if (type->metrics[i].kind == READING_NUMBER && value->known)
            readings[len++] = (struct threshold_reading){type->metrics[i].name, value->number};
    }
    struct threshold_result worst =
        threshold_worst(type->limits, type->n_limits, check->config, readings, len);
    if (!worst.reason)
        return;
    const char *unit = check_unit(type, worst.reason->metric);
    const char *space = unit && strcmp(unit, "/") != 0 ? " " : "";
    unit = *space ? unit : "";
    check_report_judge(&check->draft, worst.verdict, "%s %.4g%s%s is %s its limit %.4g%s%s",
                       worst.reason->metric, worst.value, space, unit,
                       worst.reason->side == THRESHOLD_ABOVE ? "at or above" : "at or below",
                       worst.limit, space, unit);
}

void check_finish(struct check *check)
{
    assert(check->phase == CHECK_MEASURING);
    check_judge_limits(check);
    check->phase = CHECK_FINISHED;
    check_release(check);
    loop_timer_soon(check->timer);
}

void check_conclude(struct check *check, enum verdict verdict, const char *reason)
{
    check_report_judge(&check->draft, verdict, "%s", reason);
    check_finish(check);
}
