/* sink_driver FOLDER KIND URL DATABASE [CONFIRM_MS]: the sink module between a test and a database.
 *
 * Standard input: `batch N`, lines, `.` writes a batch file and hands it to the sink; `file N LINES
 * READINGS` hands over one that is there already; `put`, lines, `.` sends lines without a batch;
 * the end of input ends it. Standard output: one line per event. */
#include "base/buf.h"
#include "base/err.h"
#include "base/num.h"
#include "codec/line.h"
#include "io/loop.h"
#include "shell/sink.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INPUT_MAX = 64 * 1024 * 1024 };

struct driver {
    struct loop *loop;
    struct dns *dns;
    struct http_client *http;
    struct loop_poll *input;
    struct sink_conf conf;
    struct batch_folder folder;
    struct sink *sink;
    struct buf unread; /* input that is no whole line yet */
    struct buf lines;  /* of the batch being read */
    uint64_t number;   /* of that batch */
    uint32_t n_lines, readings;
    bool in_batch, in_put;
};

/* Says "settled" last: whoever waits for that line finds the letters said and the file gone. */
static void settled(void *context, const struct sink_settled *s)
{
    struct driver *d = context;
    for (size_t i = 0; i < s->n_letters; i++)
        printf("letter %" PRIu64 " readings=%u line=[%.*s] words=[%s]\n", s->number,
               s->letters[i].readings, (int)s->letters[i].line.len, s->letters[i].line.at,
               s->letters[i].words);
    int err = batch_remove(&d->folder, s->number);
    if (err)
        printf("error %s\n", err_text(err));
    printf("settled %" PRIu64 " written=%u dead=%u expired=%u\n", s->number, s->written, s->dead,
           s->expired);
}

static void damaged(void *context, uint64_t number, const char *path)
{
    (void)context;
    printf("damaged %" PRIu64 " %s\n", number, path);
}

static void changed(void *context, const struct sink_status *status)
{
    (void)context;
    printf("status pending=%zu aside=%u lost=%" PRIu64 " restarts=%" PRIu64 " [%s]\n",
           status->pending, status->aside, status->rows_lost, status->restarts, status->text);
}

static void put_done(void *arg, int err)
{
    (void)arg;
    printf("put %s\n", err_text(err));
}

static void check(const char *what, int err)
{
    if (!err)
        return;
    printf("error %s: %s\n", what, err_text(err));
    exit(1);
}

static void end_batch(struct driver *d)
{
    struct slice plain = {d->lines.data, d->lines.len};
    if (d->in_put) {
        int err = sink_put(d->sink, plain, put_done, d);
        if (err)
            printf("put refused: %s\n", err_text(err));
    } else {
        struct batch_facts facts = {
            .number = d->number, .lines = d->n_lines, .readings = d->readings};
        check("batch", batch_write(&d->folder, plain, &facts));
        check("add", sink_add(d->sink, d->number, d->n_lines, d->readings));
    }
    buf_clear(&d->lines);
    d->n_lines = d->readings = 0;
    d->in_batch = d->in_put = false;
}

static void take_line(struct driver *d, const char *line)
{
    uint32_t lines = 0, readings = 0;
    struct line_facts facts = {.fields = 1};
    if ((d->in_batch || d->in_put) && strcmp(line, ".") == 0) {
        end_batch(d);
    } else if (d->in_batch || d->in_put) {
        int no_line = line_look(slice_of(line), &facts);
        d->readings += no_line ? 1 : facts.fields;
        d->n_lines++;
        buf_printf(&d->lines, "%s\n", line);
    } else if (sscanf(line, "batch %" SCNu64, &d->number) == 1) {
        d->in_batch = true;
    } else if (sscanf(line, "file %" SCNu64 " %u %u", &d->number, &lines, &readings) == 3) {
        check("add", sink_add(d->sink, d->number, lines, readings));
    } else if (strcmp(line, "put") == 0) {
        d->in_put = true;
    } else {
        printf("error what is \"%s\"?\n", line);
    }
}

static void take_input(struct driver *d)
{
    size_t used = 0;
    for (;;) {
        char *line = d->unread.data + used;
        char *end = memchr(line, '\n', d->unread.len - used);
        if (!end)
            break;
        *end = '\0';
        take_line(d, line);
        used += (size_t)(end - line) + 1;
    }
    struct buf rest;
    buf_init(&rest, INPUT_MAX);
    buf_put(&rest, d->unread.data + used, d->unread.len - used);
    buf_done(&d->unread);
    d->unread = rest;
}

static void on_input(void *arg, int events)
{
    struct driver *d = arg;
    char bytes[65536];
    (void)events;
    ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    if (got > 0) {
        buf_put(&d->unread, bytes, (size_t)got);
        take_input(d);
    } else {
        loop_stop(d->loop);
    }
}

static void configure(struct driver *d, char **argv)
{
    field_defaults(SINK_FIELDS, SINK_FIELDS_LEN, &d->conf);

    static const struct {
        const char *key;
        int arg;
    } keys[] = {{"kind", 2}, {"url", 3}, {"database", 4}, {"bucket", 4}, {"org", 4}};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char why[FIELD_WHY_MAX] = "";
        const struct field *row = field_find(SINK_FIELDS, SINK_FIELDS_LEN, slice_of(keys[i].key));
        check(keys[i].key, field_set(row, &d->conf, slice_of(argv[keys[i].arg]), why));
    }
    d->folder.path = argv[1];
    memcpy(d->folder.id, "sink-driver-test", BATCH_ID_BYTES);
}

static void open_all(struct driver *d, int64_t confirm_ms)
{
    char why[FIELD_WHY_MAX] = "";
    check("loop", loop_open(&d->loop));
    check("dns", dns_open(d->loop, &d->dns));
    check("http", http_client_open(d->loop, d->dns, 8, &d->http));
    struct sink_setup setup = {
        .loop = d->loop,
        .http = d->http,
        .conf = &d->conf,
        .folder = &d->folder,
        .events = {d, settled, damaged, changed},
        .seed = 1,
        .confirm_ms = confirm_ms,
    };
    check("sink", sink_open(&setup, &d->sink, why));
    check("input", loop_poll_open(d->loop, STDIN_FILENO, on_input, d, &d->input));
    check("input", loop_poll_want(d->input, LOOP_READ));
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return 2;
    struct driver d = {0};
    buf_init(&d.unread, INPUT_MAX);
    buf_init(&d.lines, INPUT_MAX);
    setvbuf(stdout, NULL, _IOLBF, 0);
    configure(&d, argv);
    open_all(&d, argc > 5 ? atoll(argv[5]) : 0);
    loop_run(d.loop);
    sink_close(d.sink);
    loop_poll_close(d.input);
    http_client_close(d.http);
    dns_close(d.dns);
    loop_close(d.loop);
    buf_done(&d.unread);
    buf_done(&d.lines);
    puts("closed");
    return 0;
}
