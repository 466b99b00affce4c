/* outbox_truth FOLDER: prints every record of an outbox's segment files, one a line:
 *
 *     number TAB boot TAB kind TAB running_ms TAB readings TAB file TAB end TAB pack
 *
 * The chaos run reads with it what a real probe durably held, from copies of its files and with the
 * probe's own reader, so that a change of the format cannot make the truth and the probe differ.
 * FOLDER may hold a file `clocks` ("boot offset_ms" a line): packs stored by monotonic time are
 * printed as they were sent, those of a boot without a clock with an empty pack. Damage goes to
 * stderr and is passed over. */
#include "base/err.h"
#include "base/num.h"
#include "io/file.h"
#include "io/segment.h"
#include "shell/outbox_record.h"
#include "shell/outbox_render.h"
#include "shell/outbox_runs.h"
#include "shell/outbox_shrink.h"
#include "wire/pack.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CLOCKS_MAX = 4096, CLOCKS_BYTES = 1 << 20 };

/* Offsets of boots. */
struct clocks {
    struct {
        uint64_t boot;
        int64_t offset_ms;
    } row[CLOCKS_MAX];

    size_t len;
};

static int read_clocks(const char *folder, struct clocks *c)
{
    char path[FILE_PATH_MAX];
    struct buf text;
    buf_init(&text, CLOCKS_BYTES);
    int err = file_join(path, folder, "clocks");
    if (!err)
        err = file_read(path, &text);
    for (const char *at = text.len ? text.data : ""; *at && c->len < CLOCKS_MAX;) {
        const char *end = strchr(at, '\n');
        if (sscanf(at, "%" SCNx64 " %" SCNd64, &c->row[c->len].boot, &c->row[c->len].offset_ms) ==
            2)
            c->len++;
        at = end ? end + 1 : "";
    }
    buf_done(&text);
    return err == ERR_NOT_FOUND ? 0 : err;
}

/* The pack as it was put, also if the outbox made it smaller. */
static int make_plain(struct outbox_record *record, struct buf *plain)
{
    if (record->plain_bytes == 0)
        return 0;
    int err = outbox_shrink_undo(record->body, record->plain_bytes, plain);
    record->body = (struct slice){plain->data, plain->len};
    return err;
}

/* The pack as it was sent: absolute times, or nothing if it never got any. */
static int as_sent(const struct outbox_record *record, const struct clocks *c, struct buf *out)
{
    buf_clear(out);
    if (record->kind == OUTBOX_TIMED)
        buf_put(out, record->body.at, record->body.len);
    for (size_t i = 0; record->kind == OUTBOX_MONOTONIC && i < c->len; i++)
        if (c->row[i].boot == record->boot)
            return outbox_render(record->body, c->row[i].offset_ms, out);
    return out->err;
}

static int print(const struct outbox_record *r, struct segment_pos at, const struct clocks *c,
                 struct buf *out)
{
    int err = as_sent(r, c, out);
    if (err)
        return err;
    printf("%" PRIu64 "\t%016" PRIx64 "\t%d\t%" PRId64 "\t%" PRIu32 "\t%" PRIu64 "\t%" PRIu64 "\t",
           r->number, r->boot, (int)r->kind, r->running_ms, r->readings, at.number, at.offset);
    printf("%.*s\n", (int)out->len, out->len ? out->data : "");
    return 0;
}

static int print_plain(struct outbox_record *record, struct segment_pos at, const struct clocks *c,
                       struct buf *out)
{
    struct buf plain;
    buf_init(&plain, PACK_BYTES_MAX);
    int err = make_plain(record, &plain);
    if (!err)
        err = print(record, at, c, out);
    buf_done(&plain);
    return err;
}

static int print_all(struct segment_reader *reader, const struct clocks *clocks, struct buf *out)
{
    uint64_t met = 0;
    for (;;) {
        struct slice bytes;
        struct outbox_record record;
        int err = segment_next(reader, &bytes);
        if (err == ERR_CORRUPT || err == ERR_VERSION) {
            uint64_t mark = outbox_runs_damage(reader, met);
            if (mark == met)
                return 0;
            met = mark;
            continue;
        }
        if (!err)
            err = outbox_record_read(bytes, &record);
        if (!err)
            err = print_plain(&record, segment_at(reader), clocks, out);
        if (err)
            return err == ERR_END ? 0 : err;
    }
}

int main(int argc, char *argv[])
{
    static struct clocks clocks;
    unsigned char id[SEGMENT_ID_BYTES];
    struct segment_reader *reader = NULL;
    struct segment_pos start = {0};
    struct buf out;
    if (argc != 2) {
        fprintf(stderr, "usage: outbox_truth FOLDER\n");
        return 2;
    }
    memcpy(id, OUTBOX_RUNS_ID, sizeof id);
    buf_init(&out, 2 * PACK_BYTES_MAX);
    int err = read_clocks(argv[1], &clocks);
    if (!err)
        err = segment_reader_open(argv[1], id, start, &reader);
    if (!err)
        err = print_all(reader, &clocks, &out);
    if (err)
        fprintf(stderr, "outbox_truth: %s: %s\n", argv[1], err_text(err));
    segment_reader_close(reader);
    buf_done(&out);
    return err ? 1 : 0;
}
