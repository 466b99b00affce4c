#include "shell/rules_file.h"

#include "base/err.h"
#include "core/page_text.h"
#include "wire/pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(struct rule_conf, member), sizeof(((struct rule_conf *)0)->member)
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

enum { DAY_MS = 86400000 };

/* A rule as the file has it. */
struct rule_conf {
    char name[RULE_NAME_MAX];
    int severity, kind, technology;
    char area[48], op[48], criticality[48];
    int64_t for_ms, keep_ms, escalate_ms, people, late_ms, window_ms, half_ms, learn_ms;
    double below, above, clear, limit;
    char check[RULE_CHECK_MAX], metric[RULE_METRIC_MAX];
    int sense;
    bool relative;
    struct field_texts targets, escalate_to, escalation;
    char vi[RULE_TEXT_MAX], en[RULE_TEXT_MAX];
};

#define SEVERITY_WORD(name, value, word, vi, brief) word,
static const char *const SEVERITIES[] = {SEVERITY_MAP(SEVERITY_WORD) NULL};
#undef SEVERITY_WORD

#define SENSE_WORD(name, word) word,
static const char *const SENSES[] = {RULE_SENSE_MAP(SENSE_WORD) NULL};
#undef SENSE_WORD

#define WORD(name, value, word) word,
static const char *const SITES[] = {"any", SITE_KIND_MAP(WORD) NULL};
static const char *const TECHNOLOGIES[] = {TECHNOLOGY_MAP(WORD) NULL};
#undef WORD

static const struct field COMMON[] = {
    {"name", FIELD_TEXT, AT(name), 0, 0, NULL, NULL,
     "What it is called; alerts keep to it over reloads.", NULL},
    {"severity", FIELD_WORD, AT(severity), 0, 0, NULL, NULL, "As in X.733.", SEVERITIES},
    {"kind", FIELD_WORD, AT(kind), 0, 0, "any", NULL, "Sites of this kind only.", SITES},
    {"area", FIELD_TEXT, AT(area), 0, 0, "", NULL,
     "At or below this area only; rules about figures: of this area, or of the whole.", NULL},
    {"operator", FIELD_TEXT, AT(op), 0, 0, "", NULL, "Units of this operator only.", NULL},
    {"criticality", FIELD_TEXT, AT(criticality), 0, 0, "", NULL,
     "Sites with this word in the inventory only.", NULL},
    {"for", FIELD_DURATION, AT(for_ms), 0, 30 * (int64_t)DAY_MS, "0s", NULL,
     "Has to hold so long first.", NULL},
    {"keep_for", FIELD_DURATION, AT(keep_ms), 0, DAY_MS, "2min", NULL,
     "Goes on so long after it held last.", NULL},
    {"targets", FIELD_TEXTS, AT(targets), 0, 0, NULL, NULL, "Whom to tell.", NULL},
    {"escalate_after", FIELD_DURATION, AT(escalate_ms), 0, 30 * (int64_t)DAY_MS, "0s", NULL,
     "Unacknowledged so long: escalate_to is told; 0s: never.", NULL},
    {"escalate_to", FIELD_TEXTS, AT(escalate_to), 0, 0, "", NULL, "Whom to tell then.", NULL},
    {"escalation", FIELD_TEXTS, AT(escalation), 0, 0, "", NULL,
     "Several steps instead, such as [\"10min leader\", \"25min head voice\"]: unacknowledged so "
     "long since the first page, these targets are told.",
     NULL},
    {"vi", FIELD_TEXT, AT(vi), 0, 0, "", NULL,
     "Message in Vietnamese, with variables in braces: " PAGE_VARIABLES ".", NULL},
    {"en", FIELD_TEXT, AT(en), 0, 0, "", NULL, "The same in English.", NULL},
};

static const struct field PEOPLE[] = {
    {"people", FIELD_I64, AT(people), 1, 1e9, NULL, NULL,
     "At least so many people without any service of a family.", NULL},
};

