/**
 * @file
 * Measured coverage: villages in which a measuring point hears a signal of at least the configured
 * class, with the number of points (FIGURES section 4).
 *
 * A measuring point is a check of type `modem` at a site that lies in a village; its newest run
 * counts for a configured time. Counters follow each run: it touches the point's village and what
 * lies above it, nothing else. It knows the present only, nothing of probes and packs
 * (core/reception_measured.c), and never enters live coverage.
 */
#ifndef CORE_MEASURED_H
#define CORE_MEASURED_H

#include "core/coverage.h"
#include "core/rows.h"

/** Classes of RSRP, best first. X(name, value, word) */
#define SIGNAL_MAP(X)                   \
    X(SIGNAL_EXCELLENT, 0, "excellent") \
    X(SIGNAL_GOOD, 1, "good")           \
    X(SIGNAL_FAIR, 2, "fair")           \
    X(SIGNAL_WEAK, 3, "weak")           \
    X(SIGNAL_VERY_WEAK, 4, "very_weak") \
    X(SIGNAL_NONE, 5, "none")

/** One line of the enum. */
#define SIGNAL_ENUM(name, value, word) name = value,

/** See SIGNAL_MAP. */
enum signal_class { SIGNAL_MAP(SIGNAL_ENUM) SIGNAL_CLASSES };

#undef SIGNAL_ENUM

/** Most measuring points that one collector ever hears of between two starts. */
#define MEASURED_POINTS_MAX (1U << 18)

/** What can be tuned. */
struct measured_options {
    /** By technology and class: a power (`rsrp` of the check) above this is of the class. */
    double above_dbm[TECHNOLOGY_COUNT][SIGNAL_NONE];
    enum signal_class threshold; /**< a village is covered by this class or a better one */
    int64_t valid_ms;            /**< how long a run counts */
};

/** The defaults: -70, -85, -95, -105, -115 dBm of every technology; weak; 24 h. */
struct measured_options measured_options_default(void);

/** One run of a measuring point; slices are the caller's. */
struct measured_run {
    struct slice source;        /**< probe or publisher */
    uint32_t site;              /**< site number */
    struct slice check;         /**< "modem/NAME" */
    struct wall_ms t;           /**< of the run */
    enum technology technology; /**< TECHNOLOGY_2G .. TECHNOLOGY_5G */
    uint32_t op;                /**< operator's number, INV_NONE = unknown */
    double rsrp_dbm;            /**< NaN = no signal */
};

/** Of an area, technology and operator (or any, all). */
struct measured_figure {
    int64_t points;                /**< measuring points that count now */
    struct coverage_count covered; /**< villages with one at or above the threshold */
};

struct measured;

/** Nothing measured yet. NULL without memory. */
struct measured *measured_new(const struct measured_options *options) MUST_USE;
/** Frees all. Accepts NULL. */
void measured_free(struct measured *m);
/** Goes on with the inventory and the tree of @p c, which is made for @p t; @p inv must outlive it
 * or be replaced. 0 or ERR_NOMEM. O(points x depth). */
int measured_build(struct measured *m, const struct inventory *inv, const struct coverage *c,
                   struct wall_ms t) MUST_USE;
/** Goes on with an inventory that says the same of areas, operators and sites. */
void measured_set_same(struct measured *m, const struct inventory *inv);
/** A run, heard at @p now; one that is not later than its point's last, too old to count or of a
 * point beyond the bound changes nothing. 0 or ERR_NOMEM. O(depth x operators). */
int measured_take(struct measured *m, const struct measured_run *run, struct wall_ms now) MUST_USE;
/** Lets time pass: runs stop counting. 0 or ERR_NOMEM. */
int measured_advance(struct measured *m, struct wall_ms now) MUST_USE;
/** The figure, @p who as coverage_figure(); false (unknown) where no point counts. O(1). */
bool measured_figure(const struct measured *m, uint32_t area, enum technology technology,
                     uint32_t who, struct measured_figure *ret_figure);
/** Visits to counters of an area so far: shows that a run touches its village and what is above. */
uint64_t measured_touched(const struct measured *m);

/** Class of an RSRP in dBm; SIGNAL_NONE for NaN. */
enum signal_class measured_class(const struct measured_options *options, enum technology technology,
                                 double rsrp_dbm);
/** Word of a class in the configuration, "" if out of range. */
const char *measured_class_word(int signal);

/** Hands the rows (ROW_MEASURED) that changed since the last call to @p sink. 0 or its error. */
int measured_save(struct measured *m, const struct row_sink *sink) MUST_USE;
/** Takes back one row; it counts from the next measured_build() on. 0, ERR_CORRUPT, ERR_VERSION,
 * ERR_FULL or ERR_NOMEM. */
int measured_load(struct measured *m, struct slice key, struct slice value) MUST_USE;

#endif
