#include "checks/host/host_check.h"

#include "base/err.h"
#include "checks/host/host_look.h"

#include <math.h>
#include <stdio.h>

enum { CPU, MEMORY, DISK, LOAD, TEMPERATURE, UPTIME, CLOCK_SYNCED, CLOCK_ERROR };

static const struct check_metric metrics[] = {
    [CPU] = {"cpu", READING_NUMBER, "/",
             "Share of time the CPUs worked since the run before; absent in the first run."},
    [MEMORY] = {"memory", READING_NUMBER, "/",
                "Share of memory in use that programs cannot be given; absent if unreadable."},
    [DISK] = {"disk", READING_NUMBER, "/",
              "Share of the file system in use, as df counts it; absent if the path is not there."},
    [LOAD] = {"load", READING_NUMBER, NULL, "Mean load over a minute; absent if unreadable."},
    [TEMPERATURE] = {"temperature", READING_NUMBER, "Cel",
                     "The hottest sensor of the machine; absent if it has none."},
    [UPTIME] = {"uptime", READING_NUMBER, "s", "Time since boot; absent if unreadable."},
    [CLOCK_SYNCED] = {"clock_synced", READING_FLAG, NULL,
                      "Something such as chrony disciplines the clock; absent if the kernel does "
                      "not say."},
    [CLOCK_ERROR] = {"clock_error", READING_NUMBER, "ms",
                     "Largest error of the clock the kernel believes in; absent unless "
                     "synchronised."},
};

#define KEY(member) CHECK_KEY(struct host_config, member)

static const struct field fields[] = {
    {"disk", FIELD_TEXT, KEY(disk), 0, 0, "/", NULL, "A path on the local file system to look at.",
     NULL},
    {"clock_must_sync", FIELD_BOOL, KEY(clock_must_sync), 0, 0, "true", NULL,
     "Degraded while the clock is not synchronised.", NULL},
    {"degraded_cpu_ratio", FIELD_F64, KEY(degraded_cpu_ratio), 0, 1, "0.95", "ratio",
     "Degraded from this share of CPU time on; 0 is no limit.", NULL},
    {"failed_cpu_ratio", FIELD_F64, KEY(failed_cpu_ratio), 0, 1, "0", "ratio",
     "Failed from this share of CPU time on; 0 is no limit.", NULL},
    {"degraded_memory_ratio", FIELD_F64, KEY(degraded_memory_ratio), 0, 1, "0.95", "ratio",
     "Degraded from this share of memory on; 0 is no limit.", NULL},
    {"failed_memory_ratio", FIELD_F64, KEY(failed_memory_ratio), 0, 1, "0", "ratio",
     "Failed from this share of memory on; 0 is no limit.", NULL},
    {"degraded_disk_ratio", FIELD_F64, KEY(degraded_disk_ratio), 0, 1, "0.9", "ratio",
     "Degraded from this share of the file system on; 0 is no limit.", NULL},
    {"failed_disk_ratio", FIELD_F64, KEY(failed_disk_ratio), 0, 1, "0", "ratio",
     "Failed from this share of the file system on; 0 is no limit.", NULL},
    {"degraded_load", FIELD_F64, KEY(degraded_load), 0, 1e6, "0", "tasks",
     "Degraded from this load on; 0 is no limit.", NULL},
    {"failed_load", FIELD_F64, KEY(failed_load), 0, 1e6, "0", "tasks",
     "Failed from this load on; 0 is no limit.", NULL},
    {"degraded_temperature_cel", FIELD_F64, KEY(degraded_temperature_cel), 0, 200, "80", "Cel",
     "Degraded from this temperature on; 0 is no limit.", NULL},
    {"failed_temperature_cel", FIELD_F64, KEY(failed_temperature_cel), 0, 200, "0", "Cel",
     "Failed from this temperature on; 0 is no limit.", NULL},
};

#undef KEY

#define AT(member) offsetof(struct host_config, member)

static const struct threshold limits[] = {
    {"cpu", THRESHOLD_ABOVE, AT(degraded_cpu_ratio), AT(failed_cpu_ratio), 0},
    {"memory", THRESHOLD_ABOVE, AT(degraded_memory_ratio), AT(failed_memory_ratio), 0},
    {"disk", THRESHOLD_ABOVE, AT(degraded_disk_ratio), AT(failed_disk_ratio), 0},
    {"load", THRESHOLD_ABOVE, AT(degraded_load), AT(failed_load), 0},
    {"temperature", THRESHOLD_ABOVE, AT(degraded_temperature_cel), AT(failed_temperature_cel), 0},
};

#undef AT

struct host_state {
    bool has_before;        /* before is of an earlier run */
    struct host_cpu before; /* CPU counters of the run before */
};

static bool host_verify(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct host_config *config = object;
    if (!check_common_ok(&config->common, ret_why))
        return false;
    if (config->common.target[0]) {
        snprintf(ret_why, FIELD_WHY_MAX, "host takes no target: it looks at its own machine");
        return false;
    }
    if (config->disk[0] == '/')
        return true;
    snprintf(ret_why, FIELD_WHY_MAX, "disk must be an absolute path");
    return false;
}

static void host_report_cpu(struct check *check, const struct host_look *look)
{
    struct host_state *state = check_state(check);
    double ratio = NAN;
    if (look->has_cpu && state->has_before &&
        host_machine_cpu_ratio(&state->before, &look->cpu, &ratio))
        check_report_number(check_draft(check), CPU, ratio);
    state->has_before = look->has_cpu;
    state->before = look->cpu;
}

static void host_start(struct check *check)
{
    const struct host_config *config = check_config(check);
    struct check_report *draft = check_draft(check);
    struct host_look look = host_look(check_env(check), config->disk);
    host_report_cpu(check, &look);
    check_report_number(draft, MEMORY, look.memory_ratio);
    check_report_number(draft, DISK, look.disk_ratio);
    check_report_number(draft, LOAD, look.load);
    check_report_number(draft, TEMPERATURE, look.celsius);
    check_report_number(draft, UPTIME, look.uptime_s);
    if (look.has_clock)
        check_report_flag(draft, CLOCK_SYNCED, look.clock_synced);
    check_report_number(draft, CLOCK_ERROR, look.clock_error_ms);
    if (look.has_clock && !look.clock_synced && config->clock_must_sync)
        check_report_judge(draft, VERDICT_DEGRADED, "the clock is not synchronised");
    if (!look.has_cpu && isnan(look.memory_ratio) && isnan(look.load))
        check_report_judge(draft, VERDICT_UNKNOWN, "/proc cannot be read");
    if (isnan(look.disk_ratio))
        check_report_judge(draft, VERDICT_UNKNOWN, "no file system at %.80s", config->disk);
    check_finish(check);
}

static void host_expire(struct check *check)
{
    check_conclude(check, VERDICT_UNKNOWN, "the system's files did not answer in time");
}

const struct check_type host_check = {
    .name = "host",
    .about = "The machine the probe runs on: CPU, memory, disk, load, temperature, uptime, clock.",
    .target_about = NULL,
    .fields = fields,
    .n_fields = CHECK_COUNT(fields),
    .config_size = sizeof(struct host_config),
    .metrics = metrics,
    .n_metrics = CHECK_COUNT(metrics),
    .limits = limits,
    .n_limits = CHECK_COUNT(limits),
    .cause = CAUSE_FAULT,
    .state_size = sizeof(struct host_state),
    .verify = host_verify,
    .start = host_start,
    .expire = host_expire,
};
