/**
 * @file
 * Whether the plant or UPS behind an agent is on battery, since when, and how long it lasts.
 *
 * Rows of the profile say so: states of level `battery`, a mains voltage, and the charge, voltage
 * or minutes of the battery (snmp_profile.h, `battery`). Pure; remembered from look to look.
 */
#ifndef SNMP_SNMP_BATTERY_H
#define SNMP_SNMP_BATTERY_H

#include "base/instant.h"
#include "checks/discharge.h"
#include "checks/snmp/snmp_profile.h"

/** Storage of the caller; zeroed: nothing known. */
struct snmp_battery {
    struct discharge discharge; /**< from look to look */
    bool told;                  /**< this look told whether it is on battery */
    bool on;                    /**< it is */
    double charge;              /**< of this look, the lowest; NaN = not told */
    double volts;               /**< likewise */
    double minutes;             /**< likewise, as the plant reckons */
};

/** What a look amounts to. */
struct snmp_battery_view {
    bool known;     /**< whether it is on battery could be told */
    bool on;        /**< it is */
    double for_s;   /**< then: since when; NaN while not */
    double minutes; /**< then: left, measured or else as the plant reckons; NaN unknown */
};

/** A look begins. */
void snmp_battery_begin(struct snmp_battery *b);
/** A row with states has the state @p level. */
void snmp_battery_state(struct snmp_battery *b, const struct snmp_row *row, enum snmp_level level);
/** A row that is a number is @p number, NaN if it has none. */
void snmp_battery_number(struct snmp_battery *b, const struct snmp_row *row, double number);
/** All values came. */
struct snmp_battery_view snmp_battery_end(struct snmp_battery *b, struct mono_ms now,
                                          struct discharge_floor floor);

#endif
