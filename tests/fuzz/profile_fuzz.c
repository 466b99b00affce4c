/* A profile of equipment, of SNMP or Modbus: a file that somebody wrote by hand. What is taken is
 * within its bounds and can be worked with, what is not is told in a sentence. */
#include "check.h"
#include "checks/power/power_modbus.h"
#include "checks/power/power_profile.h"
#include "checks/snmp/snmp_meaning.h"
#include "checks/snmp/snmp_profile.h"
#include "wire/pack.h"

#include <math.h>

enum { ASKED_MAX = 125 };

static void read_power(struct slice text)
{
    static const char answer[2 * ASKED_MAX] = {1, 2, 3, 4};
    struct power_profile profile;
    struct power_values values;
    char why[FIELD_WHY_MAX] = "";
    if (power_profile_read_text(text, &profile, why) != 0) {
        check(why[0], "a mistake is told");
        return;
    }
    check(profile.len > 0 && profile.len <= POWER_PROFILE_ROWS_MAX, "rows are within their bound");
    power_profile_clear(&values);
    for (size_t row = 0; row < profile.len;) {
        struct power_request request = {.unit = 1};
        size_t next = power_profile_next(&profile, row, &request);
        check(next > row && next <= profile.len, "a request reads rows");
        check(request.count > 0 && request.count <= POWER_MODBUS_REGISTERS_MAX,
              "a request is one that devices understand");
        power_profile_take(&profile, row, &request, (struct slice){answer, sizeof answer}, &values);
        row = next;
    }
}

static void read_snmp(struct slice text)
{
    const struct snmp_value value = {.kind = SNMP_KIND_INTEGER, .integer = 5};
    struct snmp_profile profile = {.len = 0};
    char why[FIELD_WHY_MAX] = "";
    if (snmp_profile_read_text(text, &profile, why) != 0) {
        check(why[0], "a mistake is told");
        return;
    }
    check(profile.len > 0 && profile.len <= SNMP_PROFILE_ROWS_MAX, "rows are within their bound");
    for (size_t i = 0; i < profile.len; i++) {
        const struct snmp_row *row = &profile.row[i];
        double number = snmp_meaning_number(row, &value, 1);
        check(isnan(number) || isfinite(number), "a number is one");
        check(pack_metric_ok(slice_of(row->name)), "a name can be packed");
        const struct snmp_state *state = snmp_meaning_state(row, &value);
        check(!state || state->raw == 5, "a state is of its value");
        (void)snmp_meaning_judge(row, number);
    }
    snmp_profile_done(&profile);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    read_power(text);
    read_snmp(text);
    return 0;
}
