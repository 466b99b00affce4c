#include "shell/periods.h"

#include "base/err.h"
#include "io/log.h"
#include "shell/archive.h"

#include <stdlib.h>

enum { TRIES_MAX = 3 };

/* One answer that is owed. */
struct periods_job {
    struct periods *periods;
    struct periods_job *next; /* of those that wait */
    struct http_promise *promise;
    struct http_answer answer;
    struct api_period_query query;
    struct period_reading reading;
    int tries;
    int err; /* of reading */
};

void periods_init(struct periods *p, struct loop *loop, const char *path, void *context,
                  void (*look)(void *context, struct periods_view *ret_view))
{
    *p = (struct periods){.loop = loop, .path = path, .context = context, .look = look};
}

static void finish(struct periods_job *job)
{
    job->periods->owed--;
    http_promise_keep(job->promise, &job->answer);
    period_reading_done(&job->reading);
    free(job);
}

static void fail(struct periods_job *job, const char *why)
{
    struct emit e = emit_to(&job->answer.body);
    buf_clear(&job->answer.body);
    job->answer.status = 503;
    emit_object(&e, NULL);
    emit_text(&e, "error", why);
    emit_end(&e);
    finish(job);
}

/* On a worker. */
static void read_store(void *arg)
{
    struct periods_job *job = arg;
    struct archive *archive = NULL;
    job->err = archive_open(job->periods->path, &archive);
    if (!job->err) {
        struct row_source source = archive_rows(archive);
        job->err = period_read(&job->reading, &source);
    }
    archive_close(archive);
}

static void on_read(void *arg);

static int begin(struct periods_job *job, const struct api_scope *scope)
{
    int err = api_period_want(scope, &job->query, &job->reading);
    return err ? err : loop_work(job->periods->loop, read_store, on_read, job);
}

/* What a unit flaps may have been settled while the store was read: then it is read again. */
static void answer(struct periods_job *job, const struct api_scope *scope)
{
    if (api_period_fits(scope, &job->reading)) {
        if (api_period(scope, &job->query, &job->reading, &job->answer.body) != 0)
            fail(job, "out of memory");
        else
            finish(job);
        return;
    }
    period_reading_done(&job->reading);
    if (++job->tries == TRIES_MAX || begin(job, scope) != 0)
        fail(job, "the store cannot be read at present");
}

static void on_read(void *arg)
{
    struct periods_job *job = arg;
    struct periods *p = job->periods;
    struct periods_view view = {.settled = false};
    if (job->err)
        log_event(LOG_WARNING, "archive.read_failed", "file=%s why=%s do=\"look at the disk\"",
                  p->path, err_text(job->err));
    if (job->err || p->closed) {
        fail(job, "the store cannot be read at present");
        return;
    }
    p->look(p->context, &view);
    if (view.settled) {
        answer(job, &view.scope);
        return;
    }
    job->next = p->waiting;
    p->waiting = job;
}

int periods_answer(struct periods *p, const struct api_period_query *query,
                   struct http_promise *promise)
{
    struct periods_view view;
    if (p->owed >= PERIODS_OWED_MAX)
        return ERR_FULL;
    struct periods_job *job = calloc(1, sizeof *job);
    if (!job)
        return ERR_NOMEM;
    job->periods = p;
    job->promise = promise;
    job->query = *query;
    http_answer_init(&job->answer);
    p->look(p->context, &view);
    int err = begin(job, &view.scope);
    if (err) {
        period_reading_done(&job->reading);
        buf_done(&job->answer.body);
        free(job);
        return err;
    }
    p->owed++;
    return 0;
}

static struct periods_job *take_waiting(struct periods *p)
{
    struct periods_job *job = p->waiting;
    if (job)
        p->waiting = job->next;
    return job;
}

void periods_committed(struct periods *p)
{
    struct periods_view view;
    struct periods_job *job = NULL;
    p->look(p->context, &view);
    while (view.settled && (job = take_waiting(p)))
        answer(job, &view.scope);
}

void periods_close(struct periods *p)
{
    struct periods_job *job = NULL;
    p->closed = true;
    while ((job = take_waiting(p)))
        fail(job, "the collector is stopping");
}
