/**
 * @file
 * The check type `push`: takes values from other programs of the site through a Unix datagram
 * socket (README.md beside).
 */
#ifndef PUSH_PUSH_CHECK_H
#define PUSH_PUSH_CHECK_H

#include "checks/check.h"

/** Its configuration. */
struct push_config {
    struct check_common common; /**< the keys of every check */
    char socket[96];            /**< path; the kernel allows 107 bytes */
    int64_t rate;               /**< most messages a second */
    char state[65];             /**< name of the value that is the verdict, "" = none */
    int64_t silent_after_ms;    /**< unknown if nothing came for so long, 0 = never */
};

/** The type. */
extern const struct check_type push_check;

#endif
