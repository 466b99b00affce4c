/**
 * @file
 * Who serves whom: the villages of each unit and the units of each village, with the time each
 * holds (FIGURES 7.10).
 *
 * Built once from an inventory: `serves` rows of larger areas are expanded to the villages below
 * them, through the dated tree. It knows no states and no populations.
 */
#ifndef CORE_SERVING_H
#define CORE_SERVING_H

#include "core/inventory.h"

/** One unit serves one village for a while. */
struct serving_link {
    uint32_t village;      /**< area number */
    uint32_t unit;         /**< unit number */
    struct validity valid; /**< of the `serves` row and the tree between */
};

struct serving;

/** The links of @p inv, which is not needed afterwards. NULL without memory. O(links and the areas
 * between). */
struct serving *serving_new(const struct inventory *inv) MUST_USE;
/** Frees it. Accepts NULL. */
void serving_free(struct serving *s);
/** Links of @p unit, by village; *ret_len of them. */
const struct serving_link *serving_of_unit(const struct serving *s, uint32_t unit, size_t *ret_len);
/** Links of @p village, by unit; *ret_len of them. */
const struct serving_link *serving_of_village(const struct serving *s, uint32_t village,
                                              size_t *ret_len);

#endif
