/**
 * @file
 * The memory of an optical module as bytes, read as the standards lay it out: what it measures, its
 * own limits, who made it.
 *
 * Pure. SFF-8472 (SFP: pages A0h and A2h, internal and external calibration), SFF-8636 (QSFP: pages
 * 00h and 03h) and of CMIS the lower page (temperature and supply: the lanes' powers are in pages
 * that the ioctl does not give). Fetching the bytes is sfp_port.h's, good or bad sfp_check.c's.
 */
#ifndef SFP_SFP_MODULE_H
#define SFP_SFP_MODULE_H

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Most bytes of a module's memory that are read: SFF-8636 with all its pages. */
#define SFP_MODULE_MAX 640
/** What the least power that can be written (0.1 uW) and all below are shown as, in dBm. */
#define SFP_MODULE_DARK_DBM (-40.0)

/** What a module measures. */
enum sfp_quantity {
    SFP_TEMPERATURE, /**< Cel */
    SFP_VCC,         /**< V */
    SFP_BIAS,        /**< mA; of several lanes the highest */
    SFP_TX,          /**< dBm; of several lanes the lowest */
    SFP_RX,          /**< dBm; of several lanes the lowest */
    SFP_QUANTITIES   /**< how many */
};

/** The module's own limits of a quantity, in its unit. */
struct sfp_limits {
    bool given;        /**< the module has them; the others are of no meaning without */
    double high_alarm; /**< above: out of specification */
    double low_alarm;  /**< below: out of specification */
    double high_warn;  /**< above: worth a look */
    double low_warn;   /**< below: worth a look */
};

/** One look at a module. */
struct sfp_module {
    char vendor[17];                          /**< as the module says, without blanks at the end */
    char part[17];                            /**< its part number, likewise */
    bool diagnostics;                         /**< it measures at all */
    bool has_los;                             /**< los is its word */
    bool los;                                 /**< no light on a lane */
    bool tx_fault;                            /**< its laser has failed */
    double value[SFP_QUANTITIES];             /**< NaN = it does not measure that */
    struct sfp_limits limits[SFP_QUANTITIES]; /**< its own */
};

/** Reads @p len @p bytes: 0; ERR_END if they are too few, ERR_CORRUPT if they are no module's (all
 * 0xFF, or a wrong checksum), ERR_UNKNOWN for a kind of module that none of the standards above is
 * for. */
int sfp_module_read(const uint8_t *bytes, size_t len, struct sfp_module *ret_module) MUST_USE;

/** The quantity's name, as in the reason for people. Static storage. */
const char *sfp_module_word(enum sfp_quantity quantity);

#endif
