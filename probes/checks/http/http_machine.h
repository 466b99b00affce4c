/**
 * @file
 * What a response of a web server means for the http check: is the status one of those expected,
 * how long did each phase take, how many days has the certificate left.
 *
 * Pure. Asking the server is io/http_client.h's.
 */
#ifndef HTTP_HTTP_MACHINE_H
#define HTTP_HTTP_MACHINE_H

#include "base/field.h"
#include "base/instant.h"

#include <stdint.h>

/** How long each phase took, in milliseconds; negative = it did not happen. */
struct http_times {
    double resolve_ms;  /**< looking up the name */
    double connect_ms;  /**< TCP */
    double tls_ms;      /**< TLS */
    double wait_ms;     /**< from there to the first byte of the response */
    double transfer_ms; /**< from there to the end */
    double total_ms;    /**< all of it */
};

/** Ends of the phases from the start on in microseconds, in this order: name, TCP, TLS, first byte,
 * all; 0 = it did not happen. */
#define HTTP_MACHINE_ENDS 5

/** True if @p text can be among expected statuses: `200`, `4xx`, `30x`. */
bool http_machine_status_text_ok(struct slice text);
/** True if one of @p expected stands for @p status; an x stands for any digit. */
bool http_machine_status_ok(const struct field_texts *expected, int status);
/** True if @p text is a URL that the check can ask: http:// or https://, a host, no blanks. */
bool http_machine_url_ok(struct slice text);
/** Durations from the ends of the phases. */
struct http_times http_machine_times(const int64_t ends_us[HTTP_MACHINE_ENDS]);
/** Days from @p now to @p expiry, rounded down to hundredths, negative after it. */
double http_machine_days_left(struct wall_ms expiry, struct wall_ms now);

#endif
