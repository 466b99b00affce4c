/**
 * @file
 * A history: everything the centre was ever told, as one array of events in order of arrival, with
 * the inventories that were in force. What tests generate, replay into the world, ask the reference
 * about, shrink and print.
 *
 * It holds facts only; what they mean is the world's and the reference's. Events mean exactly what
 * the functions of core/world.h mean.
 */
#ifndef SUPPORT_HISTORY_H
#define SUPPORT_HISTORY_H

#include "core/inventory_declare.h"
#include "core/world.h"

#include <stdio.h>

/** The instant that scripts and printed histories call 0s: 2026-03-01T00:00:00Z. */
#define HISTORY_ZERO_MS INT64_C(1772323200000)

/** Local time of every history: Vietnam. */
enum { HISTORY_ZONE_MIN = 420 };

/** Most units one check may name. */
#define HISTORY_UNITS_MAX 8

/** What one event is. X(name, value, word) */
#define HISTORY_KIND_MAP(X)              \
    X(HISTORY_LIST, 0, "list")           \
    X(HISTORY_RESULT, 1, "result")       \
    X(HISTORY_SUMMARY, 2, "summary")     \
    X(HISTORY_WILL, 3, "will")           \
    X(HISTORY_GASP, 4, "gasp")           \
    X(HISTORY_CONNECTED, 5, "connected") \
    X(HISTORY_HEARD, 6, "heard")         \
    X(HISTORY_LISTENED, 7, "listened")   \
    X(HISTORY_ADVANCE, 8, "advance")     \
    X(HISTORY_RELOAD, 9, "reload")       \
    X(HISTORY_AWAY, 10, "away")

#define HISTORY_ENUM(name, value, word) name = value,

enum history_kind { HISTORY_KIND_MAP(HISTORY_ENUM) };

#undef HISTORY_ENUM

/** One event. Members that its kind does not use are 0. */
struct history_event {
    enum history_kind kind;
    uint32_t probe;      /**< whose, where the kind has a probe */
    uint32_t site;       /**< of a result */
    uint32_t check;      /**< of a result: number in history.checks */
    uint32_t index;      /**< LIST: into lists; RELOAD: into loads */
    struct wall_ms t;    /**< the event's own time; LISTENED: its end */
    struct wall_ms also; /**< RESULT, SUMMARY: receipt; LISTENED: its beginning; RELOAD: from when
                            on it is evaluated anew */
    enum verdict verdict;
};

/** One check of a list. */
struct history_entry {
    uint32_t check; /**< number in history.checks */
    uint32_t site;
    uint32_t units[HISTORY_UNITS_MAX];
    size_t n_units;
    int64_t interval_ms, timeout_ms, ttl_ms;
    enum role role;
    enum cause cause;
};

/** A list: n entries from first on in history.entries. */
struct history_list {
    size_t first;
    size_t n;
};

/** One table of a load, as text that the history owns. */
struct history_table {
    char table[16];
    char *text;
    size_t load; /**< index of the load it belongs to */
};

/** One load of the inventory, or one declaration of a person, which continues it as a load does. */
struct history_load {
    struct inventory *inv;
    struct wall_ms at;
    int64_t declared;  /**< number of the declaration that it adds, 0 = none */
    int64_t withdrawn; /**< number of the declaration that it takes back, 0 = none */
};

/** Storage of the caller. */
struct history {
    struct world_options options;
    struct names checks; /**< check names */
    struct vec entries;  /**< struct history_entry */
    struct vec lists;    /**< struct history_list */
    struct vec tables;   /**< struct history_table */
    struct vec loads;    /**< struct history_load; the first is in force from the beginning */
    struct vec events;   /**< struct history_event, in order of arrival */
    uint64_t seed;       /**< of a random one, else 0 */
    char complaint[200]; /**< first complaint of a refused load */
};

/** An empty history with the default options. */
void history_init(struct history *h);
/** Frees all. */
void history_done(struct history *h);

/** Adds a table to the load that the next history_load() makes; copies @p text. */
void history_table(struct history *h, const char *table, const char *text);
/** Loads the tables added since the last load as inventory of the instant @p at, continuing the
 * last. 0 or the loader's error, with a text in complaint. */
int history_load(struct history *h, struct wall_ms at) MUST_USE;
/** Declares @p wish at @p at, or, where it is NULL, takes back declaration @p number: a load. 0 or
 * the error of core/inventory_declare.h. */
int history_declare(struct history *h, struct wall_ms at, const struct inventory_wish *wish,
                    int64_t number) MUST_USE;
/** The reload event of the newest load. */
void history_reload(struct history *h);
/** The inventory in force after the first @p n events. */
const struct inventory *history_inventory(const struct history *h, size_t n);

/** Number of the check name @p name. */
uint32_t history_check(struct history *h, struct slice name);
/** Adds an event at the end; members are set by the caller. */
struct history_event *history_add(struct history *h, enum history_kind kind, struct wall_ms t);
/** Starts a new list that history_entry() then fills; returns its index. */
uint32_t history_list(struct history *h);
/** A new entry of the newest list. */
struct history_entry *history_entry(struct history *h);

/** Event @p i. */
const struct history_event *history_at(const struct history *h, size_t i);
/** Word of an event kind; "" if out of range. */
const char *history_word(int kind);

/** Plays event @p i into @p w. @p ret_fate (may be NULL) tells what became of a result. The error
 * of the world's function. */
int history_play(const struct history *h, size_t i, struct world *w,
                 enum world_fate *ret_fate) MUST_USE;

/** Adds to @p times (a vec of struct wall_ms) every instant at which a state of @p h could change,
 * in no order, with repetitions. */
void history_instants(const struct history *h, struct vec *times);

#endif
