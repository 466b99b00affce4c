/**
 * @file
 * The inventory: areas, operators, sites, units and how they hang together, as dated rows with
 * dense numbers (FIGURES sections 1 and 6).
 *
 * Every thing has a number that never changes and is never reused; what is said of it stands in
 * rows with a validity, so that a change does not rewrite history (FIGURES 7.12). Rows are plain
 * arrays: read them freely, write them only through inventory_load(). This module parses CSV text;
 * reading files is the shell's.
 */
#ifndef CORE_INVENTORY_H
#define CORE_INVENTORY_H

#include "base/instant.h"
#include "base/names.h"
#include "base/num.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

/** "none" in every member that holds a number. */
#define INV_NONE UINT32_MAX

/** X(name, value, word) */
#define SITE_KIND_MAP(X)          \
    X(SITE_BTS, 0, "bts")         \
    X(SITE_FIBRE, 1, "fibre")     \
    X(SITE_NETWORK, 2, "network") \
    X(SITE_SERVICE, 3, "service") \
    X(SITE_LINK, 4, "link")       \
    X(SITE_FEEDER, 5, "feeder")

/** One line of an enum from its map. */
#define INV_ENUM(name, value, word) name = value,

/** What a site is; words as in the files. */
enum site_kind { SITE_KIND_MAP(INV_ENUM) };

#undef INV_ENUM

/** Who may see a site. */
enum visibility {
    VISIBILITY_PUBLIC,     /**< everybody */
    VISIBILITY_INTERNAL,   /**< whoever is signed in */
    VISIBILITY_RESTRICTED, /**< it counts in totals and shows nothing else */
};

/** What a site takes from another one; the cause if that one is down. */
enum depend_kind {
    DEPEND_POWER,     /**< mains */
    DEPEND_TRANSPORT, /**< the way to the centre */
};

/** What is declared of a site or unit. */
enum declaration_kind {
    DECLARATION_MAINTENANCE, /**< works */
    DECLARATION_ASLEEP,      /**< energy saving */
};

/** Families for "any live unit of that technology family helps" (FIGURES 7.25). */
enum family { FAMILY_MOBILE, FAMILY_FIBRE, FAMILY_OTHER };

/** Half-open validity; INT64_MIN .. WALL_NEVER_MS is "always". */
struct validity {
    struct wall_ms from; /**< the first instant */
    struct wall_ms to;   /**< the first one after it */
};

/** True if @p t lies in @p v. */
static inline bool validity_has(struct validity v, struct wall_ms t)
{
    return v.from.ms <= t.ms && t.ms < v.to.ms;
}

/** How long @p v is. */
static inline int64_t validity_ms(struct validity v)
{
    return v.to.ms - v.from.ms;
}

/** How much of @p a lies in @p b: 0 if nothing does. */
static inline int64_t validity_overlap_ms(struct validity a, struct validity b)
{
    return num_max(0, num_min(a.to.ms, b.to.ms) - num_max(a.from.ms, b.from.ms));
}

/** Short texts of a row live in the inventory's arena; NUL-terminated, "" if empty. */
typedef const char *inv_text;

/** What is said of an area. A village is an area whose level is "village". */
struct area_row {
    uint32_t area;         /**< number in inventory.areas */
    uint32_t line;         /**< of its file, for messages; 0 = restored from the store */
    struct validity valid; /**< of this row */
    uint32_t parent;       /**< area number or INV_NONE at the root */
    bool village;          /**< level == "village" */
    inv_text level;        /**< as given */
    inv_text name;         /**< as given */
    int64_t population;    /**< -1 = not given */
    int64_t households;    /**< -1 = not given */
    int year;              /**< of the census, 0 = not given */
    double lat;            /**< degrees; NaN = not given */
    double lon;            /**< degrees; NaN = not given */
    uint32_t successor;    /**< area number or INV_NONE */
};

/** Who runs units. */
struct operator_row {
    uint32_t op;        /**< number in inventory.operators */
    uint32_t line;      /**< as in struct area_row */
    inv_text name;      /**< as given */
    inv_text noc_phone; /**< as given */
    inv_text contact;   /**< as given */
};

/** What is said of a site. */
struct site_row {
    uint32_t site;              /**< number in inventory.sites */
    uint32_t line;              /**< as in struct area_row */
    struct validity valid;      /**< of this row */
    uint32_t area;              /**< area number */
    enum site_kind kind;        /**< what it is */
    enum visibility visibility; /**< who may see it */
    double lat;                 /**< degrees; NaN = not given */
    double lon;                 /**< degrees; NaN = not given */
    inv_text code;              /**< as given, as the next ones */
    inv_text name;              /**< for people */
    inv_text address;           /**< for people */
    inv_text criticality;       /**< a word of the user's own */
    inv_text aliases;           /**< other names, for searching */
    inv_text note;              /**< for people */
};

