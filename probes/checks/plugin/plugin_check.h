/**
 * @file
 * The check type `plugin`: a Nagios plugin of this machine (README.md beside).
 */
#ifndef PLUGIN_PLUGIN_CHECK_H
#define PLUGIN_PLUGIN_CHECK_H

#include "checks/check.h"

/** Its configuration. */
struct plugin_config {
    struct check_common common; /**< the keys of every check */
    struct field_texts command; /**< the program's absolute path and its arguments */
};

/** The type. */
extern const struct check_type plugin_check;

#endif
