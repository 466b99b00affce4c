#include "checks/push/push_line.h"

#include "base/num.h"

#include <math.h>
#include <stdlib.h>

enum { PIECE_MAX = 128 };

/* What is left of a line. */
struct rest {
    const char *at, *end;
};

/* Copies up to one of @p stops that no backslash is before, without the backslashes of escapes;
 * false if it is too long for a name. */
static bool piece(struct rest *rest, const char *stops, char out[PIECE_MAX], size_t *ret_len)
{
    size_t len = 0;
    for (; rest->at < rest->end && !strchr(stops, *rest->at); rest->at++) {
        bool escape = *rest->at == '\\' && rest->at + 1 < rest->end &&
                      (rest->at[1] == ',' || rest->at[1] == ' ' || rest->at[1] == '=');
        rest->at += escape;
        if (len == PIECE_MAX)
            return false;
        out[len++] = *rest->at;
    }
    *ret_len = len;
    return true;
}

static bool next_is(struct rest *rest, char c)
{
    if (rest->at == rest->end || *rest->at != c)
        return false;
    rest->at++;
    return true;
}

/* Measurement and the values of its tags; behind it comes the first field. */
static bool read_series(struct rest *rest, char name[PACK_PART_MAX + 1])
{
    char text[PIECE_MAX];
    size_t len = 0;
    if (!piece(rest, ", ", text, &len) || len == 0 ||
        !push_item_name(name, (struct slice){text, len}))
        return false;
    while (next_is(rest, ',')) {
        if (!piece(rest, "=, ", text, &len) || len == 0 || !next_is(rest, '=') ||
            !piece(rest, ", ", text, &len) || len == 0 ||
            !push_item_name(name, (struct slice){text, len}))
            return false;
    }
    return next_is(rest, ' ');
}

/* Behind the opening quote, to behind the closing one. */
static bool skip_text(struct rest *rest)
{
    for (; rest->at < rest->end; rest->at++) {
        if (*rest->at == '\\' && rest->at + 1 < rest->end)
            rest->at++;
        else if (*rest->at == '"')
            return next_is(rest, '"');
    }
    return false;
}

static double number_of(struct slice text)
{
    static const struct {
        const char *word;
        double number;
    } flags[] = {{"t", 1}, {"T", 1}, {"true", 1},  {"True", 1},  {"TRUE", 1},
                 {"f", 0}, {"F", 0}, {"false", 0}, {"False", 0}, {"FALSE", 0}};

    double number = NAN;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (slice_is(text, flags[i].word))
            return flags[i].number;
    }
    if (text.len > 1 && (text.at[text.len - 1] == 'i' || text.at[text.len - 1] == 'u'))
        text.len--;
    if (text.len > 1 && text.at[0] == '+')
        text = (struct slice){text.at + 1, text.len - 1};
    return num_parse(text, &number) == 0 ? number : NAN;
}

/* One field; false if the rest of the line cannot be read. */
static bool read_field(struct rest *rest, const char *series, struct push_count *count,
                       push_item_fn *fn, void *arg)
{
    struct push_item item = {.number = NAN};
    char text[PIECE_MAX];
    size_t len = 0;
    if (!piece(rest, "=, ", text, &len) || len == 0 || !next_is(rest, '='))
        return false;
    memcpy(item.name, series, sizeof item.name);
    bool named =
        push_item_name(item.name, (struct slice){text, len}) && push_item_name_ok(item.name);
    if (next_is(rest, '"')) {
        count->texts++;
        return skip_text(rest);
    }
    if (!piece(rest, ", ", text, &len))
        return false;
    item.number = number_of((struct slice){text, len});
    if (!named || isnan(item.number)) {
        count->refused++;
        return true;
    }
    fn(arg, &item);
    count->taken++;
    return true;
}

static void read_line(struct rest rest, struct push_count *count, push_item_fn *fn, void *arg)
{
    char series[PACK_PART_MAX + 1] = "";
    bool ok = read_series(&rest, series);
    while (ok && (ok = read_field(&rest, series, count, fn, arg)) && next_is(&rest, ','))
        ;
    count->refused += !ok;
}

struct push_count push_line_read(struct slice text, push_item_fn *fn, void *arg)
{
    struct push_count count = {0};
    while (text.len > 0) {
        const char *newline = memchr(text.at, '\n', text.len);
        size_t len = newline ? (size_t)(newline - text.at) : text.len;
        struct rest rest = {text.at, text.at + len};
        while (rest.end > rest.at && (rest.end[-1] == '\r' || rest.end[-1] == ' '))
            rest.end--;
        while (rest.at < rest.end && *rest.at == ' ')
            rest.at++;
        if (rest.at < rest.end && *rest.at != '#') /* a comment */
            read_line(rest, &count, fn, arg);
        len += newline != NULL;
        text = (struct slice){text.at + len, text.len - len};
    }
    return count;
}
