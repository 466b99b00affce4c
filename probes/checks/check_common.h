/**
 * @file
 * The configuration keys that every check has, whatever its type.
 *
 * The table stands here beside the checks so that one test covers all keys; the file is read by
 * the agent through io/conf.h. Keys of one type only are in that type's own table (check.h).
 */
#ifndef CHECKS_CHECK_COMMON_H
#define CHECKS_CHECK_COMMON_H

#include "base/field.h"
#include "wire/verdict.h"

#include <stdint.h>

/** Longest target, with its NUL: a URL may be long. */
#define CHECK_TARGET_MAX 512

/** The values; the first member of every type's configuration struct. */
struct check_common {
    char name[65];                 /**< of this check, unique within its type and site */
    char target[CHECK_TARGET_MAX]; /**< what it looks at, as the type says */
    char site[65];                 /**< whose evidence it is; empty = the probe's own site */
    struct field_texts units;      /**< units it is evidence for */
    int role;                      /**< enum role */
    int cause;                     /**< enum cause, or CAUSE_NONE = the type's own */
    int64_t interval_ms;           /**< from start to start */
    int64_t timeout_ms;            /**< of one run, names included */
    int64_t ttl_ms;                /**< 0 = the least; read check_common_ttl_ms() */
};

/** The rows; @p ret_n is how many. Static storage. */
const struct field *check_common_fields(size_t *ret_n);
/**
 * Looks at what no single row can: names as the wire wants them, timeout at most interval, ttl at
 * least 2 x interval + timeout (FIGURES section 2). True, or a sentence in @p ret_why. Each type's
 * verify calls it.
 */
bool check_common_ok(const struct check_common *common, char ret_why[FIELD_WHY_MAX]);
/** How long a result stands: as configured, else 2 x interval + timeout. */
int64_t check_common_ttl_ms(const struct check_common *common);

#endif
