#include "checks/snmp/snmp_state.h"

#include "base/err.h"
#include "base/num.h"

static const char *const levels[] = {
    [SNMP_LEVEL_OK] = "ok",          [SNMP_LEVEL_DEGRADED] = "degraded",
    [SNMP_LEVEL_FAILED] = "failed",  [SNMP_LEVEL_UNKNOWN] = "unknown",
    [SNMP_LEVEL_ONLINE] = "online",  [SNMP_LEVEL_LOS] = "los",
    [SNMP_LEVEL_GASP] = "gasp",      [SNMP_LEVEL_OFFLINE] = "offline",
    [SNMP_LEVEL_BATTERY] = "battery"};

enum { LEVELS = sizeof levels / sizeof *levels };

int snmp_state_read(struct slice text, struct snmp_state *ret_state)
{
    struct snmp_state state = {0};
    const char *equals = text.len ? memchr(text.at, '=', text.len) : NULL;
    if (!equals)
        return ERR_SYNTAX;
    int err = num_parse_i64((struct slice){text.at, (size_t)(equals - text.at)}, &state.raw);
    if (err)
        return err;
    struct slice rest = {equals + 1, text.len - (size_t)(equals + 1 - text.at)};
    const char *space = rest.len ? memchr(rest.at, ' ', rest.len) : NULL;
    struct slice level = {rest.at, space ? (size_t)(space - rest.at) : rest.len};
    size_t i = 0;
    while (i < LEVELS && !slice_is(level, levels[i]))
        i++;
    if (i == LEVELS)
        return ERR_UNKNOWN;
    state.level = (enum snmp_level)i;
    size_t words = space ? rest.len - level.len - 1 : 0;
    if (words >= sizeof state.words)
        return ERR_TOO_LONG;
    if (words > 0)
        memcpy(state.words, space + 1, words);
    *ret_state = state;
    return 0;
}
