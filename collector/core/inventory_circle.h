/**
 * @file
 * Finds circles: areas within themselves, anchors and dependences that come back to where they
 * began.
 *
 * Inner header of the inventory.
 */
#ifndef CORE_INVENTORY_CIRCLE_H
#define CORE_INVENTORY_CIRCLE_H

#include "core/inventory_read.h"

/** Tells r->complain of each circle once, with the way around it. Expects sorted rows. Cost: rows x
 * depth of the tree. 0 or ERR_NOMEM. */
int inventory_circle_check(struct inventory_reader *r) MUST_USE;

#endif
