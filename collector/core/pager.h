/**
 * @file
 * The pager: from what the centre knows to pages, once each (FIGURES section 5).
 *
 * It looks at the sites that changed and is told what time it is; it groups outages under what is
 * out now above them, waits `page_settle` for the root, takes an area of which too much is out as
 * one, lets what flaps be one alert, and writes a page for each transition and target into its box
 * (core/page_box.h). Nothing here scans the centre: a change costs the rules that may speak of it,
 * time passing costs the alerts that go on. It decides nothing about states and sends nothing.
 *
 * What it promises:
 * - A page speaks of the present: evidence of the past makes none and ends no acknowledgement.
 * - Silence is never told as down. Where data stops nothing is told as recovered: an alert ends on
 *   evidence that its units are up or degraded, or are no more.
 * - What comes back within page_settle after its root, and what joins a root, pages nobody.
 * - Acknowledging stops the escalation of an alert until it has ended; it stays through
 *   restarts and reloads. Only something graver about the same alert pages again.
 */
#ifndef CORE_PAGER_H
#define CORE_PAGER_H

#include "core/alert.h"
#include "core/centre.h"
#include "core/page_box.h"
#include "wire/pack.h"

struct pager;

/** An outage that people knew as one of its own came under another one's root, or goes on without
 * the root that held it. */
struct pager_rooted {
    uint64_t number; /**< SC of the outage; of several at once the lowest */
    uint32_t site;   /**< where it is */
    uint64_t root;   /**< SC of the other one */
    uint32_t others; /**< outages that came along */
    bool joined;     /**< it is part of the other one now; else it was */
};

/** A pager of @p centre, which outlives it, without rules. @p zone_ms: local time minus UTC, for
 * texts. NULL without memory. */
struct pager *pager_new(const struct centre *centre, int64_t zone_ms) MUST_USE;
/** Frees all. Accepts NULL. */
void pager_free(struct pager *p);

/** Goes on with @p rules (copied): alerts, acknowledgements and pages stay where rules and targets
 * are called the same. 0 or ERR_NOMEM. O(units with an outage x rules). */
int pager_set_rules(struct pager *p, const struct rules *rules) MUST_USE;
/** The rules in force. */
const struct rules *pager_rules(const struct pager *p);
/** The centre's inventory is another one now. 0 or ERR_NOMEM. O(sites + open outages). */
int pager_set_inventory(struct pager *p) MUST_USE;

/** The ledger's audit says that it does, or does not, balance. 0 or ERR_NOMEM. */
int pager_ledger(struct pager *p, bool broken, struct wall_ms now) MUST_USE;
/**
 * Readings of probe @p source came, in the order of a pack: what rules about metrics ask for is
 * compared with their thresholds. Readings of the past, of checks that no list names and of sites
 * in maintenance change nothing. 0 or ERR_NOMEM. A few ns for each reading that no rule wants.
 */
int pager_readings(struct pager *p, struct slice source, const struct reading *readings, size_t n,
                   struct wall_ms now) MUST_USE;
/** Readings that no rule could watch because there were too many series. */
uint64_t pager_unwatched(const struct pager *p);
/** Lets time pass up to @p now, after centre_advance() and before anybody clears the centre's
 * changed_sites: 0 or ERR_NOMEM. O(units of changed sites x rules), and O(alerts that go on) when
 * something is due. */
int pager_advance(struct pager *p, struct wall_ms now) MUST_USE;
/** True if something is due at @p now, though nothing changed: then take a turn. O(1) */
bool pager_is_due(const struct pager *p, struct wall_ms now);

/**
 * Somebody has taken over outage @p number (SC): escalation of every alert that holds the outage
 * stops. True if there was such an alert; false is no error, nobody may have been told. Commit
 * pager_save() with it. O(alerts + open outages).
 */
bool pager_acknowledged(struct pager *p, uint64_t number, struct wall_ms now);
/** The same for an alert by its own id. */
bool pager_acknowledged_alert(struct pager *p, uint32_t id, struct wall_ms now);

/**
 * What target @p target was told of and goes on, for targets that may have forgotten: as a page
 * whose text is of now, but no page of the box. @p ret_at, 0 at first, is where to go on. 0,
 * ERR_NOT_FOUND behind the last, or ERR_NOMEM. O(alerts and their watches), O(units with an outage)
 * for each that is found.
 */
int pager_standing(struct pager *p, size_t target, uint32_t *ret_at,
                   struct page *ret_page) MUST_USE;

/** Which outages came under other roots, or left them, since pager_rooted_clear(); *ret_len of
 * them. What joins, or returns, within page_settle is not among them. */
const struct pager_rooted *pager_rooted(const struct pager *p, size_t *ret_len);
/** Forgets them. */
void pager_rooted_clear(struct pager *p);

/** Alerts that go on; for lists. */
const struct alert_table *pager_alerts(const struct pager *p);
/** The inventory of its centre. */
const struct inventory *pager_inventory(const struct pager *p);
/** The outbox. */
struct page_box *pager_box(struct pager *p);

/** Hands changed rows to @p sink: 0 or its error. */
int pager_save(struct pager *p, const struct row_sink *sink) MUST_USE;
/** Takes a row of kind ROW_ALERT, ROW_PAGE or ROW_BASELINE back; the rules are set before. 0,
 * ERR_CORRUPT, ERR_VERSION, ERR_UNKNOWN or ERR_NOMEM. */
int pager_load(struct pager *p, uint8_t kind, struct slice key, struct slice value) MUST_USE;
/** All rows are back, and the centre is as it was: finds again which outages the alerts hold. 0 or
 * ERR_NOMEM. */
int pager_loaded(struct pager *p) MUST_USE;

#endif
