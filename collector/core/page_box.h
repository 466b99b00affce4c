/**
 * @file
 * The outbox of pages: one row for each transition and target, kept until the target has answered
 * or the row is given up, and for a while after so that people can see what became of it.
 *
 * It decides what is sent when: the cap of a target and its digest, the next try after a failure,
 * the fallback. It sends nothing: the shell takes what is due (page_box_next()), and says what came
 * back (page_box_answered()). Rows go to the store with the change that caused them, so a page is
 * committed before it is sent and is there after a crash. Between an answer and its commit a crash
 * lets a page be sent once more; it carries its number, the same each time, for targets that can
 * tell.
 */
#ifndef CORE_PAGE_BOX_H
#define CORE_PAGE_BOX_H

#include "core/rows.h"
#include "core/rules.h"

/** What a page tells. X(name, value, word) */
#define PAGE_TRANSITION_MAP(X)        \
    X(PAGE_FIRED, 0, "fired")         \
    X(PAGE_ESCALATED, 1, "escalated") \
    X(PAGE_RECOVERED, 2, "recovered") \
    X(PAGE_MERGED, 3, "merged")       \
    X(PAGE_DIGEST, 4, "digest")

/** Where a page is. X(name, value, word) */
#define PAGE_STATE_MAP(X)         \
    X(PAGE_HELD, 0, "held")       \
    X(PAGE_WAITING, 1, "waiting") \
    X(PAGE_SENT, 2, "sent")       \
    X(PAGE_FAILED, 3, "failed")

/** Makes one enumerator. */
#define PAGE_ENUM(name, value, word) name = value,

/** See PAGE_TRANSITION_MAP. */
enum page_transition { PAGE_TRANSITION_MAP(PAGE_ENUM) };

/** See PAGE_STATE_MAP. Held ones wait for the digest of their target. */
enum page_state { PAGE_STATE_MAP(PAGE_ENUM) };

#undef PAGE_ENUM

enum {
    PAGE_SMS_MAX = 161,    /**< short form with its NUL: one SMS of the GSM 7-bit alphabet */
    PAGE_TEXT_MAX = 512,   /**< long form with its NUL */
    PAGE_ANSWER_MAX = 128, /**< of what the target said */
    PAGE_TOLD_MAX = 272,   /**< of the numbers that have it: 16 of E.164, blanks and the NUL */
    PAGE_BOX_MAX = 4096,   /**< rows; beyond, the oldest that are done go, then new ones too */
    PAGE_TRIES_MAX = 8,    /**< of a page that its target refuses (4xx) */
};

/** One page. */
struct page {
    uint64_t id;                     /**< rises from 1, never reused */
    uint64_t number;                 /**< of the outage (SC1042) or alarm */
    uint32_t alert;                  /**< core/pager.h's */
    enum page_transition transition; /**< what it tells */
    enum severity severity;          /**< of the rule */
    enum page_state state;           /**< where it is */
    char rule[RULE_NAME_MAX];        /**< that fired; "" in a digest */
    char target[RULE_NAME_MAX];      /**< whom it goes to */
    char place[64];                  /**< code of the site or id of the area */
    char area[48];                   /**< id of the area */
    struct wall_ms began;            /**< of what it tells */
    struct wall_ms ended;            /**< 0 while it lasts */
    struct wall_ms made;             /**< when the page was made */
    struct wall_ms next;             /**< not tried again before */
    struct wall_ms done;             /**< sent or given up; 0 = neither */
    uint32_t tries;                  /**< so far */
    int status;                      /**< of the last answer: HTTP status, exit code; 0 = none */
    uint32_t others;                 /**< a digest: further ones that it stands for */
    uint8_t step;                    /**< of the escalation, from 1; 0 = it is none */
    bool passed_on;                  /**< its fallback was told */
    bool outage;                     /**< number is an outage's (SC), not an alarm's (CB) */
    bool link_used;                  /**< somebody acknowledged by the link in it */
    char told[PAGE_TOLD_MAX];        /**< numbers that have it, blanks between */
    char answer[PAGE_ANSWER_MAX];    /**< of the last try, for people */
    char sms[PAGE_SMS_MAX];          /**< short form: no diacritics */
    char vi[PAGE_TEXT_MAX];          /**< long form */
    char en[PAGE_TEXT_MAX];          /**< long form */
    bool flying;                     /**< taken by page_box_next(); not stored */
    bool dirty;                      /**< to be stored */
};

/** Storage of the caller. */
struct page_box {
    struct vec pages;   /**< struct page, by id */
    struct vec dropped; /**< uint64_t ids whose rows have to go */
    uint64_t next;      /**< id of the next page */
    uint64_t lost;      /**< pages that found no room */
    uint64_t sent;      /**< since the start */
    uint64_t failed;    /**< given up since the start */
};

/** How a try ended. */
struct page_outcome {
    bool taken;        /**< the target has it */
    bool refused;      /**< it will refuse it again (4xx): few more tries */
    int status;        /**< HTTP status or exit code, 0 = none */
    const char *words; /**< for people */
    int64_t retry_ms;  /**< the target asks to be left alone for so long; 0 = it says nothing */
    const char *told;  /**< numbers that have it now, as in the page; NULL = as before */
};

/** An empty box. */
void page_box_init(struct page_box *box);
/** Frees all. */
void page_box_done(struct page_box *box);
/** Adds a page (texts, target, transition...; id, state and times are given here) at @p now. 0,
 * ERR_NOMEM or ERR_FULL, which is counted. */
int page_box_add(struct page_box *box, const struct rules *rules, const struct page *page,
                 struct wall_ms now) MUST_USE;
/** Lets time pass: digests, fallbacks, pages of targets that are no more. 0, ERR_NOMEM or
 * ERR_FULL. O(pages that are not done). */
int page_box_advance(struct page_box *box, const struct rules *rules, struct wall_ms now) MUST_USE;
/** The first page due for target @p name that is not under way, NULL if there is none; it is under
 * way then. Valid until the box changes. */
const struct page *page_box_next(struct page_box *box, const char *name, struct wall_ms now);
/** What became of page @p id, which was under way. */
void page_box_answered(struct page_box *box, uint64_t id, const struct page_outcome *outcome,
                       struct wall_ms now);
/** Page @p id as it is, NULL if it is forgotten. O(pages) */
const struct page *page_box_find(const struct page_box *box, uint64_t id);
/** The link in page @p id is used up: false if it was before, or the page is forgotten. */
bool page_box_use_link(struct page_box *box, uint64_t id);
/** Phones that have page @p id so far, while it is under way to others. */
void page_box_told(struct page_box *box, uint64_t id, const char *told);
/** Page @p id is not under way any more, and nobody knows what became of it: it is due. */
void page_box_land(struct page_box *box, uint64_t id);
/** Hands changed rows to @p sink: 0 or its error. */
int page_box_save(struct page_box *box, const struct row_sink *sink) MUST_USE;
/** Takes a ROW_PAGE back: 0, ERR_CORRUPT, ERR_VERSION or ERR_NOMEM. */
int page_box_load(struct page_box *box, struct slice key, struct slice value) MUST_USE;

const char *page_transition_word(int transition); /**< on API and in logs */
const char *page_state_word(int state);           /**< on API and in logs */

#endif
