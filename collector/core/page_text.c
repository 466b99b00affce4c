#include "core/page_text.h"

#include "base/gsm_text.h"
#include "base/iso.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { VALUE_MAX = 160 };

enum language { VI, EN, SMS };

static const char *const USUAL[] = {
    "[{severity}] {number} {state} {time}: {place} {name} – {what}; {extent}; nguyên nhân: "
    "{cause}. {told} {reply}",
    "[{severity}] {number} {state} {time}: {place} {name} – {what}; {extent}; cause: {cause}. "
    "{told} {reply}"};

/* Long names and the rest must not push out how to answer. */
static const char SHORT[] = "{severity} {number} {state} {time} {place}: {what}, {extent}, NN "
                            "{cause}.";

static const char *const TRANSITIONS[][2] = {{"", ""},
                                             {"CHƯA TIẾP NHẬN", "UNACKNOWLEDGED"},
                                             {"đã khôi phục", "recovered"},
                                             {"gộp vào sự cố khác", "merged into another"},
                                             {"", ""}};

static const char *const CAUSES[] = {"thiết bị",
                                     "nguồn điện",
                                     "truyền dẫn",
                                     "tác động chủ động",
                                     "tắt tiết kiệm năng lượng",
                                     "thiết bị giám sát",
                                     "bên thứ ba",
                                     "chưa rõ",
                                     "chưa rõ"};

typedef void write_value(const struct page_facts *f, int lang, char *to);

static void put_severity(const struct page_facts *f, int lang, char *to)
{
    snprintf(to, VALUE_MAX, "%s",
             lang == SMS  ? severity_short((int)f->severity)
             : lang == VI ? severity_vi((int)f->severity)
                          : severity_word((int)f->severity));
}

static void put_number(const struct page_facts *f, int lang, char *to)
{
    (void)lang;
    snprintf(to, VALUE_MAX, "%s%llu", f->outage ? "SC" : "CB", (unsigned long long)f->number);
}

/* 14:05 22/11: the year is plain to whoever reads a page. */
static void put_instant(const struct page_facts *f, struct wall_ms t, char *to)
{
    int year = 0, month = 0, day = 0;
    int64_t local = t.ms + f->zone_ms;
    int64_t of_day = local % 86400000;
    iso_date(local / 86400000, &year, &month, &day);
    snprintf(to, VALUE_MAX, "%02d:%02d %02d/%02d", (int)(of_day / 3600000),
             (int)(of_day / 60000 % 60), day, month);
}

static void put_time(const struct page_facts *f, int lang, char *to)
{
    (void)lang;
    put_instant(f, f->began, to);
}

static void put_place(const struct page_facts *f, int lang, char *to)
{
    snprintf(to, VALUE_MAX, "%s", f->place[0] ? f->place : lang != EN ? "trung tâm" : "centre");
}

static void put_name(const struct page_facts *f, int lang, char *to)
{
    (void)lang;
    snprintf(to, VALUE_MAX, "%s", f->name);
}

static void put_what(const struct page_facts *f, int lang, char *to)
{
    snprintf(to, VALUE_MAX, "%s",
             lang != EN ? rules_condition_vi((int)f->condition)
                        : rules_condition_en((int)f->condition));
}

static void put_people(const struct page_facts *f, int lang, char *to)
{
    if (f->people < 0)
        snprintf(to, VALUE_MAX, "%s", lang != EN ? "chưa rõ" : "unknown");
    else
        snprintf(to, VALUE_MAX, "%lld", (long long)f->people);
}

static void put_extent(const struct page_facts *f, int lang, char *to)
{
    if (f->condition == RULE_OVERDUE) {
        put_instant(f, f->expected, to);
    } else if (f->detail[0]) {
        snprintf(to, VALUE_MAX, "%s", f->detail);
    } else if (!isnan(f->value)) {
        snprintf(to, VALUE_MAX, "%.2f%%", f->value * 100);
    } else {
        int n = snprintf(to, VALUE_MAX, lang != EN ? "%u trạm" : "%u sites", f->sites);
        if (f->people > 0)
            snprintf(to + n, VALUE_MAX - (size_t)n, lang != EN ? ", %lld dân" : ", %lld people",
                     (long long)f->people);
    }
    char *dot = lang != EN && !isnan(f->value) && !f->detail[0] ? strchr(to, '.') : NULL;
    if (dot)
        *dot = ',';
}

static void put_cause(const struct page_facts *f, int lang, char *to)
{
    snprintf(to, VALUE_MAX, "%s",
             lang != EN                     ? CAUSES[f->cause]
             : cause_word((int)f->cause)[0] ? cause_word((int)f->cause)
                                            : "unknown");
}

static void put_state(const struct page_facts *f, int lang, char *to)
{
    snprintf(to, VALUE_MAX, "%s", TRANSITIONS[f->transition][lang == EN]);
}

