#include "shell/notify_conf.h"

#include "base/num.h"
#include "core/phone.h"
#include "io/serial.h"

#include <stdio.h>
#include <string.h>

#define AT(member) offsetof(struct notify_conf, member), sizeof(((struct notify_conf *)0)->member)
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

enum { DAY_MS = 86400000, DAY_MIN = 1440 };

#define NUMBERS_ABOUT                             \
    "Phone numbers, digits only; or " NOTIFY_ROTA \
    " and a role: whoever has it at that moment by the rota."

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
    {"hours", FIELD_TEXT, AT(hours), 0, 0, "", NULL,
     "Of the day in local time, such as 07:30-17:30 or 22:00-06:00: outside of them it is told of "
     "nothing new; empty: always.",
     NULL},
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
    {"body", FIELD_TEXT, AT(body), 0, 0, "", NULL,
     "What is posted instead, such as {\"text\":\"{vi}\"} for a chat, with variables in "
     "braces: " NOTIFY_VARIABLES ".",
     NULL},
    {"content_type", FIELD_TEXT, AT(content_type), 0, 0, "application/json", NULL,
     "Of body; values are escaped for JSON, forms (x-www-form-urlencoded) or not at all.", NULL},
};

static const struct field ALERTMANAGER[] = {
    {"url", FIELD_TEXT, AT(url), 0, 0, NULL, NULL, "Its address without the path of the API.",
     NULL},
    {"token_file", FIELD_TEXT, AT(token_file), 0, 0, "", NULL, "File with a bearer token.", NULL},
    {"ca_file", FIELD_TEXT, AT(ca_file), 0, 0, "", NULL,
     "Certificates to trust; empty: the system's.", NULL},
    {"repeat", FIELD_DURATION, AT(repeat_ms), 1000, 3600000, "1min", NULL,
     "How often it is told again of all that goes on, so that one that has lost its data has them "
     "back; it is no new page.",
     NULL},
};

static const struct field PROGRAM[] = {
    {"program", FIELD_TEXT, AT(program), 0, 0, NULL, NULL,
     "Its absolute path. The page as JSON is on its standard input, the short text its last "
     "argument.",
     NULL},
};

static const struct field SMSTOOLS[] = {
    {"folder", FIELD_TEXT, AT(folder), 0, 0, NULL, NULL,
     "Outgoing folder of smsd, such as /var/spool/sms/outgoing.", NULL},
    {"numbers", FIELD_TEXTS, AT(numbers), 0, 0, NULL, NULL, NUMBERS_ABOUT, NULL},
};

static const struct field MODEM[] = {
    {"devices", FIELD_TEXTS, AT(devices), 0, 0, NULL, NULL,
     "Serial devices such as /dev/ttyUSB0. Where one fails the next is tried, and is used from "
     "then "
     "on.",
     NULL},
    {"numbers", FIELD_TEXTS, AT(numbers), 0, 0, NULL, NULL, NUMBERS_ABOUT, NULL},
    {"baud", FIELD_I64, AT(baud), 1200, 921600, "115200", "bit/s", "Speed of the lines.", NULL},
    {"send_timeout", FIELD_DURATION, AT(send_ms), 1000, 600000, "60s", NULL,
     "Until the network has a message; the next modem is tried then.", NULL},
    {"look", FIELD_DURATION, AT(look_ms), 0, DAY_MS, "5s", NULL,
     "How often replies are looked for on the modems; 0s: never.", NULL},
};

