#include "wire/seconds.h"

#include "base/err.h"
#include "base/num.h"

#include <math.h>
#include <stdbool.h>

enum { WHOLE_DIGITS_MAX = 12, MICRO_DIGITS = 6, US_PER_S = 1000000 };

static const int64_t WHOLE_MAX = SECONDS_MAX_US / US_PER_S;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Up to @p max digits at @p at become the end of @p value; returns what follows them. */
static const char *read_digits(const char *at, const char *end, int max, int64_t *value)
{
    for (; at < end && is_digit(*at) && max > 0; at++, max--)
        *value = *value * 10 + (*at - '0');
    return at;
}

/* digits [. digits]: the microseconds, halves up; -1 if it is anything else or has more digits
 * than fit. */
static int64_t read_plain(struct slice text)
{
    static const int64_t missing[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    const char *end = text.at + text.len;
    int64_t us = 0;
    const char *at = read_digits(text.at, end, WHOLE_DIGITS_MAX, &us);
    if (at == text.at || (*text.at == '0' && at - text.at > 1))
        return -1;
    if (at == end)
        return us * US_PER_S;
    if (*at != '.')
        return -1;
    const char *fraction = at + 1;
    at = read_digits(fraction, end, MICRO_DIGITS, &us);
    if (at == fraction)
        return -1;
    us *= missing[at - fraction];
    us += at < end && *at >= '5' && is_digit(*at);
    while (at < end && is_digit(*at))
        at++;
    return at == end ? us : -1;
}

int seconds_from_double(double seconds, int64_t *ret_us)
{
    /* Whole seconds and the rest are exact; only the double's own error is left. (A long double
     * would hold the product, but not on every machine is it longer than a double.) */
    double whole = floor(seconds);
    if (!(whole >= -(double)WHOLE_MAX - 1 && whole <= (double)WHOLE_MAX))
        return ERR_RANGE;
    int64_t us = (int64_t)whole * US_PER_S + (int64_t)floor((seconds - whole) * US_PER_S + 0.5);
    if (us < -SECONDS_MAX_US || us > SECONDS_MAX_US)
        return ERR_RANGE;
    *ret_us = us;
    return 0;
}

int seconds_read(struct slice text, int64_t *ret_us)
{
    int64_t us = read_plain(text);
    if (us >= 0 && us <= SECONDS_MAX_US) {
        *ret_us = us;
        return 0;
    }
    double seconds = 0;
    int err = num_parse(text, &seconds);
    return err ? err : seconds_from_double(seconds, ret_us);
}

void seconds_write(struct buf *out, int64_t us)
{
    uint64_t magnitude = us < 0 ? 0 - (uint64_t)us : (uint64_t)us;
    char fraction[] = {'.', '0', '0', '0', '0', '0', '0'};
    uint64_t rest = magnitude % US_PER_S;
    for (int i = MICRO_DIGITS; rest; i--, rest /= 10)
        fraction[i] = (char)('0' + rest % 10);
    if (us < 0)
        buf_char(out, '-');
    buf_u64(out, magnitude / US_PER_S);
    buf_put(out, fraction, sizeof fraction);
}

struct wall_ms seconds_to_wall(int64_t us)
{
    int64_t ms = us / 1000;
    int64_t rest = us % 1000;
    if (rest < 0) {
        rest += 1000;
        ms--;
    }
    return (struct wall_ms){ms + (rest >= 500)};
}
