/**
 * @file
 * The centre's memory: the core modules that together are what the operations centre knows, made,
 * saved, loaded and moved on in time as one.
 *
 * It takes no decisions of its own: messages enter through core/reception.h, figures are read from
 * the modules by whoever needs them. Between a commit and the next message everything in here is
 * committed state plus the passing of time.
 */
#ifndef CORE_CENTRE_H
#define CORE_CENTRE_H

#include "core/annals.h"
#include "core/census.h"
#include "core/clock_gate.h"
#include "core/coverage.h"
#include "core/derived.h"
#include "core/dirty.h"
#include "core/inventory_declare.h"
#include "core/inventory_store.h"
#include "core/ledger.h"
#include "core/lives.h"
#include "core/marker.h"
#include "core/measured.h"
#include "core/outages.h"
#include "core/publishers.h"
#include "core/retention.h"
#include "core/rows.h"
#include "core/serving.h"
#include "core/session.h"
#include "core/shift_book.h"
#include "core/stream.h"
#include "core/supply.h"
#include "core/world.h"

/** What can be tuned. */
struct centre_options {
    struct world_options world;     /**< evidence */
    int64_t will_hold_ms;           /**< how long a will waits for a sign of life */
    struct derived_options derived; /**< derived points */
    int64_t minutes_back_ms; /**< points of each minute follow corrections so far back; hours, days
                                and months as far as timelines are kept */
    struct measured_options measured; /**< measured coverage */
    int64_t grace_ms;                 /**< from the end of a period until its figure is final */
    int64_t archive_ms; /**< how long hours, revisions and old outages are kept; 0 = for ever */
    int64_t shift_ms;   /**< how long the shift log keeps entries; 0 = SHIFT_KEEP_MS */
    struct publishers_limits publishers; /**< what one publisher may cost; all zero: the defaults */
};

/** The modules; each is read through its own functions. */
struct centre {
    struct centre_options options;  /**< as given */
    struct inventory *inventory;    /**< the present one, owned */
    uint64_t inventories;           /**< how many there were before it */
    struct inventory *stored;       /**< the one whose rows the store has, where it is another than
                                       the present one; owned */
    struct inventory_kept declared; /**< what the store has of declarations that were changed */
    struct coverage *coverage;      /**< of all areas now, owned */
    struct measured *measured;      /**< measured coverage now, owned */
    struct supply_book *supplies;   /**< what feeds the sites, owned */
    uint64_t measured_builds;       /**< coverage_builds() that it follows */
    struct world *world;            /**< evidence and unit timelines, owned */
    struct stream *stream;          /**< marks per probe and epoch, owned */
    struct session *session;        /**< who is connected, owned */
    struct annals *annals;          /**< settled hours and revisions, owned */
    struct outages *outages;        /**< outages of every unit, owned */
    struct lives *lives;            /**< what people did about them, owned */
    struct serving *serving;        /**< who serves whom, of the present inventory, owned */
    struct census census;           /**< units by state now */
    struct dirty changed_sites;     /**< sites whose units changed; cleared by who tells */
    struct derived *derived;        /**< derived points still to be written, owned */
    struct ledger ledger;           /**< totals */
    struct retention retention;     /**< what the archive forgets */
    struct marker marker;           /**< the chain of markers */
    struct shift_book shifts;       /**< what the shift log keeps of its own */
    struct clock_gate clock;        /**< what packs say of our clock */
};

/** The default of minutes_back_ms. */
#define CENTRE_MINUTES_BACK_MS (INT64_C(2) * 24 * 60 * 60 * 1000)

/** An empty memory over @p inventory, which it owns from then on (also on failure). NULL without
 * memory. */
struct centre *centre_new(struct inventory *inventory,
                          const struct centre_options *options) MUST_USE;
/** Frees all. Accepts NULL. */
void centre_free(struct centre *c);
/** Goes on with @p inventory, made from the present one by inventory_load() at @p reload; owned
 * from then on (also on failure). */
int centre_set_inventory(struct centre *c, struct inventory *inventory,
                         struct wall_ms reload) MUST_USE;
/** Declares @p wish at @p now: see inventory_declare(), whose number and errors it returns; after
 * ERR_NOMEM the memory may only be thrown away. Its rows go with the next centre_save(). */
int centre_declare(struct centre *c, const struct inventory_wish *wish, struct wall_ms now,
                   int64_t *ret_number) MUST_USE;
/** The same for @p n wishes at once: see inventory_declare_all(). */
int centre_declare_all(struct centre *c, const struct inventory_wish *wishes, size_t n,
                       struct wall_ms now, int64_t *ret_first) MUST_USE;
/** Withdraws what was declared as @p number: see inventory_withdraw(); otherwise as above. */
int centre_withdraw(struct centre *c, int64_t number, struct wall_ms now) MUST_USE;
/** The same for @p n numbers at once: see inventory_withdraw_all(). */
int centre_withdraw_all(struct centre *c, const int64_t *numbers, size_t n,
                        struct wall_ms now) MUST_USE;
/** @p unit was accepted at @p t (not after @p now): it is in service from then on. 0; ERR_NOT_FOUND
 * if it awaits nothing; after ERR_NOMEM the memory may only be thrown away. Its rows go with the
 * next centre_save(). O(inventory) */
int centre_accept(struct centre *c, uint32_t unit, struct wall_ms t, struct wall_ms now) MUST_USE;
/** Lets time pass up to @p now: wills whose hold ended, silence, overlays. 0 or ERR_NOMEM. */
int centre_advance(struct centre *c, struct wall_ms now) MUST_USE;
/** The same in two parts, for a loop that has others to serve while much changes at once: this one
 * only lets the clocks reach @p now. */
int centre_reach(struct centre *c, struct wall_ms now) MUST_USE;
/** And this one does what waits, in at most *@p steps steps of some microseconds: see world_work().
 * With any left, centre_save() may follow. */
int centre_work(struct centre *c, bool due, size_t *steps) MUST_USE;

/** Hands every state row that changed since the last call to @p sink: 0 or the sink's error. */
int centre_save(struct centre *c, const struct row_sink *sink) MUST_USE;
/** Takes one row back: 0, ERR_CORRUPT, ERR_VERSION, ERR_UNKNOWN (a kind nobody owns) or ERR_NOMEM.
 */
int centre_load(struct centre *c, uint8_t kind, struct slice key, struct slice value) MUST_USE;
/** All rows are back: evaluates everything. */
int centre_loaded(struct centre *c) MUST_USE;

#endif
