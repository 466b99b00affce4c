#include "base/err.h"
#include "io/segment.h"
#include "io/segment_format.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WINDOW_BYTES = 64 * 1024, NO_FILE = -1 };

/* What stands at a place of a file. */
enum found {
    FOUND_WHOLE, /* checks */
    FOUND_SHORT, /* ends past the end of the file, or zeros up to it: not there yet, or torn */
    FOUND_BAD    /* does not check */
};

/* What one attempt in the open file came to. */
enum outcome {
    OUTCOME_RECORD,  /* a record */
    OUTCOME_SKIPPED, /* one damaged record was reported and is behind */
    OUTCOME_END,     /* nothing more that is whole */
    OUTCOME_REST_BAD /* nothing more that can be read */
};

struct segment_reader {
    char folder[FILE_PATH_MAX];
    unsigned char id[SEGMENT_ID_BYTES];
    struct segment_pos at;
    int fd; /* of file at.number, or NO_FILE */
    unsigned char *window;
    size_t cap, len;        /* of the window */
    uint64_t window_offset; /* where in the file the window begins */
    bool final;             /* a later file was seen: this one will not grow any more */
    uint64_t torn_bytes;
    struct segment_damage damage;
};

int segment_reader_open(const char *folder, const unsigned char id[SEGMENT_ID_BYTES],
                        struct segment_pos from, struct segment_reader **ret_reader)
{
    if (strlen(folder) >= FILE_PATH_MAX)
        return ERR_TOO_LONG;
    struct segment_reader *r = calloc(1, sizeof *r);
    unsigned char *window = malloc(WINDOW_BYTES);
    if (!r || !window) {
        free(r);
        free(window);
        return ERR_NOMEM;
    }
    memcpy(r->folder, folder, strlen(folder) + 1);
    memcpy(r->id, id, sizeof r->id);
    r->at = from;
    r->fd = NO_FILE;
    r->window = window;
    r->cap = WINDOW_BYTES;
    *ret_reader = r;
    return 0;
}

static void leave_file(struct segment_reader *r)
{
    if (r->fd != NO_FILE)
        close(r->fd);
    r->fd = NO_FILE;
    r->len = 0;
    r->final = false;
}

void segment_reader_close(struct segment_reader *r)
{
    if (!r)
        return;
    leave_file(r);
    free(r->window);
    free(r);
}

static int make_window(struct segment_reader *r, size_t needed)
{
    if (needed <= r->cap)
        return 0;
    unsigned char *window = realloc(r->window, needed);
    if (!window)
        return ERR_NOMEM;
    r->window = window;
    r->cap = needed;
    return 0;
}

/* Reads from @p offset until @p needed bytes are in the window or the file ends. */
static int load(struct segment_reader *r, uint64_t offset, size_t needed)
{
    int err = make_window(r, needed);
    r->window_offset = offset;
    r->len = 0;
    while (!err && r->len < needed) {
        ssize_t n = pread(r->fd, r->window + r->len, r->cap - r->len, (off_t)(offset + r->len));
        if (n == 0)
            break;
        if (n > 0)
            r->len += (size_t)n;
        else if (errno != EINTR)
            err = err_from_errno(errno);
    }
    return err;
}

/* The bytes at @p offset, valid until the next look; *ret_left may be fewer than needed at the end.
 */
static int look(struct segment_reader *r, uint64_t offset, size_t needed,
                const unsigned char **ret_bytes, size_t *ret_left)
{
    bool inside = offset >= r->window_offset && offset + needed <= r->window_offset + r->len;
    int err = inside ? 0 : load(r, offset, needed);
    if (err)
        return err;
    size_t skip = (size_t)(offset - r->window_offset);
    *ret_bytes = r->window + skip;
    *ret_left = r->len - skip;
    return 0;
}

static bool all_zero(const unsigned char *bytes, size_t len)
{
    return len == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0);
}

