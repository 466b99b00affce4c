#include "modem_manager_mock.h"

#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#define SERVICE "org.freedesktop.ModemManager1"
#define MODEM SERVICE ".Modem"
#define FIRST "/org/freedesktop/ModemManager1/Modem/0"
#define SECOND "/org/freedesktop/ModemManager1/Modem/1"

enum { GSM = 1 << 1, LTE = 1 << 14, NR = 1 << 15, HOME = 1, SEARCHING = 2 };

static uint32_t rate; /* as Setup was called with */

/* Before signals were asked for nothing is known of them. */
static double of(double signal)
{
    return rate ? signal : -32768;
}

static int two_modems(sd_bus_message *out)
{
    return sd_bus_message_append(
        out, "a{oa{sa{sv}}}", 2,                                                   /* */
        FIRST, 1, MODEM, 2, "EquipmentIdentifier", "s", "356000000000001",         /* */
        "AccessTechnologies", "u", GSM,                                            /* */
        SECOND, 4,                                                                 /* */
        MODEM, 4, "EquipmentIdentifier", "s", "356000000000002", "State", "i", 11, /* */
        "AccessTechnologies", "u", LTE, "SignalQuality", "(ub)", 71, 1,            /* */
        MODEM ".Modem3gpp", 2, "OperatorCode", "s", "45204", "RegistrationState", "u", HOME,
        MODEM ".Signal", 3, "Rate", "u", rate, /* */
        "Lte", "a{sv}", 4, "rssi", "d", of(-67), "rsrp", "d", of(-97.5), "rsrq", "d", of(-11),
        "snr", "d", of(12.4), "Nr5g", "a{sv}", 0, /* */
        "org.freedesktop.DBus.Introspectable", 0);
}

static int beside(sd_bus_message *out)
{
    return sd_bus_message_append(
        out, "a{oa{sa{sv}}}", 1, FIRST, 3, /* */
        MODEM, 2, "EquipmentIdentifier", "s", "356000000000003", "AccessTechnologies", "u",
        LTE | NR, /* */
        MODEM ".Modem3gpp", 2, "OperatorCode", "s", "45201", "RegistrationState", "u", HOME,
        MODEM ".Signal", 3, "Rate", "u", 30,   /* */
        "Lte", "a{sv}", 1, "rsrp", "d", -90.0, /* */
        "Nr5g", "a{sv}", 3, "rsrp", "d", -101.0, "rsrq", "d", -12.5, "snr", "d", 8.5);
}

static int searching(sd_bus_message *out)
{
    return sd_bus_message_append(out, "a{oa{sa{sv}}}", 1, FIRST, 2,      /* */
                                 MODEM, 1, "AccessTechnologies", "u", 0, /* */
                                 MODEM ".Modem3gpp", 1, "RegistrationState", "u", SEARCHING);
}

static int odd(sd_bus_message *out)
{
    return sd_bus_message_append(
        out, "a{oa{sa{sv}}}", 1, FIRST, 3,                                         /* */
        MODEM, 2, "EquipmentIdentifier", "u", 7, "AccessTechnologies", "s", "lte", /* */
        MODEM ".Modem3gpp", 2, "OperatorCode", "as", 2, "4", "5", "RegistrationState", "u",
        4000000000U, MODEM ".Signal", 3, "Rate", "s", "often", /* */
        "Lte", "d", 1.0, "Nr5g", "a{sv}", 2, "rsrp", "d", -32768.0, "rsrq", "a{sv}", 1, "deep", "d",
        1.0);
}

static int answer(sd_bus_message *call, int (*fill)(sd_bus_message *out))
{
    sd_bus_message *out = NULL;
    int r = sd_bus_message_new_method_return(call, &out);
    if (r >= 0)
        r = fill(out);
    if (r >= 0)
        r = sd_bus_send(NULL, out, NULL);
    sd_bus_message_unref(out);
    return r < 0 ? r : 1;
}

static int nothing(sd_bus_message *out)
{
    return sd_bus_message_append(out, "a{oa{sa{sv}}}", 0);
}