static const struct field COVERAGE[] = {
    {"technology", FIELD_WORD, AT(technology), 0, 0, NULL, NULL, "Of this technology.",
     TECHNOLOGIES},
    {"below", FIELD_F64, AT(below), 1e-6, 1, NULL, "ratio",
     "Live coverage of people, unknown ones counted as covered, is below this.", NULL},
    {"clear", FIELD_F64, AT(clear), 1e-6, 1, NULL, "ratio", "Ends at this or above.", NULL},
};

static const struct field SHARE[] = {
    {"above", FIELD_F64, AT(above), 1e-6, 1, NULL, "ratio",
     "More than this share of the area's sites is out.", NULL},
    {"clear", FIELD_F64, AT(clear), 0, 1, NULL, "ratio", "Ends at this or below.", NULL},
};

static const struct field LATE[] = {
    {"after", FIELD_DURATION, AT(late_ms), 1000, 365 * (int64_t)DAY_MS, NULL, NULL,
     "Nothing was heard of a probe for so long, while we listened.", NULL},
};

/* A threshold has two sides. */
static const char *const SIDES[] = {"above", "below", NULL};

static const struct field DROP[] = {
    {"technology", FIELD_WORD, AT(technology), 0, 0, NULL, NULL, "Of this technology.",
     TECHNOLOGIES},
    {"above", FIELD_F64, AT(above), 1e-6, 1, NULL, "ratio",
     "Live coverage, unknown counted as covered, is more than this below what the authority "
     "declared (0.05: by five points).",
     NULL},
    {"clear", FIELD_F64, AT(clear), 0, 1, NULL, "ratio", "Ends at this or below.", NULL},
};

static const struct field AVAILABILITY[] = {
    {"over", FIELD_DURATION, AT(window_ms), 600000, 60 * (int64_t)DAY_MS, "24h", NULL,
     "Over so long until now.", NULL},
    {"below", FIELD_F64, AT(below), 1e-6, 1, NULL, "ratio",
     "Confirmed availability of the area's units of the kind is below this.", NULL},
    {"clear", FIELD_F64, AT(clear), 1e-6, 1, NULL, "ratio", "Ends at this or above.", NULL},
};

static const struct field BUDGET[] = {
    {"over", FIELD_DURATION, AT(window_ms), 600000, 60 * (int64_t)DAY_MS, "6h", NULL,
     "If the rest of the month is as the last so long was, ...", NULL},
    {"below", FIELD_F64, AT(below), 1e-6, 1, NULL, "ratio",
     "... the month's availability will be below this.", NULL},
    {"clear", FIELD_F64, AT(clear), 1e-6, 1, NULL, "ratio", "Ends at this or above.", NULL},
};

static const struct field METRIC[] = {
    {"check", FIELD_TEXT, AT(check), 0, 0, NULL, NULL,
     "Type of the checks, such as icmp, or one check as TYPE/NAME.", NULL},
    {"metric", FIELD_TEXT, AT(metric), 0, 0, NULL, NULL, "Which of their numbers, such as rtt.",
     NULL},
    {"is", FIELD_WORD, AT(sense), 0, 0, NULL, NULL, "On which side of the limit it is bad.", SIDES},
    {"limit", FIELD_F64, AT(limit), 0, 0, NULL, NULL, "The threshold, in the metric's unit.", NULL},
    {"clear", FIELD_F64, AT(clear), 0, 0, NULL, NULL, "Ends where it is not beyond this any more.",
     NULL},
};

static const struct field CHANGE[] = {
    {"check", FIELD_TEXT, AT(check), 0, 0, NULL, NULL,
     "Type of the checks, such as sfp, or one check as TYPE/NAME.", NULL},
    {"metric", FIELD_TEXT, AT(metric), 0, 0, NULL, NULL, "Which of their numbers.", NULL},
    {"is", FIELD_WORD, AT(sense), 0, 0, "either", NULL, "Which way from what is usual it is bad.",
     SENSES},
    {"limit", FIELD_F64, AT(limit), 1e-9, 1e18, NULL, NULL,
     "Further than this from what is usual, in the metric's unit.", NULL},
    {"clear", FIELD_F64, AT(clear), 0, 1e18, NULL, NULL, "Ends at this distance or nearer.", NULL},
    {"relative", FIELD_BOOL, AT(relative), 0, 0, "false", NULL,
     "Both are shares of what is usual instead.", NULL},
    {"half_life", FIELD_DURATION, AT(half_ms), 60000, 90 * (int64_t)DAY_MS, "1d", NULL,
     "What is usual forgets half in so long; what is off never becomes usual.", NULL},
    {"learn", FIELD_DURATION, AT(learn_ms), 0, 90 * (int64_t)DAY_MS, "6h", NULL,
     "Says nothing before it knows so much; after maintenance it learns anew.", NULL},
};

