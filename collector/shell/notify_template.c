#include "shell/notify_template.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { VALUE_MAX = 512 };

enum notify_escape notify_template_escape(const char *content_type)
{
    if (strstr(content_type, "json"))
        return NOTIFY_JSON;
    return strstr(content_type, "x-www-form-urlencoded") ? NOTIFY_FORM : NOTIFY_PLAIN;
}

typedef void write_value(const struct notify_flight *f, char *to);

static void put_phone(const struct notify_flight *f, char *to)
{
    snprintf(to, VALUE_MAX, "%s", f->at < f->numbers ? f->number[f->at] : "");
}

static void put_number(const struct notify_flight *f, char *to)
{
    snprintf(to, VALUE_MAX, "%llu", (unsigned long long)f->page.number);
}

static void put_sms(const struct notify_flight *f, char *to)
{
    snprintf(to, VALUE_MAX, "%s", f->page.sms);
}

static void put_vi(const struct notify_flight *f, char *to)
{
    snprintf(to, VALUE_MAX, "%s", f->page.vi);
}

static void put_en(const struct notify_flight *f, char *to)
{
    snprintf(to, VALUE_MAX, "%s", f->page.en);
}

static void put_severity(const struct notify_flight *f, char *to)
{
    snprintf(to, VALUE_MAX, "%s", severity_word((int)f->page.severity));
}

static void put_transition(const struct notify_flight *f, char *to)
{
    snprintf(to, VALUE_MAX, "%s", page_transition_word((int)f->page.transition));
}

static void put_place(const struct notify_flight *f, char *to)
{
    snprintf(to, VALUE_MAX, "%s", f->page.place);
}

static void put_id(const struct notify_flight *f, char *to)
{
    snprintf(to, VALUE_MAX, "%s-%llu", f->centre, (unsigned long long)f->page.id);
}

static void put_secret(const struct notify_flight *f, char *to)
{
    snprintf(to, VALUE_MAX, "%s", f->secret);
}

static void put_link(const struct notify_flight *f, char *to)
{
    snprintf(to, VALUE_MAX, "%s", f->link);
}

static const struct {
    const char *name;
    write_value *put;
} VARIABLES[] = {
    {"phone", put_phone}, {"number", put_number},
    {"sms", put_sms},     {"vi", put_vi},
    {"en", put_en},       {"severity", put_severity},
    {"place", put_place}, {"transition", put_transition},
    {"id", put_id},       {"secret", put_secret},
    {"link", put_link},
};

static void put_json(unsigned char c, struct buf *out)
{
    if (c == '"' || c == '\\')
        buf_printf(out, "\\%c", c);
    else if (c < ' ')
        buf_printf(out, "\\u%04x", c);
    else
        buf_char(out, (char)c);
}

static void put_form(unsigned char c, struct buf *out)
{
    if (c < 0x80 && (isalnum(c) || strchr("-._~", c)))
        buf_char(out, (char)c);
    else
        buf_printf(out, "%%%02X", c);
}

static void put_escaped(const char *text, enum notify_escape escape, struct buf *out)
{
    for (; *text; text++) {
        if (escape == NOTIFY_JSON)
            put_json((unsigned char)*text, out);
        else if (escape == NOTIFY_FORM)
            put_form((unsigned char)*text, out);
        else
            buf_char(out, *text);
    }
}

/* The variable that begins at the brace @p text; NULL if none does. */
static write_value *variable(const char *text, size_t *ret_len)
{
    for (size_t i = 0; i < sizeof VARIABLES / sizeof *VARIABLES; i++) {
        size_t len = strlen(VARIABLES[i].name);
        if (strncmp(text + 1, VARIABLES[i].name, len) != 0 || text[1 + len] != '}')
            continue;
        *ret_len = len + 2;
        return VARIABLES[i].put;
    }
    return NULL;
}

void notify_template_write(const struct notify_flight *flight, const char *template,
                           enum notify_escape escape, struct buf *out)
{
    while (*template) {
        size_t len = 1;
        char value[VALUE_MAX];
        write_value *put = *template == '{' ? variable(template, &len) : NULL;
        if (put) {
            put(flight, value);
            put_escaped(value, escape, out);
        } else {
            buf_char(out, *template);
        }
        template += len;
    }
}
