#include "checks/snmp/snmp_counter.h"

#include <math.h>

/* An agent's clock may run slow by this much, and an answer may be late. */
enum { SLACK_TICKS = 6000, TICK_MS = 10 };

double snmp_counter_look(struct snmp_counter *counter, const struct snmp_value *value,
                         uint64_t broken_at, bool restarted, struct mono_ms now)
{
    struct snmp_counter old = *counter;
    bool wide = value->kind == SNMP_KIND_COUNTER64;
    if (!wide && value->kind != SNMP_KIND_COUNTER32)
        return NAN;
    *counter = (struct snmp_counter){
        .known = true, .wide = wide, .value = value->count, .broken_at = broken_at, .at = now};
    bool same = old.known && !restarted && old.wide == wide && old.broken_at == broken_at;
    int64_t passed_ms = mono_since(now, old.at);
    if (!same || passed_ms <= 0 || (wide && value->count < old.value))
        return NAN;
    uint64_t more = wide ? value->count - old.value : (uint32_t)(value->count - old.value);
    return (double)more * 1000 / (double)passed_ms;
}

bool snmp_uptime_look(struct snmp_uptime *uptime, uint32_t ticks, struct mono_ms now)
{
    struct snmp_uptime old = *uptime;
    *uptime = (struct snmp_uptime){.known = true, .ticks = ticks, .at = now};
    if (!old.known)
        return false;
    uint64_t passed = (uint64_t)(mono_since(now, old.at) / TICK_MS);
    uint32_t slack = (uint32_t)(SLACK_TICKS + passed / 100);
    uint32_t ahead = ticks - (uint32_t)(old.ticks + passed); /* small, whether it ran over or not */
    return ahead > slack && ahead < UINT32_MAX - slack;
}
