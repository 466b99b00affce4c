/**
 * @file
 * What a power plant's values mean: on mains, on battery, switched off; and for how long yet.
 *
 * Pure. It remembers since when the plant is on battery, how the battery discharged since, and
 * whether the load was switched off, because the voltage of a relieved battery rises again
 * (hysteresis from disconnect to reconnect).
 */
#ifndef POWER_POWER_MACHINE_H
#define POWER_POWER_MACHINE_H

#include "checks/discharge.h"
#include "checks/power/power_profile.h"

/** What can be tuned; voltages of the battery in V. */
struct power_limits {
    double mains_min_v;  /**< mains are present from this voltage on */
    double low_v;        /**< a battery is low at this voltage */
    double disconnect_v; /**< the plant switches the load off at it */
    double reconnect_v;  /**< and on again from it on */
    double high_v;       /**< too high from this voltage on; 0 = no limit */
    double empty_soc;    /**< state of charge that counts as empty */
};

/** Kept between runs; zeroed: nothing seen. */
struct power_machine {
    bool off;                   /**< the load is switched off */
    struct discharge discharge; /**< of the battery */
};

/** What a look amounts to. */
struct power_state {
    double mains;        /**< 1 present, 0 lost, NaN not known */
    bool known_battery;  /**< whether it is on battery could be told */
    bool on_battery;     /**< neither mains nor generator feed the plant */
    bool on_generator;   /**< mains lost, the generator runs */
    bool off;            /**< the load is switched off */
    bool low;            /**< the battery is low, whatever feeds the plant */
    bool high;           /**< its voltage is too high */
    double for_s;        /**< seconds on battery; 0 while not */
    double minutes_left; /**< on battery, measured or else as the plant reckons; NaN unknown */
};

/** A look at @p now_ms (monotonic). */
struct power_state power_machine_look(struct power_machine *m, const struct power_limits *limits,
                                      const struct power_values *values, int64_t now_ms);

#endif
