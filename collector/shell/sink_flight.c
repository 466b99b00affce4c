#include "shell/sink_flight.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

enum { METRICS_MAX = 1024 * 1024 };

static struct sink_flight *flight_new(struct sink *s)
{
    struct sink_flight *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->sink = s;
    f->next = s->flights;
    if (f->next)
        f->next->prev = f;
    s->flights = f;
    return f;
}

void sink_flight_free(struct sink_flight *f)
{
    if (f->prev)
        f->prev->next = f->next;
    else
        f->sink->flights = f->next;
    if (f->next)
        f->next->prev = f->prev;
    http_cancel(f->call);
    batch_done(&f->batch);
    free(f->own);
    free(f->lines);
    free(f->dead);
    free(f);
}

void sink_flight_cancel_all(struct sink *s)
{
    struct sink_flight *next = NULL;
    for (struct sink_flight *f = s->flights; f; f = next) {
        next = f->next;
        if (f->call)
            sink_flight_free(f);
    }
}

/* ---- workers ---- */

/* The worker is done. */
static void worked(void *arg)
{
    struct sink_flight *f = arg;
    struct sink *s = f->sink;
    if (s->closed)
        sink_flight_free(f);
    else
        f->next_step(f);
    sink_release(s);
}

static int work(struct sink_flight *f, loop_fn *fn, sink_flight_fn *then)
{
    f->next_step = then;
    f->sink->holders++;
    int err = loop_work(f->sink->loop, fn, worked, f);
    if (err)
        f->sink->holders--;
    return err;
}

/* On a worker: reads the batch; what will never be readable is put out of the way at once. */
static int read_batch(struct sink_flight *f)
{
    const struct batch_folder *folder = f->sink->folder;
    uint64_t number = f->request.number;
    batch_done(&f->batch);
    f->err = batch_read(folder, number, &f->batch);
    if (f->err == ERR_NOT_FOUND)
        f->quarantined = true;
    if (f->err == ERR_CORRUPT || f->err == ERR_VERSION)
        f->quarantined = batch_quarantine(folder, number, f->bad_path) == 0;
    return f->err;
}

static int read_plain(struct sink_flight *f, char **ret_plain, struct slice *ret_text)
{
    f->err = read_batch(f);
    if (!f->err)
        f->err = batch_plain(&f->batch, ret_plain);
    if (!f->err)
        *ret_text = (struct slice){*ret_plain, f->batch.facts.plain_bytes};
    return f->err;
}

static void compress_text(struct sink_flight *f, struct slice text)
{
    char *body = NULL;
    size_t len = 0;
    f->err = batch_compress(text, &body, &len);
    if (f->err)
        return;
    free(f->own);
    f->own = body;
    f->own_len = len;
}

static void make_part(struct sink_flight *f)
{
    char *plain = NULL, *text = NULL;
    size_t len = 0;
    struct slice all = {0};
    const struct sending_request *r = &f->request;
    if (read_plain(f, &plain, &all) == 0)
        f->err = batch_pick(all, r->lines, r->first, r->end, &text, &len);
    if (!f->err)
        compress_text(f, (struct slice){text, len});
    free(text);
    free(plain);
    batch_done(&f->batch);
}

static void make_body(void *arg)
{
    struct sink_flight *f = arg;
    if (f->own)
        compress_text(f, (struct slice){f->own, f->own_len});
    else if (f->request.whole)
        read_batch(f);
    else
        make_part(f);
}

static void make_index(void *arg)
{
    struct sink_flight *f = arg;
    char *plain = NULL;
    struct slice all = {0};
    if (read_plain(f, &plain, &all) == 0)
        f->err = batch_index(all, f->batch.facts.lines, &f->lines);
    if (f->err == ERR_CORRUPT && !f->quarantined)
        f->quarantined = batch_quarantine(f->sink->folder, f->request.number, f->bad_path) == 0;
    free(plain);
}

static int begin(struct sink_flight *f, loop_fn *fn, sink_flight_fn *then)
{
    if (!f)
        return ERR_NOMEM;
    int err = work(f, fn, then);
    if (err)
        sink_flight_free(f);
    return err;
}

int sink_flight_start(struct sink *s, const struct sending_request *request, sink_flight_fn *then)
{
    struct sink_flight *f = flight_new(s);
    if (f)
        f->request = *request;
    return begin(f, make_body, then);
}

int sink_flight_put(struct sink *s, struct slice plain, sink_flight_fn *then, sink_put_done *done,
                    void *arg)
{
    struct sink_flight *f = flight_new(s);
    if (!f)
        return ERR_NOMEM;
    f->put_done = done;
    f->put_arg = arg;
    f->own_len = plain.len;
    f->own = malloc(plain.len + 1);
    if (!f->own) {
        sink_flight_free(f);
        return ERR_NOMEM;
    }
    memcpy(f->own, plain.at, plain.len);
    return begin(f, make_body, then);
}

int sink_flight_index(struct sink_flight *f, sink_flight_fn *then)
{
    return work(f, make_index, then);
}

