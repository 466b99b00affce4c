/**
 * @file
 * Holds the rows of a fresh inventory against each other: what no single row can show.
 *
 * Inner header of the inventory. It complains and changes nothing, but for the order of a probe's
 * rows, see below.
 */
#ifndef CORE_INVENTORY_CHECK_H
#define CORE_INVENTORY_CHECK_H

#include "core/inventory_read.h"

/**
 * Gives the rows of a probe that moved their starts: each begins where the one that ends before it
 * ended. Expects sorted rows and leaves them sorted.
 */
void inventory_check_chain_probes(struct inventory *inv);
/**
 * Tells r->complain of rows that say the same thing twice, of areas within themselves or outside of
 * their parent's time, of anchors and dependences in a circle, and of villages with more people or
 * households than the area above them (at r->reload, or when the area held). Expects sorted rows
 * and indices. 0 or ERR_NOMEM.
 */
int inventory_check(struct inventory_reader *r) MUST_USE;

#endif
