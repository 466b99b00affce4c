/**
 * @file
 * Phone numbers in one form, so that the number of a file and that of a message's sender can be
 * compared.
 *
 * It knows one country's way of dialling (a leading 0 stands for its code), not which numbers
 * exist.
 */
#ifndef CORE_PHONE_H
#define CORE_PHONE_H

#include "base/attr.h"
#include "base/slice.h"

/** Longest number, with its NUL: 15 digits (ITU-T E.164). */
#define PHONE_MAX 16

/**
 * Writes @p text as digits with the country's code: blanks, dots, dashes and brackets go, so do a
 * leading + or 00, and a leading 0 becomes @p dial_code ("" = it stays). Short codes (up to 6
 * digits) stay as they are. 0 or ERR_SYNTAX.
 */
int phone_read(struct slice text, const char *dial_code, char ret_phone[PHONE_MAX]) MUST_USE;

#endif
