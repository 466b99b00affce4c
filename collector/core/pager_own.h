/**
 * @file
 * What the files of the pager share; nobody else includes it.
 */
#ifndef CORE_PAGER_OWN_H
#define CORE_PAGER_OWN_H

#include "core/baselines.h"
#include "core/due.h"
#include "core/moving.h"
#include "core/pager.h"

/** Units whose end somebody may expect: each has a life. */
enum { PAGER_EXPECTING_MAX = 2 * LIVES_MAX };

/** Kinds of metrics' names that are told apart before any text is compared. */
enum { PAGER_METRICS = 256 };

/** Kinds of sites. */
enum { PAGER_KINDS = SITE_FEEDER + 1 };

/** How bad a unit is for the pager; more is worse. */
enum pager_class { PAGER_WELL, PAGER_SILENT, PAGER_DOWN };

/** A unit as the pager holds it. */
struct pager_unit {
    uint32_t alert;       /**< place of the alert that holds it, ALERT_NONE + 1 = 0: none */
    uint32_t base;        /**< site that it stands for now: its root's or its own */
    uint32_t member;      /**< its place in pager.members + 1 */
    uint32_t next;        /**< unit + 1 behind it in its alert, 0 = none */
    uint32_t prev;        /**< unit + 1 before it there, 0 = none */
    uint8_t class;        /**< enum pager_class */
    struct wall_ms since; /**< that it is */
};

/** Rules by what they look at and speak of, as bits: whoever has to look at few of them visits no
 * other. */
struct pager_sorts {
    uint64_t counting[PAGER_DOWN + 1]; /**< those that count units of a class */
    uint64_t overdue;                  /**< RULE_OVERDUE */
    uint64_t probes;                   /**< about probes that are absent */
    uint64_t figures;                  /**< about a figure of an area that there is */
    uint64_t of_kind[PAGER_KINDS];     /**< whose scope holds sites of a kind */
    uint64_t any_kind;                 /**< that name none */
    uint64_t any_op;                   /**< that name no operator */
    uint64_t any_area;                 /**< that name no area */
    uint64_t critical;                 /**< that ask for a site's word */
};

/** What rules say of an area. */
struct pager_area {
    uint64_t named;       /**< rules that name it */
    uint64_t speak;       /**< rules that name it or one above it, or none */
    struct wall_ms until; /**< that is so; it is found again from then on */
};

/** What a rule about a figure of an area looks at. */
struct pager_figure {
    uint32_t area;                 /**< INV_NONE = none */
    uint32_t who;                  /**< operator's number or COVERAGE_ANY */
    struct moving window;          /**< availability of window_ms */
    struct moving month;           /**< RULE_BUDGET: of the month so far */
    double declared;               /**< RULE_DROP: the authority's share, NaN = none */
    enum coverage_measure measure; /**< of it */
};

/** Everything. */
struct pager {
    const struct centre *centre; /**< what is looked at */
    int64_t zone_ms;             /**< local time minus UTC */
    struct rules *rules;         /**< in force, owned */
    struct alert_table alerts;   /**< that go on */
    struct page_box box;         /**< pages */
    struct vec units;            /**< struct pager_unit by unit number */
    struct vec members;          /**< uint32_t units that an alert holds */
    struct vec seen;             /**< uint32_t by site: the last count that it was counted in */
    uint32_t counts;             /**< of members, so far */
    struct vec base_units;       /**< uint32_t by site: members that stand for it */
    struct vec area_sites;       /**< uint32_t by area: sites at or below that can be out */
    struct vec area_bases;       /**< uint32_t by area: sites at or below that members stand for */
    struct vec parents;          /**< uint8_t by site: others depend on it */
    struct due_queue absent;     /**< probes to look at: id, when */
    struct vec site_down;        /**< uint32_t by site: units that are down */
    struct vec area_out;         /**< uint32_t by area: sites at or below with every unit down */
    struct vec touched;          /**< struct wall_ms by village: a unit that serves it changed */
    struct pager_sorts sorts;    /**< of the rules */
    struct vec asked;            /**< uint64_t by unit: moving figures that count it */
    int64_t asked_day;           /**< the local day of that */
    struct vec of_op;            /**< uint64_t by operator: rules that name it */
    struct vec of_area;          /**< struct pager_area by area */
    struct pager_figure figure[RULES_MAX]; /**< by rule, of those about figures */
    uint8_t moving[RULES_MAX];             /**< those of them that change with time alone */
    size_t moves;                          /**< how many */
    struct vec expecting;                  /**< uint32_t units whose outage is to end by a time */
    uint64_t wanted[PAGER_METRICS];        /**< rules that may want a metric, as bits */
    struct baselines baselines;            /**< what is usual, by series and rule */
    struct vec series_checks; /**< uint8_t by check of the world: a series of it was told of */
    uint32_t series_known;    /**< series that are noted there */
    uint64_t unwatched;       /**< readings of series for which there was no room */
    struct wall_ms deaf;      /**< when we did not listen last */
    struct dirty looked;      /**< units to look at */
    struct wall_ms now;       /**< of the last pager_advance() */
    struct wall_ms next;      /**< when something of the alerts is due */
    struct wall_ms looks;     /**< when something else is to be looked at */
    struct vec rooted;        /**< struct pager_rooted not told yet */
    bool regroup;             /**< something above others changed: look at all members */
    bool restoring;           /**< the first look after a restart */
};

