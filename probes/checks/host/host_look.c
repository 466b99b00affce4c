#include "checks/host/host_look.h"

#include "checks/check_file.h"
#include "io/file.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <sys/timex.h>

/* Most entries of a folder of sensors: a rack server has a few dozen. */
#define SENSORS_MAX 128

static double read_number(const struct check_env *env, const char *path, struct buf *text,
                          bool (*read)(struct slice text, double *ret_number))
{
    double number = NAN;
    if (check_file_read(env, path, text) != 0 || !read(check_file_text(text), &number))
        return NAN;
    return number;
}

/* Where temperatures stand: the entries of a folder called start...end, each with a file in it, or
 * with entries of its own. */
struct sensors {
    const char *start;
    const char *end;
    const char *file; /* below the entry, or "" if the entry is the file */
    const struct sensors *below;
};

static bool called(const char *name, const struct sensors *sensors)
{
    size_t len = strlen(name);
    size_t start = strlen(sensors->start);
    size_t end = strlen(sensors->end);
    return len >= start + end && memcmp(name, sensors->start, start) == 0 &&
           memcmp(name + len - end, sensors->end, end) == 0;
}

static double hottest_in(const struct check_env *env, const char *folder,
                         const struct sensors *sensors, struct buf *text)
{
    char path[FILE_PATH_MAX];
    double hottest = NAN;
    DIR *dir = NULL;
    const struct dirent *entry = NULL;
    if (check_file_path(env, path, sizeof path, "%s", folder) == 0)
        dir = opendir(path);
    for (int n = 0; dir && n < SENSORS_MAX && (entry = readdir(dir)) != NULL;) {
        if (!called(entry->d_name, sensors))
            continue;
        n++;
        snprintf(path, sizeof path, "%.256s/%.256s%s", folder, entry->d_name, sensors->file);
        double here = sensors->below ? hottest_in(env, path, sensors->below, text)
                                     : read_number(env, path, text, host_machine_temperature);
        hottest = fmax(hottest, here);
    }
    if (dir)
        closedir(dir);
    return hottest;
}

/* Zones are the kernel's own view, chips what drivers of sensors offer; fmax() passes over NaN. */
static double hottest(const struct check_env *env, struct buf *text)
{
    static const struct sensors zones = {"thermal_zone", "", "/temp", NULL};
    static const struct sensors inputs = {"temp", "_input", "", NULL};
    static const struct sensors chips = {"hwmon", "", "", &inputs};

    return fmax(hottest_in(env, "/sys/class/thermal", &zones, text),
                hottest_in(env, "/sys/class/hwmon", &chips, text));
}

static double disk_ratio(const char *path)
{
    struct statvfs fs;
    double ratio = NAN;
    if (statvfs(path, &fs) != 0 || fs.f_bfree > fs.f_blocks ||
        !host_machine_disk_ratio(fs.f_blocks - fs.f_bfree, fs.f_bavail, &ratio))
        return NAN;
    return ratio;
}

static void look_at_clock(struct host_look *look)
{
    struct timex clock = {0};
    int state = adjtimex(&clock);
    look->clock_error_ms = NAN;
    look->has_clock = state >= 0;
    look->clock_synced = state >= 0 && state != TIME_ERROR && !(clock.status & STA_UNSYNC);
    if (look->clock_synced)
        look->clock_error_ms = (double)clock.maxerror / 1e3;
}

struct host_look host_look(const struct check_env *env, const char *disk)
{
    struct buf text;
    struct host_look look = {0};
    buf_init(&text, CHECK_FILE_MAX);
    look.has_cpu = check_file_read(env, "/proc/stat", &text) == 0 &&
                   host_machine_cpu(check_file_text(&text), &look.cpu);
    look.memory_ratio = read_number(env, "/proc/meminfo", &text, host_machine_memory_ratio);
    look.load = read_number(env, "/proc/loadavg", &text, host_machine_load);
    look.uptime_s = read_number(env, "/proc/uptime", &text, host_machine_uptime_s);
    look.celsius = hottest(env, &text);
    look.disk_ratio = disk_ratio(disk);
    look_at_clock(&look);
    buf_done(&text);
    return look;
}
