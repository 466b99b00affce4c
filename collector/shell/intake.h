/**
 * @file
 * The intake log: every message from the broker is appended to segment files before the broker is
 * told that it arrived, and read back in order by the loop (DESIGN 4.1).
 *
 * A record is `version u8 (1), flags u8 (1 = retained), receive time u64 in ms, topic length u16`,
 * all little endian, then topic and payload; an empty topic is the beginning of a connection.
 * Writer and reader share the files only, so the writer may be another process one day. What a
 * message means is core/reception.h's.
 */
#ifndef SHELL_INTAKE_H
#define SHELL_INTAKE_H

#include "core/reception.h"
#include "io/loop.h"
#include "io/mqtt.h"
#include "io/segment.h"

/** How to open it. */
struct intake_options {
    const char *folder;                 /**< of the segment files, made if missing */
    unsigned char id[SEGMENT_ID_BYTES]; /**< of the store */
    struct segment_pos from;            /**< committed position: reading goes on here */
    uint64_t low_water_bytes; /**< of free disk; below it the loop has to stop listening */
};

/** Messages by their way through the log; carried + appended - read wait. */
struct intake_counts {
    uint64_t carried;  /**< waited already at the start */
    uint64_t appended; /**< since the start */
    uint64_t read;     /**< since the start */
};

struct intake;

/** Opens both ends; @p wake is called on the loop when a record comes, once until intake_next() has
 * said ERR_END. 0 or an error of io/segment.h. */
int intake_open(struct loop *loop, const struct intake_options *options, loop_fn *wake, void *arg,
                struct intake **ret_intake) MUST_USE;
/** No thread may append any more. Accepts NULL. */
void intake_close(struct intake *in);

/**
 * Appends a message, now; of one longer than a pack may be, its beginning. Any thread. A message
 * that cannot be stored must not be acknowledged to the broker, which paho does after its callback
 * returns, so on failure this says why and ends the process.
 */
void intake_append(struct intake *in, const struct mqtt_message *message);
/** Appends the beginning of a connection; same threads, same failure. */
void intake_connected(struct intake *in);

/**
 * The next message, valid until the next call. ERR_END: nothing at present. Damage is logged, named
 * and passed over. Otherwise ERR_NOMEM, ERR_IO, ERR_DENIED.
 */
int intake_next(struct intake *in, struct reception_message *ret_message) MUST_USE;
/** Position behind the last message of intake_next(). */
struct segment_pos intake_at(const struct intake *in);
/** True if everything appended so far was read. */
bool intake_drained(struct intake *in);
/** Counters of this start. */
struct intake_counts intake_count(const struct intake *in);
/** 0, or why the next append would fail: ERR_NO_SPACE, ERR_FULL. Asks the disk. */
int intake_room(struct intake *in) MUST_USE;

#endif
