/**
 * @file
 * What a modem says, as facts: the answers of 3GPP TS 27.007 to +CESQ, +CSQ, +COPS and +CREG,
 * +CEREG, +C5GREG read leniently.
 *
 * Pure. Firmware quotes or does not, leaves fields out, echoes commands and speaks unasked: what is
 * not understood is passed over, what is out of the standard's range is not known. Which commands
 * are sent and what the facts amount to is modem_check.c's.
 */
#ifndef MODEM_MODEM_ANSWER_H
#define MODEM_MODEM_ANSWER_H

#include "io/at_line.h"

/** Longest text kept of an answer, with its NUL. */
#define MODEM_ANSWER_TEXT_MAX 32

/** What was said; numbers NaN and texts empty while unknown. */
struct modem_facts {
    double rxlev_dbm;                 /**< of 2G */
    double rscp_dbm;                  /**< of 3G */
    double ecno_db;                   /**< of 3G */
    double rsrp_dbm;                  /**< of 4G */
    double rsrq_db;                   /**< of 4G */
    double sinr_db;                   /**< of 4G; AT commands do not tell it */
    double ss_rsrp_dbm;               /**< of 5G */
    double ss_rsrq_db;                /**< of 5G */
    double ss_sinr_db;                /**< of 5G */
    double rssi_dbm;                  /**< +CSQ, of any */
    int access;                       /**< access technology (section 7.3), -1 unknown */
    int registration;                 /**< best state told: 1 home, 5 roaming, 2 searching, 3
                                         denied, 0 not; -1 unknown */
    char plmn[MODEM_ANSWER_TEXT_MAX]; /**< operator as +COPS told it */
    char area[MODEM_ANSWER_TEXT_MAX]; /**< tracking or location area, hexadecimal */
    char cell[MODEM_ANSWER_TEXT_MAX]; /**< cell, hexadecimal */
};

/** Storage of the caller. */
struct modem_answer {
    struct modem_facts facts; /**< so far */
    struct at_line line;      /**< that is not at its end yet */
};

/** Nothing known. */
void modem_answer_clear(struct modem_facts *facts);
/** Nothing said yet. */
void modem_answer_init(struct modem_answer *a);
/** Takes bytes off the front of @p bytes up to the line that ends the command, or all of them;
 * returns how the command ended. */
enum at_end modem_answer_feed(struct modem_answer *a, struct slice *bytes);
/** The generation of an access technology: "2g" to "5g", NULL if unknown. */
const char *modem_answer_generation(int access);

#endif
