/**
 * @file
 * Reads an inventory folder (areas.csv, sites.csv, ...) for the fleet, as the collector does.
 */
#ifndef FLEET_FOLDER_H
#define FLEET_FOLDER_H

#include "base/buf.h"
#include "core/inventory.h"

/** The inventory of @p folder as it is at @p now; every mistake is a line of @p complaints. 0, or
 * an error of inventory_load() or file_read(). */
int folder_read(const char *folder, struct wall_ms now, struct buf *complaints,
                struct inventory **ret_inventory) MUST_USE;

#endif
