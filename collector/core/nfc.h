/**
 * @file
 * Vietnamese (and any other) text in one form: UTF-8, normalised to NFC (Unicode TR 15), on one
 * line.
 *
 * macOS and some spreadsheets write letters and marks apart; unnormalised, the same name would be
 * two names to every comparison.
 */
#ifndef CORE_NFC_H
#define CORE_NFC_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

/**
 * @p text in NFC, with each run of line breaks, tabs and other control characters as one space.
 * The result is @p text itself if nothing had to change, else it lies in @p scratch (cleared
 * first). Returns 0, ERR_SYNTAX if it is not UTF-8, ERR_NOMEM or ERR_FULL.
 */
int nfc_line(struct slice text, struct buf *scratch, struct slice *ret_text) MUST_USE;

#endif
