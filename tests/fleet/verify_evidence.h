/**
 * @file
 * What the evidence alone says a unit was, wherever it decides: the rules of FIGURES section 2 in
 * their simplest form, written apart from the collector's.
 *
 * It decides while every required check of the unit has evidence, or after a last gasp; silence,
 * listening and other vantages it leaves open.
 */
#ifndef FLEET_VERIFY_EVIDENCE_H
#define FLEET_VERIFY_EVIDENCE_H

#include "verify_truth.h"

/** What a span says. */
enum verify_state {
    VERIFY_UP,       /**< every required check says so */
    VERIFY_DEGRADED, /**< the worst of the checks */
    VERIFY_DOWN,     /**< a required check says so */
    VERIFY_GASPED,   /**< power was lost: down, or unobserved while nobody listened */
    VERIFY_OPEN,     /**< not decided here */
};

/** A span of time; neighbours differ. */
struct verify_span {
    int64_t from_ms;         /**< first instant */
    int64_t to_ms;           /**< first one after it */
    enum verify_state state; /**< what it was */
};

/** Appends the spans of @p unit (struct verify_span), from its first result to the last
 * acknowledged one. 0 or ERR_NOMEM. O(results of its checks). */
int verify_evidence(const struct verify_truth *t, uint32_t unit, struct vec *spans) MUST_USE;

#endif
