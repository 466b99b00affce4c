/**
 * @file
 * Asks a collector's API, one request at a time, and reads timelines and ledger from its JSON.
 *
 * It blocks until the answer is there. It compares nothing.
 */
#ifndef FLEET_VERIFY_API_H
#define FLEET_VERIFY_API_H

#include "verify_truth.h"

/** A span of a unit as the collector shows it. */
struct verify_shown {
    int64_t from_ms; /**< first instant */
    int64_t to_ms;   /**< first one after it */
    char state[16];  /**< what lies beneath overlays: "up", "down", "silent", ... */
};

/** One epoch of a probe in the collector's ledger. */
struct verify_mark {
    uint32_t probe;   /**< in verify_truth.probes; NAMES_NONE = a probe that is not of the run */
    uint64_t epoch;   /**< of its outbox; 0 = older ones together */
    uint64_t highest; /**< highest pack offered */
    uint64_t stored;  /**< packs */
    uint64_t refused; /**< packs */
    uint64_t untimed; /**< packs */
    uint64_t lost;    /**< packs the probe's bound dropped */
    uint64_t missing; /**< packs the centre should have */
    bool balanced;    /**< the collector's own equation holds */
};

/** The collector's ledger. */
struct verify_ledger {
    struct vec marks;         /**< struct verify_mark */
    uint64_t readings_stored; /**< of stored messages */
    bool balanced;            /**< both equations of the totals hold */
};

struct verify_api;

/** Gets ready to ask @p url with the token in @p token_file (may be NULL). 0 or an error. */
int verify_api_open(const char *url, const char *token_file, struct verify_api **ret_api) MUST_USE;
/** Frees it. Accepts NULL. */
void verify_api_close(struct verify_api *api);
/** What went wrong last, for people. */
const char *verify_api_why(const struct verify_api *api);
/** The timelines of all units of @p site over the run of @p t, appended to @p by_unit, which holds
 * a vec of struct verify_shown for each unit of @p t. 0, ERR_NOMEM, ERR_IO or ERR_SYNTAX. */
int verify_api_site(struct verify_api *api, const struct verify_truth *t, uint32_t site,
                    struct vec *by_unit) MUST_USE;
/** The whole ledger; free it with verify_api_ledger_done(). Errors as above. */
int verify_api_ledger(struct verify_api *api, const struct verify_truth *t,
                      struct verify_ledger *ret_ledger) MUST_USE;
/** Frees all. Accepts a zeroed one. */
void verify_api_ledger_done(struct verify_ledger *l);

#endif
