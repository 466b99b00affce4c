/**
 * @file
 * Text that fits one SMS: Vietnamese without diacritics, in characters that count as one septet of
 * the GSM 7-bit default alphabet (3GPP TS 23.038 section 6.2.1).
 *
 * Characters outside become '?', those of the extension table and the backtick their nearest
 * neighbour, so that 160 characters are 160 septets. It does not wrap or split.
 */
#ifndef BASE_GSM_TEXT_H
#define BASE_GSM_TEXT_H

#include "base/slice.h"

/** Writes @p text (UTF-8, composed or not) to @p to, at most @p max bytes with the NUL; what does
 * not fit is cut. Returns the length. */
size_t gsm_text_write(struct slice text, char *to, size_t max);

#endif
