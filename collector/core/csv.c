#include "core/csv.h"

#include "base/err.h"

#include <stdbool.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct slice trim(struct slice s)
{
    while (s.len > 0 && blank(s.at[0]))
        s = (struct slice){s.at + 1, s.len - 1};
    while (s.len > 0 && blank(s.at[s.len - 1]))
        s.len--;
    return s;
}

/* Bytes up to the end of the line, without the line feed. */
static size_t line_length(struct slice s)
{
    const char *feed = s.len ? memchr(s.at, '\n', s.len) : NULL;
    return feed ? (size_t)(feed - s.at) : s.len;
}

static char most_frequent_delimiter(struct slice line)
{
    static const char candidates[] = {',', ';', '\t'};
    size_t count[sizeof candidates] = {0};
    bool quoted = false;
    for (size_t i = 0; i < line.len; i++) {
        quoted ^= line.at[i] == '"';
        for (size_t k = 0; k < sizeof candidates; k++)
            count[k] += !quoted && line.at[i] == candidates[k];
    }
    size_t best = 0;
    for (size_t k = 1; k < sizeof candidates; k++)
        if (count[k] > count[best])
            best = k;
    return candidates[best];
}

void csv_init(struct csv *c, struct slice bytes)
{
    c->rest = bytes;
    c->line = 1;
    c->unquoted = 0;
    if (bytes.len >= 3 && memcmp(bytes.at, "\xef\xbb\xbf", 3) == 0)
        c->rest = (struct slice){bytes.at + 3, bytes.len - 3};
    c->delimiter = most_frequent_delimiter((struct slice){c->rest.at, line_length(c->rest)});
}

/* Moves past `len` bytes and counts their lines. */
static void advance(struct csv *c, size_t len)
{
    for (size_t i = 0; i < len; i++)
        c->line += c->rest.at[i] == '\n';
    c->rest = (struct slice){c->rest.at + len, c->rest.len - len};
}

static void skip_line(struct csv *c)
{
    size_t len = line_length(c->rest);
    advance(c, len < c->rest.len ? len + 1 : len);
}

/* A cell that is not quoted, from byte `at` of the rest; returns where it ends. */
static size_t plain_cell(const struct csv *c, size_t at, struct slice *ret_cell)
{
    size_t end = at;
    while (end < c->rest.len && c->rest.at[end] != c->delimiter && c->rest.at[end] != '\n')
        end++;
    *ret_cell = trim((struct slice){c->rest.at + at, end - at});
    return end;
}

/* Undoes doubled quotes; the cell without them lies in the scratch. */
static int undouble(struct csv *c, struct slice *cell)
{
    if (cell->len > sizeof c->scratch - c->unquoted)
        return ERR_TOO_LONG;
    char *to = c->scratch + c->unquoted;
    size_t len = 0;
    for (size_t i = 0; i < cell->len; i++) {
        to[len++] = cell->at[i];
        i += cell->at[i] == '"';
    }
    c->unquoted += len;
    *cell = (struct slice){to, len};
    return 0;
}

/* A quoted cell whose opening quote is byte `at` of the rest; *ret_end is where it ends. */
static int quoted_cell(struct csv *c, size_t at, struct slice *ret_cell, size_t *ret_end,
                       const char **ret_why)
{
    bool doubled = false;
    size_t end = at + 1;
    for (; end < c->rest.len && end < CSV_RECORD_MAX; end++) {
        if (c->rest.at[end] != '"')
            continue;
        if (end + 1 >= c->rest.len || c->rest.at[end + 1] != '"')
            break;
        doubled = true;
        end++;
    }
    *ret_why = "a quote is opened and never closed";
    if (end >= c->rest.len || end >= CSV_RECORD_MAX)
        return ERR_SYNTAX;
    *ret_cell = (struct slice){c->rest.at + at + 1, end - at - 1};
    *ret_why = "its quoted cells are too long";
    if (doubled && undouble(c, ret_cell) != 0)
        return ERR_TOO_LONG;
    *ret_cell = trim(*ret_cell);
    for (end++; end < c->rest.len && blank(c->rest.at[end]) && c->rest.at[end] != c->delimiter;)
        end++;
    *ret_end = end;
    *ret_why = "text after a closing quote";
    bool ended = end == c->rest.len || c->rest.at[end] == c->delimiter || c->rest.at[end] == '\n';
    return ended ? 0 : ERR_SYNTAX;
}

static bool opens_quote(const struct csv *c, size_t *at)
{
    size_t i = *at;
    while (i < c->rest.len && blank(c->rest.at[i]) && c->rest.at[i] != c->delimiter)
        i++;
    if (i == c->rest.len || c->rest.at[i] != '"')
        return false;
    *at = i;
    return true;
}

/* The record at the start of the rest; *ret_len is its bytes with the line feed. */
static int read_record(struct csv *c, struct csv_row *row, size_t *ret_len, const char **ret_why)
{
    size_t at = 0;
    for (;;) {
        if (row->len == CSV_CELLS_MAX) {
            *ret_why = "too many cells";
            return ERR_FULL;
        }
        struct slice *cell = &row->cells[row->len];
        int err = 0;
        if (opens_quote(c, &at))
            err = quoted_cell(c, at, cell, &at, ret_why);
        else
            at = plain_cell(c, at, cell);
        if (err != 0)
            return err;
        row->len++;
        if (at == c->rest.len || c->rest.at[at] == '\n')
            break;
        at++;
    }
    *ret_why = "the record is too long";
    if (at > CSV_RECORD_MAX)
        return ERR_TOO_LONG;
    *ret_len = at < c->rest.len ? at + 1 : at;
    return 0;
}

static bool row_is_blank(const struct csv_row *row)
{
    for (size_t i = 0; i < row->len; i++)
        if (row->cells[i].len > 0)
            return false;
    return true;
}

int csv_next(struct csv *c, struct csv_row *ret_row, const char **ret_why)
{
    while (c->rest.len > 0) {
        ret_row->line = c->line;
        ret_row->len = 0;
        c->unquoted = 0;
        size_t len = 0;
        int err = read_record(c, ret_row, &len, ret_why);
        if (err != 0) {
            skip_line(c);
            return err;
        }
        advance(c, len);
        if (!row_is_blank(ret_row))
            return 0;
    }
    return ERR_END;
}
