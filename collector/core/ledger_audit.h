/**
 * @file
 * The audit of the ledger: do its equations hold (DESIGN section 4)? What does not is listed with
 * both sides, so that people can be told.
 *
 * It is fed with what was stored, a row and a mark at a time, and compares sums of independent
 * origin: the batches that wait, the marks of all streams, the letters at hand. It corrects
 * nothing; who looks when, and who is told, is the shell's.
 */
#ifndef CORE_LEDGER_AUDIT_H
#define CORE_LEDGER_AUDIT_H

#include "core/ledger.h"
#include "core/stream.h"

/** The equations. X(name, word, left side, right side) */
#define LEDGER_EQUATION_MAP(X)                                                                  \
    X(MESSAGES, "messages", "messages taken from the intake",                                   \
      "control + duplicate + ignored + refused - requeued + untimed + stored + refused by the " \
      "bound")                                                                                  \
    X(INTAKE, "intake", "messages logged", "in intake + taken")                                 \
    X(PACKS, "packs", "highest seq",                                                            \
      "stored + refused + untimed + lost at the probe + missing at the centre + open")          \
    X(UNTIMED, "untimed", "untimed messages", "untimed packs of all streams")                   \
    X(STORED, "stored", "stored packs of all streams", "at most: stored messages")              \
    X(READINGS, "readings", "readings of stored messages",                                      \
      "written + in batches that wait + dead-lettered - requeued + beyond retention")           \
    X(LETTERS, "letters", "dead letters ever made", "kept + dropped + purged + queued again")

/** Makes one enumerator of a row. */
#define LEDGER_EQUATION_NAME(name, word, left, right) LEDGER_##name,

/** One by one. */
enum ledger_equation { LEDGER_EQUATION_MAP(LEDGER_EQUATION_NAME) LEDGER_EQUATIONS };

#undef LEDGER_EQUATION_NAME

/** Findings that one audit lists; more are counted. */
#define LEDGER_FINDINGS_MAX 16
/** A finding that is about no probe. */
#define LEDGER_NO_PROBE UINT32_MAX

/** An equation that does not hold. */
struct ledger_finding {
    enum ledger_equation equation; /**< which */
    uint32_t probe;                /**< of which probe, LEDGER_NO_PROBE = of all */
    uint64_t epoch;                /**< of its outbox; 0 = the sum of those that made way */
    uint64_t left;                 /**< value of the left side */
    uint64_t right;                /**< value of the right side */
};

/** One audit. Storage of the caller; zeroed = nothing looked at. */
struct ledger_audit {
    struct wall_ms at;                                  /**< of its snapshot; 0 = never */
    uint64_t broken;                                    /**< findings in all */
    uint64_t broken_of[LEDGER_EQUATIONS];               /**< by equation */
    struct ledger_finding finding[LEDGER_FINDINGS_MAX]; /**< the first of them */
    size_t len;                                         /**< how many are listed */
    uint64_t stored_packs;                              /**< of all marks so far */
    uint64_t untimed_packs;                             /**< of all marks so far */
};

/** Dead letters by what became of them. */
struct ledger_letters {
    uint64_t made;     /**< ever */
    uint64_t kept;     /**< at hand */
    uint64_t dropped;  /**< by the bounds */
    uint64_t purged;   /**< by people */
    uint64_t requeued; /**< by people, after a fix */
};

/** Word of an equation on the API, "messages". */
const char *ledger_equation_word(enum ledger_equation equation);
/** What its two sides are, for people. */
void ledger_equation_sides(enum ledger_equation equation, const char **ret_left,
                           const char **ret_right);

/** Looks at one mark of @p probe (the sum of those that made way: epoch 0). */
void ledger_audit_mark(struct ledger_audit *audit, uint32_t probe, const struct stream_mark *mark);
/** Looks at the counters, after all marks; @p pending readings are in batches that wait. */
void ledger_audit_totals(struct ledger_audit *audit, const struct ledger *ledger, uint64_t pending);
/** Looks at the intake's own counts against the messages taken. */
void ledger_audit_intake(struct ledger_audit *audit, uint64_t logged, uint64_t in_intake,
                         uint64_t taken);
/** Looks at the dead letters. */
void ledger_audit_letters(struct ledger_audit *audit, const struct ledger_letters *letters);
/** True if both list the same. */
bool ledger_audit_equal(const struct ledger_audit *a, const struct ledger_audit *b);

#endif