/* A file system that lost power may have made the file longer before its bytes were written. */
static int zeros_to_the_end(struct segment_reader *r, uint64_t offset, bool *ret_zeros)
{
    const unsigned char *bytes;
    size_t left;
    do {
        int err = look(r, offset, WINDOW_BYTES, &bytes, &left);
        if (err)
            return err;
        if (!all_zero(bytes, left)) {
            *ret_zeros = false;
            return 0;
        }
        offset += left;
    } while (left >= WINDOW_BYTES);
    *ret_zeros = true;
    return 0;
}

/* What to call bytes that do not check. */
static int bad_or_torn(struct segment_reader *r, uint64_t offset, enum found *ret_found)
{
    bool zeros = false;
    int err = zeros_to_the_end(r, offset, &zeros);
    if (!err)
        *ret_found = zeros ? FOUND_SHORT : FOUND_BAD;
    return err;
}

static int find_record(struct segment_reader *r, uint64_t offset, enum found *ret_found,
                       struct slice *ret_record)
{
    const unsigned char *bytes;
    size_t left;
    int err = look(r, offset, SEGMENT_RECORD_HEAD, &bytes, &left);
    *ret_found = FOUND_SHORT;
    if (err || left < SEGMENT_RECORD_HEAD)
        return err;
    uint32_t len = segment_record_len(bytes);
    if (len == 0 || len > SEGMENT_RECORD_MAX)
        return bad_or_torn(r, offset, ret_found);
    err = look(r, offset, SEGMENT_RECORD_HEAD + len, &bytes, &left);
    if (err || left < SEGMENT_RECORD_HEAD + len)
        return err;
    if (!segment_record_checks(bytes, bytes + SEGMENT_RECORD_HEAD)) {
        *ret_found = FOUND_BAD;
        *ret_record = (struct slice){NULL, len};
        return 0;
    }
    *ret_found = FOUND_WHOLE;
    *ret_record = (struct slice){(const char *)bytes + SEGMENT_RECORD_HEAD, len};
    return 0;
}

static int find_head(struct segment_reader *r, enum found *ret_found, int *ret_why)
{
    const unsigned char *bytes;
    size_t left;
    int err = look(r, 0, SEGMENT_FILE_HEAD, &bytes, &left);
    *ret_found = FOUND_SHORT;
    if (err || left < SEGMENT_FILE_HEAD)
        return err;
    *ret_why = segment_check_file_head(bytes, r->id, r->at.number);
    *ret_found = FOUND_WHOLE;
    return *ret_why ? bad_or_torn(r, 0, ret_found) : 0;
}

/* Opens file at.number, or the first behind it that is there. */
static int enter_file(struct segment_reader *r)
{
    char path[FILE_PATH_MAX];
    for (;;) {
        int err = segment_path(path, r->folder, r->at.number, "seg");
        if (err)
            return err;
        r->fd = r->at.number == 0 ? NO_FILE : open(path, O_RDONLY | O_CLOEXEC);
        if (r->fd != NO_FILE)
            return 0;
        if (r->at.number != 0 && errno != ENOENT)
            return err_from_errno(errno);
        uint64_t next = 0;
        err = segment_following(r->folder, r->at.number, &next);
        if (err || next == 0)
            return err ? err : ERR_END;
        r->at = (struct segment_pos){.number = next};
    }
}

