/**
 * @file
 * A made-up province with a centre and its pager, for tests that play stories to rules and look who
 * was told.
 *
 * Ten communes c0..c9 of some masts each (m0, m1, ... with a 4G unit of operator a or b), a village
 * of 100 people in each; m0..m7 depend on link-1; from the second day on c9 is part of a district
 * d. The authority says that all of them have 4G.
 */
#ifndef PAGER_RIG_H
#define PAGER_RIG_H

#include "core/pager.h"

/** 2026-11-22 00:00 in Vietnam, when every story begins. */
extern const struct wall_ms PAGER_RIG_START;

/** A centre with its pager, and what the last story printed. */
struct pager_rig {
    int masts;             /**< of each commune */
    struct wall_ms start;  /**< of the next story; at first PAGER_RIG_START */
    struct centre *centre; /**< owned */
    struct pager *pager;   /**< owned */
    struct rules rules;    /**< set before each story; at first one for what is down, one target */
    struct buf out;        /**< pages of the stories, a line each */
};

/** A fresh one. */
void pager_rig_open(struct pager_rig *f, int masts);
/** Frees all. */
void pager_rig_close(struct pager_rig *f);
/** Plays a story with the rules; the pages so far, a line each. */
const char *pager_rig_told(struct pager_rig *f, const char *story);
/** A second centre and pager from the rows of the first. */
void pager_rig_restart(struct pager_rig *f);
/** How many lines a text has. */
size_t pager_rig_lines(const char *text);

#endif
