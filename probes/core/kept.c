#include "core/kept.h"

#include "base/err.h"

#include <string.h>

#define PROGRAM "ioc-probe memory "
#define FIRST_LINE PROGRAM "1\n"
#define LAST_LINE "end\n"
#define BETWEEN '\t'

enum { LAST_BYTES = sizeof LAST_LINE - 1, PRINTABLE_FIRST = ' ', PRINTABLE_LAST = '~' };

static bool is_printable(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < PRINTABLE_FIRST || s.at[i] > PRINTABLE_LAST)
            return false;
    return s.len > 0;
}

void kept_begin(struct buf *text)
{
    buf_clear(text);
    buf_str(text, FIRST_LINE);
}

int kept_add(struct buf *text, struct slice name, struct slice value)
{
    size_t before = text->len;
    if (!is_printable(name) || !is_printable(value))
        return ERR_RANGE;
    if (before + name.len + value.len + 2 + LAST_BYTES > text->max)
        return ERR_FULL;
    buf_put(text, name.at, name.len);
    buf_char(text, BETWEEN);
    buf_put(text, value.at, value.len);
    buf_char(text, '\n');
    int err = text->err;
    if (err)
        buf_cut(text, before);
    return err;
}

int kept_end(struct buf *text)
{
    buf_str(text, LAST_LINE);
    return text->err;
}

/* Cuts the line before the next '\n' off @p rest; false if there is none. */
static bool next_line(struct slice *rest, struct slice *ret_line)
{
    const char *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;
    if (!end)
        return false;
    ret_line->at = rest->at;
    ret_line->len = (size_t)(end - rest->at);
    *rest = (struct slice){end + 1, rest->len - ret_line->len - 1};
    return true;
}

static bool cut_line(struct slice line, struct slice *ret_name, struct slice *ret_value)
{
    const char *at = line.len ? memchr(line.at, BETWEEN, line.len) : NULL;
    if (!at)
        return false;
    *ret_name = (struct slice){line.at, (size_t)(at - line.at)};
    *ret_value = (struct slice){at + 1, line.len - ret_name->len - 1};
    return true;
}

/* True if @p *text begins with @p word, which is cut off. */
static bool skip(struct slice *text, const char *word)
{
    size_t len = strlen(word);
    if (text->len < len || memcmp(text->at, word, len) != 0)
        return false;
    *text = (struct slice){text->at + len, text->len - len};
    return true;
}

int kept_check(struct slice text)
{
    struct slice whole = text, line, name, value;
    if (!skip(&text, FIRST_LINE))
        return skip(&whole, PROGRAM) ? ERR_VERSION : ERR_CORRUPT;
    while (next_line(&text, &line)) {
        if (slice_is(line, "end"))
            return text.len == 0 ? 0 : ERR_CORRUPT;
        if (!cut_line(line, &name, &value) || !is_printable(name) || !is_printable(value))
            return ERR_CORRUPT;
    }
    return ERR_CORRUPT;
}

struct slice kept_find(struct slice text, struct slice name)
{
    struct slice line, found, value;
    while (next_line(&text, &line))
        if (cut_line(line, &found, &value) && slice_equal(found, name))
            return value;
    return (struct slice){0};
}
