/**
 * @file
 * A folder of segment files for the tests of the segment log: written, read and damaged.
 */
#ifndef SUPPORT_SEGMENTS_H
#define SUPPORT_SEGMENTS_H

#include "folder.h"
#include "io/segment.h"

/** Bytes of the two heads, as the format says. */
enum { SEGMENTS_FILE_HEAD = 36, SEGMENTS_RECORD_HEAD = 8 };

/** The store that the files belong to. */
extern const unsigned char SEGMENTS_ID[SEGMENT_ID_BYTES];
/** The folder, between segments_make() and segments_clean(). */
extern char segments_folder[FOLDER_PATH_MAX];

/** Setup of a test: an empty folder. */
int segments_make(void **state);
/** Teardown of a test. */
int segments_clean(void **state);
/** A writer's options: files of 1 MiB, no bounds. */
struct segment_options segments_options(void);
/** Opens a writer; fails the test if it cannot be. */
struct segment_writer *segments_open_writer(struct segment_options options);
/** Opens a reader; fails the test if it cannot be. */
struct segment_reader *segments_open_reader(struct segment_pos from);
/** Appends @p text: as segment_append(). */
int segments_append(struct segment_writer *w, const char *text) MUST_USE;
/** The next record is @p text. */
void segments_expect(struct segment_reader *r, const char *text);
/** There is no next record, for the reason @p err. */
void segments_expect_err(struct segment_reader *r, int err);
/** The path of file @p number. */
void segments_path_of(char path[FOLDER_PATH_MAX], unsigned number, const char *ending);
/** Writes over the bytes of file @p number from @p offset on. */
void segments_write_at(unsigned number, long offset, const void *bytes, size_t len);
/** The size of file @p number, -1 if there is none. */
long segments_size_of(unsigned number, const char *ending);

#endif
