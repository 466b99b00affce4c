/**
 * @file
 * The modems of all targets: one for each device, however many targets name it.
 *
 * Inner header of the notifier; nobody else includes it.
 */
#ifndef SHELL_NOTIFY_MODEMS_H
#define SHELL_NOTIFY_MODEMS_H

#include "shell/notify_own.h"

/** One modem. */
struct notify_modems_row {
    char device[64];         /**< path */
    int64_t baud;            /**< of the line */
    int64_t look_ms;         /**< how often replies are looked for */
    struct sms_modem *modem; /**< on it */
};

/** Storage of the caller, zeroed at first. */
struct notify_modems {
    struct notify_modems_row row[NOTIFY_DEVICES_MAX]; /**< those in use */
    size_t len;                                       /**< of row */
};

/** True if those of @p conf stay as they are with the devices of @p file. */
bool notify_modems_stay(const struct notify_modems *m, const struct rules_file *file,
                        const struct notify_conf *conf);
/** Goes on with the devices of @p file: those that stay as they were are kept, nothing may be under
 * way at others. 0, or ERR_FULL or ERR_NOMEM with those that there was room for. */
int notify_modems_set(struct notify_modems *m, const struct rules_file *file, struct loop *loop,
                      sms_modem_came *came, void *context) MUST_USE;
/** Closes all. */
void notify_modems_close(struct notify_modems *m);
/** The modem on @p device, NULL if there is none. */
struct sms_modem *notify_modems_find(const struct notify_modems *m, const char *device);

#endif