static uint64_t file_size(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

/* Keeps the damaged file under a second name. A file system without hard links keeps only the
 * first, until it is deleted as read. */
static void quarantine(struct segment_reader *r, uint64_t offset, uint64_t bytes, int err)
{
    char path[FILE_PATH_MAX];
    r->damage = (struct segment_damage){.offset = offset, .bytes = bytes, .err = err};
    if (segment_path(path, r->folder, r->at.number, "seg") != 0 ||
        segment_path(r->damage.path, r->folder, r->at.number, "bad") != 0)
        return;
    if (link(path, r->damage.path) != 0 && errno != EEXIST)
        memcpy(r->damage.path, path, sizeof path);
}

/* Past a bad record of known length, if the one behind it checks. */
static int skip_one(struct segment_reader *r, size_t len, bool *ret_skipped)
{
    enum found behind;
    struct slice record;
    uint64_t bytes = SEGMENT_RECORD_HEAD + len;
    int err = find_record(r, r->at.offset + bytes, &behind, &record);
    *ret_skipped = !err && behind == FOUND_WHOLE;
    if (*ret_skipped) {
        quarantine(r, r->at.offset, bytes, ERR_CORRUPT);
        r->at.offset += bytes;
    }
    return err;
}

/* The last record of the newest file may be under way: it is damage only once something follows. */
static bool may_be_under_way(const struct segment_reader *r, size_t len)
{
    return !r->final && len > 0 && r->at.offset + SEGMENT_RECORD_HEAD + len >= file_size(r->fd);
}

static int judge_bad_record(struct segment_reader *r, size_t len, enum outcome *ret_outcome)
{
    *ret_outcome = OUTCOME_END;
    if (may_be_under_way(r, len))
        return 0;
    bool skipped = false;
    int err = len > 0 ? skip_one(r, len, &skipped) : 0;
    *ret_outcome = skipped ? OUTCOME_SKIPPED : OUTCOME_REST_BAD;
    r->damage.err = ERR_CORRUPT;
    return err;
}

/* Takes the next record of the open file. */
static int try_record(struct segment_reader *r, struct slice *ret_record, enum outcome *ret_outcome)
{
    enum found found;
    struct slice record = {0};
    int err = find_record(r, r->at.offset, &found, &record);
    if (err)
        return err;
    if (found == FOUND_BAD)
        return judge_bad_record(r, record.len, ret_outcome);
    *ret_outcome = found == FOUND_WHOLE ? OUTCOME_RECORD : OUTCOME_END;
    if (found == FOUND_WHOLE) {
        r->at.offset += SEGMENT_RECORD_HEAD + record.len;
        *ret_record = record;
    }
    return 0;
}

static int try_file(struct segment_reader *r, struct slice *ret_record, enum outcome *ret_outcome)
{
    if (r->at.offset > 0)
        return try_record(r, ret_record, ret_outcome);
    enum found found;
    int err = find_head(r, &found, &r->damage.err);
    if (err || found != FOUND_WHOLE) {
        *ret_outcome = found == FOUND_BAD ? OUTCOME_REST_BAD : OUTCOME_END;
        return err;
    }
    r->at.offset = SEGMENT_FILE_HEAD;
    return try_record(r, ret_record, ret_outcome);
}

static uint64_t bytes_left(const struct segment_reader *r)
{
    uint64_t size = file_size(r->fd);
    return size > r->at.offset ? size - r->at.offset : 0;
}

/* Leaves a file of which nothing more is to be had, or waits at its end while it is the newest.
 * 0: look on. */
static int end_of_file(struct segment_reader *r, enum outcome outcome)
{
    uint64_t next = 0;
    int err = segment_following(r->folder, r->at.number, &next);
    int why = outcome == OUTCOME_REST_BAD ? r->damage.err : 0;
    r->len = 0; /* the end may have moved: what follows is read anew */
    if (!err && next != 0 && !r->final) {
        /* Only what a file holds after the next one exists is all it will ever hold. */
        r->final = true;
        return 0;
    }
    if (!err && why)
        quarantine(r, r->at.offset, bytes_left(r), why);
    if (err || next == 0)
        return err ? err : why ? why : ERR_END;
    if (!why)
        r->torn_bytes += bytes_left(r);
    leave_file(r);
    r->at = (struct segment_pos){.number = next};
    return why;
}

int segment_next(struct segment_reader *r, struct slice *ret_record)
{
    int err = 0;
    while (!err) {
        enum outcome outcome = OUTCOME_END;
        err = r->fd == NO_FILE ? enter_file(r) : 0;
        if (!err)
            err = try_file(r, ret_record, &outcome);
        if (!err && outcome == OUTCOME_RECORD)
            return 0;
        if (!err)
            err = outcome == OUTCOME_SKIPPED ? ERR_CORRUPT : end_of_file(r, outcome);
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
