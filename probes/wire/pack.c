#include "wire/pack.h"

#include "base/err.h"
#include "wire/seconds.h"

#include <math.h>

enum { BAD, MARK, ALNUM, SLASH };

/* RFC 8428 section 4.5.1: what a name consists of. */
static uint8_t class_of(char c)
{
    static const uint8_t classes[256] = {
        ['-'] = MARK,  [':'] = MARK,  ['.'] = MARK,  ['_'] = MARK,  ['/'] = SLASH, ['0'] = ALNUM,
        ['1'] = ALNUM, ['2'] = ALNUM, ['3'] = ALNUM, ['4'] = ALNUM, ['5'] = ALNUM, ['6'] = ALNUM,
        ['7'] = ALNUM, ['8'] = ALNUM, ['9'] = ALNUM, ['A'] = ALNUM, ['B'] = ALNUM, ['C'] = ALNUM,
        ['D'] = ALNUM, ['E'] = ALNUM, ['F'] = ALNUM, ['G'] = ALNUM, ['H'] = ALNUM, ['I'] = ALNUM,
        ['J'] = ALNUM, ['K'] = ALNUM, ['L'] = ALNUM, ['M'] = ALNUM, ['N'] = ALNUM, ['O'] = ALNUM,
        ['P'] = ALNUM, ['Q'] = ALNUM, ['R'] = ALNUM, ['S'] = ALNUM, ['T'] = ALNUM, ['U'] = ALNUM,
        ['V'] = ALNUM, ['W'] = ALNUM, ['X'] = ALNUM, ['Y'] = ALNUM, ['Z'] = ALNUM, ['a'] = ALNUM,
        ['b'] = ALNUM, ['c'] = ALNUM, ['d'] = ALNUM, ['e'] = ALNUM, ['f'] = ALNUM, ['g'] = ALNUM,
        ['h'] = ALNUM, ['i'] = ALNUM, ['j'] = ALNUM, ['k'] = ALNUM, ['l'] = ALNUM, ['m'] = ALNUM,
        ['n'] = ALNUM, ['o'] = ALNUM, ['p'] = ALNUM, ['q'] = ALNUM, ['r'] = ALNUM, ['s'] = ALNUM,
        ['t'] = ALNUM, ['u'] = ALNUM, ['v'] = ALNUM, ['w'] = ALNUM, ['x'] = ALNUM, ['y'] = ALNUM,
        ['z'] = ALNUM};
    return classes[(unsigned char)c];
}

size_t pack_split(struct slice name, struct slice ret_part[PACK_PARTS])
{
    if (name.len == 0)
        return 0;
    const char *at = name.at;
    const char *end = at + name.len;
    for (size_t n = 0; n < PACK_PARTS; n++) {
        const char *first = at;
        if (at == end || class_of(*at) != ALNUM)
            return 0;
        uint8_t class = BAD;
        while (++at < end && ((class = class_of(*at)) == ALNUM || class == MARK))
            ;
        ret_part[n] = (struct slice){first, (size_t)(at - first)};
        if (ret_part[n].len > PACK_PART_MAX)
            return 0;
        if (at == end)
            return n + 1;
        if (class != SLASH)
            return 0;
        at++;
    }
    return 0;
}

bool pack_part_ok(struct slice part)
{
    struct slice parts[PACK_PARTS];
    return pack_split(part, parts) == 1;
}

bool pack_check_ok(struct slice check)
{
    struct slice parts[PACK_PARTS];
    return pack_split(check, parts) == 2;
}

struct slice pack_check_type(struct slice check)
{
    const char *slash = check.len ? memchr(check.at, '/', check.len) : NULL;
    return (struct slice){check.at, slash ? (size_t)(slash - check.at) : check.len};
}

static bool ends_with(struct slice s, const char *end)
{
    size_t len = strlen(end);
    return s.len >= len && memcmp(s.at + s.len - len, end, len) == 0;
}

bool pack_metric_ok(struct slice metric)
{
    return !slice_is(metric, "time") && !ends_with(metric, "_flag") && !ends_with(metric, "_text");
}

static bool is_state(const struct reading *reading)
{
    return slice_is(reading->metric, "state");
}

static bool is_verdict(const struct reading *reading)
{
    double value = reading->number;
    return reading->kind == READING_NUMBER && value >= VERDICT_OK && value <= VERDICT_UNKNOWN &&
           value == floor(value);
}

bool pack_verdict(const struct reading *reading, enum verdict *ret_verdict)
{
    if (!is_state(reading) || !is_verdict(reading))
        return false;
    *ret_verdict = (enum verdict)(int)reading->number;
    return true;
}

int pack_reading_check(const struct reading *reading, struct reason *ret_why)
{
    if (!pack_part_ok(reading->site) || !pack_check_ok(reading->check) ||
        !pack_part_ok(reading->metric)) {
        reason_set(ret_why, "a name is not site/type/name/metric");
        return ERR_SYNTAX;
    }
    return pack_value_check(reading, ret_why);
}

int pack_value_check(const struct reading *reading, struct reason *ret_why)
{
    struct slice metric = reading->metric;
    if (!pack_metric_ok(metric)) {
        reason_set(ret_why, "metric %.*s is reserved", (int)metric.len, metric.at);
        return ERR_DENIED;
    }
    if (reading->time_us < SECONDS_ABSOLUTE_US || reading->time_us > SECONDS_MAX_US) {
        reason_set(ret_why, "a time is not absolute");
        return ERR_RANGE;
    }
    if (reading->unit.len > PACK_UNIT_MAX) {
        reason_set(ret_why, "a unit is longer than %d bytes", PACK_UNIT_MAX);
        return ERR_TOO_LONG;
    }
    if (reading->kind == READING_NUMBER && !isfinite(reading->number)) {
        reason_set(ret_why, "a value is out of range");
        return ERR_RANGE;
    }
    if (is_state(reading) && !is_verdict(reading)) {
        reason_set(ret_why, "a state is not 0, 1, 2 or 3");
        return ERR_TYPE;
    }
    return 0;
}
