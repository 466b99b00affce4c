/**
 * @file
 * The API's answers as JSON: what the centre knows, rendered for one request (DESIGN section 6).
 *
 * Pure: memory in, text out. What a path or a parameter is called is the shell's; here are the
 * things themselves. Every list is paged. Times are UTC texts with milliseconds, durations whole
 * milliseconds, ratios 0..1, absent figures null. Restricted sites count in totals and show nothing
 * else (FIGURES section 6); to a guest every site is like that.
 */
#ifndef CODEC_API_H
#define CODEC_API_H

#include "base/buf.h"
#include "codec/api_page.h"
#include "codec/emit.h"
#include "core/availability.h"
#include "core/centre.h"
#include "core/ledger_audit.h"
#include "core/page_box.h"
#include "core/summary.h"

/** Of what an answer speaks. */
struct api_scope {
    const struct centre *centre; /**< committed state */
    struct wall_ms now;          /**< instant of the answer: of the past where one is replayed */
    const struct coverage *past; /**< coverage at such an instant, NULL = the present one */
    int64_t standing_ms;         /**< an outage that has lasted so long is a standing one */
    const char *name;            /**< of the operations centre */
    bool simulated;              /**< everything is marked so */
    bool listening;              /**< the broker's connection is up and markers come back */
    bool guest;                  /**< whoever asks may see no site at all, restricted or not */
};

/** True if whoever asks may see more of the site than that it counts; @p row may be NULL. */
bool api_site_shown(const struct api_scope *scope, const struct site_row *row);
/** True if the probe stands at no site that is hidden so. */
bool api_probe_shown(const struct api_scope *scope, uint32_t probe);

/** Which sites; members that are INV_NONE, -1 or 0 do not narrow. */
struct api_sites_filter {
    uint32_t area; /**< at or below this one */
    int state;     /**< worst unit is in this state, -1 = any */
    int kind;      /**< enum site_kind, -1 = any */
};

/** Kinds of sites. */
enum { API_KINDS = 6 };

/** Word of a kind of site on the API, "" if out of range. */
const char *api_kind_word(int kind);

/** Which availability of an area. */
struct api_availability_filter {
    uint32_t area;          /**< sites at or below it */
    int kind;               /**< enum site_kind, -1 = each kind by itself */
    uint32_t op;            /**< operator, INV_NONE = all together */
    bool every_operator;    /**< all together, then each operator */
    struct validity window; /**< see core/availability.h */
};

/** Availability of an area, one figure per kind and operator asked for: 0 or ERR_NOMEM. */
int api_availability(const struct api_scope *scope, const struct api_availability_filter *filter,
                     struct buf *out) MUST_USE;
/** The same figures as items of an open array. */
int api_availability_figures(const struct api_scope *scope,
                             const struct api_availability_filter *filter, struct emit *e) MUST_USE;
/** Availability of each unit of @p site. */
void api_availability_site(const struct api_scope *scope, uint32_t site, struct validity window,
                           struct buf *out);

/** The figures of an area for its wall: sites and units by state, coverage, availability, outages
 * that last. 0 or ERR_NOMEM. */
int api_overview(const struct api_scope *scope, uint32_t area, struct buf *out) MUST_USE;

/** Which areas. */
struct api_areas_filter {
    uint32_t parent;   /**< below this one; INV_NONE: the roots, or with a level everywhere */
    const char *level; /**< at any depth those of this level; NULL = the directly lower ones */
};

/** Areas with their coverage in short. */
void api_areas(const struct api_scope *scope, const struct api_areas_filter *filter,
               struct api_page page, struct buf *out);
/** One area. */
void api_area(const struct api_scope *scope, uint32_t area, struct buf *out);
/** One area as an item of a list or event. */
void api_area_item(const struct api_scope *scope, uint32_t area, struct emit *e);
/** Sites that @p filter lets pass. */
void api_sites(const struct api_scope *scope, const struct api_sites_filter *filter,
               struct api_page page, struct buf *out);
/** One site with its units and probes. */
void api_site(const struct api_scope *scope, uint32_t site, struct buf *out);
/** One site as an item of a list or event; nothing for a restricted one. */
void api_site_item(const struct api_scope *scope, uint32_t site, struct emit *e);

/** Operators' feeds stand among the probes: they may be left out, or asked for alone. */
enum api_feeds_among { API_FEEDS_TOO, API_FEEDS_NOT, API_FEEDS_ONLY };

