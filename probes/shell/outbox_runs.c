#include "shell/outbox_runs.h"

#include "base/err.h"
#include "io/log.h"
#include "io/segment.h"

/* A run is a file of packs, and a restart begins one: far more than the bound ever leaves. */
enum { RUNS_MAX = 1 << 16 };

void outbox_runs_init(struct outbox_runs *r)
{
    *r = (struct outbox_runs){.running_ms = 0};
    vec_init(&r->runs, sizeof(struct outbox_run), RUNS_MAX);
    vec_init(&r->files, sizeof(uint64_t), RUNS_MAX);
}

void outbox_runs_done(struct outbox_runs *r)
{
    vec_done(&r->runs);
    vec_done(&r->files);
}

size_t outbox_runs_len(const struct outbox_runs *r)
{
    return r->runs.len;
}

const struct outbox_run *outbox_runs_all(const struct outbox_runs *r)
{
    return r->runs.items;
}

static struct outbox_run *run_at(const struct outbox_runs *r, size_t i)
{
    return vec_at(&r->runs, i);
}

uint64_t outbox_runs_file(const struct outbox_runs *r, size_t i)
{
    return *(const uint64_t *)vec_at(&r->files, i);
}

uint64_t outbox_runs_last(const struct outbox_runs *r)
{
    return r->runs.len ? run_at(r, r->runs.len - 1)->last : 0;
}

uint64_t outbox_runs_given(const struct outbox_runs *r, uint64_t reserved)
{
    uint64_t last = outbox_runs_last(r);
    uint64_t given = r->claimed > last ? r->claimed : last;
    return r->unsure && reserved > given ? reserved : given;
}

static struct outbox_run *new_run(struct outbox_runs *r, uint64_t file, uint64_t first)
{
    uint64_t *number = vec_push(&r->files);
    struct outbox_run *run = number ? vec_push(&r->runs) : NULL;
    if (!run) {
        if (number)
            vec_remove(&r->files, r->files.len - 1, 1);
        return NULL;
    }
    *number = file;
    run->first = first;
    return run;
}

int outbox_runs_add(struct outbox_runs *r, uint64_t file, uint64_t bytes,
                    const struct outbox_record *record)
{
    if (record->number <= outbox_runs_last(r))
        return 0;
    size_t len = r->runs.len;
    bool same = len > 0 && outbox_runs_file(r, len - 1) == file;
    struct outbox_run *run = same ? run_at(r, len - 1) : new_run(r, file, record->number);
    if (!run)
        return ERR_NOMEM;
    run->last = record->number;
    run->bytes = (int64_t)bytes;
    run->running_ms = record->running_ms;
    r->unsure = false; /* numbers rise by one: this one tells how many were before it */
    r->running_ms = record->running_ms;
    return 0;
}

size_t outbox_runs_find(const struct outbox_runs *r, uint64_t number)
{
    size_t i = 0;
    while (i < r->runs.len && run_at(r, i)->last < number)
        i++;
    return i;
}

uint64_t outbox_runs_forget(struct outbox_runs *r, uint64_t low)
{
    size_t n = 0;
    while (n + 1 < r->runs.len && run_at(r, n)->last < low)
        n++;
    if (n == 0)
        return 0;
    vec_remove(&r->runs, 0, n);
    vec_remove(&r->files, 0, n);
    return outbox_runs_file(r, 0);
}

uint64_t outbox_runs_damage(const struct segment_reader *reader, uint64_t told)
{
    const struct segment_damage *damage = segment_damaged(reader);
    struct segment_pos at = segment_at(reader);
    uint64_t mark = at.number << 32 ^ (damage->offset + damage->bytes + 1);
    if (mark != told)
        log_event(LOG_ERROR, "outbox.damaged",
                  "file=%s offset=%llu bytes=%llu why=%s do=\"check the disk; the rest goes on\"",
                  damage->path, (unsigned long long)damage->offset,
                  (unsigned long long)damage->bytes, err_text(damage->err));
    return mark;
}

static int take_record(struct outbox_runs *r, const struct segment_reader *reader,
                       struct slice bytes)
{
    struct outbox_record record;
    struct segment_pos at = segment_at(reader);
    int err = outbox_record_read(bytes, &record);
    if (!err)
        return outbox_runs_add(r, at.number, at.offset, &record);
    log_event(LOG_ERROR, "outbox.record", "file=%llu offset=%llu why=%s",
              (unsigned long long)at.number, (unsigned long long)at.offset, err_text(err));
    return 0;
}

/* @p packs behind the last number had the next ones. */
static void claim(struct outbox_runs *r, uint64_t packs)
{
    uint64_t last = outbox_runs_last(r);
    r->claimed = (r->claimed > last ? r->claimed : last) + packs;
}

static bool same_damage(struct outbox_runs *r, const struct segment_reader *reader, uint64_t *told)
{
    uint64_t mark = outbox_runs_damage(reader, *told);
    if (mark == *told)
        return true;
    *told = mark;
    const struct segment_damage *damage = segment_damaged(reader);
    claim(r, damage->records);
    r->unsure = r->unsure || (damage->records == 0 && damage->err == ERR_CORRUPT);
    return false;
}

int outbox_runs_scan(struct outbox_runs *r, const char *folder)
{
    struct segment_reader *reader = NULL;
    static const unsigned char id[SEGMENT_ID_BYTES + 1] = OUTBOX_RUNS_ID;
    uint64_t damage = 0, tails = 0;
    int err = segment_reader_open(folder, id, (struct segment_pos){0}, &reader);
    while (!err) {
        struct slice bytes;
        err = segment_next(reader, &bytes);
        claim(r, segment_tails(reader) - tails);
        tails = segment_tails(reader);
        if (!err)
            err = take_record(r, reader, bytes);
        else if (err == ERR_CORRUPT || err == ERR_VERSION)
            err = same_damage(r, reader, &damage) ? ERR_END : 0;
    }
    segment_reader_close(reader);
    return err == ERR_END ? 0 : err;
}
