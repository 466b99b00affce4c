#include "base/num.h"

#include "base/err.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Both a whole number below 2^53 and 10^k with k <= 22 are exact doubles, so one division or
 * multiplication of the two rounds once, as a correct conversion does (Clinger, How to Read
 * Floating Point Numbers Accurately, 1990). */
static const double POWER10[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                 1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

enum { MAX_POWER10 = 22, MAX_FAST_DECIMALS = 9, MAX_FAST_DIGITS = 19 };

static const double EXACT_LIMIT = 9007199254740992.0; /* 2^53 */

/* isdigit() is a call. */
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t put_digits(char *to, uint64_t value, int decimals)
{
    char reversed[24];
    size_t len = 0;
    for (int i = 0; value || i <= decimals; i++, value /= 10) {
        if (i == decimals && decimals > 0)
            reversed[len++] = '.';
        reversed[len++] = (char)('0' + value % 10);
    }
    for (size_t i = 0; i < len; i++)
        to[i] = reversed[len - 1 - i];
    return len;
}

/* The fewest decimals that give the value back, or -1 if none of the fast ones does. Rounding by
 * truncation may be off by one in the last place; the comparison then simply fails. */
static int decimals_of(double magnitude, uint64_t *ret_scaled)
{
    for (int k = 0; k <= MAX_FAST_DECIMALS; k++) {
        double scaled = magnitude * POWER10[k] + 0.5;
        if (!(scaled < EXACT_LIMIT))
            return -1;
        uint64_t whole = (uint64_t)(int64_t)scaled; /* the signed conversion is one instruction */
        if ((double)whole / POWER10[k] == magnitude) {
            *ret_scaled = whole;
            return k;
        }
    }
    return -1;
}

static size_t format_slowly(double value, char text[NUM_TEXT_MAX])
{
    for (int digits = 15; digits < 17; digits++) {
        snprintf(text, NUM_TEXT_MAX, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            return strlen(text);
    }
    return (size_t)snprintf(text, NUM_TEXT_MAX, "%.17g", value);
}

size_t num_format(double value, char text[NUM_TEXT_MAX])
{
    uint64_t scaled = 0;
    int decimals = decimals_of(fabs(value), &scaled);
    if (decimals < 0)
        return format_slowly(value, text);
    size_t len = 0;
    if (signbit(value))
        text[len++] = '-';
    len += put_digits(text + len, scaled, decimals);
    text[len] = '\0';
    return len;
}

/* What a JSON number consists of. */
struct decimal {
    bool negative;
    uint64_t mantissa; /* the first MAX_FAST_DIGITS digits */
    int digits;        /* significant digits seen */
    int64_t exponent;  /* of ten, for the mantissa */
};

/* The sums are kept in locals: through the pointer, every digit would be a store and a load. */
static const char *read_digits(struct decimal *d, const char *at, const char *end, bool fraction)
{
    uint64_t mantissa = d->mantissa;
    int digits = d->digits;
    const char *first = at;
    for (; at < end && is_digit(*at); at++) {
        digits += digits > 0 || *at != '0';
        if (digits <= MAX_FAST_DIGITS)
            mantissa = mantissa * 10 + (uint64_t)(*at - '0');
    }
    d->mantissa = mantissa;
    d->digits = digits;
    d->exponent -= fraction ? at - first : 0;
    return at;
}

static const char *read_exponent(struct decimal *d, const char *at, const char *end)
{
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end || !is_digit(*at))
        return NULL;
    int64_t exponent = 0;
    for (; at < end && is_digit(*at); at++)
        if (exponent < 100000)
            exponent = exponent * 10 + (*at - '0');
    d->exponent += negative ? -exponent : exponent;
    return at;
}

/* RFC 8259 section 6: -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)? */
static bool read_decimal(struct decimal *d, struct slice text)
{
    const char *at = text.at;
    const char *end = at + text.len;
    if (at < end && *at == '-') {
        d->negative = true;
        at++;
    }
    const char *whole = at;
    at = read_digits(d, at, end, false);
    if (at == whole || (*whole == '0' && at - whole > 1))
        return false;
    if (at < end && *at == '.') {
        const char *fraction = ++at;
        at = read_digits(d, at, end, true);
        if (at == fraction)
            return false;
    }
    if (at < end && (*at == 'e' || *at == 'E'))
        at = read_exponent(d, at + 1, end);
    return at == end;
}

static int parse_slowly(struct slice text, double *ret_value)
{
    char *copy = malloc(text.len + 1);
    if (!copy)
        return ERR_NOMEM;
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    double value = strtod(copy, NULL);
    free(copy);
    if (!isfinite(value))
        return ERR_RANGE;
    *ret_value = value;
    return 0;
}

int num_parse(struct slice text, double *ret_value)
{
    struct decimal d = {0};
    if (text.len == 0 || !read_decimal(&d, text))
        return ERR_SYNTAX;
    bool exact = d.digits <= MAX_FAST_DIGITS && (double)d.mantissa < EXACT_LIMIT;
    if (!exact || d.exponent > MAX_POWER10 || d.exponent < -MAX_POWER10)
        return parse_slowly(text, ret_value);
    double value = (double)d.mantissa;
    value = d.exponent < 0 ? value / POWER10[-d.exponent] : value * POWER10[d.exponent];
    *ret_value = d.negative ? -value : value;
    return 0;
}

int num_parse_u64(struct slice text, uint64_t *ret_value)
{
    if (text.len == 0 || (text.at[0] == '0' && text.len > 1))
        return ERR_SYNTAX;
    uint64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.at[i]))
            return ERR_SYNTAX;
        if (__builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, (uint64_t)(text.at[i] - '0'), &value))
            return ERR_RANGE;
    }
    *ret_value = value;
    return 0;
}

int num_parse_i64(struct slice text, int64_t *ret_value)
{
    bool negative = text.len > 0 && text.at[0] == '-';
    struct slice digits = {text.at + negative, text.len - negative};
    uint64_t magnitude = 0;
    int err = num_parse_u64(digits, &magnitude);
    if (err)
        return err;
    if (magnitude > (uint64_t)INT64_MAX + negative)
        return ERR_RANGE;
    *ret_value = (int64_t)(negative ? 0 - magnitude : magnitude);
    return 0;
}
