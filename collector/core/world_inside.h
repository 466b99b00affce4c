/**
 * @file
 * What the files of the world share: its parts and the calls between them. Nothing outside world*.c
 * includes it.
 */
#ifndef CORE_WORLD_INSIDE_H
#define CORE_WORLD_INSIDE_H

#include "core/check.h"
#include "core/check_read.h"
#include "core/due.h"
#include "core/listening.h"
#include "core/signs.h"
#include "core/unit_eval.h"
#include "core/world.h"
#include "core/world_graph.h"

#include "base/buf.h"
#include "base/cursor.h"

/** Spans a unit's timeline keeps before its older part is made coarser. */
#define WORLD_UNIT_SPANS_MAX 768
/** Checks a probe may ever have had: so many times its bound per list. */
#define WORLD_CHECKS_FACTOR 4
/** How often old history is forgotten. */
#define WORLD_TRIM_EVERY_MS (24 * 3600 * 1000)
/** Results, lists and gasps ahead of now that are kept waiting. */
#define WORLD_PENDING_MAX (1U << 20)
/** Of these, of one probe. */
#define WORLD_PROBE_PENDING_MAX 4096

/** One probe. */
struct world_probe {
    struct signs signs;  /**< wills, gasps, starts, first messages */
    int64_t last_heard;  /**< its last message; INT64_MIN = none */
    int64_t list_from;   /**< time of its newest list; INT64_MIN = none */
    uint32_t *checks;    /**< check numbers, by ordinal */
    uint16_t checks_len; /**< in use */
    uint16_t checks_cap; /**< allocated */
    uint16_t pending;    /**< items of its own that wait ahead of now */
    uint16_t terms_made; /**< terms that its lists brought in this run */
    uint8_t unsaved;     /**< enum world_part, as bits */
};

/** Parts of a probe that are saved apart. */
enum world_part { PART_TAILS = 1, PART_LISTS = 2, PART_SIGNS = 4, PART_LINES = 8 };

/** Checks of a unit that need no allocation of their own. */
#define WORLD_UNIT_FEW 2

/** One unit. */
struct world_unit {
    struct timeline states; /**< codes of state.h */
    int64_t dirty_from;     /**< to be evaluated from here on; INT64_MAX = clean */
    int64_t settled;        /**< never evaluated before this instant; INT64_MIN = from the start */
    int64_t due;            /**< its next change after now that is in the queue; INT64_MAX = none */

    union {
        uint32_t few[WORLD_UNIT_FEW]; /**< while checks_cap is 0 */
        uint32_t *many;               /**< else */
    } checks; /**< that ever named it, by probe: world_inside_unit_checks() */

    uint16_t checks_len; /**< in use */
    uint16_t checks_cap; /**< allocated */
    uint32_t change;     /**< 1 + its index in world.changes, 0 = none */
};

/** A span of a unit as it is being evaluated. */
struct world_fresh {
    int64_t from;  /**< first instant */
    uint16_t code; /**< of state.h */
};

/** What a check is to a unit while that unit is being evaluated. */
struct world_link {
    int64_t until;              /**< first instant at which any of this may differ */
    uint32_t probe;             /**< of the check */
    bool named;                 /**< a list names the unit, and the probe may speak for the site */
    bool own;                   /**< the probe is the site's own */
    bool feed;                  /**< the probe is an operator's feed */
    enum role role;             /**< by the list */
    enum cause cause;           /**< by the list */
    struct check_saying saying; /**< what the check says */
};

/** What is remembered from one instant to the next while a unit is evaluated. */
struct world_memory {
    struct world_link *links;           /**< one for each check of the unit */
    int64_t until;                      /**< first instant at which row and overlay may differ */
    const struct unit_row *row;         /**< of the unit, NULL if there is none */
    enum unit_state overlay;            /**< that shows; STATE_COUNT = none */
    const struct declaration *declared; /**< of the site, by start */
    size_t declared_len;                /**< how many */
    size_t begun;                       /**< of these have begun: the rest begins later */
    int64_t declared_end[2];            /**< until when what has begun lasts, by kind */
};

/** Where a check's line stood when it was saved. */
struct world_loading {
    uint32_t check;        /**< number */
    uint32_t dropped;      /**< spans forgotten */
    struct line_mark mark; /**< of the stream's part */
};

/** Version byte of every row of the world; 1 had no starts among the signs, 1 and 2 a row of tails
 * for each probe, 1 to 3 nothing of judgement behind now. */
#define WORLD_ROW_VERSION 4
/** Spans of one row of ROW_CHECK_SPANS. */
#define WORLD_CHUNK 64

/** Kinds in world.deadlines. */
enum { DUE_HOLD, DUE_UNIT };

