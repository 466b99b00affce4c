/**
 * @file
 * An outbox in a folder of its own for the tests of it: started, killed, damaged and read.
 */
#ifndef OUTBOX_BENCH_H
#define OUTBOX_BENCH_H

#include "folder.h"
#include "shell/outbox.h"
#include "shell/outbox_state.h"

#include <sys/types.h>

/** Boot of every life, turns of the loop that a test waits at most, bytes of a segment's head. */
enum { OUTBOX_BENCH_BOOT = 77, OUTBOX_BENCH_TURNS = 2000, OUTBOX_BENCH_FILE_HEAD = 36 };

/** Bytes of one record that outbox_bench_put_many() writes. */
enum { OUTBOX_BENCH_RECORD = 8 + 32 + 508 };

/** One outbox and what its events told. */
struct outbox_bench {
    char folder[FOLDER_PATH_MAX];  /**< of everything */
    struct loop *loop;             /**< it lives on */
    struct outbox *outbox;         /**< itself */
    struct outbox_options options; /**< for the next start */
    uint64_t stored;               /**< highest seq told */
    uint64_t low;                  /**< last low told */
    int renumbered;                /**< times told */
    int clocks;                    /**< times told */
    bool closed;                   /**< the last stop is through */
};

/** Setup of a test: a running outbox, in *state. */
int outbox_bench_setup(void **state);
/** Teardown of a test. */
int outbox_bench_teardown(void **state);
/** Starts it. */
void outbox_bench_start(struct outbox_bench *b);
/** Stops it in order. */
void outbox_bench_stop(struct outbox_bench *b);
/** What the disk holds at this moment, as after kill -9 or a power cut, for a start elsewhere. */
void outbox_bench_kill(struct outbox_bench *b);
/** outbox_bench_kill() and a start. */
void outbox_bench_reopen_image(struct outbox_bench *b);
/** What the state file says at this moment. */
struct outbox_state outbox_bench_state_on_disk(const struct outbox_bench *b);
/** Until nothing waits for the disk. */
void outbox_bench_settle(struct outbox_bench *b);
/** One pack, until it is durable. */
void outbox_bench_put(struct outbox_bench *b, const char *text);
/** Packs "[pack N ...]" of equal length. */
void outbox_bench_put_many(struct outbox_bench *b, int from, int to);
/** Pack @p seq begins with @p text. */
void outbox_bench_expect(struct outbox_bench *b, uint64_t seq, const char *text);
/** The packs from @p seq to below @p next are lost, and counted so once all before them are gone.
 */
void outbox_bench_lose(struct outbox_bench *b, uint64_t seq, uint64_t next);
/** Path of segment @p number. */
void outbox_bench_segment_path(struct outbox_bench *b, int number, char path[FOLDER_PATH_MAX]);
/** Path of the newest segment that holds packs. */
void outbox_bench_newest_segment(struct outbox_bench *b, char path[FOLDER_PATH_MAX]);
/** Bytes of the file. */
off_t outbox_bench_size_of(const char *path);
/** Turns the byte at @p at. */
void outbox_bench_flip_byte(const char *path, off_t at);

#endif