static const struct field CERTIFICATE[] = {
    {"days", FIELD_F64, AT(limit), 0.01, 3650, "21", NULL,
     "Less than so many days are left of a certificate that an http check saw.", NULL},
    {"clear", FIELD_F64, AT(clear), 0.01, 3650, "28", NULL, "Ends at this or above.", NULL},
};

#define KIND(word_, rows, count, text)                                                       \
    {                                                                                        \
        .word = (word_), .fields = (rows), .len = (count), .size = sizeof(struct rule_conf), \
        .about = (text)                                                                      \
    }

/* In the order of RULE_CONDITION_MAP. */
static const struct conf_kind CONDITIONS[] = {
    KIND("down", NULL, 0, "Units are down, by their root."),
    KIND("silent", NULL, 0, "Units are silent: nobody knows."),
    KIND("people", PEOPLE, COUNT(PEOPLE), "An outage leaves people without service."),
    KIND("coverage", COVERAGE, COUNT(COVERAGE), "Live coverage of an area."),
    KIND("share_out", SHARE, COUNT(SHARE), "Share of an area's sites that are out."),
    KIND("never_reported", NULL, 0, "A probe of the inventory never reported."),
    KIND("late", LATE, COUNT(LATE), "A probe reports no more."),
    KIND("ledger_broken", NULL, 0, "The collector's own books do not balance."),
    KIND("overdue", NULL, 0, "An outage lasts longer than people said that it would."),
    KIND("coverage_drop", DROP, COUNT(DROP), "Live coverage of an area below the declared one."),
    KIND("availability", AVAILABILITY, COUNT(AVAILABILITY),
         "Availability of one kind of sites in an area."),
    KIND("budget", BUDGET, COUNT(BUDGET),
         "The month's availability will be missed if things go on as they do."),
    KIND("metric", METRIC, COUNT(METRIC), "A number of a check against a threshold."),
    KIND("change", CHANGE, COUNT(CHANGE), "A number of a check against what is usual for it."),
    KIND("certificate", CERTIFICATE, COUNT(CERTIFICATE), "A server's certificate expires."),
};

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
    size_t common = 0;
    const struct field *fields = notify_conf_common(&common);
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
                                           .fields = COMMON,
                                           .len = COUNT(COMMON),
                                           .offset = offsetof(struct file_conf, rules),
                                           .kinds = CONDITIONS,
                                           .kinds_len = COUNT(CONDITIONS),
                                           .max = RULES_MAX};
}

