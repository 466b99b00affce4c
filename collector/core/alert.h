/**
 * @file
 * An alert: one thing that people are told of, with the rules that hold of it, since when, who was
 * told and whether somebody has taken it over. And the table of all that go on.
 *
 * Alerts outlive restarts (ROW_ALERT). What they mean and when somebody is told is core/pager.h's.
 */
#ifndef CORE_ALERT_H
#define CORE_ALERT_H

#include "base/names.h"
#include "core/rows.h"
#include "core/rules.h"

/** What an alert is about. */
enum alert_subject {
    ALERT_SITE,     /**< outages with their root at a site */
    ALERT_PART,     /**< outages all over an area, beyond its share */
    ALERT_AREA,     /**< a figure of an area */
    ALERT_PROBE,    /**< a probe that is absent */
    ALERT_CENTRE,   /**< the centre itself */
    ALERT_SERIES,   /**< a metric of a check, see alert_table.series */
    ALERT_OVERDUE,  /**< an outage that lasts longer than somebody said; by its unit */
    ALERT_SUBJECTS, /**< how many there are */
};

/** Every rule may hold of one thing; an alert has memory for those that do. */
enum { ALERT_WATCHES_MAX = RULES_MAX, ALERT_SERIES_MAX = 1 << 16 };

/** No alert. */
#define ALERT_NONE UINT32_MAX

/** A rule that holds, or held a moment ago. */
struct alert_watch {
    uint8_t rule;         /**< number in struct rules */
    bool fired;           /**< people were told */
    uint32_t holds;       /**< by how many members it does; 0 = not any more */
    struct wall_ms since; /**< when that began */
    double value;         /**< the figure or reading that made it hold; 0 where there is none */
};

/** One alert. */
struct alert {
    uint32_t id;                /**< rises from 1, never reused; 0 = a free place */
    enum alert_subject subject; /**< what it is about */
    uint32_t of;                /**< number of the site, area, probe, series or unit */
    uint32_t members;           /**< units that it holds */
    uint32_t first;             /**< one of them + 1, 0 = none; see core/pager_own.h; not stored */
    uint32_t flaps;             /**< how often it came back before it had ended */
    uint64_t number;            /**< SC of the outage, or of the alarm itself */
    uint64_t was_of;           /**< SC of the outage that held it before; 0 = none, or it is told */
    struct wall_ms opened;     /**< when it was seen first */
    struct wall_ms fired;      /**< when somebody was told first; 0 = nobody was */
    struct wall_ms acked;      /**< when somebody took it over; 0 = nobody did */
    struct wall_ms stepped;    /**< when the last step of its escalation was told */
    struct wall_ms changed;    /**< when its members changed last */
    int64_t people;            /**< without service when it was told of last */
    int64_t people_now;        /**< without service when that was counted last */
    struct wall_ms counted;    /**< see above; not stored */
    struct alert_watch *watch; /**< rules, the table's memory */
    uint8_t watches;           /**< how many */
    uint8_t room;              /**< for so many */
    uint8_t steps;             /**< of its escalation that were told */
    uint8_t cause;             /**< suspected when it was told of last, enum cause */
    uint32_t sites;            /**< that it held then */
    bool dissolved;            /**< ALERT_PART: what is left of it stands for itself again */
    bool joined;               /**< its own site is part of another alert now; not stored */
    bool merged;               /**< what it was about is part of another alert now */
    bool dirty;                /**< to be stored */
    uint8_t told[RULE_TARGETS_MAX]; /**< by target: 1 + the gravest severity it was told of */
};

/** Storage of the caller. Things bound it: a nation whose 240,000 sites are all out has an alert
 * for each. */
struct alert_table {
    struct vec alerts;                /**< struct alert; id 0 = free */
    struct vec dropped;               /**< uint32_t ids whose rows have to go */
    uint32_t next;                    /**< id of the next */
    uint64_t next_alarm;              /**< number of the next alarm that is no outage */
    struct vec place[ALERT_SUBJECTS]; /**< uint32_t by number of the thing: place + 1, 0 = none */
    size_t open;                      /**< alerts in use */
    size_t free_from;                 /**< no place before this is free */
    struct names series; /**< texts of things that have no number in the inventory; given anew at a
                            restart */
};

/** An empty table. */
void alert_table_init(struct alert_table *t);
/** Frees all. */
void alert_table_done(struct alert_table *t);
/** Alert in place @p slot. */
struct alert *alert_at(const struct alert_table *t, uint32_t slot);
/** Place of the alert about @p of, ALERT_NONE if there is none. O(1). */
uint32_t alert_find(const struct alert_table *t, enum alert_subject subject, uint32_t of);
/** Makes the alert in @p slot be found: 0 or ERR_NOMEM. */
int alert_index(struct alert_table *t, uint32_t slot) MUST_USE;
/** A new alert about @p of at @p now; @p number 0: one of its own. ALERT_NONE without memory or
 * room. O(places before the first free one). */
uint32_t alert_open(struct alert_table *t, enum alert_subject subject, uint32_t of, uint64_t number,
                    struct wall_ms now);
/** Ends the alert in @p slot: 0 or ERR_NOMEM. */
int alert_close(struct alert_table *t, uint32_t slot) MUST_USE;
/** The watch of @p rule, NULL if there is none. */
struct alert_watch *alert_watching(struct alert *a, size_t rule);
/** As above, made if there was none; NULL without memory. */
struct alert_watch *alert_watch_add(struct alert *a, size_t rule, struct wall_ms now);
/** Forgets watch @p at. */
void alert_watch_drop(struct alert *a, size_t at);

/** Hands changed rows to @p sink; names are those of @p rules. 0 or its error. */
int alert_save(struct alert_table *t, const struct rules *rules,
               const struct row_sink *sink) MUST_USE;
/** Takes a row back by the names of @p rules; what they do not name is forgotten. 0, ERR_CORRUPT,
 * ERR_VERSION or ERR_NOMEM. */
int alert_load(struct alert_table *t, const struct rules *rules, struct slice key,
               struct slice value) MUST_USE;
/** Goes on with other rules: what the new ones call the same stays. */
void alert_rename(struct alert_table *t, const struct rules *old, const struct rules *fresh);

#endif
