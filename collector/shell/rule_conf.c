#include "shell/rule_conf.h"

#include "base/err.h"
#include "core/page_text.h"
#include "wire/pack.h"

#include <stdio.h>
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
    {"severity", FIELD_WORD, AT(severity), 0, 0, NULL, NULL,
     "As in X.733; of several rules about one thing a target hears the gravest, of equals the "
     "first in the file.",
     SEVERITIES},
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

/* Taking one rule: where mistakes are told. */
struct taking {
    struct rules *rules;
    struct conf_errors *errors;
    const struct inventory *inv;
    const struct conf_item *item;
};

#define WRONG(r, ...) conf_error((r)->errors, (r)->item->line, (r)->item->column, __VA_ARGS__)

const struct field *rule_conf_common(size_t *ret_len)
{
    *ret_len = COUNT(COMMON);
    return COMMON;
}

const struct conf_kind *rule_conf_kinds(size_t *ret_len)
{
    *ret_len = COUNT(CONDITIONS);
    return CONDITIONS;
}

static uint32_t take_names(struct taking *r, const char *key, const struct field_texts *names)
{
    uint32_t mask = 0;
    for (size_t i = 0; i < names->len; i++) {
        int target = rules_find_target(r->rules, names->text[i]);
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
    if (rules_find(r->rules, c->name) >= 0)
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

void rule_conf_take(const struct conf_item *item, const struct inventory *inv, struct rules *rules,
                    struct conf_errors *errors)
{
    struct taking taking = {rules, errors, inv, item};
    struct taking *r = &taking;
    const struct rule_conf *c = item->object;
    enum rule_condition condition = (enum rule_condition)(item->kind - CONDITIONS);
    check_rule(r, c, condition);
    struct rule *rule = &r->rules->rule[r->rules->len++];
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
