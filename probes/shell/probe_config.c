#include "shell/probe_config.h"

#include "base/err.h"
#include "base/gsm_text.h"
#include "checks/check_table.h"
#include "core/deadman_text.h"
#include "io/serial.h"
#include "shell/checklist_of.h"
#include "shell/template.h"
#include "wire/checklist.h"
#include "wire/pack.h"

#include <stdio.h>
#include <string.h>

#define AT(type, member) \
    offsetof(struct probe_config_##type, member), sizeof(((struct probe_config_##type *)0)->member)

enum { DAY_MS = 86400000, SECTIONS = 6 };

static const char *const LEVELS[] = {"error", "warning", "note", "info", "debug", NULL};

#define TEMPLATE_WORD(name, word) [name] = (word),
static const char *const TEMPLATES[] = {TEMPLATE_MAP(TEMPLATE_WORD) NULL};

static const struct field PROBE[] = {
    {"id", FIELD_TEXT, AT(probe, id), 0, 0, NULL, NULL,
     "Name of this probe: the same in its certificate, at the broker and in the inventory.", NULL},
    {"site", FIELD_TEXT, AT(probe, site), 0, 0, NULL, NULL,
     "Site that the probe stands at, as in the inventory.", NULL},
    {"pack_period", FIELD_DURATION, AT(probe, pack_period_ms), 1000, 3600e3, "30s", NULL,
     "How often results are sent; a change of verdict is sent at once.", NULL},
    {"log_level", FIELD_WORD, AT(probe, log_level), 0, 0, "info", NULL,
     "Least severe lines that are logged.", LEVELS},
    {"last_gasp", FIELD_TEXT, AT(probe, last_gasp), 0, 0, "", NULL,
     "Check (type/name, at the probe's own site) whose failure means that mains power is lost; "
     "empty: only the signal SIGPWR says so.",
     NULL},
    {"trust_clock", FIELD_BOOL, AT(probe, trust_clock), 0, 0, "false", NULL,
     "Whether to believe the system's clock even if the kernel does not call it synchronised, as "
     "in containers and virtual machines whose host keeps the time.",
     NULL},
    {"template", FIELD_WORD, AT(probe, template), 0, 0, "none", NULL,
     "Kind of site: gives checks without units theirs, and says with --check-config what is "
     "missing. "
     "A check of type power is for all units (cause power), one of type sfp or named centre too "
     "(cause transport), one named like a unit for that unit.",
     TEMPLATES},
    {"units", FIELD_TEXTS, AT(probe, units), 0, 0, "", NULL,
     "Units of the site, such as [4g, 5g@a], for its template.", NULL},
};

static const struct field BROKER[] = {
    {"host", FIELD_TEXT, AT(broker, host), 0, 0, NULL, NULL, "Name or address of the MQTT broker.",
     NULL},
    {"port", FIELD_I64, AT(broker, port), 0, 65535, "0", NULL,
     "Its port; 0 is 1883, with TLS 8883.", NULL},
    {"tls", FIELD_BOOL, AT(broker, tls), 0, 0, "false", NULL,
     "Whether to use TLS, with verification of the broker's certificate and name.", NULL},
    {"ca_file", FIELD_TEXT, AT(broker, ca_file), 0, 0, "", NULL,
     "Certificates to trust; empty: the system's.", NULL},
    {"cert_file", FIELD_TEXT, AT(broker, cert_file), 0, 0, "", NULL,
     "Certificate of this probe; empty: none.", NULL},
    {"key_file", FIELD_TEXT, AT(broker, key_file), 0, 0, "", NULL, "Its key.", NULL},
    {"user", FIELD_TEXT, AT(broker, user), 0, 0, "", NULL, "User name at the broker; empty: none.",
     NULL},
    {"password_file", FIELD_TEXT, AT(broker, password_file), 0, 0, "", NULL,
     "File with the password in its first line.", NULL},
};

static const struct field OUTBOX[] = {
    {"folder", FIELD_TEXT, AT(outbox, folder), 0, 0, "/var/lib/ioc-probe/outbox", NULL,
     "Folder where packs wait until the centre has stored them.", NULL},
    {"max_bytes", FIELD_BYTES, AT(outbox, max_bytes), 64 * 1024, 1e12, "64MB", NULL,
     "Most disk it takes; the oldest packs are dropped and counted beyond.", NULL},
    {"max_age", FIELD_DURATION, AT(outbox, max_age_ms), 1000, 3650.0 * DAY_MS, "7d", NULL,
     "How long a pack is kept, in time that the probe was running.", NULL},
};

static const struct field STATUS[] = {
    {"socket", FIELD_TEXT, AT(status, socket), 0, 0, "/run/ioc-probe/status", NULL,
     "Path of the socket that `ioc-probe status` asks; empty: none.", NULL},
};

static const struct field DEADMAN[] = {
    {"check", FIELD_TEXT, AT(deadman, check), 0, 0, NULL, NULL,
     "Check (type/name, at the probe's own site) that is the centre's sign of life, such as an "
     "http "
     "check of its /readyz?max_age_s=300. Degraded is one; failed and unknown are none.",
     NULL},
    {"centre", FIELD_TEXT, AT(deadman, centre), 0, 0, NULL, NULL,
     "What people call the centre; at most 24 characters.", NULL},
    {"after", FIELD_DURATION, AT(deadman, after_ms), 1000, DAY_MS, "3min", NULL,
     "How long without a sign of life until people are told.", NULL},
    {"pause", FIELD_DURATION, AT(deadman, pause_ms), 0, DAY_MS, "30min", NULL,
     "Least time from telling somebody that the centre is gone to telling it again.", NULL},
    {"repeat", FIELD_DURATION, AT(deadman, repeat_ms), 0, 31.0 * DAY_MS, "0s", NULL,
     "How often it is told again while it lasts; 0s is never.", NULL},
    {"text", FIELD_TEXT, AT(deadman, text), 0, 0, "Kiểm tra điện, mạng, máy chủ tại trung tâm.",
     NULL, "What to do, in at most 48 characters; SMS get it without diacritics.", NULL},
    {"modem", FIELD_TEXT, AT(deadman, modem), 0, 0, "", NULL,
     "Serial device of a modem that takes AT commands and whose SIM asks for no PIN; empty: none.",
     NULL},
    {"baud", FIELD_I64, AT(deadman, baud), 300, 4000000, "115200", NULL, "Speed of its line.",
     NULL},
    {"numbers", FIELD_TEXTS, AT(deadman, numbers), 0, 0, "", NULL,
     "Phone numbers that get an SMS by the modem, digits only.", NULL},
    {"program", FIELD_TEXTS, AT(deadman, program), 0, 0, "", NULL,
     "A program of yours that tells people, beside the modem or instead: absolute path and "
     "arguments; the text is its last argument, exit code 0 means told. Ended after 1 min.",
     NULL},
};

static bool check_probe(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct probe_config_probe *p = object;
    if (!topic_name_ok(slice_of(p->id)))
        snprintf(ret_why, FIELD_WHY_MAX,
                 "id: letters, digits and . _ - only, the first a letter or digit");
    else if (!pack_part_ok(slice_of(p->site)))
        snprintf(ret_why, FIELD_WHY_MAX,
                 "site: letters, digits and - : . _ only, the first a letter or digit");
    else if (p->template != TEMPLATE_NONE && p->units.len == 0)
        snprintf(ret_why, FIELD_WHY_MAX, "template %s needs units, such as [4g, 5g]",
                 TEMPLATES[p->template]);
    else
        return true;
    return false;
}

static bool check_broker(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct probe_config_broker *b = object;
    if (!b->cert_file[0] != !b->key_file[0])
        snprintf(ret_why, FIELD_WHY_MAX, "cert_file and key_file go together");
    else if (!b->tls && (b->ca_file[0] || b->cert_file[0]))
        snprintf(ret_why, FIELD_WHY_MAX, "certificates are given but tls is false");
    else if (b->password_file[0] && !b->user[0])
        snprintf(ret_why, FIELD_WHY_MAX, "password_file needs user");
    else
        return true;
    return false;
}

static const char *check_letters(const struct probe_config_deadman *d)
{
    char text[sizeof d->text + 1];
    if (!d->centre[0])
        return "centre: must not be empty";
    if (gsm_text_write(slice_of(d->centre), text, sizeof text) > DEADMAN_CENTRE_MAX)
        return "centre: more than 24 characters";
    if (gsm_text_write(slice_of(d->text), text, sizeof text) > DEADMAN_ADVICE_MAX)
        return "text: more than 48 characters";
    return NULL;
}

/* ITU-T E.164: at most 15 digits; short codes have 3. */
static bool is_number(const char *text)
{
    size_t plus = text[0] == '+';
    size_t digits = strspn(text + plus, "0123456789");
    return digits >= 3 && digits <= 15 && text[plus + digits] == '\0';
}

static const char *check_numbers(const struct field_texts *numbers)
{
    for (size_t i = 0; i < numbers->len; i++) {
        if (!is_number(numbers->text[i]))
            return "numbers: 3 to 15 digits each";
        for (size_t j = 0; j < i; j++)
            if (strcmp(numbers->text[i], numbers->text[j]) == 0)
                return "numbers: one is given twice";
    }
    return NULL;
}

static const char *check_ways(const struct probe_config_deadman *d)
{
    if (!d->modem[0] && d->program.len == 0)
        return "nobody is told: modem with numbers, or program";
    if (!d->modem[0] != (d->numbers.len == 0))
        return "modem and numbers go together";
    if (!serial_baud_ok(d->baud))
        return "baud: no rate of a serial device";
    if (d->program.len > 0 && d->program.text[0][0] != '/')
        return "program must begin with an absolute path";
    return check_numbers(&d->numbers);
}

static bool check_deadman(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct probe_config_deadman *d = object;
    const char *why = check_ways(d);
    if (!why)
        why = check_letters(d);
    if (why)
        snprintf(ret_why, FIELD_WHY_MAX, "%s", why);
    return !why;
}

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define SECTION(word, rows, must, text, checker)                                              \
    {                                                                                         \
        .name = #word, .about = (text), .fields = (rows), .len = COUNT(rows),                 \
        .offset = offsetof(struct probe_config, word), .check = (checker), .required = (must) \
    }

/* The sections. Items of the list point at its kinds for as long as they live, hence static; every
 * call writes the same. */
static const struct conf_section *sections_of(void)
{
    static struct conf_kind kinds[CHECK_TABLE_MAX];
    static struct conf_section sections[SECTIONS] = {
        SECTION(probe, PROBE, true, "What this probe is.", check_probe),
        SECTION(broker, BROKER, true, "The MQTT broker.", check_broker),
        SECTION(outbox, OUTBOX, false, "Where packs wait for the centre.", NULL),
        SECTION(status, STATUS, false, "What `ioc-probe status` talks to.", NULL),
        SECTION(
            deadman, DEADMAN, false,
            "Tells people by this probe's own modem that the centre is gone, once, and that it "
            "is back, once; for a probe that stands on another machine than the centre. Where the "
            "answer to an SMS is lost (the modem pulled out, the probe killed before it "
            "came), it is sent again: twice rather than never.",
            check_deadman),
    };
    sections[SECTIONS - 2].place = offsetof(struct probe_config, deadman_at);
    size_t n_common = 0;
    const struct field *common = check_common_fields(&n_common);
    size_t n_kinds = check_table_kinds(kinds);
    sections[SECTIONS - 1] = (struct conf_section){.name = "checks",
                                                   .about = "What is checked.",
                                                   .fields = common,
                                                   .len = n_common,
                                                   .offset = offsetof(struct probe_config, checks),
                                                   .required = true,
                                                   .kinds = kinds,
                                                   .kinds_len = n_kinds,
                                                   .max = CHECKLIST_MAX};
    return sections;
}

const struct check_common *probe_config_check(const struct probe_config *config, size_t i)
{
    return config->checks.items[i].object;
}

size_t probe_config_find(const struct probe_config *config, const char *type_and_name)
{
    size_t i = 0;
    for (; i < config->checks.len; i++) {
        char name[PROBE_CONFIG_TEXT_MAX];
        const struct check_common *check = probe_config_check(config, i);
        snprintf(name, sizeof name, "%s/%s", config->checks.items[i].kind->word, check->name);
        if (strcmp(name, type_and_name) == 0 && strcmp(check->site, config->probe.site) == 0)
            break;
    }
    return i;
}

static bool same_check(const struct conf_item *a, const struct conf_item *b)
{
    const struct check_common *x = a->object, *y = b->object;
    return a->kind == b->kind && strcmp(x->name, y->name) == 0 && strcmp(x->site, y->site) == 0;
}

static void refuse_twins(const struct conf_list *checks, struct conf_errors *errors)
{
    for (size_t i = 0; i < checks->len; i++) {
        for (size_t j = 0; j < i; j++) {
            if (!same_check(&checks->items[i], &checks->items[j]))
                continue;
            const struct check_common *check = checks->items[i].object;
            conf_error(errors, checks->items[i].line, checks->items[i].column,
                       "checks: %s/%s at %s is also in line %zu; names are unique per type and "
                       "site",
                       checks->items[i].kind->word, check->name, check->site,
                       checks->items[j].line);
        }
    }
}

/* The list of checks has to fit one message of the contract. */
static void refuse_too_many(const struct probe_config *config, struct conf_errors *errors)
{
    struct buf out;
    buf_init(&out, PACK_BYTES_MAX);
    if (checklist_of_config(config, INT64_C(9999999999999999), START_SHUTDOWN, &out) != 0)
        conf_error(errors, 0, 0,
                   "checks: the list of %zu checks does not fit the %d bytes of one message",
                   config->checks.len, PACK_BYTES_MAX);
    buf_done(&out);
}

/* What no single row or section can see. */
static void look_across(struct probe_config *config, struct conf_errors *errors)
{
    for (size_t i = 0; i < config->checks.len; i++) {
        struct check_common *check = config->checks.items[i].object;
        if (!check->site[0])
            memcpy(check->site, config->probe.site, sizeof check->site);
    }
    template_apply(config);
    refuse_twins(&config->checks, errors);
    const char *gasp = config->probe.last_gasp;
    if (gasp[0] && probe_config_find(config, gasp) == config->checks.len)
        conf_error(errors, 0, 0,
                   "probe.last_gasp: \"%s\" is no check of this file at the probe's own site; "
                   "write type/name",
                   gasp);
    const char *sign = config->deadman.check;
    if (sign[0] && probe_config_find(config, sign) == config->checks.len)
        conf_error(errors, config->deadman_at.line, config->deadman_at.column,
                   "deadman.check: \"%s\" is no check of this file at the probe's own site; write "
                   "type/name",
                   sign);
    if (errors->len == 0)
        refuse_too_many(config, errors);
}

static int finish(struct probe_config *config, int err, struct probe_config *ret_config,
                  struct conf_errors *errors)
{
    if (!err || err == ERR_SYNTAX)
        look_across(config, errors);
    if (!err && errors->len > 0)
        err = ERR_SYNTAX;
    if (err)
        probe_config_done(config);
    else
        *ret_config = *config;
    return err;
}

int probe_config_read(const char *file, struct probe_config *ret_config, struct conf_errors *errors)
{
    struct probe_config config = {0};
    conf_errors_init(errors, file);
    int err = conf_read(sections_of(), SECTIONS, &config, errors);
    return finish(&config, err, ret_config, errors);
}

int probe_config_read_text(const char *file, struct slice text, struct probe_config *ret_config,
                           struct conf_errors *errors)
{
    struct probe_config config = {0};
    conf_errors_init(errors, file);
    int err = conf_read_text(sections_of(), SECTIONS, text, &config, errors);
    return finish(&config, err, ret_config, errors);
}

void probe_config_done(struct probe_config *config)
{
    conf_done(sections_of(), SECTIONS, config);
}

void probe_config_manual(struct buf *out)
{
    conf_manual(sections_of(), SECTIONS, out);
}
