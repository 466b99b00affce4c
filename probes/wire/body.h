/**
 * @file
 * What a message of a probe's stream holds, contract v1. The first character tells readings from
 * the rest, the one known member of the object which of the others it is:
 *
 *     [...]                    readings: SenML, see wire/pack_reader.h
 *     {"checks":[...],"t":T}   the list of checks, valid from T: see wire/checklist.h
 *     {"power_lost":T}         last gasp: power was lost at T
 *     {"untimed":N}            N readings of a boot that never had a clock, left out
 *     {"work":T,"until":U,"reason":R}
 *                              people work at the probe's site from T to U; U = T: they have ended
 *
 * This module reads the objects; JSON text is bounded and checked strictly before cJSON sees it.
 * cJSON keeps a global error pointer, so read from one thread at a time.
 */
#ifndef WIRE_BODY_H
#define WIRE_BODY_H

#include "base/instant.h"
#include "wire/checklist.h"
#include "wire/reason.h"

struct cJSON;
struct tree;

/** Kinds of message. */
enum body_kind {
    BODY_READINGS,   /**< not read here: give the bytes to pack_reader_read() */
    BODY_CHECKLIST,  /**< list */
    BODY_POWER_LOST, /**< power_lost_us */
    BODY_UNTIMED,    /**< untimed */
    BODY_WORK,       /**< work */
};

/** Longest reason of work, in bytes. */
#define BODY_REASON_MAX 200
/** Longest work that can be announced. */
#define BODY_WORK_MAX_MS (INT64_C(7) * 24 * 60 * 60 * 1000)

/** People work on site. */
struct body_work {
    int64_t from_us;     /**< since when */
    int64_t until_us;    /**< until when; from_us: what was announced before ends */
    struct slice reason; /**< what they do, at most BODY_REASON_MAX bytes; lives as the body does */
};

/** A message. Free with body_done(). */
struct body {
    enum body_kind kind;   /**< which of the next it holds */
    struct checklist list; /**< of BODY_CHECKLIST; texts live as long as the body */
    int64_t power_lost_us; /**< of BODY_POWER_LOST: when */
    uint64_t untimed;      /**< of BODY_UNTIMED: readings left out */
    struct body_work work; /**< of BODY_WORK */
    void *own;             /**< memory behind list */
};

/** True if @p bytes are a pack of readings: their first character that is no space is not `{`. */
bool body_is_readings(struct slice bytes);
/**
 * Reads a message received at @p received. Readings give BODY_READINGS at once, unread. 0;
 * ERR_SYNTAX, ERR_TYPE, ERR_RANGE (also a time more than PACK_AHEAD_MAX_MS ahead), ERR_UNKNOWN,
 * ERR_MISSING, ERR_EXISTS, ERR_FULL, ERR_TOO_LONG with a sentence in @p ret_why - permanent, the
 * sender's fault - or ERR_NOMEM, which is not.
 */
int body_read(struct slice bytes, struct wall_ms received, struct body *ret_body,
              struct reason *ret_why) MUST_USE;
/** The time of a list, a gasp or work; 0 for the others. */
int64_t body_time_us(const struct body *body);
/** Frees what body_read() made. Accepts a zeroed body. */
void body_done(struct body *body);

/** Appends `{"power_lost":...}`. */
void body_write_power_lost(struct buf *out, int64_t time_us);
/** Appends `{"untimed":...}`. */
void body_write_untimed(struct buf *out, uint64_t readings);
/** Reads the three members of work from @p object of @p t, whose error is set if it is none; a
 * status holds the same object, see wire/status.h. */
void body_read_work(struct tree *t, const struct cJSON *object, struct body_work *ret_work);
/** Appends `{"work":...}`. */
void body_write_work(struct buf *out, const struct body_work *work);

#endif