void sink_flight_unreadable(struct sink_flight *f)
{
    struct sink *s = f->sink;
    if (!f->quarantined) {
        s->read_err = f->err;
        sending_cancel(s->sending, f->request.slot, loop_now(s->loop).mono);
        return;
    }
    sending_drop(s->sending, f->request.slot);
    s->events.damaged(s->events.context, f->request.number, f->bad_path);
}

/* ---- dead letters ---- */

/* Lines of the letters point into `plain`, which may be NULL. */
static void tell_letters(struct sink_flight *f, struct slice plain)
{
    struct sink_letter *letters = calloc(f->settled.n_letters, sizeof *letters);
    if (!letters)
        f->settled.n_letters = 0;
    for (size_t i = 0; i < f->settled.n_letters; i++) {
        letters[i].words = f->dead[i].words;
        letters[i].readings = f->dead[i].readings;
        letters[i].line = plain.len ? batch_line(plain, f->dead[i].line) : (struct slice){"", 0};
    }
    f->settled.letters = letters;
    f->told(f->sink, &f->settled);
    free(letters);
}

static void make_letters(void *arg)
{
    struct sink_flight *f = arg;
    struct slice all = {0};
    if (read_plain(f, &f->own, &all) == 0)
        f->own_len = all.len;
}

static void letters_read(struct sink_flight *f)
{
    tell_letters(f, (struct slice){f->own, f->own_len});
    sink_flight_free(f);
}

void sink_flight_letters(struct sink *s, const struct sending_outcome *out, sink_letters_fn *told)
{
    struct sink_settled settled = {out->number,  out->written, out->dead,
                                   out->expired, NULL,         out->n_dead_lines};
    struct sink_flight *f = flight_new(s);
    if (f)
        f->dead = calloc(out->n_dead_lines, sizeof *f->dead);
    if (!f || !f->dead) {
        settled.n_letters = 0;
        told(s, &settled);
        if (f)
            sink_flight_free(f);
        return;
    }
    memcpy(f->dead, out->dead_lines, out->n_dead_lines * sizeof *f->dead);
    f->settled = settled;
    f->told = told;
    f->request.number = out->number;
    if (work(f, make_letters, letters_read) != 0)
        letters_read(f);
}

/* ---- HTTP ---- */

static struct http_request request_to(const struct sink *s, const char *url)
{
    const struct sink_conf *conf = s->conf;
    return (struct http_request){
        .url = url,
        .user = conf->user[0] ? conf->user : NULL,
        .password = s->password,
        .token = s->token[0] ? s->token : NULL,
        .ca_file = conf->ca_file[0] ? conf->ca_file : NULL,
        .timeout_ms = conf->timeout,
    };
}

static void on_posted(void *arg, const struct http_response *response)
{
    struct sink_flight *f = arg;
    f->call = NULL;
    struct sending_reply reply = {response->status, response->body, -1};
    if (response->retry_after_s >= 0)
        reply.retry_after_ms = response->retry_after_s * 1000;
    if (response->err) {
        reply.status = 0;
        reply.body = slice_of(response->why);
    }
    f->answered(f, &reply);
}

int sink_flight_post(struct sink_flight *f, sink_answer_fn *then)
{
    static const char *const headers[] = {"Content-Encoding: gzip",
                                          "Content-Type: text/plain; charset=utf-8", NULL};
    struct http_request request = request_to(f->sink, f->sink->url.data);
    request.method = "POST";
    request.headers = headers;
    request.body = f->own ? (struct slice){f->own, f->own_len} : f->batch.body;
    f->answered = then;
    return http_send(f->sink->http, &request, on_posted, f, &f->call);
}

static void on_metrics(void *arg, const struct http_response *response)
{
    struct sink_flight *f = arg;
    struct sink *s = f->sink;
    sink_watch_fn *watched = f->watched;
    struct sink_counters counters = {0};
    bool good = !response->err && response->status == 200 &&
                sink_counters_read(response->body, &counters) == 0;
    struct sending_verdict verdict = {.class = SENDING_DOWN, .status = response->status};
    verdict.retry_after_ms = -1;
    strncpy(verdict.words, response->err ? response->why : "/metrics has no start time",
            sizeof verdict.words - 1);
    if (good)
        verdict.class = SENDING_OK;
    if (!good || s->watch_failed)
        sending_heard(s->sending, loop_now(s->loop).mono, &verdict);
    s->watch_failed = !good;
    f->call = NULL;
    sink_flight_free(f);
    s->watching = false;
    watched(s, good ? &counters : NULL);
}

int sink_flight_watch(struct sink *s, sink_watch_fn *then)
{
    struct sink_flight *f = flight_new(s);
    if (!f)
        return ERR_NOMEM;
    struct buf url;
    buf_init(&url, 4096);
    buf_printf(&url, "%s/metrics", s->conf->url);
    struct http_request request = request_to(s, url.data);
    request.max_body = METRICS_MAX;
    f->watched = then;
    int err = url.err ? url.err : http_send(s->http, &request, on_metrics, f, &f->call);
    buf_done(&url);
    s->watching = err == 0;
    if (err)
        sink_flight_free(f);
    return err;
}
