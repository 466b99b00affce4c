/**
 * @file
 * Holds what the collector says against both truths of a run: its timelines against the world and
 * against the evidence, its ledger against what the outboxes wrote.
 *
 * Against the evidence the timelines have to agree to the millisecond wherever the evidence alone
 * decides; against the world within a tolerance, since a check looks only now and then. Units that
 * nobody measured are left out, and so is the edge of the run where evidence is still on its way.
 */
#ifndef FLEET_VERIFY_H
#define FLEET_VERIFY_H

#include "base/attr.h"

#include <stdint.h>

/** What to compare. */
struct verify_options {
    const char *truth;      /**< folder of the run */
    const char *collector;  /**< URL */
    const char *token_file; /**< file with a viewer's token, or NULL */
    int64_t tolerance_ms;   /**< of a start or end against the world; 0 = interval + 2 s */
};

/** Prints the comparison. 0 if all agrees, 1 if something does not, 2 if it could not be done. */
int verify_run(const struct verify_options *options);

#endif
