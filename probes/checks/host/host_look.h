/**
 * @file
 * One look at the machine: the files of /proc and /sys, the disk and the clock, as facts.
 *
 * What the texts mean is host_machine.h's, what is good or bad host_check.c's.
 */
#ifndef HOST_HOST_LOOK_H
#define HOST_HOST_LOOK_H

#include "checks/check.h"
#include "checks/host/host_machine.h"

/** What was seen. Numbers that could not be had are NaN. */
struct host_look {
    bool has_cpu;          /**< cpu could be read */
    struct host_cpu cpu;   /**< counters since boot */
    double memory_ratio;   /**< share in use */
    double disk_ratio;     /**< share in use, as df counts it */
    double load;           /**< mean over a minute */
    double uptime_s;       /**< since boot */
    double celsius;        /**< the hottest sensor */
    bool has_clock;        /**< the kernel told about its clock */
    bool clock_synced;     /**< something disciplines it (adjtimex(2)) */
    double clock_error_ms; /**< largest error the kernel believes in; NaN unless synchronised */
};

/** Looks. @p disk is a path on a local file system; a network one could block. */
struct host_look host_look(const struct check_env *env, const char *disk);

#endif
