#include "shell/periods.h"

#include "base/err.h"
#include "io/log.h"
#include "shell/archive.h"

#include <stdlib.h>

enum { TRIES_MAX = 3 };

struct periods_job;

/* What is asked, and how it is read and answered. */
struct question {
    int (*want)(struct periods_job *job, const struct api_scope *scope);
    int (*read)(struct periods_job *job, const struct row_source *source); /* on a worker */
    bool (*fits)(const struct periods_job *job, const struct api_scope *scope);
    int (*answer)(struct periods_job *job, const struct api_scope *scope);
    void (*done)(struct periods_job *job);
};

/* One answer that is owed. */
struct periods_job {
    struct periods *periods;
    struct periods_job *next; /* of those that wait */
    struct http_promise *promise;
    struct http_answer answer;
    const struct question *question;

    union {
        struct api_period_query period;
        struct api_past_query past;
        struct api_series_query series;
    } query;

    union {
        struct period_reading period;
        struct past_outages past;
        struct series_reading series;
    } reading;

    int tries;
    int err; /* of reading */
};

static int want_period(struct periods_job *job, const struct api_scope *scope)
{
    return api_period_want(scope, &job->query.period, &job->reading.period);
}

static int read_period(struct periods_job *job, const struct row_source *source)
{
    return period_read(&job->reading.period, source);
}

static bool fits_period(const struct periods_job *job, const struct api_scope *scope)
{
    return api_period_fits(scope, &job->reading.period);
}

static int answer_period(struct periods_job *job, const struct api_scope *scope)
{
    return api_period(scope, &job->query.period, &job->reading.period, &job->answer.body);
}

static void done_period(struct periods_job *job)
{
    period_reading_done(&job->reading.period);
}

static int want_past(struct periods_job *job, const struct api_scope *scope)
{
    return api_past_want(scope, &job->query.past, &job->reading.past);
}

static int read_past(struct periods_job *job, const struct row_source *source)
{
    return past_outages_read(&job->reading.past, source);
}

static bool fits_past(const struct periods_job *job, const struct api_scope *scope)
{
    return api_past_fits(scope, &job->reading.past);
}

static int answer_past(struct periods_job *job, const struct api_scope *scope)
{
    return api_past(scope, &job->query.past, &job->reading.past, &job->answer.body);
}

static void done_past(struct periods_job *job)
{
    past_outages_done(&job->reading.past);
}

static int want_series(struct periods_job *job, const struct api_scope *scope)
{
    return api_series_want(scope, &job->query.series, &job->reading.series);
}

static int read_series(struct periods_job *job, const struct row_source *source)
{
    return series_reading_read(&job->reading.series, source);
}

static bool fits_series(const struct periods_job *job, const struct api_scope *scope)
{
    return series_reading_fits(&job->reading.series, scope->centre->annals);
}

static int answer_series(struct periods_job *job, const struct api_scope *scope)
{
    return api_series(scope, &job->query.series, &job->reading.series, &job->answer.body);
}

static void done_series(struct periods_job *job)
{
    series_reading_done(&job->reading.series);
}

static const struct question PERIOD = {want_period, read_period, fits_period, answer_period,
                                       done_period};
static const struct question PAST = {want_past, read_past, fits_past, answer_past, done_past};
static const struct question SERIES = {want_series, read_series, fits_series, answer_series,
                                       done_series};

void periods_init(struct periods *p, struct loop *loop, const char *path, void *context,
                  void (*look)(void *context, struct periods_view *ret_view))
{
    *p = (struct periods){.loop = loop, .path = path, .context = context, .look = look};
}

static void finish(struct periods_job *job)
{
    job->periods->owed--;
    http_promise_keep(job->promise, &job->answer);
    job->question->done(job);
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
        job->err = job->question->read(job, &source);
    }
    archive_close(archive);
}

static void on_read(void *arg);

static int begin(struct periods_job *job, const struct api_scope *scope)
{
    int err = job->question->want(job, scope);
    return err ? err : loop_work(job->periods->loop, read_store, on_read, job);
}

/* What a unit flaps may have been settled while the store was read: then it is read again. */
static void answer(struct periods_job *job, const struct api_scope *scope)
{
    if (job->question->fits(job, scope)) {
        if (job->question->answer(job, scope) != 0)
            fail(job, "out of memory");
        else
            finish(job);
        return;
    }
    job->question->done(job);
    if (++job->tries == TRIES_MAX || begin(job, scope) != 0)
        fail(job, "the store cannot be read at present");
}

static void on_read(void *arg)
{
    struct periods_job *job = arg;
    struct periods *p = job->periods;
    struct periods_view view = {.settled = false};
    if (job->err && job->err != ERR_FULL)
        log_event(LOG_WARNING, "archive.read_failed", "file=%s why=%s do=\"look at the disk\"",
                  p->path, err_text(job->err));
    if (job->err == ERR_FULL) {
        fail(job, "too many outages: ask for a shorter time or a smaller area");
        return;
    }
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

static int ask(struct periods *p, struct periods_job *job, struct http_promise *promise)
{
    struct periods_view view;
    job->periods = p;
    job->promise = promise;
    http_answer_init(&job->answer);
    p->look(p->context, &view);
    int err = begin(job, &view.scope);
    if (err) {
        job->question->done(job);
        buf_done(&job->answer.body);
        free(job);
        return err;
    }
    p->owed++;
    return 0;
}

static int new_job(const struct periods *p, const struct question *question,
                   struct periods_job **ret_job)
{
    if (p->owed >= PERIODS_OWED_MAX)
        return ERR_FULL;
    struct periods_job *job = calloc(1, sizeof *job);
    if (!job)
        return ERR_NOMEM;
    job->question = question;
    *ret_job = job;
    return 0;
}

int periods_answer(struct periods *p, const void *query, struct http_promise *promise)
{
    struct periods_job *job = NULL;
    int err = new_job(p, &PERIOD, &job);
    if (err)
        return err;
    job->query.period = *(const struct api_period_query *)query;
    return ask(p, job, promise);
}

int periods_outages(struct periods *p, const void *query, struct http_promise *promise)
{
    struct periods_job *job = NULL;
    int err = new_job(p, &PAST, &job);
    if (err)
        return err;
    job->query.past = *(const struct api_past_query *)query;
    return ask(p, job, promise);
}

int periods_series(struct periods *p, const void *query, struct http_promise *promise)
{
    struct periods_job *job = NULL;
    int err = new_job(p, &SERIES, &job);
    if (err)
        return err;
    job->query.series = *(const struct api_series_query *)query;
    return ask(p, job, promise);
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
