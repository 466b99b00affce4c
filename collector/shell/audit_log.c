#include "shell/audit_log.h"

#include "base/err.h"
#include "codec/emit.h"
#include "io/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct job {
    struct audit_log *log;
    struct http_promise *promise;
    struct http_answer answer;
    struct audit_filter filter;
    uint64_t room; /* rows that go into the answer; one more says that there is a next page */
    uint64_t last;
    bool more;
    struct emit e;
};

void audit_log_init(struct audit_log *log, struct loop *loop, const char *path)
{
    *log = (struct audit_log){loop, path};
}

/* ---- a page ---- */

static int put_row(void *context, const struct audit_row *row)
{
    struct job *job = context;
    char hash[DIGEST_TEXT_MAX];
    if (job->room == 0) {
        job->more = true;
        return 0;
    }
    job->room--;
    job->last = row->number;
    digest_text(row->hash, hash);
    emit_object(&job->e, NULL);
    emit_int(&job->e, "number", (int64_t)row->number);
    emit_instant(&job->e, "at", row->entry.at);
    for (int i = 0; i < AUDIT_TEXTS; i++)
        emit_slice(&job->e, audit_word(i), row->entry.text[i]);
    emit_text(&job->e, "hash", hash);
    emit_end(&job->e);
    return 0;
}

static void say_unreadable(struct http_answer *answer)
{
    answer->status = 503;
    buf_clear(&answer->body);
    struct emit e = emit_to(&answer->body);
    emit_object(&e, NULL);
    emit_text(&e, "error", "the store cannot be read at present");
    emit_end(&e);
}

static void read_page(void *arg)
{
    struct job *job = arg;
    struct audit_head head = {0};
    char hash[DIGEST_TEXT_MAX];
    job->e = emit_to(&job->answer.body);
    emit_object(&job->e, NULL);
    emit_array(&job->e, "entries");
    int err = store_audit_list(job->log->path, &job->filter, job, put_row, &head);
    emit_end(&job->e);
    if (job->more)
        emit_int(&job->e, "next", (int64_t)job->last);
    else
        emit_null(&job->e, "next");
    digest_text(head.hash, hash);
    emit_int(&job->e, "total", (int64_t)head.number);
    emit_text(&job->e, "head", hash);
    emit_end(&job->e);
    if (err)
        say_unreadable(&job->answer);
}

static void on_read(void *arg)
{
    struct job *job = arg;
    http_promise_keep(job->promise, &job->answer);
    free(job);
}

int audit_log_list(struct audit_log *log, uint64_t before, uint64_t limit,
                   struct http_promise *promise)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job)
        return ERR_NOMEM;
    job->log = log;
    job->promise = promise;
    job->filter = (struct audit_filter){true, before ? before : INT64_MAX, limit + 1};
    job->room = limit;
    http_answer_init(&job->answer);
    int err = loop_work(log->loop, read_page, on_read, job);
    if (err) {
        buf_done(&job->answer.body);
        free(job);
    }
    return err;
}

/* ---- the chain ---- */

struct check {
    struct audit_head at; /* the last row that holds */
    struct audit_finding *finding;
};

static void find_fault(struct audit_finding *f, uint64_t number, const char *why)
{
    if (f->broken)
        return;
    f->broken = number;
    f->why = why;
}

static int check_row(void *context, const struct audit_row *row)
{
    struct check *c = context;
    unsigned char hash[DIGEST_BYTES];
    if (c->finding->broken)
        return 0;
    if (row->number != c->at.number + 1) {
        find_fault(c->finding, c->at.number + 1, "it is missing");
        return 0;
    }
    int err = audit_hash(c->at.hash, row->number, &row->entry, hash);
    if (err)
        return err;
    if (memcmp(hash, row->hash, DIGEST_BYTES) != 0) {
        find_fault(c->finding, row->number, "it is not what was written");
        return 0;
    }
    c->at.number = row->number;
    memcpy(c->at.hash, hash, DIGEST_BYTES);
    c->finding->rows++;
    return 0;
}

int audit_log_verify(const char *path, struct audit_finding *ret_finding)
{
    const struct audit_filter all = {false, 0, INT64_MAX};
    struct audit_finding found = {0};
    struct check c = {.finding = &found};
    int err = store_audit_list(path, &all, &c, check_row, &found.head);
    if (err)
        return err;
    if (c.at.number < found.head.number)
        find_fault(&found, c.at.number + 1, "it is missing");
    if (memcmp(c.at.hash, found.head.hash, DIGEST_BYTES) != 0)
        find_fault(&found, c.at.number ? c.at.number : 1,
                   "it is not the end that the store noted down");
    *ret_finding = found;
    return 0;
}

int audit_log_command(const char *data_folder)
{
    char path[FILE_PATH_MAX];
    char hash[DIGEST_TEXT_MAX];
    struct audit_finding found;
    int err = file_join(path, data_folder, "store.db");
    if (!err)
        err = audit_log_verify(path, &found);
    if (err) {
        fprintf(stderr, "ioc-collector: %s/store.db: %s\n", data_folder, err_text(err));
        return 1;
    }
    if (found.broken) {
        fprintf(stderr, "audit: BROKEN at row %llu: %s; %llu rows before it hold\n",
                (unsigned long long)found.broken, found.why, (unsigned long long)found.rows);
        return 1;
    }
    digest_text(found.head.hash, hash);
    printf("audit: %llu rows hold; the last hash is %s\n", (unsigned long long)found.rows, hash);
    return 0;
}