/* Taking one item further: where mistakes are told. */
struct taking {
    struct rules_file *file;
    struct conf_errors *errors;
    const struct inventory *inv;
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

static uint32_t take_names(struct taking *r, const char *key, const struct field_texts *names)
{
    uint32_t mask = 0;
    for (size_t i = 0; i < names->len; i++) {
        int target = rules_find_target(&r->file->rules, names->text[i]);
        if (target < 0)
            WRONG(r, "%s: there is no target \"%s\"", key, names->text[i]);
        else
            mask |= 1U << target;
    }
    return mask;
}

/* How long a step waits: the first word of its text. False after a complaint. */
static bool take_after(struct taking *r, struct slice word, int64_t *ret_ms)
{
    static const struct field after = {"escalation",
                                       FIELD_DURATION,
                                       0,
                                       sizeof(int64_t),
                                       1000,
                                       30 * (int64_t)DAY_MS,
                                       NULL,
                                       NULL,
                                       "",
                                       NULL};
    char why[FIELD_WHY_MAX];
    int err = field_set(&after, ret_ms, word, why);
    if (err)
        WRONG(r, "escalation: \"%.*s\" %s", (int)word.len, word.at, why);
    return !err;
}

/* "10min leader voice" */
static void take_step(struct taking *r, const char *text, struct rule *rule)
{
    struct field_texts names = {0};
    struct rule_step step = {0};
    size_t len = strcspn(text, " ");
    if (!take_after(r, (struct slice){text, len}, &step.after_ms))
        return;
    for (text += len + strspn(text + len, " "); *text; text += len + strspn(text + len, " ")) {
        len = strcspn(text, " ");
        snprintf(names.text[names.len], sizeof *names.text, "%.*s", (int)len, text);
        if (names.len + 1 < sizeof names.text / sizeof *names.text)
            names.len++;
    }
    step.targets = take_names(r, "escalation", &names);
    if (names.len == 0)
        WRONG(r, "escalation: a step says whom to tell, such as \"10min leader\"");
    if (rule->steps > 0 && step.after_ms <= rule->step[rule->steps - 1].after_ms)
        WRONG(r, "escalation: each step comes later than the one before");
    if (rule->steps < RULE_STEPS_MAX)
        rule->step[rule->steps++] = step;
    else
        WRONG(r, "escalation: has more than %d steps", RULE_STEPS_MAX);
}

static void take_steps(struct taking *r, const struct rule_conf *c, struct rule *rule)
{
    uint32_t to = take_names(r, "escalate_to", &c->escalate_to);
    if (c->escalate_ms) {
        rule->step[0] = (struct rule_step){c->escalate_ms, to};
        rule->steps = 1;
    }
    for (size_t i = 0; !c->escalate_ms && i < c->escalation.len; i++)
        take_step(r, c->escalation.text[i], rule);
}

static void check_text(struct taking *r, const char *key, const char *text)
{
    struct slice unknown;
    if (!page_text_check(text, &unknown))
        WRONG(r, "%s: there is no variable \"%.*s\"; there are: %s", key, (int)unknown.len,
              unknown.at, PAGE_VARIABLES);
}

static void check_scope(struct taking *r, const struct rule_conf *c)
{
    if (!r->inv)
        return;
    if (c->area[0] && names_find(&r->inv->areas, slice_of(c->area)) == NAMES_NONE)
        WRONG(r, "area: the inventory has no \"%s\"", c->area);
    if (c->op[0] && names_find(&r->inv->operators, slice_of(c->op)) == NAMES_NONE)
        WRONG(r, "operator: the inventory has no \"%s\"", c->op);
}

/* What ends a rule lies on the good side of what begins it. */
static void check_clear(struct taking *r, const struct rule_conf *c, enum rule_condition condition)
{
    bool low =
        condition == RULE_COVERAGE || condition == RULE_AVAILABILITY || condition == RULE_BUDGET;
    bool high = condition == RULE_SHARE || condition == RULE_DROP;
    if (low && c->clear < c->below)
        WRONG(r, "clear: must not be below \"below\"");
    if (high && c->clear > c->above)
        WRONG(r, "clear: must not be above \"above\"");
    if (condition == RULE_CERTIFICATE && c->clear < c->limit)
        WRONG(r, "clear: must not be below \"days\"");
    if (condition == RULE_CHANGE && c->clear > c->limit)
        WRONG(r, "clear: must not be above \"limit\"");
    bool below = c->sense == RULE_BELOW;
    if (condition == RULE_METRIC && (below ? c->clear < c->limit : c->clear > c->limit))
        WRONG(r, "clear: must not be %s \"limit\"", below ? "below" : "above");
}

/* Names that no reading can have would never be found. */
static void check_names(struct taking *r, const struct rule_conf *c, enum rule_condition condition)
{
    struct slice check = slice_of(c->check);
    if (condition != RULE_METRIC && condition != RULE_CHANGE)
        return;
    if (!pack_part_ok(check) && !pack_check_ok(check))
        WRONG(r, "check: \"%s\" is neither TYPE nor TYPE/NAME", c->check);
    if (!pack_part_ok(slice_of(c->metric)) || !pack_metric_ok(slice_of(c->metric)))
        WRONG(r, "metric: no metric can be called \"%s\"", c->metric);
}

/* What a scope cannot narrow would look as if it did. */
static void check_figure(struct taking *r, const struct rule_conf *c, enum rule_condition condition)
{
    bool of_kind = condition == RULE_AVAILABILITY || condition == RULE_BUDGET;
    if (of_kind && c->kind == 0)
        WRONG(r, "kind: is needed; there is no figure over all kinds of sites");
    if (rules_of_areas(condition) && !of_kind && c->kind != 0)
        WRONG(r, "kind: %s is of all kinds of sites", rules_condition_word((int)condition));
    if (rules_of_areas(condition) && c->criticality[0])
        WRONG(r, "criticality: a figure of an area is of all its sites");
    if ((condition == RULE_SHARE || rules_of_readings(condition)) && c->op[0])
        WRONG(r, "operator: %s is of all operators", rules_condition_word((int)condition));
}

static void check_rule(struct taking *r, const struct rule_conf *c, enum rule_condition condition)
{
    if (!c->name[0])
        WRONG(r, "name: must not be empty");
    if (rules_find(&r->file->rules, c->name) >= 0)
        WRONG(r, "there is a rule \"%s\" already", c->name);
    if (c->targets.len == 0)
        WRONG(r, "targets: somebody has to be told");
    if (c->escalate_ms && c->escalate_to.len == 0)
        WRONG(r, "escalate_to: is needed with escalate_after");
    if (c->escalate_ms && c->escalation.len)
        WRONG(r, "escalation: is there instead of escalate_after and escalate_to");
    check_clear(r, c, condition);
    check_names(r, c, condition);
    check_figure(r, c, condition);
    check_text(r, "vi", c->vi);
    check_text(r, "en", c->en);
    check_scope(r, c);
}

static double threshold(const struct rule_conf *c, enum rule_condition condition)
{
    switch (condition) {
    case RULE_PEOPLE:
        return (double)c->people;
    case RULE_COVERAGE:
    case RULE_AVAILABILITY:
    case RULE_BUDGET:
        return c->below;
    case RULE_SHARE:
    case RULE_DROP:
        return c->above;
    case RULE_LATE:
        return (double)c->late_ms;
    case RULE_METRIC:
    case RULE_CHANGE:
    case RULE_CERTIFICATE:
        return c->limit;
    default:
        return 0;
    }
}

static void take_rule(struct taking *r)
{
    const struct rule_conf *c = r->item->object;
    enum rule_condition condition = (enum rule_condition)(r->item->kind - CONDITIONS);
    check_rule(r, c, condition);
    struct rule *rule = &r->file->rules.rule[r->file->rules.len++];
    *rule = (struct rule){.condition = condition,
                          .severity = (enum severity)c->severity,
                          .set = threshold(c, condition),
                          .clear = c->clear,
                          .technology = (enum technology)c->technology,
                          .sense = condition == RULE_CERTIFICATE ? RULE_BELOW
                                                                 : (enum rule_sense)c->sense,
                          .relative = c->relative,
                          .half_ms = c->half_ms,
                          .learn_ms = c->learn_ms,
                          .window_ms = c->window_ms,
                          .for_ms = c->for_ms,
                          .keep_ms = c->keep_ms,
                          .targets = take_names(r, "targets", &c->targets)};
    take_steps(r, c, rule);
    rule->scope.kind = c->kind == 0 ? RULE_ANY_KIND : c->kind - 1;
    memcpy(rule->name, c->name, sizeof rule->name);
    memcpy(rule->scope.area, c->area, sizeof c->area);
    memcpy(rule->scope.op, c->op, sizeof c->op);
    memcpy(rule->scope.criticality, c->criticality, sizeof c->criticality);
    memcpy(rule->check, c->check, sizeof c->check);
    memcpy(rule->metric, c->metric, sizeof c->metric);
    memcpy(rule->vi, c->vi, sizeof rule->vi);
    memcpy(rule->en, c->en, sizeof rule->en);
}

static void take_all(struct taking *r, const struct file_conf *conf, const struct schema *s)
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
    for (size_t i = 0; i < conf->rules.len; i++) {
        r->item = &conf->rules.items[i];
        take_rule(r);
    }
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
    struct taking r = {ret_file, errors, inv, NULL};
    if (!err || err == ERR_SYNTAX) /* mistakes of all sorts at once */
        take_all(&r, &conf, &s);
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
