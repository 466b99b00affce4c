/**
 * @file
 * The check type `tcp`: time to connect, and perhaps a word in exchange (README.md beside).
 */
#ifndef TCP_TCP_CHECK_H
#define TCP_TCP_CHECK_H

#include "checks/check.h"

/** Its configuration. */
struct tcp_config {
    struct check_common common;  /**< the keys of every check */
    int family;                  /**< index into target_families */
    char say[256];               /**< what to send, with escapes; empty = nothing */
    char expect[256];            /**< text to wait for, with escapes; empty = nothing */
    double degraded_connect_ms;  /**< limit, 0 = none */
    double failed_connect_ms;    /**< limit, 0 = none */
    double degraded_response_ms; /**< limit, 0 = none */
    double failed_response_ms;   /**< limit, 0 = none */
};

/** The type. */
extern const struct check_type tcp_check;

#endif
