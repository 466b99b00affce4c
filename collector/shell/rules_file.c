#include "shell/rules_file.h"

#include "base/err.h"
#include "shell/rule_conf.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

enum { DAY_MS = 86400000 };

/* The file as read, before names are looked up. */
struct file_conf {
    struct {
        int64_t settle_ms, sites, heartbeat_ms, link_ms;
        double share;
        char heartbeat_url[256], rota[256], replies[256], link_url[256];
        char dial_code[8];
    } paging;
    struct conf_list targets, rules;
};

#define PAGING_AT(member)                                                           \
    offsetof(struct file_conf, paging.member) - offsetof(struct file_conf, paging), \
        sizeof(((struct file_conf *)0)->paging.member)

static const struct field PAGING[] = {
    {"settle", FIELD_DURATION, PAGING_AT(settle_ms), 0, 600000, "20s", NULL,
     "How long a page waits for the root of what it tells.", NULL},
    {"area_share", FIELD_F64, PAGING_AT(share), 0.01, 1, "0.3", "ratio",
     "When this share of an area's sites is out at once, the area is told as one.", NULL},
    {"area_sites", FIELD_I64, PAGING_AT(sites), 2, 1e6, "5", NULL, "And at least so many sites.",
     NULL},
    {"heartbeat_url", FIELD_TEXT, PAGING_AT(heartbeat_url), 0, 0, "", NULL,
     "Asked by GET now and then, so that somebody else notices if the collector is gone; empty: "
     "none.",
     NULL},
    {"rota", FIELD_TEXT, PAGING_AT(rota), 0, 0, "", NULL,
     "CSV file of who is on duty: person, phone, role, scope, from, to. Only numbers in it may "
     "answer.",
     NULL},
    {"dial_code", FIELD_TEXT, PAGING_AT(dial_code), 0, 0, "84", NULL,
     "Of the country: what a leading 0 of a phone number stands for.", NULL},
    {"replies", FIELD_TEXT, PAGING_AT(replies), 0, 0, "", NULL,
     "Folder where smsd of smstools puts what came, such as /var/spool/sms/incoming; empty: none.",
     NULL},
    {"link_url", FIELD_TEXT, PAGING_AT(link_url), 0, 0, "", NULL,
     "Address of this collector as people reach it, such as https://ioc.example.vn: messages then "
     "have a link to acknowledge with, once; empty: none.",
     NULL},
    {"link_valid", FIELD_DURATION, PAGING_AT(link_ms), 60000, 7.0 * DAY_MS, "12h", NULL,
     "How long such a link can be used.", NULL},
    {"heartbeat", FIELD_DURATION, PAGING_AT(heartbeat_ms), 1000, DAY_MS, "1min", NULL, "How often.",
     NULL},
};

/* The tables that conf_read() wants, whose kinds of targets stand in notify_conf.c. */
struct schema {
    struct conf_kind kinds[NOTIFY_KINDS];
    struct conf_section sections[3];
};

static void make_schema(struct schema *s)
{
    size_t common = 0, rule_common = 0, conditions = 0;
    const struct field *fields = notify_conf_common(&common);
    const struct field *rule_fields = rule_conf_common(&rule_common);
    const struct conf_kind *kinds = rule_conf_kinds(&conditions);
    for (int k = 0; k < NOTIFY_KINDS; k++) {
        s->kinds[k] = (struct conf_kind){.word = notify_conf_word(k),
                                         .size = sizeof(struct notify_conf),
                                         .about = notify_conf_about(k)};
        s->kinds[k].fields = notify_conf_fields((enum notify_kind)k, &s->kinds[k].len);
    }
    s->sections[0] = (struct conf_section){.name = "paging",
                                           .about = "How pages are grouped.",
                                           .fields = PAGING,
                                           .len = COUNT(PAGING),
                                           .offset = offsetof(struct file_conf, paging)};
    s->sections[1] = (struct conf_section){.name = "targets",
                                           .about = "Whom pages go to.",
                                           .fields = fields,
                                           .len = common,
                                           .offset = offsetof(struct file_conf, targets),
                                           .kinds = s->kinds,
                                           .kinds_len = NOTIFY_KINDS,
                                           .max = RULE_TARGETS_MAX};
    s->sections[2] = (struct conf_section){.name = "rules",
                                           .about = "Of what.",
                                           .fields = rule_fields,
                                           .len = rule_common,
                                           .offset = offsetof(struct file_conf, rules),
                                           .kinds = kinds,
                                           .kinds_len = conditions,
                                           .max = RULES_MAX};
}

/* Taking one item further: where mistakes are told. */
struct taking {
    struct rules_file *file;
    struct conf_errors *errors;
    const struct conf_item *item;
};

