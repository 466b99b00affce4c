#include "io/at_line.h"

static struct slice without(struct slice s, const char *around)
{
    while (s.len > 0 && strchr(around, *s.at)) {
        s.at++;
        s.len--;
    }
    while (s.len > 0 && strchr(around, s.at[s.len - 1]))
        s.len--;
    return s;
}

bool at_line_feed(struct at_line *l, struct slice *bytes)
{
    if (l->over)
        l->len = 0;
    l->over = false;
    while (bytes->len > 0 && !l->over) {
        char c = *bytes->at++;
        bytes->len--;
        if (c == '\r' || c == '\n')
            l->over = true;
        else if (c && l->len < sizeof l->text) /* the rest of a longer line is dropped */
            l->text[l->len++] = c;
    }
    return l->over;
}

struct slice at_line_text(const struct at_line *l)
{
    return without((struct slice){l->text, l->len}, " ");
}

bool at_line_prompt(const struct at_line *l)
{
    return !l->over && l->len > 0 && l->text[0] == '>';
}

bool at_line_begins(struct slice line, const char *word)
{
    size_t len = strlen(word);
    return line.len >= len && memcmp(line.at, word, len) == 0;
}

enum at_end at_line_end(struct slice line)
{
    if (slice_is(line, "OK"))
        return AT_END_OK;
    bool error = slice_is(line, "ERROR") || at_line_begins(line, "+CME ERROR") ||
                 at_line_begins(line, "+CMS ERROR");
    return error ? AT_END_ERROR : AT_END_NONE;
}

size_t at_line_fields(struct slice text, struct slice ret_field[AT_FIELDS_MAX])
{
    size_t n = 0, begin = 0;
    bool quoted = false;
    for (size_t i = 0; i <= text.len && n < AT_FIELDS_MAX; i++) {
        if (i < text.len && text.at[i] == '"')
            quoted = !quoted;
        if (i < text.len && (text.at[i] != ',' || quoted))
            continue;
        ret_field[n++] = without((struct slice){text.at + begin, i - begin}, " \"");
        begin = i + 1;
    }
    return n;
}
