#include "checks/plugin/plugin_perf.h"

#include "base/err.h"
#include "checks/check_keys.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Longest number that is read: more digits mean nothing. */
#define NUMBER_MAX 48

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0';
}

static void skip(struct slice *text, size_t len)
{
    text->at += len;
    text->len -= len;
}

static size_t digits(struct slice text, size_t from)
{
    size_t n = 0;
    while (from + n < text.len && text.at[from + n] >= '0' && text.at[from + n] <= '9')
        n++;
    return n;
}

/* Length of the number that @p text begins with, 0 = none: a sign, digits, a fraction, an exponent,
 * as printf writes it. */
static size_t number_len(struct slice text)
{
    size_t len = text.len > 0 && (text.at[0] == '-' || text.at[0] == '+');
    size_t whole = digits(text, len);
    size_t fraction = 0;
    len += whole;
    if (len < text.len && text.at[len] == '.') {
        fraction = digits(text, len + 1);
        len += 1 + fraction;
    }
    if (whole + fraction == 0)
        return 0;
    if (len < text.len && (text.at[len] == 'e' || text.at[len] == 'E')) {
        size_t sign = len + 1 < text.len && (text.at[len + 1] == '-' || text.at[len + 1] == '+');
        size_t exponent = digits(text, len + 1 + sign);
        len += exponent ? 1 + sign + exponent : 0;
    }
    return len;
}

/* Takes the number at the start of @p text away; false if there is none, or none of this world. */
static bool take_number(struct slice *text, double *ret_number)
{
    char copy[NUMBER_MAX];
    size_t len = number_len(*text);
    if (len == 0 || len >= sizeof copy)
        return false;
    memcpy(copy, text->at, len);
    copy[len] = '\0';
    double number = strtod(copy, NULL);
    if (!isfinite(number))
        return false;
    skip(text, len);
    *ret_number = number;
    return true;
}

int plugin_perf_range(struct slice text, struct plugin_range *ret_range)
{
    struct plugin_range range = {.given = text.len > 0, .high = INFINITY};
    double first = 0;
    if (text.len > 0 && text.at[0] == '@') {
        range.inside = true;
        skip(&text, 1);
    }
    bool minus_infinity = text.len > 0 && text.at[0] == '~';
    bool has_first = minus_infinity || take_number(&text, &first);
    if (minus_infinity) {
        first = -INFINITY;
        skip(&text, 1);
    }
    if (text.len > 0 && text.at[0] == ':') {
        skip(&text, 1);
        range.low = first;
        if (text.len > 0 && !take_number(&text, &range.high))
            return ERR_SYNTAX;
    } else {
        range.high = first; /* "10" is 0:10 */
        if (range.given && (!has_first || minus_infinity))
            return ERR_SYNTAX;
    }
    if (text.len > 0 || (range.given && range.low > range.high))
        return ERR_SYNTAX;
    *ret_range = range;
    return 0;
}

bool plugin_perf_alerts(const struct plugin_range *range, double value)
{
    if (!range->given || isnan(value))
        return false;
    bool within = value >= range->low && value <= range->high;
    return within == range->inside;
}

/* Plugins' units and SenML's (RFC 8428 section 12.1, RFC 8798). KB to TB are decimal, as they say.
 */
static const struct {
    const char *uom;
    const char *unit;
    double factor;
} units[] = {
    {"%", "/", 0.01},      {"s", "s", 1},        {"ms", "ms", 1},      {"us", "ms", 1e-3},
    {"ns", "ms", 1e-6},    {"B", "B", 1},        {"KB", "B", 1e3},     {"kB", "B", 1e3},
    {"MB", "B", 1e6},      {"GB", "B", 1e9},     {"TB", "B", 1e12},    {"KiB", "B", 1024},
    {"MiB", "B", 1048576}, {"GiB", "B", 0x1p30}, {"TiB", "B", 0x1p40}, {"c", "count", 1},
    {"C", "Cel", 1},       {"V", "V", 1},        {"A", "A", 1},        {"W", "W", 1},
    {"Hz", "Hz", 1},       {"dB", "dB", 1},      {"dBm", "dBm", 1},    {"m", "m", 1},
};

