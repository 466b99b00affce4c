/**
 * @file
 * The terms under which a check is evidence: ttl, role, cause and the units it speaks for, each
 * different combination stored once and known by a number.
 *
 * Most checks of a site share their units and all probes of a kind share the rest, so a check needs
 * four bytes for its terms. Never forgets; bounded by TERMS_MAX.
 */
#ifndef CORE_TERMS_H
#define CORE_TERMS_H

#include "base/attr.h"
#include "base/vec.h"
#include "wire/verdict.h"

#include <stdbool.h>
#include <stdint.h>

/** "not named by the list". */
#define TERMS_NONE UINT32_MAX
/** Different terms that are kept. */
#define TERMS_MAX (UINT32_C(1) << 24)

/** One entry of a list, without the check's identity. */
struct terms {
    uint32_t ttl_ms;  /**< of a result */
    uint32_t first;   /**< of its units in terms_table.units */
    uint8_t role;     /**< enum role */
    uint8_t cause;    /**< enum cause of a failed verdict */
    uint16_t n_units; /**< how many units */
};

/** Storage of the caller; opaque. */
struct terms_table {
    uint32_t *slot;   /**< number + 1 by hash of the terms, 0 = free */
    uint32_t slots;   /**< a power of two, 0 while empty */
    struct vec all;   /**< struct terms, by number */
    struct vec units; /**< uint32_t unit numbers of all terms, one after the other */
};

/** An empty table. */
void terms_init(struct terms_table *table);
/** Frees all. */
void terms_done(struct terms_table *table);
/** Number of these terms (first and n_units are ignored) for the @p n units @p units, in the order
 * given. 0, ERR_NOMEM or ERR_FULL. */
int terms_add(struct terms_table *table, const struct terms *terms, const uint32_t *units, size_t n,
              uint32_t *ret_number) MUST_USE;
/** True if terms_add() would find them. */
bool terms_known(const struct terms_table *table, const struct terms *terms, const uint32_t *units,
                 size_t n);
/** Terms @p number; valid until the next terms_add(). */
const struct terms *terms_at(const struct terms_table *table, uint32_t number);
/** The units of terms @p number, terms_at(number)->n_units of them; valid as above. */
const uint32_t *terms_units(const struct terms_table *table, uint32_t number);
/** True if terms @p number name @p unit. O(units of a check). */
bool terms_name(const struct terms_table *table, uint32_t number, uint32_t unit);

#endif
