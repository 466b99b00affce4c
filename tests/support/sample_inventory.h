/**
 * @file
 * Inventories for tests, from tables written in the test itself.
 *
 * Every helper ends the test with a message if the text is wrong or a name is not there.
 */
#ifndef SUPPORT_SAMPLE_INVENTORY_H
#define SUPPORT_SAMPLE_INVENTORY_H

#include "core/inventory.h"

/** Local time of every sample: Vietnam, UTC+7. */
enum { SAMPLE_ZONE_MIN = 420 };

/**
 * Two communes with two villages each, two operators, three masts, a link and a feeder:
 * p > c1 > v11 (100 people, 25 households), v12 (200, 50); p > c2 > v21 (300, 75), v22 (400, 100).
 * bts-1 (c1): 4g@a and 5g@a (anchored) serve v11 v12, 4g@b serves v11; bts-2 (c2): 4g@a serves v21
 * v22; bts-3 (c2): 4g@b and fibre@b serve c2 as a whole; bts-1 depends on link-1 (transport) and
 * feeder-1 (power). Probe pN stands at bts-N, p-link at link-1; p1 may speak for bts-2 too.
 */
extern const char *const sample_province;

/**
 * Loads a text of several tables, each after a line "[name]", as its files NAME.csv.
 * @p old may be NULL and stays the caller's.
 */
struct inventory *sample_inventory(const struct inventory *old, const char *text,
                                   int64_t reload_ms);
/** As above for a text that must be refused: the messages, one a line; free() them. */
char *sample_inventory_refused(const struct inventory *old, const char *text, int64_t reload_ms);

uint32_t sample_area(const struct inventory *inv, const char *id);     /**< its number */
uint32_t sample_site(const struct inventory *inv, const char *id);     /**< its number */
uint32_t sample_unit(const struct inventory *inv, const char *name);   /**< "SITE/service@op" */
uint32_t sample_probe(const struct inventory *inv, const char *id);    /**< its number */
uint32_t sample_operator(const struct inventory *inv, const char *id); /**< its number */
/** A date or instant, local to Vietnam, in ms. */
int64_t sample_ms(const char *iso);

#endif
