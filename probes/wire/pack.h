/**
 * @file
 * A pack: readings as SenML JSON (RFC 8428), and the rules both sides of contract v1 hold it to.
 *
 * A reading is named `<site>/<check type>/<check name>/<metric>`; the first is the base name of the
 * pack. A check's own verdict is the metric `state`, a number 0..3. Reading packs is
 * wire/pack_reader.h's, writing them wire/pack_writer.h's.
 *
 * A check of type `modem` at a site that lies in a village is a *measuring point* of coverage. The
 * readings of one run have one time and stand together: `rsrp` (a number in dBm; absent where there
 * is no signal), `technology` (text: 2g, 3g, 4g or 5g; a run without it measures nothing) and
 * `operator` (text: an id of the centre's inventory; absent or unknown counts for any operator).
 */
#ifndef WIRE_PACK_H
#define WIRE_PACK_H

#include "base/slice.h"
#include "wire/reason.h"
#include "wire/verdict.h"

#include <stdbool.h>
#include <stdint.h>

/** Most bytes of any message of the contract. */
#define PACK_BYTES_MAX 65536
/** Most readings of a pack. */
#define PACK_READINGS_MAX 4096
/** Longest part of a name (site, check type, check name, metric). */
#define PACK_PART_MAX 64
/** Parts of a whole name. */
#define PACK_PARTS 4
/** Longest unit of measurement. */
#define PACK_UNIT_MAX 32

/** The field type, which is part of the name at the sink. */
enum reading_kind {
    READING_NUMBER, /**< `v` */
    READING_FLAG,   /**< `vb` */
    READING_TEXT,   /**< `vs` */
};

/** One resolved reading. Slices belong to whoever made it. */
struct reading {
    struct slice site;      /**< "S1" */
    struct slice check;     /**< "<type>/<name>": "icmp/core-1" */
    struct slice metric;    /**< "rtt" */
    struct slice unit;      /**< SenML unit, empty if not given */
    int64_t time_us;        /**< absolute UTC, microseconds; seconds_to_wall() for evidence */
    enum reading_kind kind; /**< which of the next three holds the value */
    bool flag;              /**< of READING_FLAG */
    double number;          /**< of READING_NUMBER: finite */
    struct slice text;      /**< of READING_TEXT: UTF-8 without U+0000 */
};

/**
 * True for what may be a site, check type, check name or metric: 1..64 letters of ASCII,
 * digits and any of -:._, the first a letter or digit (RFC 8428 section 4.5.1 without the slash).
 */
bool pack_part_ok(struct slice part);
/** Takes "a/b/c" apart: the number of its parts, 1..PACK_PARTS; 0 if there are more or one is not
 * as pack_part_ok() wants it. */
size_t pack_split(struct slice name, struct slice ret_part[PACK_PARTS]);
/** True for "<type>/<name>", both parts as pack_part_ok() wants them. */
bool pack_check_ok(struct slice check);
/** True unless the sink could not hold a field of that name: `time`, and endings `_flag` and
 * `_text`, which name the kinds. */
bool pack_metric_ok(struct slice metric);
/** The type of a check "<type>/<name>": the part before the slash. */
struct slice pack_check_type(struct slice check);
/** True if the reading is the verdict of its check, which is then in @p ret_verdict. A reader never
 * gives a `state` that is not a verdict. */
bool pack_verdict(const struct reading *reading, enum verdict *ret_verdict);
/**
 * The rules for one reading: names, absolute time, finite number, unit, `state` is 0..3. 0,
 * ERR_SYNTAX, ERR_RANGE, ERR_TYPE, ERR_TOO_LONG or ERR_DENIED (reserved metric) with a sentence in
 * @p ret_why (may be NULL).
 */
int pack_reading_check(const struct reading *reading, struct reason *ret_why) MUST_USE;
/** The same for a reading whose names are known to be well formed. */
int pack_value_check(const struct reading *reading, struct reason *ret_why) MUST_USE;

#endif