/** Kinds in world.markers. */
enum { MARK_GAP, MARK_PROBE, MARK_SETTLE };

/** Kinds in world.pending; a result that a list took back is a sign of life still. */
enum {
    PENDING_RESULT,
    PENDING_SUMMARY,
    PENDING_END,
    PENDING_GASP,
    PENDING_FORGOTTEN,
    PENDING_TAKEN_BACK
};

/** A look at what every check says in a gap, from an instant on. */
struct world_doubt {
    int64_t from;  /**< INT64_MAX = none under way */
    uint32_t next; /**< check to look at next */
};

/** The forgetting of a day. */
struct world_trim {
    int64_t before; /**< this instant; INT64_MIN = none under way */
    int64_t needed; /**< from here on listening is needed still */
    uint32_t unit;  /**< to be settled next */
    uint32_t probe; /**< its evidence goes next, once all units are settled */
};

/** The whole. */
struct world {
    const struct inventory *inv;  /**< in force */
    struct world_options options; /**< as given */
    bool steady; /**< no hysteresis anywhere: results need not look for their site's kind */
    struct terms_table terms;   /**< of all lists */
    struct check_table checks;  /**< of all probes */
    struct vec probes;          /**< struct world_probe by number */
    struct vec units;           /**< struct world_unit by number */
    struct listening listening; /**< of the centre */
    bool listening_unsaved;     /**< spans or connections changed */
    bool pending_unsaved;       /**< pending changed */
    bool single_tails;          /**< rows of old were loaded: they go with the next save */
    struct vec loading;         /**< struct world_loading, while rows come in */
    struct world_graph graph;   /**< of inv */
    int64_t now;                /**< evidence up to here exists */
    int64_t edge;             /**< holds that end by here are judged; behind now while many wait */
    int64_t heard_to;         /**< marker up to which gaps will be judged; INT64_MIN = the last */
    struct world_doubt doubt; /**< checks that listening put in doubt */
    int64_t trimmed;          /**< day on which old history was last forgotten */
    struct world_trim trim;   /**< what that day has not forgotten yet */
    struct due_queue deadlines; /**< by now */
    struct due_queue markers;   /**< by the last marker */
    struct due_queue pending;   /**< evidence ahead of now */
    struct due_queue dirty;     /**< units by rank */
    struct vec changes;         /**< struct world_change */
    size_t changes_taken;       /**< of these, from the first on */
    struct vec fresh;           /**< struct world_fresh */
    struct vec links;           /**< struct world_link, of the unit that is evaluated */
    uint32_t list_stamp;        /**< of the newest list of any probe */
    struct world_watch watch;   /**< who is told before history changes or goes */
    int64_t watched;            /**< of changes before this instant; INT64_MIN = of none */
};

/** The checks that ever named the unit, checks_len of them. */
static inline const uint32_t *world_inside_unit_checks(const struct world_unit *unit)
{
    return unit->checks_cap ? unit->checks.many : unit->checks.few;
}

/** The probe, NULL if the inventory knows no such number. */
struct world_probe *world_inside_probe(const struct world *w, uint32_t probe);
/** For check_read(). */
struct read_context world_inside_context(const struct world *w);

/** Evaluates what was marked, parents first: all of it, or no more units than *steps, which goes
 * down by one for each. world_settle.c */
int world_inside_settle(struct world *w, size_t *steps) MUST_USE;
/** Marks a unit for evaluation from @p from on. world_settle.c */
int world_inside_mark(struct world *w, uint32_t number, int64_t from) MUST_USE;
/** Marks every unit that the check spoke for at or after @p from. world_settle.c */
int world_inside_mark_check(struct world *w, uint32_t number, int64_t from) MUST_USE;
/** Marks the units of every site where @p probe ever stood. world_settle.c */
int world_inside_mark_own(struct world *w, uint32_t probe, int64_t from) MUST_USE;
/** The unit's next change behind what is judged is awaited. world_settle.c */
int world_inside_arm_unit(struct world *w, uint32_t number) MUST_USE;
/** The unit's change goes to the list of changes. world_settle.c */
int world_inside_changed(struct world *w, uint32_t number, int64_t from) MUST_USE;

/** Tells the watch that the unit's timeline is about to become what was evaluated, if that changes
 * what is shown before the watched instant. world_watch.c */
int world_inside_tell(const struct world *w, uint32_t number, int64_t changed) MUST_USE;
/** Settles the unit's history before @p t, which is told first. world_watch.c */
int world_inside_settle_before(struct world *w, uint32_t number, int64_t t) MUST_USE;
/** A full check line is about to forget what lies before @p t: settles the units it ever spoke for,
 * evaluated. world_watch.c */
