/**
 * @file
 * The acceptance record (phiếu nghiệm thu) of a site: which units have passed, as text for people
 * and as readings for the centre, which takes units that wait for it into service.
 *
 * It judges and writes; where the facts come from and how the record travels is the agent's.
 */
#ifndef SHELL_ACCEPTANCE_H
#define SHELL_ACCEPTANCE_H

#include "base/buf.h"
#include "base/instant.h"
#include "shell/probe_config.h"
#include "shell/results.h"
#include "shell/signature.h"
#include "shell/status_text.h"

/** Longest name of who accepts, and longest position, with its NUL. */
#define ACCEPTANCE_WORD_MAX 96
/** Longest record, with its signature. */
#define ACCEPTANCE_TEXT_MAX 16384
/** Units of one record. */
#define ACCEPTANCE_UNITS_MAX 32

/** What a record is made of. */
struct acceptance_facts {
    const struct probe_config *config; /**< probe, site and checks */
    const struct results *results;     /**< last results of the checks */
    struct mono_ms now;                /**< results older than their ttl count as none */
    struct wall_ms at;             /**< time of the record; 0 = the clock is not to be trusted */
    bool connected;                /**< to the broker */
    const char *by;                /**< who accepts */
    const char *position;          /**< where, "" = not told */
    enum status_language language; /**< of the text */
};

/** A record. Free with acceptance_done(). */
struct acceptance {
    bool passed;                        /**< every required unit did, and the clock is right */
    struct buf text;                    /**< for people: what is signed */
    struct buf units;                   /**< names of the units, with blanks between */
    char number[13];                    /**< first digits of the text's SHA-256 */
    char signature[SIGNATURE_TEXT_MAX]; /**< "" = there is no key */
};

/** Writes the record of @p facts and signs it with the probe's key, if it has one: 0, ERR_MISSING
 * (no check is required for any unit), ERR_FULL, ERR_NOMEM or ERR_LIBRARY. */
int acceptance_make(const struct acceptance_facts *facts, struct acceptance *ret_record) MUST_USE;
/** Frees it. */
void acceptance_done(struct acceptance *record);
/** Appends a pack with the record's readings at @p time_us: 0, ERR_FULL or ERR_NOMEM. */
int acceptance_pack(const struct acceptance *record, const struct acceptance_facts *facts,
                    int64_t time_us, struct buf *out, uint32_t *ret_readings) MUST_USE;

#endif
