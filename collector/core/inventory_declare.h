/**
 * @file
 * Declarations that people make while the collector runs, beside those of declarations.csv:
 * maintenance, in time or in retrospect, and energy saving (FIGURES section 3, 7.23).
 *
 * Each step changes the rows of the inventory it is given and nothing else of it: no number becomes
 * another one, and pointers to declarations are void behind it. They outlive every reload of the
 * files: only inventory_withdraw() ends one, and even then its row stays, marked. Who may do this,
 * and who has to hear of it, is for others.
 */
#ifndef CORE_INVENTORY_DECLARE_H
#define CORE_INVENTORY_DECLARE_H

#include "core/inventory.h"

/** How many declarations of people an inventory keeps at most. */
#define INVENTORY_DECLARED_MAX 20000
/** One that ended longer ago makes room for new ones. */
#define INVENTORY_DECLARED_KEPT_MS (INT64_C(5) * 366 * 24 * 60 * 60 * 1000)

/** What someone wants to declare; texts are the caller's, copied. */
struct inventory_wish {
    uint32_t site;              /**< site number */
    uint32_t unit;              /**< unit number, INV_NONE = every unit of the site */
    enum declaration_kind kind; /**< what */
    struct validity span;       /**< from when to when; not empty */
    const char *reason;         /**< why */
    const char *by;             /**< who says so, not "" */
};

/**
 * Declares @p wish in @p inv at @p now, under the number *ret_number. Maintenance that has begun by
 * then is retroactive: it stays out of every figure but those that say that they count it. 0,
 * ERR_FULL or ERR_NOMEM, which declare nothing. O(declarations)
 */
int inventory_declare(struct inventory *inv, const struct inventory_wish *wish, struct wall_ms now,
                      int64_t *ret_number) MUST_USE;
/** The same for @p n wishes, which get the numbers from *ret_first on in their order; all or
 * nothing. O(declarations + n) */
int inventory_declare_all(struct inventory *inv, const struct inventory_wish *wishes, size_t n,
                          struct wall_ms now, int64_t *ret_first) MUST_USE;
/**
 * Takes back the declaration @p number of @p inv from @p now on: one in time ends now, or before it
 * began; a retroactive one counts nowhere any more. Its row stays, marked as withdrawn. 0,
 * ERR_NOT_FOUND (nobody declared it so, or it is withdrawn already) or ERR_NOMEM, which change
 * nothing. O(declarations)
 */
int inventory_withdraw(struct inventory *inv, int64_t number, struct wall_ms now) MUST_USE;
/** The same for @p n numbers, each once; all or nothing. O((declarations + n) log n) */
int inventory_withdraw_all(struct inventory *inv, const int64_t *numbers, size_t n,
                           struct wall_ms now) MUST_USE;
/** The declaration @p number, NULL if there is none. O(declarations). */
const struct declaration *inventory_declared(const struct inventory *inv, int64_t number);

#endif
