/**
 * @file
 * What a load is to do, as its command line says: one table of options. It does nothing of it.
 */
#ifndef BENCH_PLAN_H
#define BENCH_PLAN_H

#include <stdbool.h>
#include <stdint.h>

/** Times in ms. */
struct plan {
    uint32_t port;    /**< of the broker */
    uint32_t probes;  /**< how many */
    uint32_t from;    /**< number of the first one */
    uint64_t packs;   /**< in all, lists not counted */
    int64_t past;     /**< 0: packs are of now; else each probe's are so far apart, up to now */
    int64_t interval; /**< of the checks, as their lists say */
    int64_t rate;     /**< packs per second, 0 = no limit */
    int64_t flip;     /**< every so often one probe says the opposite, 0 = never */
    uint64_t conn;    /**< of births and wills */
    uint64_t first;   /**< where the streams stand: number of the last pack, 0 = none yet */
    int64_t spread;   /**< the probes come up over so long, each with its birth */
    uint64_t epoch;   /**< of the streams, and boot of the probes */
    bool window;      /**< W = 8 driven by acks; else as fast as the broker confirms */
    bool births;      /**< each probe announces itself first */
    bool wills;       /**< nothing but the will of each probe's connection */
    bool each;        /**< a connection for each probe, with its will */
    bool stay;        /**< stay connected at the end */
    bool lists;       /**< send lists first: whoever has sent nothing yet does */
};

/** Reads the command line; @p now_us makes an epoch where none is given. Ends the program if it is
 * wrong. */
void plan_read(int argc, char **argv, int64_t now_us, struct plan *ret_plan);

#endif