static const struct field GATEWAY[] = {
    {"url", FIELD_TEXT, AT(url), 0, 0, NULL, NULL,
     "Where to, with variables in braces, escaped: " NOTIFY_VARIABLES ".", NULL},
    {"body", FIELD_TEXT, AT(body), 0, 0, "", NULL,
     "What is posted, with variables; empty: the url is asked by GET.", NULL},
    {"content_type", FIELD_TEXT, AT(content_type), 0, 0, "application/json", NULL,
     "Of body; values are escaped for JSON, forms (x-www-form-urlencoded) or not at all.", NULL},
    {"expect", FIELD_TEXT, AT(expect), 0, 0, "", NULL,
     "The answer has to hold this text, or nothing was sent; empty: any answer of 2xx will do.",
     NULL},
    {"numbers", FIELD_TEXTS, AT(numbers), 0, 0, NULL, NULL, NUMBERS_ABOUT, NULL},
    {"secret_file", FIELD_TEXT, AT(secret_file), 0, 0, "", NULL,
     "File with what {secret} stands for.", NULL},
    {"token_file", FIELD_TEXT, AT(token_file), 0, 0, "", NULL, "File with a bearer token.", NULL},
    {"ca_file", FIELD_TEXT, AT(ca_file), 0, 0, "", NULL,
     "Certificates to trust; empty: the system's.", NULL},
};

static const struct field PAGERDUTY[] = {
    {"secret_file", FIELD_TEXT, AT(secret_file), 0, 0, NULL, NULL, "File with the routing key.",
     NULL},
    {"url", FIELD_TEXT, AT(url), 0, 0, "https://events.pagerduty.com/v2/enqueue", NULL, "Where to.",
     NULL},
    {"ca_file", FIELD_TEXT, AT(ca_file), 0, 0, "", NULL,
     "Certificates to trust; empty: the system's.", NULL},
};

static const struct field TELEGRAM[] = {
    {"secret_file", FIELD_TEXT, AT(secret_file), 0, 0, NULL, NULL, "File with the bot's token.",
     NULL},
    {"chat", FIELD_TEXT, AT(chat), 0, 0, NULL, NULL, "Id of the chat, or @ and its name.", NULL},
    {"url", FIELD_TEXT, AT(url), 0, 0, "https://api.telegram.org", NULL,
     "Address of the API, or of a relay.", NULL},
    {"ca_file", FIELD_TEXT, AT(ca_file), 0, 0, "", NULL,
     "Certificates to trust; empty: the system's.", NULL},
};

