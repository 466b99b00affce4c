/**
 * @file
 * A flash report as an answer of the API: every number of core/flash_report.h and the text to copy,
 * which says the same ones.
 */
#ifndef CODEC_API_REPORT_H
#define CODEC_API_REPORT_H

#include "codec/api.h"
#include "codec/api_power.h"
#include "codec/report_words.h"
#include "core/flash_report.h"

/** Which report, and how it is to read. */
struct api_report_query {
    struct flash_question question; /**< of what */
    enum report_language language;  /**< of the text */
    int64_t zone_ms;                /**< local time minus UTC */
};

/** What both forms are written from. */
struct api_report {
    const struct api_scope *scope;        /**< at the instant of the report */
    const struct api_report_query *query; /**< as asked */
    const struct flash_sources *from;     /**< where it came from */
    const struct flash_report *report;    /**< the report */
    const struct coverage *coverage;      /**< at the instant */
    struct api_power_counts power;        /**< what feeds the base stations */
};

/** The report of query->question at scope->now: 0, ERR_NOMEM or ERR_FULL. */
int api_report(const struct api_scope *scope, const struct api_report_query *query,
               struct buf *out) MUST_USE;
/** The text to copy, line by line. */
void report_text(const struct api_report *r, struct buf *out);

/** People of villages without any live unit of @p family: *ret_out none, *ret_unsure only silent
 * ones; returns the figure. */
struct coverage_figure api_report_people(const struct api_report *r, enum technology family,
                                         struct coverage_count *ret_out);
/** Name of @p site for people, NULL if it is restricted. */
const char *api_report_site_name(const struct api_report *r, uint32_t site);
/** Name of operator @p op for people, NULL for INV_NONE. */
const char *api_report_operator_name(const struct api_report *r, uint32_t op);

#endif
