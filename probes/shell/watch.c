#include "shell/watch.h"

#include "base/err.h"
#include "checks/check_table.h"
#include "core/schedule.h"
#include "io/loop.h"

#include <stdlib.h>

/* One check and what its report needs. */
struct watched {
    struct watch *watch;
    size_t index;
    struct check *check;
    struct now started;
};

struct watch {
    struct loop *loop;
    struct loop_timer *timer;
    struct schedule schedule;
    watch_fn *fn;
    void *arg;
    size_t len;
    struct watched checks[];
};

static void arm(struct watch *w)
{
    struct mono_ms deadline = schedule_deadline(&w->schedule);
    if (deadline.ms == MONO_NEVER_MS)
        loop_timer_stop(w->timer);
    else
        loop_timer_at(w->timer, deadline);
}

static void on_due(void *arg)
{
    struct watch *w = arg;
    struct now now = loop_now(w->loop);
    size_t i;
    while ((i = schedule_take(&w->schedule, now.mono)) != SCHEDULE_NONE) {
        w->checks[i].started = now;
        check_start(w->checks[i].check);
    }
    arm(w);
}

static void on_report(void *user, struct check *check, const struct check_report *report)
{
    (void)check;
    struct watched *one = user;
    struct watch *w = one->watch;
    schedule_finished(&w->schedule, one->index, loop_now(w->loop).mono);
    arm(w);
    w->fn(w->arg, one->index, one->started, report);
}

static int open_checks(struct watch *w, const struct check_env *env,
                       const struct probe_config *config)
{
    int err = 0;
    for (size_t i = 0; i < w->len && !err; i++) {
        const struct conf_item *item = &config->checks.items[i];
        struct watched *one = &w->checks[i];
        one->watch = w;
        one->index = i;
        err = check_open(check_table_find(slice_of(item->kind->word)), env, item->object, on_report,
                         one, &one->check);
    }
    return err;
}

static int make_schedule(struct watch *w, const struct probe_config *config, struct rng *rng)
{
    int64_t *intervals = calloc(w->len ? w->len : 1, sizeof *intervals);
    if (!intervals)
        return ERR_NOMEM;
    for (size_t i = 0; i < w->len; i++)
        intervals[i] = probe_config_check(config, i)->interval_ms;
    int err = schedule_init(&w->schedule, intervals, w->len, loop_now(w->loop).mono, rng);
    free(intervals);
    return err;
}

int watch_open(const struct check_env *env, const struct probe_config *config, struct rng *rng,
               watch_fn *fn, void *arg, struct watch **ret_watch)
{
    size_t len = config->checks.len;
    struct watch *w = calloc(1, sizeof *w + len * sizeof *w->checks);
    if (!w)
        return ERR_NOMEM;
    w->loop = env->loop;
    w->fn = fn;
    w->arg = arg;
    w->len = len;
    int err = loop_timer_open(env->loop, on_due, w, &w->timer);
    if (!err)
        err = make_schedule(w, config, rng);
    if (!err)
        err = open_checks(w, env, config);
    if (err) {
        watch_close(w);
        return err;
    }
    loop_timer_after(w->timer, 0);
    *ret_watch = w;
    return 0;
}

void watch_each(struct watch *w, void (*fn)(void *arg, struct check *check), void *arg)
{
    for (size_t i = 0; i < w->len; i++)
        fn(arg, w->checks[i].check);
}

void watch_close(struct watch *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < w->len; i++)
        check_close(w->checks[i].check);
    schedule_done(&w->schedule);
    loop_timer_close(w->timer);
    free(w);
}
