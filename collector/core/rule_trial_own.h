/**
 * @file
 * What the files of the trial share; nobody else includes it.
 */
#ifndef CORE_RULE_TRIAL_OWN_H
#define CORE_RULE_TRIAL_OWN_H

#include "core/rule_trial.h"

enum { TRIAL_INTERVAL_MS = 10000, TRIAL_WORDS_MAX = 64, TRIAL_METRICS_MAX = 64, TRIAL_QUIET = -1 };

/** What the checks of a unit say now. */
struct trial_unit {
    int verdict;    /**< enum verdict, TRIAL_QUIET = its probe is gone */
    uint32_t probe; /**< that runs them */
    uint32_t check; /**< number in the world */
};

/** A number that a probe reports from its line on. */
struct trial_metric {
    uint32_t probe;      /**< that reports */
    uint32_t site;       /**< of it */
    struct slice check;  /**< "icmp/core-1", of the script */
    struct slice metric; /**< "rtt", of the script */
    double value;        /**< what it is now */
};

/** A story under way. */
struct trial {
    struct centre *centre;                         /**< that hears it */
    struct pager *pager;                           /**< that is tried */
    struct wall_ms start, now;                     /**< of the story */
    struct wall_ms heard;                          /**< marker before this one */
    struct vec units;                              /**< struct trial_unit by unit */
    struct vec absent;                             /**< uint32_t probes that never come */
    struct trial_metric metric[TRIAL_METRICS_MAX]; /**< numbers that are reported */
    size_t metrics;                                /**< how many */
    bool begun;                                    /**< the probes have come */
    bool deaf;                                     /**< the centre hears nobody */
    bool ended;                                    /**< no line of it counts any more */
    const char *file;                              /**< name of the script */
    size_t line;                                   /**< in it */
    struct buf *out;                               /**< where pages go */
};

/** The words of a line behind its time. */
struct trial_words {
    struct slice word[TRIAL_WORDS_MAX]; /**< each */
    size_t len;                         /**< how many */
};

/** Says what is wrong with @p word of the present line; ERR_SYNTAX. */
int rule_trial_wrong(struct trial *t, const char *what, struct slice word);
/** What is said of unit @p unit. */
struct trial_unit *rule_trial_unit(struct trial *t, uint32_t unit);
/** "90s", "5min", "2h". */
bool rule_trial_time(struct slice word, int64_t *ret_ms);
/** The first probe that stands at @p site, NULL if there is none. */
const struct probe_row *rule_trial_probe(const struct trial *t, uint32_t site);
/** The probe lists its checks, from now on: 0 or ERR_NOMEM. */
int rule_trial_list(struct trial *t, const struct probe_row *row);
/** Does what a line says: 0, ERR_SYNTAX or ERR_NOMEM. */
int rule_trial_act(struct trial *t, const struct trial_words *w);

#endif