#define WRONG(r, ...) conf_error((r)->errors, (r)->item->line, (r)->item->column, __VA_ARGS__)

static void take_target(struct taking *r, const struct schema *s)
{
    char why[FIELD_WHY_MAX];
    struct rules *rules = &r->file->rules;
    struct notify_conf conf = *(const struct notify_conf *)r->item->object;
    conf.kind = (enum notify_kind)(r->item->kind - s->kinds);
    if (!notify_conf_check(&conf, why))
        WRONG(r, "%s", why);
    if (rules_find_target(rules, conf.name) >= 0)
        WRONG(r, "there is a target \"%s\" already", conf.name);
    bool mirror = conf.kind == NOTIFY_ALERTMANAGER || conf.kind == NOTIFY_PAGERDUTY;
    struct rule_target *t = &rules->target[rules->targets];
    *t = (struct rule_target){.least = (enum severity)conf.least,
                              .cap = mirror ? 0 : conf.cap,
                              .window_ms = conf.window_ms,
                              .recovery = conf.recovery,
                              .mirror = mirror,
                              .fallback = -1,
                              .fallback_ms = conf.fallback_ms,
                              .from_min = conf.from_min,
                              .to_min = conf.to_min};
    memcpy(t->name, conf.name, sizeof t->name);
    r->file->target[rules->targets++] = conf;
}

static void find_fallback(struct taking *r, size_t at)
{
    const struct notify_conf *conf = &r->file->target[at];
    if (!conf->fallback[0])
        return;
    int target = rules_find_target(&r->file->rules, conf->fallback);
    if (target < 0 || target == (int)at)
        WRONG(r, "fallback: there is no other target \"%s\"", conf->fallback);
    else
        r->file->rules.target[at].fallback = target;
}

static void take_all(struct taking *r, const struct file_conf *conf, const struct schema *s,
                     const struct inventory *inv)
{
    rules_init(&r->file->rules);
    r->file->rules.settle_ms = conf->paging.settle_ms;
    r->file->rules.area_share = conf->paging.share;
    r->file->rules.area_sites = conf->paging.sites;
    r->file->heartbeat_ms = conf->paging.heartbeat_ms;
    memcpy(r->file->heartbeat_url, conf->paging.heartbeat_url, sizeof r->file->heartbeat_url);
    memcpy(r->file->rota, conf->paging.rota, sizeof r->file->rota);
    memcpy(r->file->dial_code, conf->paging.dial_code, sizeof r->file->dial_code);
    memcpy(r->file->replies, conf->paging.replies, sizeof r->file->replies);
    memcpy(r->file->link_url, conf->paging.link_url, sizeof r->file->link_url);
    r->file->link_ms = conf->paging.link_ms;
    for (size_t i = 0; i < conf->targets.len; i++) {
        r->item = &conf->targets.items[i];
        take_target(r, s);
    }
    for (size_t i = 0; i < conf->targets.len; i++) {
        r->item = &conf->targets.items[i];
        find_fallback(r, i);
    }
    for (size_t i = 0; i < conf->rules.len; i++)
        rule_conf_take(&conf->rules.items[i], inv, &r->file->rules, r->errors);
}

static int read_any(const char *file, const struct slice *text, const struct inventory *inv,
                    struct rules_file *ret_file, struct conf_errors *errors)
{
    struct schema s;
    struct file_conf conf;
    memset(&conf, 0, sizeof conf);
    memset(ret_file, 0, sizeof *ret_file);
    make_schema(&s);
    conf_errors_init(errors, file);
    int err = text ? conf_read_text(s.sections, COUNT(s.sections), *text, &conf, errors)
                   : conf_read(s.sections, COUNT(s.sections), &conf, errors);
    struct taking r = {ret_file, errors, NULL};
    if (!err || err == ERR_SYNTAX) /* mistakes of all sorts at once */
        take_all(&r, &conf, &s, inv);
    conf_done(s.sections, COUNT(s.sections), &conf);
    return !err && errors->len ? ERR_SYNTAX : err;
}

int rules_file_read(const char *file, const struct inventory *inv, struct rules_file *ret_file,
                    struct conf_errors *errors)
{
    return read_any(file, NULL, inv, ret_file, errors);
}

int rules_file_read_text(const char *file, struct slice text, const struct inventory *inv,
                         struct rules_file *ret_file, struct conf_errors *errors)
{
    return read_any(file, &text, inv, ret_file, errors);
}

void rules_file_help(struct buf *out)
{
    struct schema s;
    make_schema(&s);
    conf_help(s.sections, COUNT(s.sections), out);
}

void rules_file_manual(struct buf *out)
{
    struct schema s;
    make_schema(&s);
    conf_manual(s.sections, COUNT(s.sections), out);
}
