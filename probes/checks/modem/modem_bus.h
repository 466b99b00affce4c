/**
 * @file
 * The way to ModemManager for one run of the modem check: a connection of its own to the system
 * bus, three calls, all on the loop.
 *
 * It asks for the objects, asks a modem that is not watched yet to keep its signals fresh (the next
 * run then has them; ModemManager may refuse that), and asks where the cell is. It sets nothing
 * else. The deadline is the check's. A probe built without ModemManager refuses in start.
 */
#ifndef MODEM_MODEM_BUS_H
#define MODEM_MODEM_BUS_H

#include "base/attr.h"
#include "checks/modem/modem_answer.h"

struct loop;
struct loop_poll;
struct sd_bus;
struct modem_bus;

/** The run is over: @p facts if @p why is NULL, else a sentence in static storage. It may call
 * modem_bus_end(). */
typedef void modem_bus_fn(void *arg, const struct modem_facts *facts, const char *why);

/** True if this program can talk to ModemManager. */
bool modem_bus_built(void);
/** Begins; the modem is the one with the IMEI @p identifier, "" = the first. 0, or ERR_IO if there
 * is no bus, ERR_NOMEM or ERR_LIBRARY. @p fn comes later, once, unless modem_bus_end() is called.
 */
int modem_bus_start(struct loop *loop, const char *identifier, modem_bus_fn *fn, void *arg,
                    struct modem_bus **ret_bus) MUST_USE;
/** Closes everything. Accepts NULL. */
void modem_bus_end(struct modem_bus *bus);

#endif