/** What never changes about a unit: its identity. By unit number, see inventory.units. */
struct unit_id {
    uint32_t site;      /**< site number */
    uint32_t service;   /**< number in inventory.services ("5g", "fibre", "link") */
    uint32_t op;        /**< operator number, INV_NONE if the unit has none */
    enum family family; /**< of the service: 2g 3g 4g 5g mobile; fibre; else other */
    uint8_t generation; /**< 2..5 for mobile services, else 0 */
};

/** What is said of a unit. */
struct unit_row {
    uint32_t unit;                 /**< unit number */
    uint32_t line;                 /**< as in struct area_row */
    struct validity valid;         /**< of this row */
    struct wall_ms commissioned;   /**< INT64_MIN if empty: in service from the start */
    struct wall_ms decommissioned; /**< WALL_NEVER_MS if empty */
    uint32_t anchor; /**< unit number of a non-standalone unit's anchor, or INV_NONE */
    bool awaits; /**< in service from its acceptance on: commissioned is WALL_NEVER_MS until then
                    (core/inventory_accept.h) */
};

/** A unit serves an area: a village, or all villages below a larger one. What is temporary of them:
 * core/inventory_cover.h. */
struct serves_row {
    uint32_t unit;         /**< unit number */
    uint32_t line;         /**< as in struct area_row */
    uint32_t area;         /**< area number */
    inv_text by;           /**< the operator's feed that says so; "" = a row of the file */
    struct validity valid; /**< of this row */
    inv_text reason;       /**< of temporary cover; "" = none given */
};

/** A site depends on another site, or on one unit of it. */
struct depends_row {
    uint32_t child;   /**< site number */
    uint32_t line;    /**< as in struct area_row */
    uint32_t on_site; /**< site number */
    uint32_t on_unit; /**< unit number if `on` names one unit (SITE/UNIT), else INV_NONE: all units
                         of on_site */
    enum depend_kind kind; /**< what it takes from there */
    uint32_t group;        /**< number in inventory.groups: members with equal (child, group) are
                              alternatives; a row without a group has one of its own */
    struct validity valid; /**< of this row */
};

/** Maintenance or energy saving, declared. */
struct declaration {
    uint32_t site;              /**< site number */
    uint32_t line;              /**< as in struct area_row */
    uint32_t unit;              /**< unit number, INV_NONE = every unit of the site */
    enum declaration_kind kind; /**< what is declared */
    struct validity span;       /**< what is declared */
    struct wall_ms registered;  /**< the reload that first showed the row */
    bool retroactive; /**< maintenance that someone was let to declare after it began: only figures
                         that say so count it */
    inv_text reason;  /**< as given */
    int64_t number;   /**< of one that a person declared (core/inventory_declare.h); 0 = a
                         row of the file */
    inv_text by;      /**< that person; "" = a row of the file */
    struct wall_ms withdrawn; /**< when it was taken back; 0 = it was not */
};

/** Where a probe stands and for which other sites it may speak. */
struct probe_row {
    uint32_t probe;        /**< probe number */
    uint32_t line;         /**< as in struct area_row */
    struct validity valid; /**< of this row */
    uint32_t site;         /**< its own site */
    uint32_t also_first;   /**< index of the first site number in inventory.also */
    uint32_t also_len;     /**< how many there are */
    uint32_t feed; /**< operator number: it passes on that operator's word and measures nothing
                      itself; INV_NONE = it is a probe */
};

/** The authority's figure for an area. */
struct declared_row {
    uint32_t area;      /**< area number */
    uint32_t line;      /**< as in struct area_row */
    inv_text indicator; /**< what is counted, see coverage_declared() */
    inv_text source;    /**< who says so */
    inv_text as_of;     /**< "2022-12-31" or "2022" */
    double numerator;   /**< the figure */
    double denominator; /**< of how many; NaN = not given */
};

/** Everything. Rows of one thing stand in order of their validity, which never overlaps. */
struct inventory {
    struct names areas;       /**< area ids */
    struct names operators;   /**< operator ids */
    struct names sites;       /**< site ids */
    struct names services;    /**< "5g", "4g", "fibre", ... */
    struct names units;       /**< "SITE/service@operator" or "SITE/service" */
    struct names probes;      /**< probe ids */
    struct names groups;      /**< groups of dependence */
    struct vec unit_ids;      /**< struct unit_id by unit number */
    struct vec area_rows;     /**< struct area_row, sorted by (area, valid.from) */
    struct vec operator_rows; /**< struct operator_row by operator number */
    struct vec site_rows;     /**< struct site_row, sorted by (site, valid.from) */
    struct vec unit_rows;     /**< struct unit_row, sorted by (unit, valid.from) */
    struct vec serves_rows;   /**< struct serves_row, sorted by (unit, area, by, valid.from) */
    struct vec
        depends_rows; /**< struct depends_row, sorted by (child, group, on, kind, valid.from) */
    struct vec declarations;       /**< struct declaration, sorted by (site, span.from) */
    struct vec probe_rows;         /**< struct probe_row, sorted by (probe, valid.from) */
    struct vec also;               /**< uint32_t site numbers of probe_row.also_* */
    struct vec declared_rows;      /**< struct declared_row, sorted by (area, indicator, as_of) */
    struct inventory_private *own; /**< indices and the text arena */
};

