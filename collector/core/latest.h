/**
 * @file
 * The newest readings of the few sites that somebody is looking at: what each of their checks
 * measured last, for a technician at the mast.
 *
 * A site is kept from the moment somebody asks for it until nobody has asked for five minutes, so
 * that sites nobody looks at cost nothing. It holds no history, which is the database's, and
 * nothing across a restart. At most 1 MB, whatever probes send.
 */
#ifndef CORE_LATEST_H
#define CORE_LATEST_H

#include "base/instant.h"
#include "base/vec.h"
#include "wire/pack.h"

/** Sites that are kept at once; whoever was asked for longest ago makes room. */
enum { LATEST_SITES = 8 };

/** Series of a site; what comes beyond is counted. */
enum { LATEST_SERIES_MAX = 200 };

/** Longest text that is kept whole. */
enum { LATEST_TEXT_MAX = 120 };

/** How long a site is kept after somebody asked for it. */
#define LATEST_KEPT_MS INT64_C(300000)

/** The newest reading of a series. */
struct latest_reading {
    char check[2 * PACK_PART_MAX + 2]; /**< "icmp/core-1" */
    char metric[PACK_PART_MAX + 1];    /**< "rtt" */
    char source[PACK_PART_MAX + 1];    /**< the probe that sent it */
    char unit[PACK_UNIT_MAX + 1];      /**< SenML unit, "" if not given */
    int64_t time_us;                   /**< UTC */
    enum reading_kind kind;            /**< which of the next three is meant */
    bool flag;                         /**< of READING_FLAG */
    double number;                     /**< of READING_NUMBER */
    char text[LATEST_TEXT_MAX + 1];    /**< of READING_TEXT, cut between letters */
};

/** A site that somebody looks at. */
struct latest_site {
    char id[PACK_PART_MAX + 1]; /**< its id, "" = this place is free */
    struct mono_ms asked;       /**< when somebody last did */
    struct wall_ms since;       /**< readings that came before this are not here */
    struct vec readings;        /**< struct latest_reading by check, metric, source */
    uint64_t left_out;          /**< readings of series beyond LATEST_SERIES_MAX */
};

/** Storage of the caller. */
struct latest {
    struct latest_site site[LATEST_SITES]; /**< in no order */
    unsigned kept;                         /**< places that are taken */
};

/** Nothing kept. Allocates nothing. */
void latest_init(struct latest *l);
/** Frees all. Accepts a zeroed one. */
void latest_done(struct latest *l);
/** What is known of site @p id, which is kept from now on if it was not; valid until the next call.
 * Never fails. */
const struct latest_site *latest_ask(struct latest *l, struct slice id, struct mono_ms mono,
                                     struct wall_ms now);
/**
 * Readings of probe @p source came. Older ones than those that are held change nothing. 0 or
 * ERR_NOMEM. O(1) while nobody looks, else O(readings x sites looked at).
 */
int latest_take(struct latest *l, struct slice source, const struct reading *readings, size_t n,
                struct mono_ms mono) MUST_USE;

#endif
