/**
 * @file
 * What the suite of all types of check looks at: servers that answer and that swallow everything,
 * modules, modems and agents that are played, and a machine's files below a folder.
 */
#ifndef CHECKS_STAGE_H
#define CHECKS_STAGE_H

#include "at_modem.h"
#include "folder.h"
#include "modbus_plant.h"
#include "rig.h"
#include "server.h"
#include "sfp_images.h"
#include "snmp_liar.h"
#include "stand_in.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/** Where the reflector of the stage listens. */
#define REFLECTOR_PORT 18622

static struct stand_in stand_in;
static struct modbus_plant plant;
static uint8_t module[SFP_IMAGES_MAX];
static struct at_modem modem, mute;
static struct snmp_liar agent, quiet;
static char agent_profile[FOLDER_PATH_MAX];
static pid_t reflector;
static char root[FOLDER_PATH_MAX];
static bool own_network;

/* ---- the stage ---- */

static inline void put(const char *path, const char *text)
{
    char full[2 * FOLDER_PATH_MAX];
    snprintf(full, sizeof full, "%s%s", root, path);
    for (char *slash = full + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        (void)mkdir(full, 0700);
        *slash = '/';
    }
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* A reflector in a process of its own, for stamp checks: its pid. */
static inline pid_t reflect(uint16_t port)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    struct rig rig;
    char listen[32];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    snprintf(listen, sizeof listen, "127.0.0.1:%u", (unsigned)port);
    rig_open(&rig, "");
    rig_type(&rig, check_table_find(slice_of("reflector")));
    rig_set(&rig, "listen", listen);
    rig_check(&rig);
    rig_run(&rig);
    loop_run(rig.env.loop);
    _exit(0);
}

static inline int set_stage(void **state)
{
    static const char *const counters[] = {"rx_bytes",  "tx_bytes",   "rx_errors",
                                           "tx_errors", "rx_dropped", "tx_dropped"};

    (void)state;
    own_network = server_namespace();
    stand_in_open(&stand_in);
    modbus_plant_open(&plant, false);
    sfp_ioctl_module(module, sfp_images_make(SFP_IMAGE_HEALTHY, module), 0);
    at_modem_open(&modem, AT_MODEM_WELL);
    at_modem_open(&mute, AT_MODEM_SILENT);
    snmp_liar_open(&agent, SNMP_LIAR_HONEST);
    snmp_liar_open(&quiet, SNMP_LIAR_MUTE);
    reflector = reflect(REFLECTOR_PORT);
    folder_make(root);
    folder_path(agent_profile, root, "agent.yaml");
    put("/agent.yaml", "profile: {about: test}\nvalues:\n"
                       "  - {name: one, oid: 1.3.6.1.4.1.99999.2, index: '0'}\n"
                       "  - {name: rows, oid: 1.3.6.1.4.1.99999.1}\n");
    put("/proc/stat", "cpu  100 0 100 800 0 0 0 0 0 0\n");
    put("/proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 400 kB\n");
    put("/proc/loadavg", "0.50 0.40 0.30 1/90 4711\n");
    put("/proc/uptime", "12345.67 23456.78\n");
    put("/sys/class/thermal/thermal_zone0/temp", "45000\n");
    put("/sys/class/hwmon/hwmon3/temp2_input", "51500\n");
    put("/sys/class/net/up0/ifindex", "7\n");
    put("/sys/class/net/up0/flags", "0x1003\n");
    put("/sys/class/net/up0/carrier", "1\n");
    put("/sys/class/net/up0/speed", "1000\n");
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        char path[128];
        snprintf(path, sizeof path, "/sys/class/net/up0/statistics/%s", counters[i]);
        put(path, "1000\n");
    }
    return 0;
}

static inline int clear_stage(void **state)
{
    (void)state;
    server_stop(reflector, SIGKILL);
    snmp_liar_close(&quiet);
    snmp_liar_close(&agent);
    at_modem_close(&mute);
    at_modem_close(&modem);
    modbus_plant_close(&plant);
    stand_in_close(&stand_in);
    folder_remove(root);
    return 0;
}

/** The port that a `%x` stands for. */
static inline uint16_t port_of(char letter)
{
    switch (letter) {
    case 'f':
        return REFLECTOR_PORT;
    case 'a':
        return agent.port;
    case 'q':
        return quiet.port;
    case 't':
        return stand_in.talker;
    case 'w':
        return stand_in.web;
    case 'm':
        return plant.port;
    case 'n':
        return stand_in.names;
    case 'r':
        return stand_in.refusing;
    default:
        return stand_in.swallowing;
    }
}

#endif
