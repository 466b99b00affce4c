#include "shell/outbox_job.h"

#include "base/err.h"
#include "io/file.h"
#include "shell/outbox_newest.h"
#include "shell/outbox_shrink.h"

enum { RESERVE_BYTES = 256 * 1024 };

int outbox_job_state_path(char ret_path[FILE_PATH_MAX], const char *folder)
{
    return file_join(ret_path, folder, "state");
}

void outbox_job_reserve(const char *folder)
{
    char path[FILE_PATH_MAX];
    int err = file_join(path, folder, "reserve");
    if (!err)
        err = file_reserve(path, RESERVE_BYTES);
    (void)err; /* without it a full disk is met a little earlier, that is all */
}

int outbox_job_give_up_reserve(const char *folder)
{
    char path[FILE_PATH_MAX];
    int err = file_join(path, folder, "reserve");
    return err ? err : file_remove(path);
}

static int write_state(const struct outbox_job *job)
{
    char path[FILE_PATH_MAX];
    int err = outbox_job_state_path(path, job->folder);
    if (!err)
        err = file_replace(path, job->state.data, job->state.len, 0600);
    if (err == ERR_NO_SPACE && outbox_job_give_up_reserve(job->folder) == 0)
        err = file_replace(path, job->state.data, job->state.len, 0600);
    return err;
}

static int append(struct outbox_job *job, struct outbox_shrink *shrink, struct outbox_put *put)
{
    unsigned char head[OUTBOX_RECORD_HEAD];
    struct outbox_record record = put->record;
    struct slice smaller = outbox_shrink_pack(shrink, record.body);
    if (smaller.len > 0) {
        record.plain_bytes = (uint32_t)record.body.len;
        record.body = smaller;
    }
    size_t len = outbox_record_head(&record, head);
    struct slice parts[] = {{(const char *)head, len}, record.body};
    return segment_append(job->writer, parts, 2, &put->end);
}

/* Packs up to the first that fails are appended, then made durable together. */
static void append_all(struct outbox_job *job)
{
    size_t n = 0;
    int err = 0;
    struct outbox_shrink shrink = {0};
    while (!err && n < job->len) {
        err = append(job, &shrink, &job->puts[n]);
        n += !err;
    }
    outbox_shrink_done(&shrink);
    int sync_err = n > 0 ? segment_sync(job->writer) : 0;
    if (sync_err) {
        /* what was in that file may be lost: the same numbers go into a new one */
        int roll_err = segment_roll(job->writer);
        job->put_err = roll_err ? roll_err : sync_err;
        return;
    }
    if (n > 0)
        outbox_newest_note(job->folder, job->puts[n - 1].record.number);
    job->stored = n;
    job->put_err = err;
}

void outbox_job_run(struct outbox_job *job)
{
    job->state_err = job->state.len ? write_state(job) : 0;
    bool freed = job->delete_below > 0 && !job->state_err;
    if (freed && segment_delete_below(job->folder, job->delete_below) != 0)
        freed = false; /* they are below `low`: the next start or removal finds them */
    if (job->reserves && job->state_err)
        job->put_err = job->state_err;
    else
        append_all(job);
    if (freed && !job->put_err)
        outbox_job_reserve(job->folder);
}
