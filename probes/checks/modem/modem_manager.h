/**
 * @file
 * What ModemManager tells over D-Bus, read into the same facts as the answers of AT commands.
 *
 * Messages come in, facts go out: nothing is sent here (modem_bus.h does). Properties that are
 * missing, of another type or out of any plausible range are not known; ModemManager's interfaces
 * Modem, Modem.Modem3gpp, Modem.Signal and Modem.Location are described in its D-Bus API reference.
 */
#ifndef MODEM_MODEM_MANAGER_H
#define MODEM_MODEM_MANAGER_H

#include "base/attr.h"
#include "checks/modem/modem_answer.h"

struct sd_bus_message;

/** Longest object path kept, with its NUL. */
#define MODEM_MANAGER_PATH_MAX 64

/** One modem. */
struct modem_manager {
    char path[MODEM_MANAGER_PATH_MAX];      /**< of its object; "" = none was found */
    char identifier[MODEM_ANSWER_TEXT_MAX]; /**< its IMEI */
    bool signal;                            /**< it can tell signals */
    bool watched;                           /**< it was asked to keep them fresh */
    struct modem_facts facts;               /**< what is known */
};

/** Reads the answer to GetManagedObjects: the modem whose IMEI is @p identifier, or the first if
 * that is empty. 0 (path is empty if there is no such modem), or ERR_CORRUPT. */
int modem_manager_read(struct sd_bus_message *objects, const char *identifier,
                       struct modem_manager *ret_modem) MUST_USE;
/** Reads the answer to GetLocation: cell and area, where told. */
void modem_manager_place(struct sd_bus_message *location, struct modem_facts *facts);

#endif
