/**
 * @file
 * What a rule of paging is: whom to tell of what, how grave it is, and how long it has to hold.
 *
 * Plain data. Reading the file is shell/rules_file.h's; what a rule speaks of, and the life of what
 * it found, is core/pager.h's.
 */
#ifndef CORE_RULES_H
#define CORE_RULES_H

#include "core/coverage.h"
#include "core/inventory.h"
#include "core/severity.h"

/** What a rule looks at. X(name, value, word, what a page says in Vietnamese, in English) */
#define RULE_CONDITION_MAP(X)                                                                \
    X(RULE_DOWN, 0, "down", "mất liên lạc", "down")                                          \
    X(RULE_SILENT, 1, "silent", "mất tín hiệu giám sát (chưa xác minh)", "silent")           \
    X(RULE_PEOPLE, 2, "people", "mất dịch vụ hoàn toàn", "people without service")           \
    X(RULE_COVERAGE, 3, "coverage", "vùng phủ giảm", "coverage low")                         \
    X(RULE_SHARE, 4, "share_out", "nhiều trạm mất liên lạc", "many sites out")               \
    X(RULE_NEVER, 5, "never_reported", "thiết bị giám sát chưa từng báo", "never reported")  \
    X(RULE_LATE, 6, "late", "thiết bị giám sát im lặng", "probe late")                       \
    X(RULE_LEDGER, 7, "ledger_broken", "sổ cái không cân", "ledger broken")                  \
    X(RULE_OVERDUE, 8, "overdue", "quá hạn khôi phục", "restoring overdue")                  \
    X(RULE_DROP, 9, "coverage_drop", "vùng phủ thấp hơn công bố", "coverage below declared") \
    X(RULE_AVAILABILITY, 10, "availability", "độ sẵn sàng thấp", "availability low")         \
    X(RULE_BUDGET, 11, "budget", "tháng này sẽ không đạt độ sẵn sàng",                       \
      "month will miss its availability")                                                    \
    X(RULE_METRIC, 12, "metric", "chỉ số vượt ngưỡng", "metric beyond threshold")            \
    X(RULE_CHANGE, 13, "change", "chỉ số lệch mức nền", "metric off its baseline")           \
    X(RULE_CERTIFICATE, 14, "certificate", "chứng thư sắp hết hạn", "certificate expires")

/** Makes one enumerator. */
#define RULE_ENUM(name, value, ...) name = value,

/** See RULE_CONDITION_MAP. */
enum rule_condition { RULE_CONDITION_MAP(RULE_ENUM) RULE_CONDITIONS };

#undef RULE_ENUM

enum {
    RULES_MAX = 64,        /**< rules of a file */
    RULE_TARGETS_MAX = 16, /**< targets of a file */
    RULE_STEPS_MAX = 8,    /**< of an escalation */
    RULE_NAME_MAX = 48,    /**< of rules and targets, with the NUL */
    RULE_TEXT_MAX = 256,   /**< of a message's template */
    RULE_CHECK_MAX = 130,  /**< "<type>/<name>" of a check, with the NUL */
    RULE_METRIC_MAX = 65,  /**< of a metric, with the NUL */
    RULE_ANY_KIND = -1,    /**< a scope that names no kind */
};

/** Which way a metric is to go. X(name, word in files) */
#define RULE_SENSE_MAP(X)  \
    X(RULE_ABOVE, "above") \
    X(RULE_BELOW, "below") \
    X(RULE_EITHER, "either")

/** Makes one enumerator. */
#define RULE_SENSE_ENUM(name, word) name,

/** See RULE_SENSE_MAP; either way is for changes only. */
enum rule_sense { RULE_SENSE_MAP(RULE_SENSE_ENUM) RULE_SENSES };

#undef RULE_SENSE_ENUM

/** Of what a rule speaks; "" and RULE_ANY_KIND: of all. */
struct rule_scope {
    int kind;             /**< enum site_kind */
    char area[48];        /**< id of an area: at or below it */
    char op[48];          /**< id of an operator */
    char criticality[48]; /**< the user's own word of a site */
};