/** One CSV file of a load. */
struct inventory_file {
    const char *path;   /**< for messages: "sites.csv" */
    const char *table;  /**< "areas", "operators", "sites", "units", "serves", "depends",
                          "declarations", "probes", "declared"; each at most once */
    struct slice bytes; /**< of the file, the caller's */
};

/** Told of every error of a load: "sites.csv:12: unknown area \"22739\"; did you mean \"22738\"?".
 */
typedef void inventory_complain(void *context, const char *message);

/** An empty inventory, or NULL. */
struct inventory *inventory_new(void) MUST_USE;
/** Frees all. Accepts NULL. */
void inventory_free(struct inventory *inv);
/**
 * A new inventory that continues @p old (may be NULL): numbers stay, rows that changed end at @p
 * reload and new ones begin there unless their dated columns say otherwise (FIGURES 7.12). @p old
 * is only read, so an error leaves it in force. Files may be missing: their tables are then empty.
 * A date in a file is local midnight, @p zone_min minutes east of UTC (420 in Vietnam); an instant
 * without an offset is local too. Every error of every file is reported. Returns 0, ERR_SYNTAX
 * (something was reported) or ERR_NOMEM.
 */
int inventory_load(const struct inventory *old, const struct inventory_file *files, size_t n,
                   struct wall_ms reload, int zone_min, inventory_complain *complain, void *context,
                   struct inventory **ret_new) MUST_USE;

/** The row of a thing valid at @p t, or NULL. O(log n). */
const struct area_row *inventory_area(const struct inventory *inv, uint32_t area, struct wall_ms t);
const struct site_row *inventory_site(const struct inventory *inv, uint32_t site,
                                      struct wall_ms t); /**< as above */
const struct unit_row *inventory_unit(const struct inventory *inv, uint32_t unit,
                                      struct wall_ms t); /**< as above */
const struct probe_row *inventory_probe(const struct inventory *inv, uint32_t probe,
                                        struct wall_ms t); /**< as above */
/** True if @p unit exists at @p t: it has a row, is commissioned and not yet decommissioned. */
bool inventory_unit_exists(const struct inventory *inv, uint32_t unit, struct wall_ms t);
/** Identity of @p unit. */
const struct unit_id *inventory_unit_id(const struct inventory *inv, uint32_t unit);
/** Number of the unit of @p site written "service@operator" or "service"; the latter finds a unit
 * with an operator only if no other unit of the site has the service. INV_NONE if there is none. */
uint32_t inventory_find_unit(const struct inventory *inv, uint32_t site, struct slice name);
/** The units of @p site, in order of their numbers; *ret_len of them. */
const uint32_t *inventory_site_units(const struct inventory *inv, uint32_t site, size_t *ret_len);
/** The rows of one thing as a range of the array they stand in; *ret_len of them. O(log n). */
const struct area_row *inventory_area_rows(const struct inventory *inv, uint32_t area,
                                           size_t *ret_len);
const struct serves_row *inventory_serves(const struct inventory *inv, uint32_t unit,
                                          size_t *ret_len); /**< as above */
const struct depends_row *inventory_depends(const struct inventory *inv, uint32_t child_site,
                                            size_t *ret_len); /**< as above */
const struct declaration *inventory_declarations(const struct inventory *inv, uint32_t site,
                                                 size_t *ret_len); /**< as above */
const struct unit_row *inventory_unit_rows(const struct inventory *inv, uint32_t unit,
                                           size_t *ret_len); /**< as above */
const struct probe_row *inventory_probe_rows(const struct inventory *inv, uint32_t probe,
                                             size_t *ret_len); /**< as above */
/** True if the probe may speak for @p site at @p t: its own (*ret_own true), one of its `also`, or,
 * if it is an operator's feed, one where that operator has a unit. A feed is at no site its own. */
bool inventory_may_speak(const struct inventory *inv, uint32_t probe, uint32_t site,
                         struct wall_ms t, bool *ret_own);
/** The same while @p row of the probe is valid. */
bool inventory_row_speaks(const struct inventory *inv, const struct probe_row *row, uint32_t site,
                          bool *ret_own);

#endif
