#include "shell/letters_own.h"

#include "base/err.h"
#include "io/log.h"

#include <stdio.h>
#include <stdlib.h>

/* One request on its way: read on a worker, then, if it changes something, done and committed. */
struct letters_job {
    struct letters *letters;
    struct letters_job *next; /* changes only */
    struct http_promise *promise;
    struct http_answer answer;
    struct letters_query query; /* of a list */
    struct letters_copy copy;
    uint64_t number;
    enum letter_end how;
    struct audit_actor actor;
    bool read;      /* the store was */
    bool committed; /* the answer leaves with the next commit */
    int err;        /* of reading */
};

void letters_init(struct letters *l, struct loop *loop, struct keeper *keeper, struct store *store,
                  const char *path)
{
    *l = (struct letters){.loop = loop, .keeper = keeper, .store = store, .path = path};
}

static struct letters_job *new_job(struct letters *l, struct http_promise *promise)
{
    struct letters_job *job = calloc(1, sizeof *job);
    if (!job)
        return NULL;
    job->letters = l;
    job->promise = promise;
    http_answer_init(&job->answer);
    return job;
}

/* The answer is given: to nobody, if the client or the server is gone. */
static void finish(struct letters_job *job)
{
    http_promise_keep(job->promise, &job->answer);
    buf_done(&job->copy.bytes);
    free(job);
}

static void discard(struct letters_job *job)
{
    buf_done(&job->answer.body);
    free(job);
}

static void on_read_end(void *arg)
{
    finish(arg);
}

static void read_list(void *arg)
{
    struct letters_job *job = arg;
    letters_text_list(job->letters->path, &job->query, &job->answer);
}

int letters_list(struct letters *l, const struct letters_query *query, struct http_promise *promise)
{
    struct letters_job *job = new_job(l, promise);
    if (!job)
        return ERR_NOMEM;
    job->query = *query;
    int err = loop_work(l->loop, read_list, on_read_end, job);
    if (err)
        discard(job);
    return err;
}

static int copy_one(void *context, const struct dead_entry *entry)
{
    struct letters_job *job = context;
    return entry->number == job->number ? letters_copy(&job->copy, entry) : 0;
}

static void read_one(void *arg)
{
    struct letters_job *job = arg;
    struct dead_filter filter = {job->number - 1, 1, ""};
    job->err = store_dead_list(job->letters->path, &filter, job, copy_one);
    if (job->err)
        letters_text_error(&job->answer, 503, job->number, "the store cannot be read at present");
    else if (!job->copy.found)
        letters_text_error(&job->answer, 404, job->number, "there is no such dead letter");
}

static void read_and_show(void *arg)
{
    struct letters_job *job = arg;
    read_one(job);
    if (job->copy.found)
        letters_text_show(&job->copy, &job->answer);
}

int letters_show(struct letters *l, uint64_t number, struct http_promise *promise)
{
    struct letters_job *job = new_job(l, promise);
    if (!job)
        return ERR_NOMEM;
    job->number = number;
    int err = loop_work(l->loop, read_and_show, on_read_end, job);
    if (err)
        discard(job);
    return err;
}

static void go_on(struct letters *l);

static void on_change_read(void *arg)
{
    struct letters_job *job = arg;
    job->read = true;
    go_on(job->letters);
}

static void leave(struct letters *l)
{
    struct letters_job *job = l->first;
    l->first = job->next;
    l->waiting--;
    finish(job);
}

static void note_act(struct letters *l, const struct letters_job *job)
{
    static const char *const acts[] = {
        [LETTER_PURGED] = "deadletter purge", [LETTER_REQUEUED] = "deadletter requeue"};
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)job->number);
    struct audit_entry entry =
        audit_by(&job->actor, loop_now(l->loop).wall, acts[job->how], number);
    entry.text[AUDIT_DETAIL] = job->copy.letter.reason;
    change_set_audit(keeper_set(l->keeper), &entry);
}

/* Between two commits the sums say which letters are there; what the bounds dropped since it was
 * read is gone. */
static void change(struct letters *l, struct letters_job *job)
{
    struct reason why = {0};
    struct store_totals totals = store_totals(l->store);
    if (!totals.dead_oldest || job->number < totals.dead_oldest) {
        letters_text_error(&job->answer, 404, job->number, "the bounds dropped it just now");
        return;
    }
    int err = job->how == LETTER_REQUEUED ? letters_requeue(l, &job->copy, &why) : 0;
    if (err == ERR_DENIED) {
        letters_text_error(&job->answer, 409, job->number, why.text);
        return;
    }
    if (err) {
        letters_text_error(&job->answer, 503, job->number, err_text(err));
        return;
    }
    keeper_change(l->keeper);
    change_set_end(keeper_set(l->keeper), job->number, job->how);
    note_act(l, job);
    letters_text_end(&job->answer, job->number, job->how);
    log_event(LOG_NOTE, "letter.ended", "number=%llu how=%s source=%.*s",
              (unsigned long long)job->number, job->how == LETTER_PURGED ? "purged" : "requeued",
              (int)job->copy.letter.source.len, job->copy.letter.source.at);
    job->committed = true;
}

static void start(struct letters *l)
{
    struct letters_job *job = l->first;
    if (loop_work(l->loop, read_one, on_change_read, job) == 0)
        return;
    letters_text_error(&job->answer, 503, job->number, "out of memory");
    leave(l);
}

/* The first change was read: makes it when the memory is settled, answers at once what cannot be.
 */
static void go_on(struct letters *l)
{
    struct letters_job *job = l->first;
    if (l->closed || !job->copy.found) {
        leave(l);
    } else {
        if (!keeper_settled(l->keeper))
            return;
        change(l, job);
        if (job->committed)
            return;
        leave(l);
    }
    if (l->first && !l->closed)
        start(l);
}

int letters_end(struct letters *l, uint64_t number, enum letter_end how,
                const struct audit_actor *actor, struct http_promise *promise)
{
    if (l->waiting >= LETTERS_WAITING_MAX)
        return ERR_FULL;
    struct letters_job *job = new_job(l, promise);
    if (!job)
        return ERR_NOMEM;
    job->number = number;
    job->how = how;
    job->actor = *actor;
    struct letters_job **last = &l->first;
    while (*last)
        last = &(*last)->next;
    *last = job;
    if (l->waiting++ == 0)
        start(l);
    return 0;
}

void letters_committed(struct letters *l)
{
    struct letters_job *job = l->first;
    if (job && job->committed) {
        leave(l);
        if (l->first)
            start(l);
    } else if (job && job->read) {
        go_on(l);
    }
}

/* A change that a worker reads for leaves by itself. */
void letters_close(struct letters *l)
{
    struct letters_job *reading = l->first && !l->first->read ? l->first : NULL;
    struct letters_job *job = reading ? reading->next : l->first;
    l->closed = true;
    l->first = reading;
    if (reading)
        reading->next = NULL;
    while (job) {
        struct letters_job *next = job->next;
        l->waiting--;
        finish(job);
        job = next;
    }
}
