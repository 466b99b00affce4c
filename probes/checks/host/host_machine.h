/**
 * @file
 * What the kernel's own text says about the machine: CPU, memory, load, uptime, temperature.
 *
 * Pure: the text of /proc and /sys files comes in, numbers go out. Reading the files, the disk and
 * the clock is host_check.c's. Every reader returns false, and leaves its result untouched, if the
 * text is not what proc(5) describes.
 */
#ifndef HOST_HOST_MACHINE_H
#define HOST_HOST_MACHINE_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/** Ticks since boot, summed over all CPUs. */
struct host_cpu {
    uint64_t busy;  /**< ticks of work, interrupts and stolen time */
    uint64_t total; /**< busy, idle and waiting for disks */
};

/** Reads the "cpu" line of /proc/stat. */
bool host_machine_cpu(struct slice stat, struct host_cpu *ret_cpu);
/** Share of time the CPUs worked from @p before to @p now, 0 to 1; false if no tick passed or the
 * counters went backwards. */
bool host_machine_cpu_ratio(const struct host_cpu *before, const struct host_cpu *now,
                            double *ret_ratio);
/** Share of memory in use, 0 to 1, from /proc/meminfo: 1 - MemAvailable / MemTotal. */
bool host_machine_memory_ratio(struct slice meminfo, double *ret_ratio);
/** The mean load over one minute from /proc/loadavg. */
bool host_machine_load(struct slice loadavg, double *ret_load);
/** Seconds since boot from /proc/uptime. */
bool host_machine_uptime_s(struct slice uptime, double *ret_seconds);
/** Degrees Celsius from a thermal zone's or hwmon's file in thousandths; false for what no sensor
 * measures (below -60 or above 200: drivers report such numbers for an absent sensor). */
bool host_machine_temperature(struct slice text, double *ret_celsius);
/** Share of a file system in use as df counts it: @p used_blocks / (@p used_blocks +
 * @p available_blocks); false if both are 0. */
bool host_machine_disk_ratio(uint64_t used_blocks, uint64_t available_blocks, double *ret_ratio);

#endif
