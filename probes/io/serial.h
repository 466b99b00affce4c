/**
 * @file
 * Serial devices: opened raw, non-blocking and alone.
 *
 * Several users, also of other programs, may share one line: whoever opened it holds its lock
 * until it closes. What is said over it is the user's.
 */
#ifndef IO_SERIAL_H
#define IO_SERIAL_H

#include "base/attr.h"

#include <stdbool.h>
#include <stdint.h>

/** The words of a key `parity`, NULL-terminated; an index into them is serial_line.parity. */
extern const char *const serial_parities[];

/** How a line is set; always 8 data bits, one stop bit. */
struct serial_line {
    int64_t baud; /**< bits per second, of serial_baud_ok() */
    int parity;   /**< index into serial_parities */
};

/** True for a rate that serial devices know, 1200 to 921600. */
bool serial_baud_ok(int64_t baud);
/** Opens @p path; the caller closes @p ret_fd. 0 or an errno value: EAGAIN while another holds it,
 * ENOTTY if it is no serial device. */
int serial_open(const char *path, const struct serial_line *line, int *ret_fd) MUST_USE;

#endif
