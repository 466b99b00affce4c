#include "checks/snmp/snmp_meaning.h"

#include <math.h>

double snmp_meaning_scaled(const struct snmp_row *row, double plain)
{
    double number = plain * row->scale + row->offset;
    return number >= row->least && number <= row->most ? number : NAN;
}

double snmp_meaning_number(const struct snmp_row *row, const struct snmp_value *value,
                           double factor)
{
    double raw = snmp_value_number(value);
    for (size_t i = 0; i < row->n_invalid; i++) {
        if (raw == row->invalid[i])
            return NAN;
    }
    if (row->negative_above > 0 && raw > row->negative_above)
        raw -= 65536;
    return isnan(raw) ? NAN : snmp_meaning_scaled(row, raw * factor);
}

struct snmp_limit snmp_meaning_judge(const struct snmp_row *row, double number)
{
    const struct snmp_limit limits[] = {
        {VERDICT_FAILED, true, row->failed_below},
        {VERDICT_FAILED, false, row->failed_above},
        {VERDICT_DEGRADED, true, row->degraded_below},
        {VERDICT_DEGRADED, false, row->degraded_above},
    };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (limits[i].below ? number <= limits[i].limit : number >= limits[i].limit)
            return limits[i]; /* never where either is NaN */
    }
    return (struct snmp_limit){.verdict = VERDICT_OK};
}

const struct snmp_state *snmp_meaning_state(const struct snmp_row *row,
                                            const struct snmp_value *value)
{
    double raw = snmp_value_number(value);
    for (size_t i = 0; i < row->n_states; i++) {
        if (raw == (double)row->state[i].raw)
            return &row->state[i];
    }
    return NULL;
}

enum verdict snmp_meaning_verdict(enum snmp_level level)
{
    static const enum verdict verdicts[] = {
        [SNMP_LEVEL_OK] = VERDICT_OK,           [SNMP_LEVEL_DEGRADED] = VERDICT_DEGRADED,
        [SNMP_LEVEL_FAILED] = VERDICT_FAILED,   [SNMP_LEVEL_UNKNOWN] = VERDICT_UNKNOWN,
        [SNMP_LEVEL_ONLINE] = VERDICT_OK,       [SNMP_LEVEL_LOS] = VERDICT_OK,
        [SNMP_LEVEL_GASP] = VERDICT_OK,         [SNMP_LEVEL_OFFLINE] = VERDICT_OK,
        [SNMP_LEVEL_BATTERY] = VERDICT_DEGRADED};

    return verdicts[level];
}

/* EntitySensorDataScale: yocto(1) .. units(9) .. yotta(17), a thousand each; EntitySensorPrecision:
 * -8 to 9. */
double snmp_meaning_factor(int64_t scale, int64_t precision)
{
    if (scale < 1 || scale > 17 || precision < -8 || precision > 9)
        return 1;
    return pow(10, (double)(3 * (scale - 9) - precision));
}