static void convert(struct slice uom, struct plugin_perf *perf)
{
    perf->unit = NULL;
    perf->value = perf->plain;
    for (size_t i = 0; i < CHECK_COUNT(units); i++) {
        if (!slice_is(uom, units[i].uom))
            continue;
        perf->unit = units[i].unit;
        perf->value = perf->plain * units[i].factor;
    }
}

/* The label as a metric: what a name cannot hold becomes one `_`, and nothing of it begins or ends
 * with one; reserved names get one. check_disk calls the root `/`. */
static bool name_of(struct slice label, char ret_name[PACK_PART_MAX + 1])
{
    size_t len = 0;
    for (size_t i = 0; i < label.len && len < PACK_PART_MAX - 1; i++) {
        char c = label.at[i];
        bool first = len == 0;
        if (isalnum((unsigned char)c) || (!first && (c == '-' || c == ':' || c == '.')))
            ret_name[len++] = c;
        else if (!first && ret_name[len - 1] != '_')
            ret_name[len++] = '_';
    }
    while (len > 0 && ret_name[len - 1] == '_')
        len--;
    ret_name[len] = '\0';
    if (slice_is(label, "/"))
        len = (size_t)snprintf(ret_name, PACK_PART_MAX, "root");
    struct slice name = {ret_name, len};
    if (len > 0 && (slice_is(name, "state") || !pack_metric_ok(name)))
        memcpy(ret_name + len, "_", 2);
    return len > 0;
}

/* A label in quotes, in which a quote is doubled, or up to the `=`. Takes it and the `=` away. */
static bool take_label(struct slice *text, char ret_name[PACK_PART_MAX + 1])
{
    char label[4 * PACK_PART_MAX];
    size_t len = 0, at = 0;
    bool quoted = text->at[0] == '\'';
    for (at = quoted; at < text->len; at++) {
        char c = text->at[at];
        bool quote = c == '\'';
        if (quoted && quote && at + 1 < text->len && text->at[at + 1] == '\'')
            at++;
        else if (quoted ? quote : (quote || c == '=' || is_blank(c)))
            break;
        if (len == sizeof label)
            return false;
        label[len++] = c;
    }
    at += quoted;
    if (at >= text->len || text->at[at] != '=')
        return false;
    skip(text, at + 1);
    return name_of((struct slice){label, len}, ret_name);
}

static bool is_bound(struct slice text)
{
    double number = 0;
    return text.len == 0 || (take_number(&text, &number) && text.len == 0);
}

/* "value[UOM];[warn];[crit];[min];[max]" */
static int read_value(struct slice word, struct plugin_perf *perf)
{
    struct slice part = slice_take(&word, ';');
    perf->plain = NAN;
    if (slice_is(part, "U"))
        skip(&part, 1);
    else if (!take_number(&part, &perf->plain))
        return ERR_SYNTAX;
    convert(part, perf);
    int err = plugin_perf_range(slice_take(&word, ';'), &perf->warn);
    if (!err)
        err = plugin_perf_range(slice_take(&word, ';'), &perf->crit);
    bool bounded = is_bound(slice_take(&word, ';'));
    bounded = is_bound(slice_take(&word, ';')) && bounded && word.len == 0;
    return err ? err : (bounded ? 0 : ERR_SYNTAX);
}

int plugin_perf_next(struct slice *text, struct plugin_perf *ret_perf)
{
    struct plugin_perf perf = {.unit = NULL};
    while (text->len > 0 && is_blank(text->at[0]))
        skip(text, 1);
    if (text->len == 0)
        return ERR_END;
    bool labelled = take_label(text, perf.name);
    struct slice word = {text->at, 0};
    while (word.len < text->len && !is_blank(word.at[word.len]))
        word.len++;
    skip(text, word.len);
    int err = labelled ? read_value(word, &perf) : ERR_SYNTAX;
    if (!err)
        *ret_perf = perf;
    return err;
}
