/**
 * @file
 * What an SMS about the centre says: whose it is, since when it gives no sign of life, what was
 * seen, what to do, who says so; Vietnamese without diacritics, one SMS.
 *
 * Pure. The reason gets what room the rest leaves; whoever checks the configuration sees to it that
 * the centre's name and the advice fit (DEADMAN_CENTRE_MAX, DEADMAN_ADVICE_MAX).
 */
#ifndef CORE_DEADMAN_TEXT_H
#define CORE_DEADMAN_TEXT_H

#include "core/deadman.h"

enum {
    DEADMAN_TEXT_MAX = 161,  /**< one SMS of 160 GSM-7 characters and a NUL */
    DEADMAN_CENTRE_MAX = 24, /**< characters of the centre's name */
    DEADMAN_ADVICE_MAX = 48, /**< characters of what to do */
};

/** What is to be told. Texts are UTF-8; what an SMS cannot hold of them is replaced. */
struct deadman_story {
    enum deadman_word word; /**< not DEADMAN_NOTHING */
    const char *centre;     /**< its name */
    const char *probe;      /**< who says so */
    const char *reason;     /**< what the check saw; "" = nothing to add */
    const char *advice;     /**< what to do */
    bool timed;             /**< the times are known; else only how long it was */
    struct wall_ms since;   /**< of the outage */
    struct wall_ms until;   /**< DEADMAN_BACK: its end */
    int64_t lasted_ms;      /**< from since until its end, or until now */
    int zone_min;           /**< of local time, minutes east of UTC */
};

/** Writes it; returns the length. */
size_t deadman_text_write(const struct deadman_story *story, char to[DEADMAN_TEXT_MAX]);

#endif
