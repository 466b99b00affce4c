/**
 * @file
 * How the life of the probe before this one ended, from what the outbox kept of it (wire/start.h):
 * so that a gap in the evidence can be told apart afterwards into a probe that was not there and a
 * site that may have had no power.
 *
 * It decides only. What was kept is shell/outbox_state.h's, the machine's boot is the kernel's
 * word.
 */
#ifndef CORE_LAST_LIFE_H
#define CORE_LAST_LIFE_H

#include "wire/start.h"

#include <stdbool.h>
#include <stdint.h>

/** A life of the program as it stood on the disk when it ended. Zeroed: nothing is known. */
struct last_life {
    bool known;       /**< the rest was kept */
    bool stopped;     /**< it ended cleanly */
    bool gasped;      /**< mains power was lost and had not come back */
    uint64_t machine; /**< boot of the machine it ran on; 0 = unknown */
};

/** The start that follows @p life on a machine whose boot is @p machine (0 = unknown: then it may
 * have been another boot, and the machine is not said to have run on). */
enum start last_life_start(const struct last_life *life, uint64_t machine);

#endif
