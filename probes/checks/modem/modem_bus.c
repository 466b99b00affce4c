#include "checks/modem/modem_bus.h"

#include "base/err.h"
#include "checks/modem/modem_manager.h"
#include "io/loop.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-bus.h>

#define SERVICE "org.freedesktop.ModemManager1"
#define ROOT "/org/freedesktop/ModemManager1"

/* Seconds between two looks of ModemManager at a modem's signals. */
enum { RATE_S = 30 };

struct modem_bus {
    sd_bus *bus;
    struct loop_poll *poll;
    modem_bus_fn *fn;
    void *arg;
    char identifier[MODEM_ANSWER_TEXT_MAX];
    struct modem_manager modem;
    bool turning; /* sd_bus_process() is under way and still needs all of this */
    bool over;    /* ended meanwhile: goes after the turn */
};

bool modem_bus_built(void)
{
    return true;
}

static void finish(struct modem_bus *b, const char *why)
{
    b->fn(b->arg, &b->modem.facts, why);
}

static int on_place(sd_bus_message *answer, void *arg, sd_bus_error *error)
{
    struct modem_bus *b = arg;
    (void)error;
    if (!sd_bus_message_is_method_error(answer, NULL)) /* a modem may not know its place */
        modem_manager_place(answer, &b->modem.facts);
    finish(b, NULL);
    return 0;
}

static void ask_place(struct modem_bus *b)
{
    if (sd_bus_call_method_async(b->bus, NULL, SERVICE, b->modem.path, SERVICE ".Modem.Location",
                                 "GetLocation", on_place, b, NULL) < 0)
        finish(b, NULL);
}

/* Refused or not, the rest is asked all the same. */
static int on_setup(sd_bus_message *answer, void *arg, sd_bus_error *error)
{
    (void)answer, (void)error;
    ask_place(arg);
    return 0;
}

static int on_objects(sd_bus_message *answer, void *arg, sd_bus_error *error)
{
    struct modem_bus *b = arg;
    (void)error;
    if (sd_bus_message_is_method_error(answer, NULL))
        finish(b, "ModemManager does not answer");
    else if (modem_manager_read(answer, b->identifier, &b->modem) != 0)
        finish(b, "ModemManager's answer makes no sense");
    else if (!b->modem.path[0])
        finish(b, b->identifier[0] ? "ModemManager does not know the modem"
                                   : "ModemManager has no modem");
    else if (!b->modem.signal || b->modem.watched ||
             sd_bus_call_method_async(b->bus, NULL, SERVICE, b->modem.path, SERVICE ".Modem.Signal",
                                      "Setup", on_setup, b, "u", (uint32_t)RATE_S) < 0)
        ask_place(b);
    return 0;
}

static bool want(struct modem_bus *b)
{
    int events = sd_bus_get_events(b->bus);
    int wanted = (events & POLLIN ? LOOP_READ : 0) | (events & POLLOUT ? LOOP_WRITE : 0);
    return events >= 0 && loop_poll_want(b->poll, wanted) == 0;
}

static void release(struct modem_bus *b)
{
    loop_poll_close(b->poll);
    sd_bus_close(b->bus); /* sends nothing, waits for nothing */
    sd_bus_unref(b->bus);
    free(b);
}

/* A callback may end the run. */
static void on_event(void *arg, int events)
{
    struct modem_bus *b = arg;
    int r = 1;
    (void)events;
    b->turning = true;
    while (!b->over && r > 0)
        r = sd_bus_process(b->bus, NULL);
    b->turning = false;
    if (b->over)
        release(b);
    else if (r < 0 || !want(b))
        finish(b, "the system's bus is gone");
}

static int begin(struct modem_bus *b, struct loop *loop)
{
    if (sd_bus_open_system(&b->bus) < 0)
        return ERR_IO;
    if (sd_bus_call_method_async(b->bus, NULL, SERVICE, ROOT, "org.freedesktop.DBus.ObjectManager",
                                 "GetManagedObjects", on_objects, b, NULL) < 0)
        return ERR_IO;
    int err = loop_poll_open(loop, sd_bus_get_fd(b->bus), on_event, b, &b->poll);
    return err ? err : want(b) ? 0 : ERR_LIBRARY;
}

int modem_bus_start(struct loop *loop, const char *identifier, modem_bus_fn *fn, void *arg,
                    struct modem_bus **ret_bus)
{
    struct modem_bus *b = calloc(1, sizeof *b);
    if (!b)
        return ERR_NOMEM;
    b->fn = fn;
    b->arg = arg;
    snprintf(b->identifier, sizeof b->identifier, "%s", identifier);
    int err = begin(b, loop);
    if (err)
        modem_bus_end(b);
    else
        *ret_bus = b;
    return err;
}

void modem_bus_end(struct modem_bus *b)
{
    if (!b)
        return;
    if (b->turning)
        b->over = true;
    else
        release(b);
}
