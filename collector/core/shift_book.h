/**
 * @file
 * What the shift log keeps of its own: what people wrote into it, who handed a shift over to whom,
 * what happened to the collector itself, and when an outage came under another root.
 *
 * Nothing stands here that another module knows: outages, what people did about them, maintenance
 * and pages are found where they are (core/shift_log.h). Bounded in number and age; the oldest
 * entries go first.
 */
#ifndef CORE_SHIFT_BOOK_H
#define CORE_SHIFT_BOOK_H

#include "base/attr.h"
#include "base/instant.h"
#include "base/vec.h"
#include "core/rows.h"

/** What an entry tells; numbers stand in the store. X(name, number, word on the API) */
#define SHIFT_KIND_MAP(X)                           \
    X(SHIFT_NOTE, 0, "note")                        \
    X(SHIFT_GIVEN, 1, "handover_given")             \
    X(SHIFT_TAKEN, 2, "handover_taken")             \
    X(SHIFT_STARTED, 3, "collector_started")        \
    X(SHIFT_RULES, 4, "rules_taken")                \
    X(SHIFT_RULES_WRONG, 5, "rules_refused")        \
    X(SHIFT_JOINED, 6, "outage_joined")             \
    X(SHIFT_OWN, 7, "outage_own")                   \
    X(SHIFT_KEPT_KINDS, 8, "")                      \
    X(SHIFT_OPENED, 9, "outage_opened")             \
    X(SHIFT_RESTORED, 10, "outage_restored")        \
    X(SHIFT_MAINTENANCE, 11, "maintenance_began")   \
    X(SHIFT_MAINTAINED, 12, "maintenance_ended")    \
    X(SHIFT_ESCALATED, 13, "escalated")             \
    X(SHIFT_PAGE_FAILED, 14, "page_failed")         \
    X(SHIFT_ACKNOWLEDGE, 15, "outage_acknowledged") \
    X(SHIFT_ASSIGN, 16, "outage_assigned")          \
    X(SHIFT_PROGRESS, 17, "outage_in_progress")     \
    X(SHIFT_COMMENT, 18, "outage_comment")          \
    X(SHIFT_SHELVE, 19, "outage_shelved")           \
    X(SHIFT_UNSHELVE, 20, "outage_unshelved")       \
    X(SHIFT_EXPECT, 21, "outage_expected")          \
    X(SHIFT_CLOSE, 22, "outage_closed")

/** Makes one enumerator. */
#define SHIFT_ENUM(name, number, word) name = number,

/** See SHIFT_KIND_MAP. Those below SHIFT_KEPT_KINDS are kept here, the rest is found elsewhere; the
 * last ones are the deeds of core/life.h in their order. */
enum shift_kind { SHIFT_KIND_MAP(SHIFT_ENUM) };

#undef SHIFT_ENUM

/** Bounds: entries kept, of them of outages that came under another root (so that these drive out
 * no signature), and bytes of their texts with the NUL. */
enum { SHIFT_KEPT_MAX = 4096, SHIFT_ROOTS_MAX = 1024, SHIFT_BY_MAX = 65, SHIFT_TEXT_MAX = 1001 };

/** How long entries are kept where nobody says otherwise: 400 days. */
#define SHIFT_KEEP_MS (INT64_C(400) * 24 * 60 * 60 * 1000)

/** One entry that is kept. */
struct shift_kept {
    uint64_t number;      /**< rises from 1, never reused */
    enum shift_kind kind; /**< below SHIFT_KEPT_KINDS */
    struct wall_ms at;    /**< when */
    const char *by;       /**< who; "" = the collector */
    const char *token;    /**< name of the token that he used; "" = none */
    const char *text;     /**< what was said along */
    uint64_t outage;      /**< SHIFT_JOINED, SHIFT_OWN: number of the outage; 0 = none */
    uint32_t site;        /**< where it is */
    uint64_t root;        /**< of the outage that it is part of now, or was until now */
    uint32_t others;      /**< outages that came along with it */
    char *own;            /**< memory of the texts, the book's */
};

/** All of them; storage of the caller. */
struct shift_book {
    struct vec kept;    /**< struct shift_kept by number */
    uint64_t next;      /**< number of the next */
    uint64_t saved;     /**< numbers from here on are not stored yet */
    struct vec dropped; /**< uint64_t numbers whose rows have to go */
    int64_t keep_ms;    /**< how long entries are kept */
};

/** Word of a kind; "" if out of range. */
const char *shift_kind_word(int kind);

/** An empty book that keeps entries for @p keep_ms (0 = SHIFT_KEEP_MS). */
void shift_book_init(struct shift_book *b, int64_t keep_ms);
/** Frees all. */
void shift_book_done(struct shift_book *b);
/** Appends an entry (its number is given here, texts are copied and cut between characters); too
 * old ones go: 0 or ERR_NOMEM. Entries found before move. */
int shift_book_add(struct shift_book *b, const struct shift_kept *entry) MUST_USE;
/** The newest entry of @p kind, NULL if there is none. O(entries) */
const struct shift_kept *shift_book_last(const struct shift_book *b, enum shift_kind kind);
/**
 * Who has given the shift and waits for somebody to take it; NULL if it was taken since, or nobody
 * did. O(entries)
 */
const struct shift_kept *shift_book_waits(const struct shift_book *b);
/** Why @p token, in the name of @p by, may not take the shift, in a word for people; NULL if he
 * may: somebody else has to have given it. O(entries) */
const char *shift_book_refusal(const struct shift_book *b, const char *token, const char *by);

/** Hands the rows that changed since the last call to @p sink: 0 or the sink's error. */
int shift_book_save(struct shift_book *b, const struct row_sink *sink) MUST_USE;
/** Takes one row back: 0, ERR_CORRUPT, ERR_VERSION or ERR_NOMEM. */
int shift_book_load(struct shift_book *b, struct slice key, struct slice value) MUST_USE;

#endif