/** One step of an escalation: who is told when nobody has taken it over by then. */
struct rule_step {
    int64_t after_ms; /**< since somebody was told first; rises from step to step */
    uint32_t targets; /**< bits of rules.target */
};

/** One rule. */
struct rule {
    char name[RULE_NAME_MAX];      /**< unique */
    enum rule_condition condition; /**< what it looks at */
    enum severity severity;        /**< of what it finds */
    struct rule_scope scope;       /**< where it looks */
    double set;   /**< threshold: people, ratio, milliseconds or the metric's own by condition */
    double clear; /**< it ends on the other side of this one only */
    enum technology technology;   /**< RULE_COVERAGE, RULE_DROP */
    char check[RULE_CHECK_MAX];   /**< of metrics: type of the check, or "<type>/<name>" */
    char metric[RULE_METRIC_MAX]; /**< of metrics: which */
    enum rule_sense sense;        /**< of metrics: which way is bad */
    bool relative;                /**< RULE_CHANGE: set and clear are shares of the baseline */
    int64_t half_ms;              /**< RULE_CHANGE: the baseline forgets half in so long */
    int64_t learn_ms;             /**< RULE_CHANGE: says nothing before it knows so much */
    int64_t window_ms;            /**< RULE_AVAILABILITY: of so long; RULE_BUDGET: at its rate */
    int64_t for_ms;               /**< has to hold so long first */
    int64_t keep_ms;              /**< goes on so long after it held last */
    uint32_t targets;             /**< bits of rules.target */
    struct rule_step step[RULE_STEPS_MAX]; /**< of its escalation, in their order */
    size_t steps;                          /**< how many */
    char vi[RULE_TEXT_MAX];                /**< template; "" = the usual one */
    char en[RULE_TEXT_MAX];                /**< as above */
};

/** Whom to tell. How a page gets there is the shell's. */
struct rule_target {
    char name[RULE_NAME_MAX]; /**< unique */
    enum severity least;      /**< nothing less grave */
    int64_t cap;              /**< pages in each window; more become one digest; 0 = no bound */
    int64_t window_ms;        /**< see cap */
    bool recovery;            /**< is told of ends too */
    bool mirror;              /**< keeps states of its own: is told of ends, and of merges */
    int fallback;             /**< target told instead after fallback_ms; -1 = none */
    int64_t fallback_ms;      /**< how long it may fail */
    int from_min;             /**< minutes after local midnight: told from then on */
    int to_min;               /**< until then; not later than from: overnight; equal: always */
};

/** A whole file of rules. */
struct rules {
    int64_t settle_ms;  /**< page_settle: how long a page waits for the root */
    double area_share;  /**< this share of an area's sites at once is one outage of the area */
    int64_t area_sites; /**< and at least so many */
    struct rule rule[RULES_MAX];                 /**< the rules */
    size_t len;                                  /**< how many */
    struct rule_target target[RULE_TARGETS_MAX]; /**< whom to tell */
    size_t targets;                              /**< how many */
};

/** A file without rules: nobody is paged. */
void rules_init(struct rules *rules);
/** Number of the rule or target called @p name, -1 if there is none. O(n). */
int rules_find(const struct rules *rules, const char *name);
int rules_find_target(const struct rules *rules, const char *name); /**< see rules_find() */

/** Bits of everybody who is told by @p rule once the first @p steps steps of it were taken. */
uint32_t rules_told(const struct rule *rule, size_t steps);
/** True if @p target is told of something new at @p now, @p zone_ms east of UTC. */
bool rules_within_hours(const struct rule_target *target, struct wall_ms now, int64_t zone_ms);
/** True if a rule is about outages of units, which are grouped before anybody is told. */
bool rules_of_outages(enum rule_condition condition);
/** True if a rule is about one figure of one area. */
bool rules_of_areas(enum rule_condition condition);
/** True if a rule is about readings of checks. */
bool rules_of_readings(enum rule_condition condition);

const char *rules_condition_word(int condition); /**< on API and in files; "" if out of range */
const char *rules_condition_vi(int condition);   /**< for people; "" if out of range */
const char *rules_condition_en(int condition);   /**< for people; "" if out of range */

#endif
