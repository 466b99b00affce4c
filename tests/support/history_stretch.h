/**
 * @file
 * A random history drawn out in time: seconds become weeks, so that hours, days and periods pass in
 * it, with every corner that the short one has.
 */
#ifndef SUPPORT_HISTORY_STRETCH_H
#define SUPPORT_HISTORY_STRETCH_H

#include "history.h"

/** Makes in @p ret_h (uninitialised storage) the history @p h with all times @p factor times as
 * long, each instant moved by some milliseconds more; what came first comes first. Time passes
 * every hour at least. */
void history_stretch(const struct history *h, int64_t factor, struct history *ret_h);

#endif
