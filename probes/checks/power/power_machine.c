#include "checks/power/power_machine.h"

#include <math.h>

static double mains_of(const struct power_limits *limits, const struct power_values *values)
{
    if (!isnan(values->of[POWER_MAINS]))
        return values->of[POWER_MAINS];
    double volts = values->of[POWER_MAINS_V];
    return isnan(volts) ? NAN : volts >= limits->mains_min_v;
}

/* The plant's own word counts; without it the voltage, with the contactor's hysteresis. */
static bool is_off(bool was_off, const struct power_limits *limits,
                   const struct power_values *values)
{
    if (!isnan(values->of[POWER_LVD]))
        return values->of[POWER_LVD] != 0;
    double volts = values->of[POWER_BATTERY_V];
    if (isnan(volts))
        return was_off;
    return volts <= (was_off ? limits->reconnect_v : limits->disconnect_v);
}

static double minutes_left(const struct power_machine *m, const struct power_limits *limits,
                           const struct power_values *values, int64_t now_ms)
{
    const struct discharge_floor floor = {limits->empty_soc, limits->disconnect_v};
    double minutes = discharge_minutes(&m->discharge, now_ms, floor);
    return isnan(minutes) ? values->of[POWER_MINUTES_LEFT] : minutes;
}

struct power_state power_machine_look(struct power_machine *m, const struct power_limits *limits,
                                      const struct power_values *values, int64_t now_ms)
{
    struct power_state state = {.mains = mains_of(limits, values), .minutes_left = NAN};
    bool lost = state.mains == 0; /* not known is not lost */
    state.known_battery = !isnan(state.mains);
    state.on_generator = lost && values->of[POWER_GENERATOR] == 1;
    state.on_battery = lost && !state.on_generator;
    state.off = m->off = is_off(m->off, limits, values);
    state.low = values->of[POWER_BATTERY_V] <= limits->low_v; /* NaN: never */
    state.high = limits->high_v > 0 && values->of[POWER_BATTERY_V] >= limits->high_v;
    if (!state.on_battery) {
        if (state.known_battery) /* a look without an answer about mains ends no discharge */
            discharge_end(&m->discharge);
        return state;
    }
    discharge_look(&m->discharge, now_ms, values->of[POWER_SOC], values->of[POWER_BATTERY_V]);
    state.for_s = (double)(now_ms - m->discharge.since_ms) / 1e3;
    state.minutes_left = state.off ? 0 : minutes_left(m, limits, values, now_ms);
    return state;
}