/** Which probes; members that are INV_NONE or 0 do not narrow. */
struct api_probes_filter {
    uint32_t area;              /**< of sites at or below this one */
    int64_t late_ms;            /**< not heard for so long, or never */
    bool wrong_clock;           /**< whose clock is wrong by what they send */
    enum api_feeds_among feeds; /**< what of operators' feeds */
};

/** Probes with what their statuses say and when they were heard last, those of restricted sites
 * left out. */
void api_probes(const struct api_scope *scope, const struct api_probes_filter *filter,
                struct api_page page, struct buf *out);
/** One probe as an item of a list. */
void api_probe_item(const struct api_scope *scope, uint32_t probe, struct emit *e);
/** Spans of each unit of @p site in [from, to). */
void api_timeline(const struct api_scope *scope, uint32_t site, struct wall_ms from,
                  struct wall_ms to, struct buf *out);
/** Coverage of @p area, every technology and operator, and its villages without service by name: 0
 * or ERR_NOMEM. */
int api_coverage(const struct api_scope *scope, uint32_t area, struct buf *out) MUST_USE;
/** Members of the open object: "dark", the first hundred villages of @p area that nobody serves,
 * those that lost their service before those that no unit is meant to serve; "dark_total" and
 * "unserved_total". Families without any unit are left out. 0 or ERR_NOMEM. O(areas below). */
int api_dark(const struct api_scope *scope, const struct coverage *coverage, uint32_t area,
             struct emit *e) MUST_USE;
/** Members of the open object: "temporary", the first hundred rows of temporary cover of @p area or
 * of what lies around it, those of hidden sites left out; "temporary_total", with those. O(rows of
 * `serves`). */
void api_cover(const struct api_scope *scope, uint32_t area, struct emit *e);
/** Outages that overlap [from, to), grouped under their roots, most people without service first;
 * @p past (may be NULL) has those that the memory has no more: 0 or ERR_NOMEM. */
int api_outages(const struct api_scope *scope, uint32_t area, bool only_open, struct wall_ms from,
                struct wall_ms to, struct api_page page, const struct vec *past,
                struct buf *out) MUST_USE;
/** The authority's figures of @p area. */
void api_indicators(const struct api_scope *scope, uint32_t area, struct api_page page,
                    struct buf *out);

/** What is declared, of @p site or (INV_NONE) of all. */
void api_declarations(const struct api_scope *scope, uint32_t site, struct api_page page,
                      struct buf *out);
/** One declaration. */
void api_declaration(const struct api_scope *scope, const struct declaration *declaration,
                     struct buf *out);

/** True if people may see the site of @p declaration. */
bool api_declaration_shown(const struct api_scope *scope, const struct declaration *declaration);
/** One declaration as an item of a list. */
void api_declaration_item(const struct api_scope *scope, const struct declaration *declaration,
                          struct emit *e);
/** What a shift hands over: outages that last with where they stand, and maintenance that lasts or
 * begins within a day: 0 or ERR_NOMEM. */
int api_handover(const struct api_scope *scope, struct api_page page, struct buf *out) MUST_USE;

/** What happened in @p span, with the pages of @p box (NULL = none), the newest first; as lines of
 * CSV without paging, the oldest first, if @p csv. 0 or ERR_NOMEM. */
int api_shift(const struct api_scope *scope, const struct page_box *box, struct validity span,
              struct api_page page, bool csv, struct buf *out) MUST_USE;

/** What the ledger is compared with. */
struct api_ledger {
    uint64_t logged;                  /**< messages that ever entered the intake log */
    uint64_t in_intake;               /**< of these, not processed yet */
    uint64_t pending_readings;        /**< in batches that wait for the database */
    const struct ledger_audit *audit; /**< the last one */
    bool every_probe;                 /**< those of restricted sites by name, too */
    uint64_t audits;                  /**< since the start */
};

/** The ledger: totals, their equations, what the last audit found, open packs, and per probe and
 * epoch in pages of probes; of @p probe only, unless it is INV_NONE. */
void api_ledger(const struct api_scope *scope, const struct api_ledger *outside, uint32_t probe,
                struct api_page page, struct buf *out);
/** A page of the pages in @p box, the newest first. */
void api_pages(const struct api_scope *scope, const struct page_box *box, struct api_page page,
               struct buf *out);

#endif
