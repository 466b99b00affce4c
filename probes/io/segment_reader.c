#include "base/err.h"
#include "io/segment.h"
#include "io/segment_view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What one attempt in the open file came to. */
enum outcome {
    OUTCOME_RECORD,  /* a record */
    OUTCOME_SKIPPED, /* damage was reported and is behind */
    OUTCOME_GROWN,   /* what was not whole may be by now */
    OUTCOME_END,     /* nothing more that is whole */
    OUTCOME_REST_BAD /* nothing more that can be read */
};

struct segment_reader {
    char folder[FILE_PATH_MAX];
    unsigned char id[SEGMENT_ID_BYTES];
    struct segment_pos at;
    struct segment_view file; /* at.number */
    bool final;               /* a later file was seen: this one will not grow any more */
    uint64_t torn_bytes;
    uint64_t tails;
    struct segment_damage damage;
};

int segment_reader_open(const char *folder, const unsigned char id[SEGMENT_ID_BYTES],
                        struct segment_pos from, struct segment_reader **ret_reader)
{
    if (strlen(folder) >= FILE_PATH_MAX)
        return ERR_TOO_LONG;
    struct segment_reader *r = calloc(1, sizeof *r);
    if (!r)
        return ERR_NOMEM;
    int err = segment_view_init(&r->file);
    if (err) {
        free(r);
        return err;
    }
    memcpy(r->folder, folder, strlen(folder) + 1);
    memcpy(r->id, id, sizeof r->id);
    r->at = from;
    *ret_reader = r;
    return 0;
}

static void leave_file(struct segment_reader *r)
{
    segment_view_close(&r->file);
    r->final = false;
}

void segment_reader_close(struct segment_reader *r)
{
    if (!r)
        return;
    segment_view_done(&r->file);
    free(r);
}

/* A reader that begins within a file needs no more of its head than how its records are checked. */
static int open_file(struct segment_reader *r, const char *path)
{
    enum segment_found found;
    int why;
    int err = segment_view_open(&r->file, path);
    if (!err && r->at.offset > 0)
        err = segment_view_head(&r->file, r->id, r->at.number, &found, &why);
    return err;
}

/* Opens file at.number, or the first behind it that is there. */
static int enter_file(struct segment_reader *r)
{
    char path[FILE_PATH_MAX];
    for (;;) {
        int err = segment_path(path, r->folder, r->at.number, "seg");
        if (err)
            return err;
        err = r->at.number == 0 ? ERR_NOT_FOUND : open_file(r, path);
        if (err != ERR_NOT_FOUND)
            return err;
        uint64_t next = 0;
        err = segment_following(r->folder, r->at.number, &next);
        if (err || next == 0)
            return err ? err : ERR_END;
        r->at = (struct segment_pos){.number = next};
    }
}

/* Keeps the damaged file under a second name. A file system without hard links keeps only the
 * first, until it is deleted as read. */
static void quarantine(struct segment_reader *r, uint64_t bytes, int err)
{
    char path[FILE_PATH_MAX];
    r->damage = (struct segment_damage){.offset = r->at.offset, .bytes = bytes, .err = err};
    if (segment_view_claimed(&r->file, r->at.offset, r->at.offset + bytes, &r->damage.records) != 0)
        r->damage.records = 0;
    if (segment_path(path, r->folder, r->at.number, "seg") != 0 ||
        segment_path(r->damage.path, r->folder, r->at.number, "bad") != 0)
        return;
    if (link(path, r->damage.path) != 0 && errno != EEXIST)
        memcpy(r->damage.path, path, sizeof path);
}

/* The last record of the newest file may be under way: it is damage only once something follows. */
static bool may_be_under_way(const struct segment_reader *r, size_t len)
{
    return !r->final && len > 0 &&
           r->at.offset + SEGMENT_RECORD_HEAD + len >= segment_view_size(&r->file);
}

/* Nothing that checks follows: is it not there yet, torn, or damaged? */
static enum outcome judge_rest(struct segment_reader *r, enum segment_found found, size_t len)
{
    if (found == SEGMENT_SHORT || may_be_under_way(r, len))
        return OUTCOME_END;
    r->damage.err = ERR_CORRUPT;
    return OUTCOME_REST_BAD;
}

/* What a writer was writing when it was looked at may be whole by now. */
static int look_again(struct segment_reader *r, bool *ret_whole)
{
    enum segment_found found;
    struct slice record;
    segment_view_forget(&r->file);
    int err = segment_view_record(&r->file, r->at.offset, &found, &record);
    *ret_whole = !err && found == SEGMENT_WHOLE;
    return err;
}

