#include "checks/snmp/snmp_battery.h"

#include <math.h>

void snmp_battery_begin(struct snmp_battery *b)
{
    b->told = b->on = false;
    b->charge = b->volts = b->minutes = NAN;
}

void snmp_battery_state(struct snmp_battery *b, const struct snmp_row *row, enum snmp_level level)
{
    bool speaks = false;
    for (size_t i = 0; i < row->n_states; i++)
        speaks |= row->state[i].level == SNMP_LEVEL_BATTERY;
    b->told |= speaks && level != SNMP_LEVEL_UNKNOWN;
    b->on |= level == SNMP_LEVEL_BATTERY;
}

void snmp_battery_number(struct snmp_battery *b, const struct snmp_row *row, double number)
{
    switch (row->battery) {
    case SNMP_ROLE_CHARGE:
        b->charge = fmin(b->charge, number); /* one NaN is passed over */
        break;
    case SNMP_ROLE_VOLTAGE:
        b->volts = fmin(b->volts, number);
        break;
    case SNMP_ROLE_MINUTES:
        b->minutes = fmin(b->minutes, number);
        break;
    case SNMP_ROLE_MAINS:
        b->told |= !isnan(number);
        b->on |= number <= row->degraded_below;
        break;
    case SNMP_ROLE_NONE:
        break;
    }
}

struct snmp_battery_view snmp_battery_end(struct snmp_battery *b, struct mono_ms now,
                                          struct discharge_floor floor)
{
    struct snmp_battery_view view = {b->told, b->on, NAN, NAN};
    if (b->told && !b->on)
        discharge_end(&b->discharge);
    if (!b->on) /* a look that could not tell ends no discharge */
        return view;
    discharge_look(&b->discharge, now.ms, b->charge, b->volts);
    view.for_s = (double)(now.ms - b->discharge.since_ms) / 1e3;
    double measured = discharge_minutes(&b->discharge, now.ms, floor);
    view.minutes = isnan(measured) ? b->minutes : measured;
    return view;
}
