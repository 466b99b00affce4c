#include "line_reader.h"

#include "base/err.h"
#include "base/num.h"

#include <string.h>

/* The text being read, and where its texts go. */
struct reader {
    const char *at;
    const char *end;
    struct line_read *line;
};

static int store_char(struct reader *r, char c)
{
    if (r->line->stored == sizeof r->line->store)
        return ERR_FULL;
    r->line->store[r->line->stored++] = c;
    return 0;
}

/* Reads up to one of `stops`; a backslash before one of `escapable` makes it literal. */
static int read_word(struct reader *r, const char *stops, const char *escapable,
                     const char **ret_word)
{
    const char *word = r->line->store + r->line->stored;
    const char *from = r->at;
    int err = 0;
    while (!err && r->at < r->end && !strchr(stops, *r->at)) {
        if ((unsigned char)*r->at < 0x20)
            return ERR_SYNTAX;
        if (*r->at == '\\' && r->at + 1 < r->end && r->at[1] && strchr(escapable, r->at[1]))
            r->at++;
        err = store_char(r, *r->at++);
    }
    if (!err && r->at == from)
        err = ERR_SYNTAX;
    if (!err)
        err = store_char(r, '\0');
    if (!err)
        *ret_word = word;
    return err;
}

static bool take(struct reader *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static int read_string(struct reader *r, struct line_part *part)
{
    part->text = r->line->store + r->line->stored;
    part->is_text = true;
    int err = 0;
    while (!err && r->at < r->end && *r->at != '"') {
        if (*r->at == '\n')
            return ERR_SYNTAX;
        if (*r->at == '\\' && r->at + 1 < r->end && (r->at[1] == '"' || r->at[1] == '\\'))
            r->at++;
        err = store_char(r, *r->at++);
    }
    if (!err && !take(r, '"'))
        err = ERR_SYNTAX;
    return err ? err : store_char(r, '\0');
}

static int read_value(struct reader *r, struct line_part *part)
{
    if (take(r, '"'))
        return read_string(r, part);
    const char *word = NULL;
    int err = read_word(r, ", ", "", &word);
    return err ? err : num_parse(slice_of(word), &part->number);
}

static int read_tag(struct reader *r)
{
    struct line_read *line = r->line;
    if (line->n_tags == LINE_READER_PARTS)
        return ERR_FULL;
    struct line_part *tag = &line->tags[line->n_tags++];
    *tag = (struct line_part){.is_text = true};
    int err = read_word(r, ",= ", ",= ", &tag->key);
    if (!err && !take(r, '='))
        err = ERR_SYNTAX;
    if (!err)
        err = read_word(r, ",= ", ",= ", &tag->text);
    for (size_t i = 0; !err && i + 1 < line->n_tags; i++)
        if (!strcmp(line->tags[i].key, tag->key))
            err = ERR_SYNTAX;
    return err;
}

static int read_field(struct reader *r)
{
    struct line_read *line = r->line;
    if (line->n_fields == LINE_READER_PARTS)
        return ERR_FULL;
    struct line_part *field = &line->fields[line->n_fields++];
    *field = (struct line_part){0};
    int err = read_word(r, ",= ", ",= ", &field->key);
    if (!err && !take(r, '='))
        err = ERR_SYNTAX;
    return err ? err : read_value(r, field);
}

int line_reader_read(struct slice text, struct line_read *ret_line)
{
    struct reader r = {text.at, text.at + text.len, ret_line};
    ret_line->n_tags = ret_line->n_fields = ret_line->stored = 0;
    int err = read_word(&r, ", ", ", ", &ret_line->measurement);
    while (!err && take(&r, ','))
        err = read_tag(&r);
    if (!err && !take(&r, ' '))
        err = ERR_SYNTAX;
    do
        err = err ? err : read_field(&r);
    while (!err && take(&r, ','));
    if (!err && !take(&r, ' '))
        err = ERR_SYNTAX;
    struct slice time = {r.at, (size_t)(r.end - r.at)};
    return err ? err : num_parse_i64(time, &ret_line->time_ns);
}

const struct line_part *line_reader_field(const struct line_read *line, const char *key)
{
    for (size_t i = 0; i < line->n_fields; i++)
        if (!strcmp(line->fields[i].key, key))
            return &line->fields[i];
    return NULL;
}
