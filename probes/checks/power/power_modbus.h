/**
 * @file
 * Modbus frames: a reading request to bytes, and its answer found among whatever a line or
 * connection brings (Modbus Application Protocol V1.1b3 section 6, Messaging on TCP/IP V1.0b
 * section 3, over Serial Line V1.02 section 2.5).
 *
 * Pure. libmodbus blocks its caller while it waits for a frame, so it cannot serve on the loop;
 * these are the four reading functions only. Nothing here writes to a device.
 */
#ifndef POWER_POWER_MODBUS_H
#define POWER_POWER_MODBUS_H

#include "base/attr.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/** Longest frame: TCP's header of 7 bytes and 253 of protocol. */
#define POWER_MODBUS_FRAME_MAX 260
/** Most registers of one request. */
#define POWER_MODBUS_REGISTERS_MAX 125
/** Bytes of any request. */
#define POWER_MODBUS_REQUEST_MAX 12

/** What is read; the values are the function codes. */
enum power_table {
    POWER_TABLE_COIL = 1,     /**< one bit, read and write */
    POWER_TABLE_DISCRETE = 2, /**< one bit, read only */
    POWER_TABLE_HOLDING = 3,  /**< 16 bits, read and write */
    POWER_TABLE_INPUT = 4,    /**< 16 bits, read only */
};

/** One request. */
struct power_request {
    bool rtu;               /**< serial line instead of TCP */
    uint16_t transaction;   /**< of TCP: comes back in the answer */
    uint8_t unit;           /**< the device on the line or behind the gateway */
    enum power_table table; /**< which of the four */
    uint16_t first;         /**< address from 0, as it stands in the frame */
    uint16_t count;         /**< at least 1, at most POWER_MODBUS_REGISTERS_MAX */
};

/** What bytes are to a request. */
enum power_answer {
    POWER_ANSWER_MORE,      /**< no answer yet */
    POWER_ANSWER_DATA,      /**< an answer with its data */
    POWER_ANSWER_EXCEPTION, /**< the device refuses: its code */
    POWER_ANSWER_GARBAGE,   /**< not Modbus: the connection is of no use any more (TCP only) */
};

/** What was found. */
struct power_found {
    struct slice data;       /**< of POWER_ANSWER_DATA: bits or registers, as they came */
    unsigned char exception; /**< of POWER_ANSWER_EXCEPTION: section 7 */
};

/** Writes @p request into @p ret_bytes; returns its length. */
size_t power_modbus_write(const struct power_request *request,
                          unsigned char ret_bytes[POWER_MODBUS_REQUEST_MAX]);
/** Looks for the answer to @p request in all @p len bytes received since it was sent. Frames of
 * other transactions, units and functions, and noise on a line, are passed over. The slice found
 * points into @p bytes. */
enum power_answer power_modbus_read(const struct power_request *request, const void *bytes,
                                    size_t len, struct power_found *ret_found);
/** The words of an exception code; "exception" if it is none of the standard. */
const char *power_modbus_exception(unsigned char code);
/** The checksum of a frame on a serial line (V1.02 section 6.2.2). */
uint16_t power_modbus_crc(const unsigned char *bytes, size_t len);

#endif
