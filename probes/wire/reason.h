/**
 * @file
 * Why a message was refused, as one short sentence for the dead letter, the ack and the technician.
 *
 * It is the companion of an error code: the code decides what a program does, the reason is what a
 * person reads. Always plain ASCII without quotes or control characters, whatever the message held.
 */
#ifndef WIRE_REASON_H
#define WIRE_REASON_H

#include "base/attr.h"
#include "base/slice.h"

/** Longest reason, with its NUL. */
#define REASON_MAX 96

/** Storage of the caller, e.g. "not JSON at byte 17". */
struct reason {
    char text[REASON_MAX]; /**< NUL-terminated */
};

/** Writes a formatted reason, cut to fit; bytes that are not plain ASCII, quotes and backslashes
 * become '?'. Accepts a NULL @p ret_why. */
void reason_set(struct reason *ret_why, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
