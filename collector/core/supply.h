/**
 * @file
 * What feeds each site: mains, a generator, its battery, or nothing any more; since when, and how
 * many minutes the battery still has.
 *
 * Told by checks of type `power` and `snmp` (their README.md in probes/checks), not by states of
 * units: a site on battery is up. Of each plant the newest look and the last SUPPLY_CHANGES changes
 * are kept, so that a report of a past instant knows it, too. Who then loses the last service is
 * core/last_service.h's.
 */
#ifndef CORE_SUPPLY_H
#define CORE_SUPPLY_H

#include "base/instant.h"
#include "core/inventory.h"
#include "core/rows.h"

/** What feeds a plant, the best first. X(name, value, word) */
#define SUPPLY_MAP(X)                   \
    X(SUPPLY_MAINS, 0, "mains")         \
    X(SUPPLY_GENERATOR, 1, "generator") \
    X(SUPPLY_BATTERY, 2, "battery")     \
    X(SUPPLY_EXHAUSTED, 3, "exhausted")

/** One line of the enum. */
#define SUPPLY_ENUM(name, value, word) name = value,

/** See SUPPLY_MAP; SUPPLIES is also "not told". */
enum supply { SUPPLY_MAP(SUPPLY_ENUM) SUPPLIES };

#undef SUPPLY_ENUM

/** Plants that one collector ever hears of between two starts. */
#define SUPPLY_PLANTS_MAX (1U << 18)
/** Changes kept of each plant. */
#define SUPPLY_CHANGES 16
/** A look says what feeds the plant for so long; after it nobody knows. */
#define SUPPLY_VALID_MS (INT64_C(15) * 60 * 1000)

/** One look at a plant. */
struct supply_look {
    uint32_t site;       /**< site number */
    struct slice check;  /**< "TYPE/NAME", the caller's */
    struct wall_ms t;    /**< when */
    enum supply fed;     /**< what feeds it */
    double minutes_left; /**< of the battery; NaN = not told */
};

/** What is known of a site at an instant; of several plants the worst. */
struct supply_view {
    enum supply fed;      /**< the newest look at or before it; SUPPLIES = none is known */
    struct wall_ms since; /**< fed so since then or longer */
    struct wall_ms told;  /**< the look that says so, or the instant if later ones say the same */
    double minutes_left;  /**< from the instant on, at least 0; NaN = not told, or of the past */
    bool fresh;           /**< told so lately that it holds */
};

struct supply_book;

/** Nothing told yet. NULL without memory. */
struct supply_book *supply_new(void) MUST_USE;
/** Frees all. Accepts NULL. */
void supply_free(struct supply_book *s);
/** A look, heard at @p now: one that is not later than its plant's last, ahead of us, or of a plant
 * beyond the bound changes nothing. 0 or ERR_NOMEM. */
int supply_take(struct supply_book *s, const struct supply_look *look, struct wall_ms now) MUST_USE;
/** What was known at @p t of each of @p sites sites, by number. O(sites + plants). */
void supply_at(const struct supply_book *s, struct wall_ms t, uint32_t sites,
               struct supply_view *ret_views);
/** Word of a supply, "" if out of range. */
const char *supply_word(int supply);

/** Hands the rows (ROW_SUPPLY) of plants that are fed otherwise since the last call to @p sink. 0
 * or its error. */
int supply_save(struct supply_book *s, const struct row_sink *sink) MUST_USE;
/** Takes back one row. 0, ERR_CORRUPT, ERR_VERSION, ERR_FULL or ERR_NOMEM. */
int supply_load(struct supply_book *s, struct slice key, struct slice value) MUST_USE;

#endif
