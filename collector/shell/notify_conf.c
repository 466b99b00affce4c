#include "shell/notify_conf.h"

#include <stdio.h>
#include <string.h>

#define AT(member) offsetof(struct notify_conf, member), sizeof(((struct notify_conf *)0)->member)
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

enum { DAY_MS = 86400000 };

#define SEVERITY_WORD(name, value, word, vi, brief) word,
static const char *const SEVERITIES[] = {SEVERITY_MAP(SEVERITY_WORD) NULL};
#undef SEVERITY_WORD

static const struct field COMMON[] = {
    {"name", FIELD_TEXT, AT(name), 0, 0, NULL, NULL, "What rules call it.", NULL},
    {"min_severity", FIELD_WORD, AT(least), 0, 0, "indeterminate", NULL,
     "Nothing less grave is sent here.", SEVERITIES},
    {"cap", FIELD_I64, AT(cap), 0, 1000, "10", NULL,
     "Pages in each cap_window; the last of them stands for all that would be more. 0: no bound, "
     "as always with an Alertmanager.",
     NULL},
    {"cap_window", FIELD_DURATION, AT(window_ms), 1000, DAY_MS, "10min", NULL, "See cap.", NULL},
    {"recovery", FIELD_BOOL, AT(recovery), 0, 0, "false", NULL,
     "Whether ends are told too; an Alertmanager always is.", NULL},
    {"fallback", FIELD_TEXT, AT(fallback), 0, 0, "", NULL,
     "Name of the target told instead while this one fails.", NULL},
    {"fallback_after", FIELD_DURATION, AT(fallback_ms), 1000, DAY_MS, "2min", NULL,
     "How long it may fail before that.", NULL},
    {"timeout", FIELD_DURATION, AT(timeout_ms), 100, 600000, "10s", NULL, "Of one try.", NULL},
};

static const struct field WEBHOOK[] = {
    {"url", FIELD_TEXT, AT(url), 0, 0, NULL, NULL, "Where to.", NULL},
    {"secret_file", FIELD_TEXT, AT(secret_file), 0, 0, "", NULL,
     "File with a secret; the header X-Ioc-Signature is then sha256= and the HMAC of the body.",
     NULL},
    {"token_file", FIELD_TEXT, AT(token_file), 0, 0, "", NULL, "File with a bearer token.", NULL},
    {"ca_file", FIELD_TEXT, AT(ca_file), 0, 0, "", NULL,
     "Certificates to trust; empty: the system's.", NULL},
};

static const struct field ALERTMANAGER[] = {
    {"url", FIELD_TEXT, AT(url), 0, 0, NULL, NULL, "Its address without the path of the API.",
     NULL},
    {"token_file", FIELD_TEXT, AT(token_file), 0, 0, "", NULL, "File with a bearer token.", NULL},
    {"ca_file", FIELD_TEXT, AT(ca_file), 0, 0, "", NULL,
     "Certificates to trust; empty: the system's.", NULL},
};

static const struct field PROGRAM[] = {
    {"program", FIELD_TEXT, AT(program), 0, 0, NULL, NULL, "Its absolute path.", NULL},
};

static const struct field SMSTOOLS[] = {
    {"folder", FIELD_TEXT, AT(folder), 0, 0, NULL, NULL,
     "Outgoing folder of smsd, such as /var/spool/sms/outgoing.", NULL},
    {"numbers", FIELD_TEXTS, AT(numbers), 0, 0, NULL, NULL, "Phone numbers, digits only.", NULL},
};

/* One row per kind: the suite of tests/e2e/notify.test.mjs goes through the same words. */
static const struct {
    const struct field *fields;
    size_t len;
} FIELDS[] = {
    [NOTIFY_WEBHOOK] = {WEBHOOK, COUNT(WEBHOOK)},
    [NOTIFY_ALERTMANAGER] = {ALERTMANAGER, COUNT(ALERTMANAGER)},
    [NOTIFY_PROGRAM] = {PROGRAM, COUNT(PROGRAM)},
    [NOTIFY_SMSTOOLS] = {SMSTOOLS, COUNT(SMSTOOLS)},
};

const struct field *notify_conf_common(size_t *ret_len)
{
    *ret_len = COUNT(COMMON);
    return COMMON;
}

const struct field *notify_conf_fields(enum notify_kind kind, size_t *ret_len)
{
    *ret_len = FIELDS[kind].len;
    return FIELDS[kind].fields;
}

#define KIND_WORD(name, word, about) word,
static const char *const WORDS[] = {NOTIFY_KIND_MAP(KIND_WORD)};
#undef KIND_WORD

#define KIND_ABOUT(name, word, about) about,
static const char *const ABOUTS[] = {NOTIFY_KIND_MAP(KIND_ABOUT)};
#undef KIND_ABOUT

const char *notify_conf_word(int kind)
{
    return kind >= 0 && kind < NOTIFY_KINDS ? WORDS[kind] : "";
}

const char *notify_conf_about(int kind)
{
    return kind >= 0 && kind < NOTIFY_KINDS ? ABOUTS[kind] : "";
}

static bool is_http(const char *url)
{
    return strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
}

static bool are_numbers(const struct field_texts *numbers)
{
    for (size_t i = 0; i < numbers->len; i++)
        if (!numbers->text[i][0] ||
            strspn(numbers->text[i], "0123456789") != strlen(numbers->text[i]))
            return false;
    return numbers->len > 0;
}

bool notify_conf_check(const struct notify_conf *conf, char ret_why[FIELD_WHY_MAX])
{
    const char *why = NULL;
    bool by_http = conf->kind == NOTIFY_WEBHOOK || conf->kind == NOTIFY_ALERTMANAGER;
    if (!conf->name[0])
        why = "name: must not be empty";
    else if (by_http && !is_http(conf->url))
        why = "url: begins with http:// or https://";
    else if (conf->kind == NOTIFY_PROGRAM && conf->program[0] != '/')
        why = "program: an absolute path";
    else if (conf->kind == NOTIFY_SMSTOOLS && !are_numbers(&conf->numbers))
        why = "numbers: at least one, digits only";
    else if (conf->kind == NOTIFY_SMSTOOLS && !conf->folder[0])
        why = "folder: must not be empty";
    if (why)
        snprintf(ret_why, FIELD_WHY_MAX, "%s", why);
    return !why;
}
