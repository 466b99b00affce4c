#include "segments.h"

#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const unsigned char SEGMENTS_ID[SEGMENT_ID_BYTES] = "store-number-one";

char segments_folder[FOLDER_PATH_MAX];

int segments_make(void **state)
{
    (void)state;
    folder_make(segments_folder);
    return 0;
}

int segments_clean(void **state)
{
    (void)state;
    folder_remove(segments_folder);
    return 0;
}

struct segment_options segments_options(void)
{
    struct segment_options o = {.folder = segments_folder, .file_bytes = 1 << 20};
    memcpy(o.id, SEGMENTS_ID, sizeof o.id);
    return o;
}

struct segment_writer *segments_open_writer(struct segment_options o)
{
    struct segment_writer *w = NULL;
    assert_int_equal(segment_writer_open(&o, &w), 0);
    return w;
}

struct segment_reader *segments_open_reader(struct segment_pos from)
{
    struct segment_reader *r = NULL;
    assert_int_equal(segment_reader_open(segments_folder, SEGMENTS_ID, from, &r), 0);
    return r;
}

int segments_append(struct segment_writer *w, const char *text)
{
    struct slice part = slice_of(text);
    return segment_append(w, &part, 1, NULL);
}

void segments_expect(struct segment_reader *r, const char *text)
{
    struct slice record = {0};
    assert_int_equal(segment_next(r, &record), 0);
    assert_int_equal(record.len, strlen(text));
    assert_memory_equal(record.at, text, record.len);
}

void segments_expect_err(struct segment_reader *r, int err)
{
    struct slice record;
    assert_int_equal(segment_next(r, &record), err);
}

void segments_path_of(char path[FOLDER_PATH_MAX], unsigned number, const char *ending)
{
    char name[32];
    snprintf(name, sizeof name, "%012u.%s", number, ending);
    folder_path(path, segments_folder, name);
}

void segments_write_at(unsigned number, long offset, const void *bytes, size_t len)
{
    char path[FOLDER_PATH_MAX];
    segments_path_of(path, number, "seg");
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, len, offset), (ssize_t)len);
    close(fd);
}

long segments_size_of(unsigned number, const char *ending)
{
    char path[FOLDER_PATH_MAX];
    struct stat st;
    segments_path_of(path, number, ending);
    return stat(path, &st) == 0 ? (long)st.st_size : -1;
}