int world_inside_settle_check(struct world *w, uint32_t number, int64_t t) MUST_USE;

/** The unit's code at @p t, for rising instants with one @p memory of this unit, whose untils are
 * INT64_MIN at first; *ret_until is the first instant at which it may differ. world_sweep.c */
uint16_t world_inside_code(const struct world *w, uint32_t unit, struct world_memory *memory,
                           int64_t t, int64_t *ret_until);

/** Evidence that exists now. world_evidence.c */
int world_inside_result(struct world *w, uint32_t number, int64_t t, enum verdict verdict) MUST_USE;
int world_inside_summary(struct world *w, uint32_t number, int64_t t,
                         enum verdict verdict) MUST_USE;                    /**< as above */
int world_inside_end(struct world *w, uint32_t number, int64_t t) MUST_USE; /**< as above */
/** The stream, or a list, has reached @p t, though now may not have: forgets what summaries said
 * until then. world_evidence.c */
int world_inside_forget(struct world *w, uint32_t number, int64_t t) MUST_USE;
/** Keeps @p item of @p probe waiting until now reaches its key: 0, ERR_FULL (its bound or that of
 * all) or ERR_NOMEM. world_live.c */
int world_inside_await(struct world *w, uint32_t probe, struct due item) MUST_USE;
/** A gasp that exists now. world_signs.c */
int world_inside_gasp(struct world *w, uint32_t probe, int64_t g) MUST_USE;
/** A result of the probe at @p t may end its gasps; @p streamed if it came from the stream.
 * world_signs.c */
int world_inside_ends_gasp(struct world *w, uint32_t number, int64_t t, bool streamed) MUST_USE;
/** The check's line changed from @p changed on (CHECK_LINE_NEVER: only its end moved): its hold,
 * and the markers that settle its newest gaps, are awaited. world_live.c */
int world_inside_arm(struct world *w, uint32_t number, int64_t changed) MUST_USE;
/** Marks what every check of @p probe says in a gap or under a sign at or after @p from: listening
 * changed there. world_live.c */
int world_inside_doubt(struct world *w, uint32_t probe, int64_t from) MUST_USE;
/** The same for all checks, little by little: world_work(). world_live.c */
void world_inside_doubt_all(struct world *w, int64_t from);
/** The same for one of them. world_live.c */
int world_inside_doubt_check(struct world *w, uint32_t number, int64_t from) MUST_USE;
/** Calls the units of checks that a doubt from @p from on had not reached changed. world_live.c */
int world_inside_changed_by_doubt(struct world *w, int64_t from) MUST_USE;
/** What was due: a hold or a unit, a gap or probe that waited for a marker, evidence that was ahead
 * of now. world_live.c */
int world_inside_deadline(struct world *w, const struct due *item) MUST_USE;
int world_inside_marker(struct world *w, const struct due *item) MUST_USE;  /**< as above */
int world_inside_pending(struct world *w, const struct due *item) MUST_USE; /**< as above */
/** The marker that gaps are judged by becomes the last one that was heard. world_signs.c */
int world_inside_catch_up(struct world *w) MUST_USE;
/** Adds the link between unit and check. world_list.c */
int world_inside_link(struct world *w, uint32_t number, uint32_t check) MUST_USE;
/** A gasp's end, as results known now tell. world_signs.c */
int64_t world_inside_gasp_end(const struct world *w, const struct world_probe *probe,
                              const struct gasp *gasp);
/** Puts the tail of a check that was loaded back onto its line. world_evidence.c */
int world_inside_settle_tail(struct world *w, uint32_t number) MUST_USE;
/** Adds the check to its probe. world_list.c */
int world_inside_own_check(struct world *w, uint32_t number) MUST_USE;
/** Where the stream's part of the check's line ends. world_save.c */
struct line_mark world_inside_stream_mark(const struct check *check);
/** Saves the tails that are unsaved, by way of @p row. world_tails.c */
int world_inside_save_tails(struct world *w, struct buf *row, const struct row_sink *sink) MUST_USE;
/** Takes back a row of tails behind its version byte. world_tails.c */
int world_inside_load_tails(struct world *w, struct slice key, struct cursor *c,
                            uint8_t version) MUST_USE;
/** Number of a probe's check by its ordinal, reserved if no row told of it yet. world_load.c */
int world_inside_check_of(struct world *w, uint32_t probe, unsigned ordinal,
                          uint32_t *ret_check) MUST_USE;
/** A summary at @p t is known. 0 or ERR_NOMEM. world_load.c */
int world_inside_note_summary(struct check *check, int64_t t) MUST_USE;

#endif
