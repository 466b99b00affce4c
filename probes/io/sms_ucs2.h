/**
 * @file
 * Messages in UCS2 as modems in text mode hand them over: two octets a letter, four hexadecimal
 * digits (3GPP TS 27.005 section 3.1). A phone writes so as soon as one letter is not of
 * the GSM alphabet, as most of Vietnamese is not.
 *
 * Pure. A modem does not say which text is of this kind; only its form does.
 */
#ifndef IO_SMS_UCS2_H
#define IO_SMS_UCS2_H

#include <stdbool.h>

/** If @p text is nothing but such digits and begins with a Latin letter, digit or sign, it becomes
 * UTF-8 in its place, cut where it ends within a letter: true. What is beyond the first plane
 * becomes
 * "?", an end of line a blank. Else it stays: false. */
bool sms_ucs2_read(char *text);

#endif
