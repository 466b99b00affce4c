/**
 * @file
 * The way to a Modbus device for one run: a TCP connection or a serial line, one request at a time.
 *
 * It finds the answer to the request in hand and waits as long as the run lasts; the deadline is
 * the check's. It never blocks the loop: a line that another program or check holds is tried again.
 */
#ifndef POWER_POWER_LINE_H
#define POWER_POWER_LINE_H

#include "checks/dial.h"
#include "checks/power/power_modbus.h"
#include "io/serial.h"

/** The line stands (@p error 0), or does not: an errno value, or -1 if the name gave no address. */
typedef void power_line_ready_fn(struct check *check, int error);
/** An answer: never POWER_ANSWER_MORE; GARBAGE also if the peer hung up. */
typedef void power_line_answer_fn(struct check *check, enum power_answer answer,
                                  const struct power_found *found);

/** Where and how. */
struct power_way {
    const char *target;        /**< host[:port], or the path of a serial device */
    struct serial_line serial; /**< of a serial device */
    uint8_t unit;              /**< Modbus unit */
};

/** Storage of the caller; zeroed before the first use; read only. */
struct power_line {
    struct check *check;                          /**< whose */
    struct power_way way;                         /**< as opened */
    power_line_ready_fn *ready;                   /**< told once */
    power_line_answer_fn *answer;                 /**< told per request */
    struct dial dial;                             /**< of TCP */
    bool open;                                    /**< serial is in use */
    int serial;                                   /**< descriptor of the serial device */
    struct loop_timer *pace;                      /**< next try, or the silence between frames */
    struct loop_poll *poll;                       /**< once it stands */
    struct power_request request;                 /**< the one in hand */
    bool asked;                                   /**< it is sent and not answered */
    size_t len;                                   /**< bytes of in */
    unsigned char in[2 * POWER_MODBUS_FRAME_MAX]; /**< received since the request */
};

/** True if @p target is the path of a serial device. */
bool power_line_is_serial(const char *target);
/** Begins: 0, or an error of the loop or of dns_resolve(). @p ready comes later. */
int power_line_start(struct power_line *line, struct check *check, const struct power_way *way,
                     power_line_ready_fn *ready, power_line_answer_fn *answer) MUST_USE;
/** Sends a request whose table, first and count are set, on a line that stands; its answer comes
 * later. */
void power_line_ask(struct power_line *line, const struct power_request *request);
/** Closes everything. Idempotent. */
void power_line_end(struct power_line *line);

#endif