static int on_root(sd_bus_message *call, void *arg, sd_bus_error *error)
{
    static int (*const plays[])(sd_bus_message *) = {[MODEM_MANAGER_LTE] = two_modems,
                                                     [MODEM_MANAGER_NSA] = beside,
                                                     [MODEM_MANAGER_SEARCHING] = searching,
                                                     [MODEM_MANAGER_NONE] = nothing,
                                                     [MODEM_MANAGER_ODD] = odd};

    (void)error;
    const enum modem_manager_play *play = arg;
    if (!sd_bus_message_is_method_call(call, "org.freedesktop.DBus.ObjectManager",
                                       "GetManagedObjects"))
        return 0;
    return *play == MODEM_MANAGER_MUTE ? 1 : answer(call, plays[*play]);
}

static int place(sd_bus_message *out)
{
    return sd_bus_message_append(out, "a{uv}", 2, 2, "s", "other", 1, "s",
                                 "452,04,FFFE,01C3D4E5,1A2B");
}

static int on_modem(sd_bus_message *call, void *arg, sd_bus_error *error)
{
    (void)arg;
    if (sd_bus_message_is_method_call(call, MODEM ".Signal", "Setup"))
        return sd_bus_message_read(call, "u", &rate) < 0 ? -1
                                                         : sd_bus_reply_method_return(call, NULL);
    if (sd_bus_message_is_method_call(call, MODEM ".Location", "GetLocation"))
        return answer(call, place);
    return sd_bus_error_set_const(error, SD_BUS_ERROR_UNKNOWN_METHOD, "no such method");
}

/* Tells by a byte on @p ready that it has its name. */
static void serve(enum modem_manager_play play, int ready)
{
    sd_bus *bus = NULL;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (sd_bus_open_system(&bus) < 0 ||
        sd_bus_add_object(bus, NULL, "/org/freedesktop/ModemManager1", on_root, &play) < 0 ||
        sd_bus_add_object(bus, NULL, FIRST, on_modem, NULL) < 0 ||
        sd_bus_add_object(bus, NULL, SECOND, on_modem, NULL) < 0 ||
        sd_bus_request_name(bus, SERVICE, 0) < 0 || write(ready, "", 1) != 1)
        _exit(1);
    while (sd_bus_process(bus, NULL) >= 0)
        if (sd_bus_wait(bus, UINT64_MAX) < 0)
            break;
    _exit(0);
}

static pid_t start_bus(const char *address, int ready)
{
    char print[32];
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    snprintf(print, sizeof print, "--print-address=%d", ready);
    execlp("dbus-daemon", "dbus-daemon", "--session", "--nofork", "--nopidfile", "--nosyslog",
           address, print, (char *)NULL);
    _exit(1);
}

static void await_byte(int fd)
{
    char byte;
    assert_int_equal(read(fd, &byte, 1), 1);
}

void modem_manager_mock_open(struct modem_manager_mock *m, enum modem_manager_play play)
{
    char address[2 * FOLDER_PATH_MAX], option[2 * FOLDER_PATH_MAX + 16];
    int ready[2];
    folder_make(m->folder);
    snprintf(address, sizeof address, "unix:path=%s/bus", m->folder);
    snprintf(option, sizeof option, "--address=%s", address);
    assert_int_equal(setenv("DBUS_SYSTEM_BUS_ADDRESS", address, 1), 0);
    assert_int_equal(pipe(ready), 0);
    m->bus = start_bus(option, ready[1]);
    await_byte(ready[0]); /* the address' first: it listens */
    close(ready[0]);
    close(ready[1]);
    m->service = -1;
    if (play == MODEM_MANAGER_ABSENT)
        return;
    assert_int_equal(pipe(ready), 0);
    m->service = fork();
    if (m->service == 0)
        serve(play, ready[1]);
    close(ready[1]);
    await_byte(ready[0]);
    close(ready[0]);
}

static void end(pid_t pid)
{
    if (pid <= 0)
        return;
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
}

void modem_manager_mock_close(struct modem_manager_mock *m)
{
    end(m->service);
    end(m->bus);
    folder_remove(m->folder);
}
