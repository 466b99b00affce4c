/**
 * @file
 * What a modem says on its serial line, cut into lines; and the few things that every command's
 * answer has in common (ITU-T V.250; 3GPP TS 27.007 section 9).
 *
 * Pure. What the lines mean is whoever asked's: a check (checks/modem), messages (io/sms_dialog.h).
 */
#ifndef IO_AT_LINE_H
#define IO_AT_LINE_H

#include "base/slice.h"

#include <stdbool.h>

/** Longest line that is looked at; the rest of a longer one is dropped. */
#define AT_LINE_MAX 512
/** Fields of an answer that are told apart. */
#define AT_FIELDS_MAX 12

/** How a command ended. */
enum at_end {
    AT_END_NONE,  /**< it has not */
    AT_END_OK,    /**< "OK" */
    AT_END_ERROR, /**< "ERROR", "+CME ERROR: ..." or "+CMS ERROR: ..." */
};

/** Storage of the caller; zeroed = nothing said. */
struct at_line {
    size_t len;             /**< bytes of text */
    bool over;              /**< text is a whole line, gone with the next byte */
    char text[AT_LINE_MAX]; /**< so far */
};

/** Takes bytes off the front of @p bytes up to the end of a line, or all of them: true if a line
 * (perhaps an empty one) is at hand, without its end. */
bool at_line_feed(struct at_line *l, struct slice *bytes);
/** The line at hand, without blanks around it. */
struct slice at_line_text(const struct at_line *l);
/** True if the modem waits for a text (TS 27.005 section 3.5.1): "> " and no end of line. */
bool at_line_prompt(const struct at_line *l);
/** What @p line ends. */
enum at_end at_line_end(struct slice line);
/** True if @p line begins with @p word. */
bool at_line_begins(struct slice line, const char *word);
/** Splits @p text at commas outside quotes, quotes and blanks around taken off; returns how many
 * fields there are, at most AT_FIELDS_MAX. */
size_t at_line_fields(struct slice text, struct slice ret_field[AT_FIELDS_MAX]);

#endif
