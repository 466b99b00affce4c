/**
 * @file
 * The check type `dns`: a name server's answer to one question (README.md beside).
 */
#ifndef DNS_DNS_CHECK_H
#define DNS_DNS_CHECK_H

#include "checks/check.h"

/** Its configuration. */
struct dns_config {
    struct check_common common; /**< the keys of every check */
    char query[254];            /**< name to ask for */
    int record;                 /**< index into dns_machine_records */
    struct field_texts expect;  /**< answers one of which must come; empty = any answer */
    int64_t tries;              /**< questions before giving up */
    double degraded_rtt_ms;     /**< limit, 0 = none */
    double failed_rtt_ms;       /**< limit, 0 = none */
};

/** The type. */
extern const struct check_type dns_check;

#endif
