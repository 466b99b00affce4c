/**
 * @file
 * A profile of power equipment: which Modbus register means what (README.md beside has the keys).
 *
 * It reads and checks the file, orders its rows into as few requests as the equipment surely
 * understands, and turns registers into values. Talking to the equipment is power_line.h's, judging
 * the values power_machine.h's.
 */
#ifndef POWER_POWER_PROFILE_H
#define POWER_POWER_PROFILE_H

#include "base/field.h"
#include "checks/power/power_modbus.h"

/** Most rows of a profile. */
#define POWER_PROFILE_ROWS_MAX 48
/** Most raw values of a row that mean "no value". */
#define POWER_PROFILE_INVALID_MAX 4

/** What a row may mean; also the metrics of the same names. */
enum power_meaning {
    POWER_MAINS,        /**< flag: mains present */
    POWER_MAINS_V,      /**< V */
    POWER_RECTIFIER,    /**< flag: rectifiers well */
    POWER_BATTERY_V,    /**< V */
    POWER_BATTERY_A,    /**< A, negative while discharging */
    POWER_SOC,          /**< state of charge, 0 to 1 */
    POWER_LVD,          /**< flag: the low-voltage disconnect has switched the load off */
    POWER_GENERATOR,    /**< flag: running */
    POWER_DOOR,         /**< flag: open */
    POWER_TEMPERATURE,  /**< Cel */
    POWER_SMOKE,        /**< flag: smoke */
    POWER_FLOOD,        /**< flag: water */
    POWER_LOAD_A,       /**< A */
    POWER_MINUTES_LEFT, /**< min, as the equipment reckons */
    POWER_MEANINGS,     /**< how many */
};

/** How registers make a number. */
enum power_number {
    POWER_NUMBER_U16, /**< unsigned */
    POWER_NUMBER_S16, /**< two's complement */
    POWER_NUMBER_U32, /**< two registers */
    POWER_NUMBER_S32, /**< two registers */
    POWER_NUMBER_F32, /**< two registers, IEEE 754 */
};

/** One row, as it is used. */
struct power_row {
    enum power_meaning meaning; /**< what it means */
    enum power_table table;     /**< where it stands */
    uint16_t address;           /**< from 0 */
    enum power_number number;   /**< how it is read; of registers */
    bool low_first;             /**< of two registers the low one comes first */
    int bit;                    /**< the only bit that counts, -1 = all */
    double scale;               /**< value = raw x scale + offset */
    double offset;              /**< see scale */
    double true_at;             /**< of a flag: the raw value that means yes; NaN = any but 0 */
    size_t n_invalid;           /**< of invalid */
    double invalid[POWER_PROFILE_INVALID_MAX]; /**< raw values that mean there is none */
};

/** A profile; storage of the caller. */
struct power_profile {
    size_t len;                                   /**< rows, in the order of their addresses */
    struct power_row row[POWER_PROFILE_ROWS_MAX]; /**< see above */
};

/** Values by meaning; NaN = not known, flags 0 or 1. */
struct power_values {
    double of[POWER_MEANINGS]; /**< by enum power_meaning */
};

/** Reads the file of @p name (checks/profile.h): 0, or an error with its first mistake in
 * @p ret_why. Blocks. */
int power_profile_read(const char *name, struct power_profile *ret_profile,
                       char ret_why[FIELD_WHY_MAX]) MUST_USE;
/** The same from @p text. */
int power_profile_read_text(struct slice text, struct power_profile *ret_profile,
                            char ret_why[FIELD_WHY_MAX]) MUST_USE;
/** The request that reads the rows from @p row on whose registers follow each other without a gap:
 * table, first and count are set in @p request; returns the row behind them. */
size_t power_profile_next(const struct power_profile *profile, size_t row,
                          struct power_request *request);
/** Nothing known. */
void power_profile_clear(struct power_values *values);
/** Takes the answer to a request that power_profile_next() made from @p row on. Several rows of one
 * meaning become one value: README.md says how. */
void power_profile_take(const struct power_profile *profile, size_t row,
                        const struct power_request *request, struct slice data,
                        struct power_values *values);

#endif