static void put_rule(const struct page_facts *f, int lang, char *to)
{
    (void)lang;
    snprintf(to, VALUE_MAX, "%s", f->rule);
}

static bool asks(const struct page_facts *f)
{
    return f->transition == PAGE_FIRED || f->transition == PAGE_ESCALATED;
}

static void put_told(const struct page_facts *f, int lang, char *to)
{
    to[0] = '\0';
    if (asks(f) && f->told[0])
        snprintf(to, VALUE_MAX, lang != EN ? "Đã báo %s." : "Told %s.", f->told);
}

static void put_reply(const struct page_facts *f, int lang, char *to)
{
    if (!asks(f) || !f->outage)
        to[0] = '\0';
    else
        snprintf(to, VALUE_MAX, lang != EN ? "Trả lời TN %llu" : "Reply TN %llu",
                 (unsigned long long)f->number);
}

static const struct {
    const char *name;
    write_value *put;
} VARIABLES[] = {
    {"severity", put_severity}, {"number", put_number}, {"time", put_time},
    {"place", put_place},       {"name", put_name},     {"what", put_what},
    {"extent", put_extent},     {"people", put_people}, {"cause", put_cause},
    {"state", put_state},       {"rule", put_rule},     {"told", put_told},
    {"reply", put_reply},
};

static write_value *variable(struct slice name)
{
    for (size_t i = 0; i < sizeof VARIABLES / sizeof *VARIABLES; i++)
        if (slice_is(name, VARIABLES[i].name))
            return VARIABLES[i].put;
    return NULL;
}

/* The {name} at @p text, without its braces; NULL in it if there is no closing one. */
static struct slice braces(const char *text)
{
    const char *end = strchr(text, '}');
    return end ? (struct slice){text + 1, (size_t)(end - text - 1)} : (struct slice){NULL, 0};
}

bool page_text_check(const char *text, struct slice *ret_unknown)
{
    for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
        struct slice name = braces(at);
        if (!name.at || !variable(name)) {
            *ret_unknown = name.at ? name : slice_of(at);
            return false;
        }
    }
    return true;
}

static void put(char *to, size_t max, size_t *len, const char *text, size_t n)
{
    bool doubled = n == 1 && *text == ' ' && (*len == 0 || to[*len - 1] == ' ');
    if (doubled) /* a variable that had nothing to say */
        return;
    if (n > max - *len - 1)
        n = max - *len - 1;
    memcpy(to + *len, text, n);
    *len += n;
    to[*len] = '\0';
}

/* A full text does not end inside a character. */
static void trim(char *to, size_t len)
{
    size_t at = len;
    while (at > 0 && ((unsigned char)to[at - 1] & 0xC0) == 0x80)
        at--;
    if (at == 0 || (unsigned char)to[at - 1] < 0xC0)
        return;
    unsigned char lead = (unsigned char)to[at - 1];
    size_t whole = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (len - at + 1 < whole)
        to[at - 1] = '\0';
}

static void fill(const char *text, const struct page_facts *f, int lang, char *to, size_t max)
{
    size_t len = 0;
    to[0] = '\0';
    while (*text) {
        struct slice name = *text == '{' ? braces(text) : (struct slice){NULL, 0};
        write_value *value = name.at ? variable(name) : NULL;
        if (!value) {
            put(to, max, &len, text++, 1);
            continue;
        }
        char written[VALUE_MAX];
        value(f, lang, written);
        put(to, max, &len, written, strlen(written));
        text = name.at + name.len + 1;
    }
    trim(to, len);
}

static size_t brief(const char *template, const struct page_facts *f, char *to, size_t max)
{
    char text[PAGE_TEXT_MAX];
    fill(template, f, SMS, text, sizeof text);
    return gsm_text_write(slice_of(text), to, max);
}

/* Room for the answer is kept whatever the rest is; who was told stands where there is some left.
 */
static void write_short(const struct page_facts *f, char sms[PAGE_SMS_MAX])
{
    char reply[PAGE_SMS_MAX], told[PAGE_SMS_MAX];
    size_t reply_len = brief("{reply}", f, reply, sizeof reply);
    size_t told_len = brief("{told}", f, told, sizeof told);
    size_t room = PAGE_SMS_MAX - (reply_len ? reply_len + 1 : 0);
    size_t len = brief(SHORT, f, sms, room);
    if (told_len && len + 1 + told_len < room)
        len += (size_t)snprintf(sms + len, PAGE_SMS_MAX - len, " %s", told);
    if (reply_len)
        snprintf(sms + len, PAGE_SMS_MAX - len, " %s", reply);
}

void page_text_write(const struct rule *rule, const struct page_facts *facts, struct page *page)
{
    fill(rule->vi[0] ? rule->vi : USUAL[VI], facts, VI, page->vi, sizeof page->vi);
    fill(rule->en[0] ? rule->en : USUAL[EN], facts, EN, page->en, sizeof page->en);
    write_short(facts, page->sms);
}
