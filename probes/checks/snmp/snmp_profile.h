/**
 * @file
 * A profile of equipment spoken to by SNMP: which identifier means what (README.md beside has the
 * keys).
 *
 * It reads and checks the file. Asking for the rows is snmp_poll.h's, what their values amount to
 * snmp_meaning.h's.
 */
#ifndef SNMP_SNMP_PROFILE_H
#define SNMP_SNMP_PROFILE_H

#include "base/field.h"
#include "checks/snmp/snmp_oid.h"
#include "wire/verdict.h"

/** Most rows of a profile. */
#define SNMP_PROFILE_ROWS_MAX 24
/** Most raw values of a row that mean "no value". */
#define SNMP_PROFILE_INVALID_MAX 4
/** Most states of a row. */
#define SNMP_PROFILE_STATES_MAX 16
/** Longest name of a row, with its NUL: an instance's name goes behind it. */
#define SNMP_PROFILE_NAME_MAX 33
/** Longest words of a state, with their NUL. */
#define SNMP_PROFILE_WORDS_MAX 48

/** What a row is for. */
enum snmp_means {
    SNMP_MEANS_NUMBER,    /**< a number to report */
    SNMP_MEANS_COUNTER,   /**< its rate a second is */
    SNMP_MEANS_STATE,     /**< a raw number with states */
    SNMP_MEANS_LABEL,     /**< the name of an index, for `instances` */
    SNMP_MEANS_CLASS,     /**< a number that other rows' `only` asks for */
    SNMP_MEANS_BREAK,     /**< ifCounterDiscontinuityTime of an index */
    SNMP_MEANS_SCALE,     /**< EntitySensorDataScale of an index (RFC 3433) */
    SNMP_MEANS_PRECISION, /**< EntitySensorPrecision of an index (RFC 3433) */
    SNMP_MEANS_ONT,       /**< state of an optical terminal, by `states` */
    SNMP_MEANS_ONT_CAUSE, /**< why one is down, by `states` */
};

/** What a raw value of a row with states amounts to: a verdict, or for terminals one of the rest.
 */
enum snmp_level {
    SNMP_LEVEL_OK,       /**< VERDICT_OK */
    SNMP_LEVEL_DEGRADED, /**< VERDICT_DEGRADED */
    SNMP_LEVEL_FAILED,   /**< VERDICT_FAILED */
    SNMP_LEVEL_UNKNOWN,  /**< VERDICT_UNKNOWN */
    SNMP_LEVEL_ONLINE,   /**< terminal: serves */
    SNMP_LEVEL_LOS,      /**< terminal: its light is gone */
    SNMP_LEVEL_GASP,     /**< terminal: it said that its power goes */
    SNMP_LEVEL_OFFLINE,  /**< terminal: down for another reason, or not known why */
    SNMP_LEVEL_BATTERY,  /**< VERDICT_DEGRADED: the plant is on battery */
};

/** Which instances of a row may make the verdict worse. */
enum snmp_judge {
    SNMP_JUDGE_NAMED, /**< those that `instances` names, and values without index */
    SNMP_JUDGE_ALL,   /**< every one */
    SNMP_JUDGE_NONE,  /**< none */
};

/** What a number says of a plant's battery (snmp_battery.h). */
enum snmp_role {
    SNMP_ROLE_NONE,    /**< nothing */
    SNMP_ROLE_CHARGE,  /**< state of charge, 0 to 1 */
    SNMP_ROLE_VOLTAGE, /**< of the battery, in V */
    SNMP_ROLE_MINUTES, /**< left, as the plant reckons */
    SNMP_ROLE_MAINS,   /**< voltage of the mains: on battery at or below degraded_below */
};

/** One state. */
struct snmp_state {
    int64_t raw;                        /**< the value */
    enum snmp_level level;              /**< what it amounts to */
    char words[SNMP_PROFILE_WORDS_MAX]; /**< for people, "" = the row's name will do */
};

/** One row, as it is used. Limits are NaN where there are none. */
struct snmp_row {
    char name[SNMP_PROFILE_NAME_MAX];         /**< of the metric */
    struct snmp_oid oid;                      /**< of the column, or of one value if fixed */
    bool fixed;                               /**< one value is asked for, not a column */
    enum snmp_means means;                    /**< see there */
    const char *unit;                         /**< SenML unit in static storage, NULL = none */
    double scale;                             /**< value = raw x scale + offset */
    double offset;                            /**< see scale */
    double negative_above;                    /**< raw values above it are 65536 less; 0 = never */
    double least;                             /**< values below are none */
    double most;                              /**< values above are none */
    size_t n_invalid;                         /**< of invalid */
    double invalid[SNMP_PROFILE_INVALID_MAX]; /**< raw values that mean there is none */
    double degraded_below;                    /**< degraded at or below */
    double failed_below;                      /**< failed at or below */
    double degraded_above;                    /**< degraded at or above */
    double failed_above;                      /**< failed at or above */
    int64_t only;           /**< counts only where the row CLASS has this value; -1 = everywhere */
    enum snmp_judge judge;  /**< see there */
    enum snmp_role battery; /**< see there */
    size_t n_states;        /**< of state */
    struct snmp_state state[SNMP_PROFILE_STATES_MAX]; /**< by raw value */
};

/** A profile. Zeroed: empty. */
struct snmp_profile {
    struct snmp_row *row; /**< len rows on the heap, in the file's order */
    size_t len;           /**< rows */
    uint32_t pon_index;   /**< numbers of a terminal's index that name its port */
};

/** Reads profile @p name (checks/profile.h): 0, or an error with a sentence in @p ret_why. */
int snmp_profile_read(const char *name, struct snmp_profile *ret_profile,
                      char ret_why[FIELD_WHY_MAX]) MUST_USE;
/** The same from @p text. */
int snmp_profile_read_text(struct slice text, struct snmp_profile *ret_profile,
                           char ret_why[FIELD_WHY_MAX]) MUST_USE;
/** Frees the rows. Accepts a zeroed one. */
void snmp_profile_done(struct snmp_profile *profile);
/** True if a row is of @p means. */
bool snmp_profile_has(const struct snmp_profile *profile, enum snmp_means means);

#endif
