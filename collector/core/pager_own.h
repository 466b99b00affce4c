/**
 * @file
 * What the files of the pager share; nobody else includes it.
 */
#ifndef CORE_PAGER_OWN_H
#define CORE_PAGER_OWN_H

#include "core/due.h"
#include "core/pager.h"

/** How bad a unit is for the pager; more is worse. */
enum pager_class { PAGER_WELL, PAGER_SILENT, PAGER_DOWN };

/** A unit as the pager holds it. */
struct pager_unit {
    uint32_t alert;       /**< place of the alert that holds it, ALERT_NONE + 1 = 0: none */
    uint32_t base;        /**< site that it stands for now: its root's or its own */
    uint32_t member;      /**< its place in pager.members + 1 */
    uint8_t class;        /**< enum pager_class */
    struct wall_ms since; /**< that it is */
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
    struct vec base_units;       /**< uint32_t by site: members that stand for it */
    struct vec area_sites;       /**< uint32_t by area: sites at or below that can be out */
    struct vec area_bases;       /**< uint32_t by area: sites at or below that members stand for */
    struct vec parents;          /**< uint8_t by site: others depend on it */
    struct due_queue absent;     /**< probes to look at: id, when */
    struct vec site_down;        /**< uint32_t by site: units that are down */
    struct vec area_out;         /**< uint32_t by area: sites at or below with every unit down */
    uint32_t rule_area[RULES_MAX]; /**< area of a rule about figures, INV_NONE = none */
    struct wall_ms deaf;           /**< when we did not listen last */
    struct dirty looked;           /**< units to look at */
    struct wall_ms now;            /**< of the last pager_advance() */
    struct wall_ms next;           /**< when something is due */
    bool regroup;                  /**< something above others changed: look at all members */
    bool restoring;                /**< the first look after a restart */
};

/** The unit's record, NULL without memory. */
struct pager_unit *pager_unit_of(struct pager *p, uint32_t unit);
/** A number by a thing, made if there was none; NULL without memory. */
uint32_t *pager_count(struct vec *counts, uint32_t at);
/** Site row now, NULL if there is none. */
const struct site_row *pager_site(const struct pager *p, uint32_t site);
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
/** Finds the areas of rules about figures. */
void pager_areas_find(struct pager *p);
/** Rules about figures of areas. O(such rules) */
int pager_areas_look(struct pager *p);
/** Probes that are due to be looked at. */
int pager_absent_look(struct pager *p);
/** Every probe is to be looked at. */
int pager_absent_fill(struct pager *p);
/** People without service by the members of the alert at @p slot now. */
int pager_people(const struct pager *p, uint32_t slot, int64_t *ret_people);
/** Writes the pages of @p transition of a rule's watch to the targets in @p mask. */
int pager_tell(struct pager *p, uint32_t slot, size_t rule, enum page_transition transition,
               uint32_t mask);
/** Something has to be looked at again at @p t. */
void pager_wake(struct pager *p, struct wall_ms t);

#endif