/** The unit's record, NULL without memory. */
struct pager_unit *pager_unit_of(struct pager *p, uint32_t unit);
/** Behind @p unit (+ 1) in its alert, from alert.first on: a unit + 1, 0 at the end. */
uint32_t pager_after(const struct pager *p, uint32_t unit);
/** A number by a thing, made if there was none; NULL without memory. */
uint32_t *pager_count(struct vec *counts, uint32_t at);
/** Site row now, NULL if there is none. */
const struct site_row *pager_site(const struct pager *p, uint32_t site);
/** @p unit is about to leave the alert at @p from for the one at @p to. 0 or ERR_NOMEM. */
int pager_roots_move(struct pager *p, uint32_t unit, uint32_t from, uint32_t to);
/** Once the alert at @p slot has settled, what held it before is told. 0 or ERR_NOMEM. */
int pager_roots_step(struct pager *p, uint32_t slot);
/** Takes the lowest of @p rules, which are not none, out and returns it. */
size_t pager_next_rule(uint64_t *rules);
/** Sorts the rules in force by the inventory as it is: 0 or ERR_NOMEM. */
int pager_sort_rules(struct pager *p) MUST_USE;
/** Rules whose scope speaks of operator @p op (INV_NONE: of nobody) at @p site now, as bits. O(1),
 * O(depth of the tree) now and then */
uint64_t pager_speaking(struct pager *p, uint32_t site, uint32_t op);
/** Puts @p unit, of @p class and standing for @p base, into the alert at @p slot or out of any
 * (ALERT_NONE). @p merged: what it leaves has not recovered. 0 or ERR_NOMEM. */
int pager_move(struct pager *p, uint32_t unit, uint32_t slot, enum pager_class class, uint32_t base,
               bool merged);
/** A rule that is not about outages holds of a thing, or does not. 0 or ERR_NOMEM. */
int pager_signal(struct pager *p, size_t rule, enum alert_subject subject, uint32_t of, bool holds,
                 double value);
/** Looks at all units that are to be looked at. */
int pager_look(struct pager *p);
/** Sites by area, and who is above others, by the inventory. */
int pager_count_sites(struct pager *p);
/** Members that stand for @p site begin (1) or end (-1). */
int pager_area_bases(struct pager *p, uint32_t site, int by);
/** Place of the open alert of an area around @p site that holds all of it, ALERT_NONE if none. */
uint32_t pager_part_of(const struct pager *p, uint32_t site);
/** Takes areas of which too much is out as one, before the alert at @p slot is told. */
int pager_collapse(struct pager *p, uint32_t slot);
/** Gives what is left in areas that are well again back to itself. */
int pager_dissolve(struct pager *p);
/** A unit of @p site begins (1) or ends (-1) to be down. */
int pager_site_down(struct pager *p, uint32_t site, int by);
/** Finds what rules about figures look at: 0 or ERR_NOMEM. O(such rules x units) at most. */
int pager_figures_find(struct pager *p);
/** Frees what they keep. */
void pager_figures_done(struct pager *p);
/** A unit changed. */
int pager_figures_unit(struct pager *p, uint32_t unit);
/** Rules about figures of areas. O(such rules) */
int pager_figures_look(struct pager *p);
/** The share of the area's sites that are out; NaN if it has none. */
double pager_share_out(const struct pager *p, uint32_t area);
/** Two rules about areas look at one figure, for two thresholds. */
bool pager_same_figure(const struct rule *a, const struct rule *b);
/** Which metrics the rules want. */
void pager_readings_find(struct pager *p);
/** Alerts about checks of sites that are no more end. */
void pager_readings_sweep(struct pager *p);
/** Site of the series @p text, INV_NONE if it is none; what else it is called in @p ret_what. */
uint32_t pager_series_site(const struct pager *p, const char *text, struct slice *ret_what);
/** All of the site is in maintenance, asleep or planned: nobody is paged about it. */
bool pager_site_quiet(const struct pager *p, uint32_t site);
/** Whether the outage of @p unit lasts longer than somebody said. */
int pager_overdue_unit(struct pager *p, uint32_t unit);
/** The same for all of which somebody said something. */
int pager_overdue_look(struct pager *p);
/** Probes that are due to be looked at. */
int pager_absent_look(struct pager *p);
/** Every probe is to be looked at. */
int pager_absent_fill(struct pager *p);
/** A unit changed: whoever counts people of the villages that it serves has to count again. */
int pager_people_unit(struct pager *p, uint32_t unit);
/** People without service by the members of the alert at @p slot may be others than when they were
 * counted last. O(its members) */
bool pager_people_moved(const struct pager *p, uint32_t slot);
/** People without service by the members of the alert at @p slot now. */
int pager_people(const struct pager *p, uint32_t slot, int64_t *ret_people);
/** Writes the pages of @p transition of a watch, which may have left its alert already, to the
 * targets in @p mask. */
int pager_tell(struct pager *p, uint32_t slot, const struct alert_watch *watch,
               enum page_transition transition, uint32_t mask);
/** The alerts have to be looked at again at @p t. */
void pager_wake(struct pager *p, struct wall_ms t);
/** Something that is no alert yet has to be. */
void pager_look_at(struct pager *p, struct wall_ms t);

#endif
