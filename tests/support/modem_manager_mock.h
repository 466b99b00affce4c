/**
 * @file
 * A ModemManager that is played: the service's name on a bus of its own (dbus-daemon), answering
 * as its D-Bus API reference says. Not the real one: what modems do to it is not here.
 */
#ifndef MODEM_MANAGER_MOCK_H
#define MODEM_MANAGER_MOCK_H

#include "folder.h"

#include <sys/types.h>

/** What it has. */
enum modem_manager_play {
    MODEM_MANAGER_LTE,       /**< two modems, the second in 4G; signals are not asked for yet */
    MODEM_MANAGER_NSA,       /**< one, 5G beside 4G */
    MODEM_MANAGER_SEARCHING, /**< one, without service */
    MODEM_MANAGER_NONE,      /**< no modem */
    MODEM_MANAGER_ODD,       /**< properties of other types than they should have */
    MODEM_MANAGER_MUTE,      /**< never answers */
    MODEM_MANAGER_ABSENT,    /**< nobody has the service's name */
};

/** Storage of the caller. */
struct modem_manager_mock {
    char folder[FOLDER_PATH_MAX]; /**< of the bus' socket */
    pid_t bus;                    /**< dbus-daemon */
    pid_t service;                /**< the player */
};

/** Starts both and points this process' system bus there. */
void modem_manager_mock_open(struct modem_manager_mock *m, enum modem_manager_play play);
/** Ends both. */
void modem_manager_mock_close(struct modem_manager_mock *m);

#endif
