/**
 * @file
 * Acceptance: units whose `commissioned` says `accept` are planned until the probe at their site
 * sends an acceptance record, and in service from then on, through every reload.
 *
 * Who may accept and what the record says are reception's and the probe's.
 */
#ifndef CORE_INVENTORY_ACCEPT_H
#define CORE_INVENTORY_ACCEPT_H

#include "core/inventory.h"

/** True if @p unit waits for its acceptance at @p t. */
bool inventory_awaits(const struct inventory *inv, uint32_t unit, struct wall_ms t);
/**
 * A copy of @p old in which @p unit is in service from @p t on. 0; ERR_NOT_FOUND if it awaits
 * nothing (it was accepted before, or its row has a date); ERR_NOMEM.
 */
int inventory_accept(const struct inventory *old, uint32_t unit, struct wall_ms t,
                     struct wall_ms now, struct inventory **ret_new) MUST_USE;
/** A load continues @p old: what was accepted there stays accepted in @p fresh. */
void inventory_accept_continue(struct inventory *fresh, const struct inventory *old);

#endif
