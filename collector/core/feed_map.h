/**
 * @file
 * How the tables of an operator are to be understood: which column holds what, which words mean
 * what. Columns and words are the operator's own and come from configuration.
 *
 * Pure vocabulary: what a table then says of which unit is core/feed_read.h's.
 */
#ifndef CORE_FEED_MAP_H
#define CORE_FEED_MAP_H

#include "base/field.h"
#include "base/instant.h"
#include "core/feed_text.h"
#include "wire/verdict.h"

/** Columns that a table may have. X(name, word, sentence for the manual) */
#define FEED_COLUMN_MAP(X)                                                                       \
    X(FEED_SITE, "site", "Column with the site: its id, its code or one of its aliases.")        \
    X(FEED_SERVICE, "service",                                                                   \
      "Column with the service (5g, fibre); none, or an empty cell: every unit that the "        \
      "operator has at the site.")                                                               \
    X(FEED_STATE, "state",                                                                       \
      "Column with the state, or of an alarm its severity; none: every alarm means down.")       \
    X(FEED_TIME, "time",                                                                         \
      "Column with since when, or when it was seen; none: the time of the file.")                \
    X(FEED_CLEARED, "cleared", "Of alarms: column with when it ended; an empty cell: it lasts.") \
    X(FEED_CAUSE, "cause", "Column with the cause, read by the words fault, power, transport.")  \
    X(FEED_TEXT, "text", "Column with what people are told.")                                    \
    X(FEED_AREA, "area", "Of cover: column with the area that is served, by its id.")            \
    X(FEED_OPERATOR, "operator", "Of cover: column with the operator; other ones are refused.")  \
    X(FEED_FROM, "from",                                                                         \
      "Of cover: column with when it begins; an empty cell: with the first table that has it.")  \
    X(FEED_TO, "to",                                                                             \
      "Of cover: column with when it ends; an empty cell: until a table leaves it out.")         \
    X(FEED_REASON, "reason", "Of cover: column with why (roaming, a cell turned).")

/** Words of the operator and what they mean. X(name, word, default, sentence) */
#define FEED_WORD_MAP(X)                                                                       \
    X(FEED_UP, "up", "up,ok,on,normal,cleared", "Words for a unit that works.")                \
    X(FEED_DEGRADED, "degraded", "degraded,minor,warning",                                     \
      "Words for a unit that works, but not well.")                                            \
    X(FEED_DOWN, "down", "down,off,critical,major", "Words for a unit that is down.")          \
    X(FEED_FAULT, "fault", "fault,equipment", "Words for a fault of the equipment.")           \
    X(FEED_POWER, "power", "power,mains", "Words for a loss of power.")                        \
    X(FEED_TRANSPORT, "transport", "transport,transmission", "Words for a loss of transport.") \
    X(FEED_SERVICES, "services", "",                                                           \
      "What the operator calls services otherwise than the inventory: LTE=4g.")

/** One enumerator of the tables above. */
#define FEED_ENUM(name, ...) name,

/** A column. */
enum feed_column { FEED_COLUMN_MAP(FEED_ENUM) FEED_COLUMNS };

/** A list of words. */
enum feed_word { FEED_WORD_MAP(FEED_ENUM) FEED_WORDS };

#undef FEED_ENUM

/** What a row of the tables is. */
enum feed_content {
    FEED_STATES, /**< what a unit is */
    FEED_ALARMS, /**< something that is wrong, and who has none is well */
    FEED_COVER   /**< an area that a unit serves for a while */
};

/** Longest name of a column, with its NUL. */
#define FEED_NAME_MAX 64

/** How a feed's tables are read. */
struct feed_map {
    char column[FEED_COLUMNS][FEED_NAME_MAX]; /**< as in the header; "" = there is none */
    struct field_texts word[FEED_WORDS];      /**< any case */
    enum feed_content content;                /**< what a row is */
    int zone_min;                             /**< local time of the table, minutes east of UTC */
    int64_t period_ms;                        /**< how often a table comes */
    int64_t ttl_ms;     /**< how long its word holds; at least 2 x period + 1 s */
    int64_t max_age_ms; /**< times of rows older than this against the table's are not taken */
};

/** How a column is called in the configuration. */
const char *feed_column_word(enum feed_column column);
/** What @p cell means as a state: 0, or ERR_UNKNOWN. */
int feed_map_state(const struct feed_map *map, struct slice cell,
                   enum verdict *ret_verdict) MUST_USE;
/** What @p cell means as a cause: 0, or ERR_UNKNOWN. */
int feed_map_cause(const struct feed_map *map, struct slice cell, enum cause *ret_cause) MUST_USE;
/** The inventory's word for the service that the operator calls @p cell; the cell itself if it is
 * called nothing else. */
struct slice feed_map_service(const struct feed_map *map, struct slice cell);
/** True if both are the same but for the case of their ASCII letters. */
bool feed_same(struct slice a, struct slice b);
/**
 * Reads an instant as base/iso.h does, and as offices write it: `22/11/2026`, `22/11/2026 14:05`,
 * `14:05:30 22/11/2026`, also with dashes or dots between day, month and year. 0, ERR_SYNTAX or
 * ERR_RANGE.
 */
int feed_time(struct slice cell, int zone_min, struct wall_ms *ret_t) MUST_USE;

#endif