/* Past what does not check, if something behind it does. */
static int go_past(struct segment_reader *r, enum segment_found found, size_t len,
                   enum outcome *ret_outcome)
{
    bool within = r->at.offset > 0, whole = false;
    uint64_t next = within ? r->at.offset + 1 : SEGMENT_FILE_HEAD;
    int err = segment_view_resync(&r->file, next, &next);
    if (err == ERR_END) {
        *ret_outcome = judge_rest(r, found, len);
        return 0;
    }
    if (!err && within)
        err = look_again(r, &whole);
    if (err)
        return err;
    *ret_outcome = whole ? OUTCOME_GROWN : OUTCOME_SKIPPED;
    if (!whole) {
        quarantine(r, next - r->at.offset, ERR_CORRUPT);
        r->at.offset = next;
    }
    return 0;
}

/* Takes the next record of the open file. */
static int try_record(struct segment_reader *r, struct slice *ret_record, enum outcome *ret_outcome)
{
    enum segment_found found;
    struct slice record;
    int err = segment_view_record(&r->file, r->at.offset, &found, &record);
    if (err)
        return err;
    if (found != SEGMENT_WHOLE)
        return go_past(r, found, record.len, ret_outcome);
    *ret_outcome = OUTCOME_RECORD;
    r->at.offset += SEGMENT_RECORD_HEAD + record.len;
    *ret_record = record;
    return 0;
}

static int try_file(struct segment_reader *r, struct slice *ret_record, enum outcome *ret_outcome)
{
    if (r->at.offset > 0)
        return try_record(r, ret_record, ret_outcome);
    enum segment_found found;
    int err = segment_view_head(&r->file, r->id, r->at.number, &found, &r->damage.err);
    if (err)
        return err;
    if (found == SEGMENT_BAD && r->damage.err == ERR_CORRUPT)
        return go_past(r, found, 0, ret_outcome);
    if (found != SEGMENT_WHOLE) {
        *ret_outcome = found == SEGMENT_BAD ? OUTCOME_REST_BAD : OUTCOME_END;
        return 0;
    }
    r->at.offset = SEGMENT_FILE_HEAD;
    return try_record(r, ret_record, ret_outcome);
}

static uint64_t bytes_left(const struct segment_reader *r)
{
    uint64_t size = segment_view_size(&r->file);
    return size > r->at.offset ? size - r->at.offset : 0;
}

/* Leaves a file of which nothing more is to be had, or waits at its end while it is the newest.
 * 0: look on. */
static int end_of_file(struct segment_reader *r, enum outcome outcome)
{
    uint64_t next = 0;
    int err = segment_following(r->folder, r->at.number, &next);
    int why = outcome == OUTCOME_REST_BAD ? r->damage.err : 0;
    segment_view_forget(&r->file); /* the end may have moved: what follows is read anew */
    if (!err && next != 0 && !r->final) {
        /* Only what a file holds after the next one exists is all it will ever hold. */
        r->final = true;
        return 0;
    }
    if (!err && why)
        quarantine(r, bytes_left(r), why);
    if (err || next == 0)
        return err ? err : why ? why : ERR_END;
    if (!why) {
        r->torn_bytes += bytes_left(r);
        r->tails += r->at.offset > 0 && bytes_left(r) > 0;
    }
    leave_file(r);
    r->at = (struct segment_pos){.number = next};
    return why;
}

int segment_next(struct segment_reader *r, struct slice *ret_record)
{
    int err = 0;
    while (!err) {
        enum outcome outcome = OUTCOME_END;
        err = r->file.fd < 0 ? enter_file(r) : 0;
        if (!err)
            err = try_file(r, ret_record, &outcome);
        if (!err && outcome == OUTCOME_RECORD)
            return 0;
        if (!err && outcome == OUTCOME_SKIPPED)
            return ERR_CORRUPT;
        if (!err && outcome != OUTCOME_GROWN)
            err = end_of_file(r, outcome);
    }
    return err;
}

struct segment_pos segment_at(const struct segment_reader *r)
{
    return r->at;
}

const struct segment_damage *segment_damaged(const struct segment_reader *r)
{
    return &r->damage;
}

uint64_t segment_torn(const struct segment_reader *r)
{
    return r->torn_bytes;
}

uint64_t segment_tails(const struct segment_reader *r)
{
    return r->tails;
}
