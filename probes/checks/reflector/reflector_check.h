/**
 * @file
 * The check type `reflector`: answers the test packets of other probes' stamp checks and of TWAMP
 * Light senders, and tells how many (README.md beside).
 */
#ifndef REFLECTOR_REFLECTOR_CHECK_H
#define REFLECTOR_REFLECTOR_CHECK_H

#include "checks/check.h"
#include "checks/profile.h"

/** Its configuration. */
struct reflector_config {
    struct check_common common;      /**< the keys of every check */
    char listen[96];                 /**< address:port */
    char key_file[PROFILE_NAME_MAX]; /**< "" = packets are not authenticated */
    int64_t rate;                    /**< most answers a second */
    bool counts;                     /**< answers have numbers of their own (stateful mode) */
};

/** The type. */
extern const struct check_type reflector_check;

#endif
