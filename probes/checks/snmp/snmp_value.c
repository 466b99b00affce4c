#include "checks/snmp/snmp_value.h"

#include "base/num.h"

#include <math.h>

static struct slice trim(struct slice text)
{
    while (text.len > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
        text.at++;
        text.len--;
    }
    while (text.len > 0 && strchr(" \t\r\n", text.at[text.len - 1])) /* a NUL at the end too */
        text.len--;
    return text;
}

/* "+12.5", ".5" and "12." are not JSON's numbers, which is as strict as it should be: what else a
 * text says is not guessed. A plus sign is common enough. */
static double text_number(struct slice text)
{
    double number = NAN;
    text = trim(text);
    if (text.len > 1 && text.at[0] == '+')
        text = (struct slice){text.at + 1, text.len - 1};
    if (text.len == 0 || text.len > SNMP_VALUE_DIGITS_MAX || num_parse(text, &number) != 0)
        return NAN;
    return number;
}

double snmp_value_number(const struct snmp_value *value)
{
    switch (value->kind) {
    case SNMP_KIND_INTEGER:
        return (double)value->integer;
    case SNMP_KIND_UNSIGNED:
    case SNMP_KIND_COUNTER32:
    case SNMP_KIND_COUNTER64:
        return (double)value->count;
    case SNMP_KIND_REAL:
        return isfinite(value->real) ? value->real : NAN;
    case SNMP_KIND_TEXT:
        return text_number(value->text);
    default:
        return NAN;
    }
}

bool snmp_value_is_there(const struct snmp_value *value)
{
    return value->kind != SNMP_KIND_ABSENT && value->kind != SNMP_KIND_END &&
           value->kind != SNMP_KIND_OTHER;
}
