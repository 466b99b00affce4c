#include "io/conf.h"

#include <stdio.h>
#include <string.h>

enum { COLUMN = 28 };

static void help_field(const struct field *row, struct buf *out)
{
    char left[96];
    int len = snprintf(left, sizeof left, "    %s:", row->name);
    if (row->fallback && *row->fallback && len > 0 && (size_t)len < sizeof left)
        snprintf(left + len, sizeof left - (size_t)len, " %s", row->fallback);
    buf_printf(out, "%-*s %s%s", COLUMN, left, row->about, row->fallback ? "" : " (required)");
    for (size_t i = 0; row->type == FIELD_WORD && row->words[i]; i++)
        buf_printf(out, "%s%s", i ? ", " : " One of: ", row->words[i]);
    if (row->unit)
        buf_printf(out, " In %s.", row->unit);
    buf_char(out, '\n');
}

static void help_fields(const struct field *fields, size_t len, struct buf *out)
{
    for (size_t i = 0; i < len; i++)
        help_field(&fields[i], out);
}

void conf_help(const struct conf_section *sections, size_t n, struct buf *out)
{
    for (size_t i = 0; i < n; i++) {
        const struct conf_section *s = &sections[i];
        buf_printf(out, "%s:%s\n  # %s\n", s->name, s->kinds ? " # a list" : "", s->about);
        help_fields(s->fields, s->len, out);
        for (size_t k = 0; s->kinds && k < s->kinds_len; k++) {
            if (s->kinds[k].word)
                buf_printf(out, "  - type: %s # %s\n", s->kinds[k].word, s->kinds[k].about);
            help_fields(s->kinds[k].fields, s->kinds[k].len, out);
        }
    }
}

void conf_manual(const struct conf_section *sections, size_t n, struct buf *out)
{
    for (size_t i = 0; i < n; i++) {
        const struct conf_section *s = &sections[i];
        buf_printf(out, ".SS %s\n", s->name);
        field_troff(s->about, out);
        buf_char(out, '\n');
        field_manual(s->fields, s->len, out);
        for (size_t k = 0; s->kinds && k < s->kinds_len; k++) {
            if (s->kinds[k].word)
                buf_printf(out, ".PP\n.BR type: \" %s\"\n\\(em %s\n", s->kinds[k].word,
                           s->kinds[k].about);
            field_manual(s->kinds[k].fields, s->kinds[k].len, out);
        }
    }
}
