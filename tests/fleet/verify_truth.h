/**
 * @file
 * Both truths of a run, read back from their files (truth.h has the format).
 *
 * Lines that a run in progress has not finished are left out.
 */
#ifndef FLEET_VERIFY_TRUTH_H
#define FLEET_VERIFY_TRUTH_H

#include "base/instant.h"
#include "base/names.h"
#include "base/vec.h"
#include "wire/verdict.h"

#include <stdbool.h>

/** A result as the outbox held it. */
struct verify_result {
    int64_t time_ms; /**< of the run of the check */
    uint32_t seq;    /**< of its pack */
    uint8_t verdict; /**< what it said */
};

/** A check of the run. */
struct verify_check {
    uint32_t probe;     /**< in verify_truth.probes */
    bool own;           /**< of the probe's own site */
    enum role role;     /**< for its units */
    struct vec units;   /**< uint32_t in verify_truth.units */
    struct vec results; /**< struct verify_result in order */
};

/** What a unit really was from an instant on. */
struct verify_change {
    int64_t time_ms; /**< since */
    bool down;       /**< or up */
};

/** A unit of the run. */
struct verify_unit {
    uint32_t site;      /**< in verify_truth.sites */
    uint32_t anchor;    /**< in verify_truth.units, NAMES_NONE = none */
    struct vec changes; /**< struct verify_change in order */
    struct vec checks;  /**< uint32_t in verify_truth.checks: what is evidence for it */
    bool own;           /**< some of them are of its own site's probe: only they count */
};

/** A probe of the run. */
struct verify_probe {
    uint64_t epoch;      /**< of its outbox */
    uint64_t packs;      /**< written */
    uint64_t readings;   /**< in them */
    uint64_t acked;      /**< packs the centre acknowledged */
    uint64_t low;        /**< packs below were dropped by the bound */
    struct vec gasps;    /**< int64_t ms */
    int64_t evidence_to; /**< last acknowledged result; INT64_MIN before the first */
};

/** Storage of the caller. */
struct verify_truth {
    struct wall_ms started; /**< of the run */
    struct wall_ms ended;   /**< its last mark */
    int64_t interval_ms;    /**< of the checks */
    int64_t ttl_ms;         /**< of the checks */
    struct names sites;     /**< ids */
    struct names units;     /**< "SITE/service@operator" */
    struct names probes;    /**< ids */
    struct vec check_rows;  /**< struct verify_check by number in the plan */
    struct vec unit_rows;   /**< struct verify_unit by number in units */
    struct vec probe_rows;  /**< struct verify_probe by number in probes */
    struct vec clock_sites; /**< uint32_t: sites whose clock was wrong */
};

/** Reads the files of @p folder. 0, ERR_NOT_FOUND, ERR_SYNTAX, ERR_NOMEM or an error of files. */
int verify_truth_read(const char *folder, struct verify_truth *ret_truth) MUST_USE;
/** Frees all. Accepts a zeroed one. */
void verify_truth_done(struct verify_truth *t);
/** True if the clock of the probe at @p site was ever wrong. */
bool verify_truth_clock(const struct verify_truth *t, uint32_t site);

#endif