static const struct field MAIL[] = {
    {"url", FIELD_TEXT, AT(url), 0, 0, NULL, NULL,
     "Server: smtps://HOST (TLS from the start, port 465) or smtp://HOST:587 (STARTTLS, which it "
     "has to offer).",
     NULL},
    {"from", FIELD_TEXT, AT(from), 0, 0, NULL, NULL, "Address of the sender.", NULL},
    {"to", FIELD_TEXTS, AT(to), 0, 0, NULL, NULL, "Addresses.", NULL},
    {"user", FIELD_TEXT, AT(user), 0, 0, "", NULL, "Who logs in; empty: nobody.", NULL},
    {"secret_file", FIELD_TEXT, AT(secret_file), 0, 0, "", NULL, "File with the password.", NULL},
    {"plain", FIELD_BOOL, AT(plain), 0, 0, "false", NULL,
     "No TLS with smtp://: for a server on this machine only.", NULL},
    {"ca_file", FIELD_TEXT, AT(ca_file), 0, 0, "", NULL,
     "Certificates to trust; empty: the system's.", NULL},
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
    [NOTIFY_MODEM] = {MODEM, COUNT(MODEM)},
    [NOTIFY_GATEWAY] = {GATEWAY, COUNT(GATEWAY)},
    [NOTIFY_PAGERDUTY] = {PAGERDUTY, COUNT(PAGERDUTY)},
    [NOTIFY_TELEGRAM] = {TELEGRAM, COUNT(TELEGRAM)},
    [NOTIFY_MAIL] = {MAIL, COUNT(MAIL)},
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

static bool is_number(const char *text)
{
    size_t prefix = strlen(NOTIFY_ROTA);
    if (strncmp(text, NOTIFY_ROTA, prefix) == 0)
        return text[prefix] != '\0';
    return text[0] && strspn(text, "0123456789") == strlen(text) && strlen(text) < PHONE_MAX;
}

static const char *check_numbers(const struct notify_conf *conf)
{
    for (size_t i = 0; i < conf->numbers.len; i++)
        if (!is_number(conf->numbers.text[i]))
            return "numbers: digits only, or " NOTIFY_ROTA "ROLE";
    return conf->numbers.len > 0 ? NULL : "numbers: at least one";
}

static const char *check_url(const struct notify_conf *conf)
{
    return is_http(conf->url) ? NULL : "url: begins with http:// or https://";
}

static const char *check_program(const struct notify_conf *conf)
{
    return conf->program[0] == '/' ? NULL : "program: an absolute path";
}

static const char *check_smstools(const struct notify_conf *conf)
{
    return conf->folder[0] ? check_numbers(conf) : "folder: must not be empty";
}

static const char *check_modem(const struct notify_conf *conf)
{
    for (size_t i = 0; i < conf->devices.len; i++)
        if (conf->devices.text[i][0] != '/')
            return "devices: absolute paths";
    if (conf->devices.len == 0)
        return "devices: at least one";
    return serial_baud_ok(conf->baud) ? check_numbers(conf) : "baud: no rate of a serial device";
}

static const char *check_gateway(const struct notify_conf *conf)
{
    const char *why = check_url(conf);
    return why ? why : check_numbers(conf);
}

/* One address, which cannot become a second one or another header. */
static bool is_address(const char *text)
{
    const char *at = strchr(text, '@');
    size_t len = strlen(text);
    if (!at || at == text || !at[1])
        return false;
    for (size_t i = 0; i < len; i++)
        if (text[i] <= ' ' || text[i] == 0x7F || strchr("<>,;:\"()[]\\", text[i]))
            return false;
    return true;
}

static const char *check_mail(const struct notify_conf *conf)
{
    bool tls = strncmp(conf->url, "smtps://", 8) == 0;
    if (!tls && strncmp(conf->url, "smtp://", 7) != 0)
        return "url: begins with smtp:// or smtps://";
    if (conf->plain && (tls || conf->user[0]))
        return "plain: not with smtps:// nor with a password";
    for (size_t i = 0; i < conf->to.len; i++)
        if (!is_address(conf->to.text[i]))
            return "to: addresses alone, such as truc@ioc.example.vn";
    if (conf->to.len == 0)
        return "to: at least one";
    return is_address(conf->from) ? NULL : "from: an address alone, such as ioc@ioc.example.vn";
}

/* "HH:MM" as minutes; -1 for anything else. */
static int minutes_of(const char *text)
{
    uint64_t hour = 0, minute = 0;
    if (strlen(text) < 5 || text[2] != ':' || num_parse_u64((struct slice){text, 2}, &hour) != 0 ||
        num_parse_u64((struct slice){text + 3, 2}, &minute) != 0 || hour > 24 || minute > 59 ||
        hour * 60 + minute > DAY_MIN)
        return -1;
    return (int)(hour * 60 + minute);
}

static const char *check_hours(struct notify_conf *conf)
{
    if (!conf->hours[0])
        return NULL;
    bool formed = strlen(conf->hours) == strlen("07:30-17:30") && conf->hours[5] == '-';
    conf->from_min = formed ? minutes_of(conf->hours) : -1;
    conf->to_min = formed ? minutes_of(conf->hours + 6) : -1;
    return conf->from_min < 0 || conf->to_min < 0 ? "hours: as in 07:30-17:30" : NULL;
}

static const char *(*const CHECKS[])(const struct notify_conf *conf) = {
    [NOTIFY_WEBHOOK] = check_url,     [NOTIFY_ALERTMANAGER] = check_url,
    [NOTIFY_PROGRAM] = check_program, [NOTIFY_SMSTOOLS] = check_smstools,
    [NOTIFY_MODEM] = check_modem,     [NOTIFY_GATEWAY] = check_gateway,
    [NOTIFY_PAGERDUTY] = check_url,   [NOTIFY_TELEGRAM] = check_url,
    [NOTIFY_MAIL] = check_mail,
};

bool notify_conf_check(struct notify_conf *conf, char ret_why[FIELD_WHY_MAX])
{
    const char *why = conf->name[0] ? NULL : "name: must not be empty";
    if (!why)
        why = CHECKS[conf->kind](conf);
    if (!why)
        why = check_hours(conf);
    if (why)
        snprintf(ret_why, FIELD_WHY_MAX, "%s", why);
    return !why;
}
