/**
 * @file
 * The life of one outage: what people did about it, act by act, and where it stands therefore
 * (new, acknowledged, assigned, in progress, restored, closed).
 *
 * An outage is what the evidence says; its life is what people say, and neither takes anything
 * back of the other: late evidence never un-acknowledges, and closing never ends what is out. All
 * that a life says follows from its acts and from whether its outage lasts, so nothing has to be
 * kept in step. Whose life it is, is core/lives.h's; who may act, the shell's.
 */
#ifndef CORE_LIFE_H
#define CORE_LIFE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/cursor.h"
#include "base/instant.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Where an outage stands. X(name, word on the API) */
#define LIFE_STAGE_MAP(X)                \
    X(LIFE_NEW, "new")                   \
    X(LIFE_ACKNOWLEDGED, "acknowledged") \
    X(LIFE_ASSIGNED, "assigned")         \
    X(LIFE_IN_PROGRESS, "in_progress")   \
    X(LIFE_RESTORED, "restored")         \
    X(LIFE_CLOSED, "closed")

/** What work waits for. X(name, word on the API) */
#define LIFE_WAIT_MAP(X)           \
    X(LIFE_WAITS_NOT, "nothing")   \
    X(LIFE_WAITS_PARTS, "parts")   \
    X(LIFE_WAITS_ACCESS, "access") \
    X(LIFE_WAITS_MAINS, "mains")

/** What people do, as numbers on disk. X(name, word on the API) */
#define LIFE_DEED_MAP(X)               \
    X(LIFE_ACKNOWLEDGE, "acknowledge") \
    X(LIFE_ASSIGN, "assign")           \
    X(LIFE_PROGRESS, "progress")       \
    X(LIFE_COMMENT, "comment")         \
    X(LIFE_SHELVE, "shelve")           \
    X(LIFE_UNSHELVE, "unshelve")       \
    X(LIFE_EXPECT, "expect")           \
    X(LIFE_CLOSE, "close")

/** Makes one enumerator of a row. */
#define LIFE_ENUM(name, word) name,

/** Where an outage stands; see LIFE_STAGE_MAP. */
enum life_stage { LIFE_STAGE_MAP(LIFE_ENUM) LIFE_STAGES };

/** What work waits for; see LIFE_WAIT_MAP. */
enum life_wait { LIFE_WAIT_MAP(LIFE_ENUM) LIFE_WAITS };

/** What people do; see LIFE_DEED_MAP. */
enum life_deed { LIFE_DEED_MAP(LIFE_ENUM) LIFE_DEEDS };

#undef LIFE_ENUM

/** Bounds of a life: acts, and bytes of their texts without NUL. */
enum { LIFE_ACTS_MAX = 64, LIFE_BY_MAX = 64, LIFE_TEXT_MAX = 500, LIFE_TO_MAX = 128 };

/** Nothing is shelved for longer than this. */
#define LIFE_SHELF_MS (INT64_C(7) * 24 * 60 * 60 * 1000)

/** One act. Texts are "" where a deed has none; they are the caller's when given, the life's when
 * read. */
struct life_act {
    enum life_deed deed;  /**< what was done */
    enum life_wait wait;  /**< of progress: what work waits for */
    struct wall_ms at;    /**< when */
    struct wall_ms until; /**< of shelve: until when; of expect: when service is expected back */
    const char *by;       /**< who, not "" */
    const char *text;     /**< comment or reason */
    const char *to;       /**< of assign: to whom */
    const char *ticket;   /**< of assign: their number for it */
    char *own;            /**< memory of the texts, the life's */
};

/** What was done about one outage; storage of the caller, zeroed = nothing. */
struct life {
    struct life_act *acts; /**< in order of their doing */
    size_t len;            /**< of them, at most LIFE_ACTS_MAX */
};

/** Where an outage stands at an instant; texts live as long as the life does unchanged. */
struct life_view {
    enum life_stage stage;        /**< of the outage as a whole */
    const struct life_act *first; /**< who took it first: acknowledged, assigned or began; NULL */
    const struct life_act *party; /**< to whom it was assigned last, NULL */
    const struct life_act *work;  /**< what was last said of the work, NULL */
    const struct life_act *shelf; /**< why and until when it is shelved, NULL if it is not */
    const struct life_act *expected; /**< when service was last said to be back, NULL */
    const struct life_act *closed;   /**< the act that closed it, while it is closed; NULL */
    bool overdue;                    /**< it lasts beyond what was expected */
};

/** Words of the API; "" if out of range. */
const char *life_stage_word(int stage);
const char *life_wait_word(int wait); /**< likewise */
const char *life_deed_word(int deed); /**< likewise */

/** Where the outage stands at @p now; @p open: it, or what it caused, lasts. @p life may be NULL.
 * O(acts). */
struct life_view life_at(const struct life *life, bool open, struct wall_ms now);
/**
 * Why @p act cannot be done to an outage that stands as @p view, @p open or not, in a word for
 * people; NULL if it can. What has no place in the deed is not looked at.
 */
const char *life_refusal(const struct life_view *view, bool open, const struct life_act *act);
/**
 * Appends @p act, whatever it is; texts longer than their bounds are cut between characters. A full
 * life forgets the oldest act that says nothing of where it stands. 0 or ERR_NOMEM. O(acts).
 */
int life_add(struct life *life, const struct life_act *act) MUST_USE;
/** Forgets all, frees it. */
void life_done(struct life *life);

/** Appends the acts in bytes. */
void life_write(const struct life *life, struct buf *out);
/** Reads them back behind those that are there: 0, ERR_CORRUPT or ERR_NOMEM. */
int life_read(struct life *life, struct cursor *from) MUST_USE;
/** True if whoever does @p deed has taken the outage on: nobody else need be told of it. */
bool life_takes(enum life_deed deed);

#endif
