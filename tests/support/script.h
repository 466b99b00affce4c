/**
 * @file
 * The small language of tests/scenario: inventory tables, events on a fake clock and expectations,
 * one statement a line. tests/scenario/README.md describes it.
 *
 * It turns text into a history and hands each `expect` line to its user; it evaluates nothing. The
 * same language is written by script_print(), so that a shrunk random history becomes a script by
 * copying.
 */
#ifndef SUPPORT_SCRIPT_H
#define SUPPORT_SCRIPT_H

#include "history.h"

/** Most words on one line. */
#define SCRIPT_WORDS_MAX 32

struct script;

/** Called for an `expect` line with the words after it; returns false if the expectation does not
 * hold. */
typedef bool script_expect(struct script *s, const struct slice *words, size_t n);

/** Storage of the caller. */
struct script {
    struct history h;        /**< what was read so far */
    const char *name;        /**< for messages */
    int line;                /**< number of the line being read */
    int failures;            /**< expectations that did not hold, and errors */
    script_expect *expect;   /**< may be NULL: expectations are skipped */
    void *context;           /**< of expect */
    bool raw;                /**< markers and advances are written out, none is added */
    bool hearing;            /**< markers come by themselves */
    struct wall_ms heard_to; /**< up to here listening is already told */
    const char *rest;        /**< text that is still to be read */
};

/** Reads @p text (NUL-terminated, owned by the caller) to its end; messages go to stderr as
 * name:line. Returns the number of failures. */
int script_run(struct script *s, const char *name, const char *text);
/** Frees what script_run() left. */
void script_done(struct script *s);

/** Reads "1m30s", "250ms", "-5s", "2h", "1d" as an instant after HISTORY_ZERO_MS; false if it is
 * none. */
bool script_time(struct slice word, struct wall_ms *ret_t);
/** Reads the same words as a duration in ms. */
bool script_duration(struct slice word, int64_t *ret_ms);
/** Number of the unit written SITE/service@operator, INV_NONE if there is none. */
uint32_t script_unit(const struct inventory *inv, struct slice word);
/** Says what is wrong at the present line, and counts it. Always false. */
bool script_complain(struct script *s, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** Writes the tables and events of @p h in this language, as a raw script. */
void script_print(const struct history *h, FILE *out);

#endif
