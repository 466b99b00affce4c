/**
 * @file
 * What a page says: templates with variables in Vietnamese and English, and the short form for an
 * SMS.
 *
 * It is given the facts as texts and numbers; finding them is core/pager_page.c's.
 */
#ifndef CORE_PAGE_TEXT_H
#define CORE_PAGE_TEXT_H

#include "core/page_box.h"

/** Names of variables, for people. */
#define PAGE_VARIABLES \
    "severity number time place name what extent people cause state rule told reply"

/** Longest page_facts.detail, with its NUL. */
#define PAGE_DETAIL_MAX 96

/** What there is to say. Texts are the caller's. */
struct page_facts {
    enum severity severity;          /**< of the rule */
    enum page_transition transition; /**< what happened */
    enum rule_condition condition;   /**< of the rule */
    uint64_t number;                 /**< of outage or alarm */
    bool outage;                     /**< it is an outage (SC), not another alarm (CB) */
    struct wall_ms began;            /**< local time of it is shown */
    int64_t zone_ms;                 /**< local time minus UTC */
    const char *place;               /**< code of the site, id of the area, "" = the centre */
    const char *name;                /**< name of it for people */
    uint32_t sites;                  /**< sites it holds */
    uint32_t units;                  /**< units it holds */
    int64_t people;                  /**< without service, -1 = not known */
    double value;                    /**< a figure of an area: the ratio; NaN = none */
    struct wall_ms expected;         /**< RULE_OVERDUE: by when it was to be over */
    char detail[PAGE_DETAIL_MAX];    /**< what is told instead of an extent; "" = nothing */
    enum cause cause;                /**< suspected */
    const char *rule;                /**< name of the rule */
    const char *told;                /**< names of the targets that know, "" = none */
};

/** True if all {variables} of @p text exist; else the first that does not in @p ret_unknown. */
bool page_text_check(const char *text, struct slice *ret_unknown);
/** Writes vi, en and sms of @p page by the templates of @p rule (or the usual ones). */
void page_text_write(const struct rule *rule, const struct page_facts *facts, struct page *page);

#endif
