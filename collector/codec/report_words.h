/**
 * @file
 * The phrases of a flash report in both languages, and numbers and times as each writes them.
 *
 * Phrases hold {0} to {9} where a value goes. What is said in which order is codec/report_text.h's.
 */
#ifndef CODEC_REPORT_WORDS_H
#define CODEC_REPORT_WORDS_H

#include "base/buf.h"
#include "base/instant.h"

/** Languages. */
enum report_language { REPORT_VI, REPORT_EN, REPORT_LANGUAGES };

/** Phrases; see report_words.c for what they say. */
enum report_phrase {
    PHRASE_TITLE,
    PHRASE_SIMULATED,
    PHRASE_BTS,
    PHRASE_BTS_MORE,
    PHRASE_OPERATOR,
    PHRASE_NO_OPERATOR,
    PHRASE_CAUSES,
    PHRASE_POWER_ABSENT,
    PHRASE_POWER,
    PHRASE_POWER_OF,
    PHRASE_ROUTES,
    PHRASE_ROUTE,
    PHRASE_ROUTE_UNSURE,
    PHRASE_COMMUNES,
    PHRASE_COMMUNES_UNSURE,
    PHRASE_PEOPLE_MOBILE,
    PHRASE_PEOPLE_FIBRE,
    PHRASE_PEOPLE_UNSURE,
    PHRASE_CENSUS,
    PHRASE_OUTAGES,
    PHRASE_STAGES,
    PHRASE_EXPECTED,
    PHRASE_UNEXPECTED,
    PHRASE_HIDDEN_SITE,
    PHRASE_AND_MORE,
    PHRASE_HOURS,
    PHRASES
};

/** Longest number or time, with its NUL. */
#define REPORT_VALUE_MAX 48

/** Appends @p phrase with the @p n @p values in their places. */
void report_say(struct buf *out, enum report_language language, enum report_phrase phrase,
                const char *const *values, size_t n);
/** Word for a cause (enum cause), "" if out of range. */
const char *report_cause(enum report_language language, int cause);
/** Word for where an outage stands (enum life_stage), "" if out of range. */
const char *report_stage(enum report_language language, int stage);
/** Writes @p value with its thousands apart; returns @p text. */
const char *report_number(enum report_language language, int64_t value,
                          char text[REPORT_VALUE_MAX]);
/** Writes @p t as "14:05 22/11/2026", @p zone_ms before UTC; returns @p text. */
const char *report_time(struct wall_ms t, int64_t zone_ms, char text[REPORT_VALUE_MAX]);

#endif
