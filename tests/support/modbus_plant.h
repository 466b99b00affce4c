/**
 * @file
 * A power plant's controller as a child process: libmodbus's server on a TCP port or behind a
 * pseudo-terminal, with registers that the test sets and faults that it orders.
 */
#ifndef SUPPORT_MODBUS_PLANT_H
#define SUPPORT_MODBUS_PLANT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/** Registers and inputs it has, from address 0. */
#define MODBUS_PLANT_SIZE 16

/** How it answers. */
enum modbus_plant_mode {
    MODBUS_PLANT_WELL,      /**< as it should */
    MODBUS_PLANT_REFUSES,   /**< exception 2 */
    MODBUS_PLANT_CUT_SHORT, /**< the first bytes of an answer, then nothing */
    MODBUS_PLANT_OTHERS,    /**< only answers of another unit */
    MODBUS_PLANT_BOTH,      /**< an answer of another unit, then its own */
    MODBUS_PLANT_SILENT,    /**< not at all */
};

/** What both processes see. */
struct modbus_plant_shared {
    uint16_t input[MODBUS_PLANT_SIZE];   /**< input registers, also as holding registers */
    uint8_t discrete[MODBUS_PLANT_SIZE]; /**< discrete inputs, also as coils */
    enum modbus_plant_mode mode;         /**< from the next request on */
    int requests;                        /**< that came */
};

/** Storage of the caller. */
struct modbus_plant {
    pid_t child;     /**< the server */
    uint16_t port;   /**< of TCP, on 127.0.0.1 */
    char serial[64]; /**< path of the line's other end; empty with TCP */
    int held;        /**< keeps the line's other end open */
    volatile struct modbus_plant_shared *shared; /**< see above */
};

/** Starts it as unit 1, with registers of a healthy plant by deploy/profiles/power/plant48.yaml. */
void modbus_plant_open(struct modbus_plant *plant, bool serial);
/** Ends it. */
void modbus_plant_close(struct modbus_plant *plant);

#endif
