/* Segment files as a disk may give them back: two files whose records are the input, behind a good
 * head unless the first byte says otherwise. Reading ends, goes forward only, gives records that
 * lie in the files, and from any position on gives what it gave before. */
#include "base/err.h"
#include "check.h"
#include "folder.h"
#include "io/segment_format.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { RECORDS_MAX = 1024, NO_HEAD = 1, TWO_FILES = 2, WRITER_FOLLOWS = 4 };

static const unsigned char ID[SEGMENT_ID_BYTES + 1] = "fuzzed segments!";

/* What a reading gave. */
struct story {
    size_t n;
    struct segment_pos behind[RECORDS_MAX];
    size_t len[RECORDS_MAX];
};

static void write_file(const char *folder, uint64_t number, bool head, const uint8_t *bytes,
                       size_t n)
{
    char path[FILE_PATH_MAX];
    unsigned char file_head[SEGMENT_FILE_HEAD];
    check(segment_path(path, folder, number, "seg") == 0, "the path fits");
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    check(fd >= 0, "the file opens");
    segment_put_file_head(file_head, ID, number);
    if (head)
        check(write(fd, file_head, sizeof file_head) == (ssize_t)sizeof file_head, "head written");
    check(write(fd, n ? bytes : file_head, n) == (ssize_t)n, "bytes written");
    close(fd);
}

/* Damage of the newest file is told until a writer leaves it: twice at one place is the end. */
static bool goes_on(const struct segment_reader *reader, int err, struct segment_pos *last)
{
    struct segment_pos at = segment_at(reader);
    bool moved = segment_pos_compare(at, *last) > 0;
    check(segment_pos_compare(at, *last) >= 0, "a reader goes forward only");
    *last = at;
    return err == 0 || ((err == ERR_CORRUPT || err == ERR_VERSION) && moved);
}

static void read_from(const char *folder, struct segment_pos from, struct story *story)
{
    struct segment_reader *reader = NULL;
    struct segment_pos last = from;
    struct slice record;
    int err = segment_reader_open(folder, ID, from, &reader);
    check(err == 0, "the reader opens");
    story->n = 0;
    do {
        err = segment_next(reader, &record);
        if (err)
            continue;
        check(record.len > 0 && record.len <= SEGMENT_RECORD_MAX, "a record has a length");
        check(story->n < RECORDS_MAX, "no more records than bytes");
        story->behind[story->n] = segment_at(reader);
        story->len[story->n++] = record.len;
    } while (goes_on(reader, err, &last));
    check(err == ERR_END || err == ERR_CORRUPT || err == ERR_VERSION, "reading ends");
    segment_reader_close(reader);
}

/* From behind each record the rest is what it was. */
static void read_again(const char *folder, const struct story *all)
{
    static struct story rest;
    for (size_t i = 0; i < all->n && i < 8; i++) {
        read_from(folder, all->behind[i], &rest);
        check(rest.n == all->n - i - 1, "a later reader gets the rest");
        for (size_t k = 0; k < rest.n; k++)
            check(rest.len[k] == all->len[i + 1 + k], "and the same records");
    }
}

/* A writer that comes afterwards loses nothing of what could be read, and is read behind it. */
static void write_on(const char *folder, const struct story *before)
{
    static struct story after;
    struct segment_writer *writer = NULL;
    struct segment_options options = {.folder = folder, .file_bytes = 1 << 20};
    struct slice part = {"one more", 8};
    memcpy(options.id, ID, SEGMENT_ID_BYTES);
    check(segment_writer_open(&options, &writer) == 0, "the writer opens");
    check(segment_append(writer, &part, 1, NULL) == 0, "it appends");
    segment_writer_close(writer);
    read_from(folder, (struct segment_pos){0}, &after);
    check(after.n == before->n + 1, "what was there and one more");
    check(after.len[after.n - 1] == 8, "the one more is the last");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct story story;
    char folder[FOLDER_PATH_MAX];
    if (size == 0 || size > RECORDS_MAX * 8)
        return 0;
    unsigned how = data[0];
    size_t first = how & TWO_FILES ? (size - 1) / 2 : size - 1;
    folder_make_in_memory(folder);
    write_file(folder, 1, !(how & NO_HEAD), data + 1, first);
    if (how & TWO_FILES)
        write_file(folder, 2, true, data + 1 + first, size - 1 - first);
    read_from(folder, (struct segment_pos){0}, &story);
    read_again(folder, &story);
    if (how & WRITER_FOLLOWS)
        write_on(folder, &story);
    folder_remove(folder);
    return 0;
}
