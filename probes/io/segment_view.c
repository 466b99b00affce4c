#include "io/segment_view.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WINDOW_BYTES = 64 * 1024, SEARCH_BYTES = 64 * 1024 * 1024 };

int segment_view_init(struct segment_view *v)
{
    *v = (struct segment_view){.fd = -1, .cap = WINDOW_BYTES};
    v->window = malloc(WINDOW_BYTES);
    return v->window ? 0 : ERR_NOMEM;
}

void segment_view_done(struct segment_view *v)
{
    segment_view_close(v);
    free(v->window);
}

int segment_view_open(struct segment_view *v, const char *path)
{
    v->fd = open(path, O_RDONLY | O_CLOEXEC);
    return v->fd < 0 ? err_from_errno(errno) : 0;
}

void segment_view_close(struct segment_view *v)
{
    if (v->fd >= 0)
        close(v->fd);
    v->fd = -1;
    v->len = 0;
}

void segment_view_forget(struct segment_view *v)
{
    v->len = 0;
}

uint64_t segment_view_size(const struct segment_view *v)
{
    struct stat st;
    return fstat(v->fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static int make_window(struct segment_view *v, size_t needed)
{
    if (needed <= v->cap)
        return 0;
    unsigned char *window = realloc(v->window, needed);
    if (!window)
        return ERR_NOMEM;
    v->window = window;
    v->cap = needed;
    return 0;
}

/* Reads from @p offset until @p needed bytes are in the window or the file ends. */
static int load(struct segment_view *v, uint64_t offset, size_t needed)
{
    int err = make_window(v, needed);
    v->window_offset = offset;
    v->len = 0;
    while (!err && v->len < needed) {
        ssize_t n = pread(v->fd, v->window + v->len, v->cap - v->len, (off_t)(offset + v->len));
        if (n == 0)
            break;
        if (n > 0)
            v->len += (size_t)n;
        else if (errno != EINTR)
            err = err_from_errno(errno);
    }
    return err;
}

/* The bytes at @p offset, valid until the next look; *ret_left may be fewer than needed at the end.
 */
static int look(struct segment_view *v, uint64_t offset, size_t needed,
                const unsigned char **ret_bytes, size_t *ret_left)
{
    bool inside = offset >= v->window_offset && offset + needed <= v->window_offset + v->len;
    int err = inside ? 0 : load(v, offset, needed);
    if (err)
        return err;
    size_t skip = (size_t)(offset - v->window_offset);
    *ret_bytes = v->window + skip;
    *ret_left = v->len - skip;
    return 0;
}

static bool all_zero(const unsigned char *bytes, size_t len)
{
    return len == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0);
}

/* A file system that lost power may have made the file longer before its bytes were written. */
static int zeros_to_the_end(struct segment_view *v, uint64_t offset, bool *ret_zeros)
{
    const unsigned char *bytes;
    size_t left;
    do {
        int err = look(v, offset, WINDOW_BYTES, &bytes, &left);
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
static int bad_or_torn(struct segment_view *v, uint64_t offset, enum segment_found *ret_found)
{
    bool zeros = false;
    int err = zeros_to_the_end(v, offset, &zeros);
    if (!err)
        *ret_found = zeros ? SEGMENT_SHORT : SEGMENT_BAD;
    return err;
}

static bool is_length(uint32_t len)
{
    return len > 0 && len <= SEGMENT_RECORD_MAX;
}

int segment_view_record(struct segment_view *v, uint64_t offset, enum segment_found *ret_found,
                        struct slice *ret_record)
{
    const unsigned char *bytes;
    size_t left;
    int err = look(v, offset, SEGMENT_RECORD_HEAD, &bytes, &left);
    *ret_found = SEGMENT_SHORT;
    *ret_record = (struct slice){NULL, 0};
    if (err || left < SEGMENT_RECORD_HEAD)
        return err;
    uint32_t len = segment_record_len(bytes);
    if (!is_length(len))
        return bad_or_torn(v, offset, ret_found);
    err = look(v, offset, SEGMENT_RECORD_HEAD + len, &bytes, &left);
    if (err || left < SEGMENT_RECORD_HEAD + len)
        return err;
    bool checks = segment_record_checks(bytes, v->salt, offset, bytes + SEGMENT_RECORD_HEAD);
    *ret_found = checks ? SEGMENT_WHOLE : SEGMENT_BAD;
    *ret_record = (struct slice){checks ? (const char *)bytes + SEGMENT_RECORD_HEAD : NULL, len};
    return 0;
}

int segment_view_head(struct segment_view *v, const unsigned char id[SEGMENT_ID_BYTES],
                      uint64_t number, enum segment_found *ret_found, int *ret_why)
{
    const unsigned char *bytes;
    size_t left;
    uint16_t version = SEGMENT_VERSION;
    v->salt = segment_salt(id, number, version);
    int err = look(v, 0, SEGMENT_FILE_HEAD, &bytes, &left);
    *ret_found = SEGMENT_SHORT;
    if (err || left < SEGMENT_FILE_HEAD)
        return err;
    *ret_why = segment_check_file_head(bytes, id, number, &version);
    *ret_found = SEGMENT_WHOLE;
    v->salt = segment_salt(id, number, version);
    return *ret_why ? bad_or_torn(v, 0, ret_found) : 0;
}

/* The first place from @p offset on that may be the head of a record which ends within @p size. */
static int next_candidate(struct segment_view *v, uint64_t offset, uint64_t size,
                          uint64_t *ret_offset)
{
    for (; offset + SEGMENT_RECORD_HEAD < size; offset++) {
        const unsigned char *bytes;
        size_t left;
        int err = look(v, offset, SEGMENT_RECORD_HEAD, &bytes, &left);
        if (err || left < SEGMENT_RECORD_HEAD)
            return err ? err : ERR_END;
        uint32_t len = segment_record_len(bytes);
        if (is_length(len) && offset + SEGMENT_RECORD_HEAD + len <= size) {
            *ret_offset = offset;
            return 0;
        }
    }
    return ERR_END;
}

int segment_view_resync(struct segment_view *v, uint64_t offset, uint64_t *ret_offset)
{
    uint64_t size = segment_view_size(v), tried = 0;
    int err = next_candidate(v, offset, size, &offset);
    while (!err) {
        enum segment_found found;
        struct slice record;
        err = segment_view_record(v, offset, &found, &record);
        if (!err && found == SEGMENT_WHOLE) {
            *ret_offset = offset;
            return 0;
        }
        tried += SEGMENT_RECORD_HEAD + record.len;
        if (!err)
            err = tried > SEARCH_BYTES ? ERR_END : next_candidate(v, offset + 1, size, &offset);
    }
    return err;
}

int segment_view_claimed(struct segment_view *v, uint64_t offset, uint64_t end,
                         uint64_t *ret_records)
{
    uint64_t records = 0;
    while (offset < end) {
        const unsigned char *bytes;
        size_t left;
        int err = look(v, offset, SEGMENT_RECORD_HEAD, &bytes, &left);
        if (err)
            return err;
        uint32_t len = left < SEGMENT_RECORD_HEAD ? 0 : segment_record_len(bytes);
        records++;
        offset += SEGMENT_RECORD_HEAD + len;
        if (!is_length(len) || offset > end)
            records = offset = end = 0;
    }
    *ret_records = records;
    return 0;
}
