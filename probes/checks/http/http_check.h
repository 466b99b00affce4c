/**
 * @file
 * The check type `http`: a web server's answer, its phases and its certificate (README.md beside).
 */
#ifndef HTTP_HTTP_CHECK_H
#define HTTP_HTTP_CHECK_H

#include "checks/check.h"

/** Its configuration. */
struct http_config {
    struct check_common common; /**< the keys of every check */
    int method;                 /**< 0 GET, 1 HEAD */
    int family;                 /**< index into target_families */
    struct field_texts status;  /**< statuses that are fine */
    char expect[256];           /**< text the body must hold; empty = any */
    char ca_file[256];          /**< whom to trust; empty = the system's authorities */
    double degraded_total_ms;   /**< limit, 0 = none */
    double failed_total_ms;     /**< limit, 0 = none */
    double degraded_cert_days;  /**< limit, -1 = none */
    double failed_cert_days;    /**< limit, -1 = none */
};

/** The type. */
extern const struct check_type http_check;

#endif
