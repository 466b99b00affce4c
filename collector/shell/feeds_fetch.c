/* Tables that are asked for over HTTPS: what comes is a file first. */
#include "shell/feeds_own.h"

#include "base/err.h"
#include "io/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OK = 200, TIMEOUT_MS = 60000 };

/* A table on its way to the disk. */
struct arrival {
    struct feed *feed;
    struct buf bytes;
    int err;
};

static void trouble(struct feed *feed, const char *why)
{
    if (strcmp(feed->fetch_problem, why) == 0)
        return;
    snprintf(feed->fetch_problem, sizeof feed->fetch_problem, "%s", why);
    log_event(LOG_WARNING, "feed.unasked",
              "feed=%s url=%s why=%s do=\"ask the operator; their word runs out after ttl\"",
              feed->name, feed->conf.feed.url, why);
}

static void write_arrival(void *arg)
{
    struct arrival *a = arg;
    a->err = feed_files_drop(a->feed->folder, (struct slice){a->bytes.data, a->bytes.len});
}

static void on_written(void *arg)
{
    struct arrival *a = arg;
    if (a->err)
        trouble(a->feed, err_text(a->err));
    buf_done(&a->bytes);
    free(a);
}

static int keep(struct feed *feed, struct slice body)
{
    struct loop *loop = feed->owner->options.loop;
    struct arrival *a = calloc(1, sizeof *a);
    if (!a)
        return ERR_NOMEM;
    *a = (struct arrival){.feed = feed};
    buf_init(&a->bytes, FEED_FILE_MAX);
    buf_put(&a->bytes, body.at, body.len);
    int err = a->bytes.err ? a->bytes.err : loop_work(loop, write_arrival, on_written, a);
    if (err) {
        buf_done(&a->bytes);
        free(a);
    }
    return err;
}

static void on_response(void *arg, const struct http_response *r)
{
    struct feed *feed = arg;
    char why[200] = "";
    feed->call = NULL;
    if (r->err)
        snprintf(why, sizeof why, "%s", r->why);
    else if (r->status != OK)
        snprintf(why, sizeof why, "the answer is %d", r->status);
    else if (r->body_bytes > r->body.len)
        snprintf(why, sizeof why, "the answer is larger than %d MiB", FEED_FILE_MAX >> 20);
    int err = why[0] ? 0 : keep(feed, r->body);
    if (err)
        snprintf(why, sizeof why, "%s", err_text(err));
    if (why[0])
        trouble(feed, why);
    else
        feed->fetch_problem[0] = '\0';
}

void feeds_fetch(struct feed *feed, struct now now)
{
    const struct feed_conf *c = &feed->conf;
    bool due = feed->asked.ms == 0 || mono_since(now.mono, feed->asked) >= c->feed.period_ms;
    if (c->feed.source != FEED_HTTPS || feed->call || !due)
        return;
    feed->asked = now.mono;
    struct http_request q = {.url = c->feed.url,
                             .user = c->feed.user[0] ? c->feed.user : NULL,
                             .password = feed->password,
                             .bearer = feed->token[0] ? feed->token : NULL,
                             .ca_file = c->feed.ca_file[0] ? c->feed.ca_file : NULL,
                             .timeout_ms = TIMEOUT_MS,
                             .max_body = FEED_FILE_MAX};
    int err = http_send(feed->owner->options.http, &q, on_response, feed, &feed->call);
    if (err)
        trouble(feed, err_text(err));
}

static int secret(const char *file, char *to, size_t size, struct buf *out)
{
    int err = file[0] ? file_read_secret(file, to, size) : 0;
    if (err)
        buf_printf(out, "%s: %s\n", file, err_text(err));
    return err;
}

int feeds_read_secrets(struct feed *feed, struct buf *out)
{
    int err = secret(feed->conf.feed.password_file, feed->password, sizeof feed->password, out);
    return err ? err : secret(feed->conf.feed.token_file, feed->token, sizeof feed->token, out);
}
