/**
 * @file
 * The definitions of the figures, evaluated instant by instant over the bare events: the measure
 * that the fast code has to meet to the millisecond.
 *
 * It is written from the text of the definitions, each rule beside its number, and is slow on
 * purpose: it scans arrays, remembers nothing between questions and shares no code with
 * collector/core but the inventory.
 */
#ifndef SUPPORT_REFERENCE_H
#define SUPPORT_REFERENCE_H

#include "history.h"

/** The events of a history up to some point, sorted into what belongs to which check; opaque. */
struct reference;

/** What the centre knows after the first @p n events of @p h, which must outlive it. Aborts without
 * memory. */
struct reference *reference_new(const struct history *h, size_t n);
/** Frees all. Accepts NULL. */
void reference_free(struct reference *r);

/** From now on @p r answers as if maintenance that was declared in retrospect, and not withdrawn,
 * had been declared in time (FIGURES section 3, "with"), or again as at first. */
void reference_with_retroactive(struct reference *r, bool with);

/** The present instant: that of the last advance event. */
struct wall_ms reference_now(const struct reference *r);
/** The inventory in force. */
const struct inventory *reference_inventory(const struct reference *r);
/** What becomes of the result or summary @p e that arrives next (FIGURES 7.1, 7.17). */
enum world_fate reference_fate(const struct reference *before, const struct history_event *e);
/** @p unit at @p t, which is before now. */
struct unit_view reference_unit_at(const struct reference *r, uint32_t unit, struct wall_ms t);

#endif
