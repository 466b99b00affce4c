/* Preloaded into one process, it shifts that process' wall clock by the milliseconds that stand as
 * a native 64-bit number in the file IOC_CHAOS_CLOCK, which may change at any time. The monotonic
 * clock stays: this is what a wrong battery-backed clock or an operator's `date -s` looks like. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *shift_ms;

__attribute__((constructor)) static void map_shift(void)
{
    const char *path = getenv("IOC_CHAOS_CLOCK");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *page = mmap(NULL, sizeof *shift_ms, PROT_READ, MAP_SHARED, fd, 0);
    if (page != MAP_FAILED)
        shift_ms = page;
    close(fd);
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): libc reserves its own */
int clock_gettime(clockid_t which, struct timespec *at)
{
    int failed = (int)syscall(SYS_clock_gettime, which, at);
    if (failed || !shift_ms || (which != CLOCK_REALTIME && which != CLOCK_REALTIME_COARSE))
        return failed;
    int64_t ms = *shift_ms;
    at->tv_sec += ms / 1000;
    at->tv_nsec += ms % 1000 * 1000000;
    while (at->tv_nsec < 0 || at->tv_nsec >= 1000000000) {
        int step = at->tv_nsec < 0 ? -1 : 1;
        at->tv_sec += step;
        at->tv_nsec -= step * 1000000000;
    }
    return 0;
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): libc reserves its own */
int gettimeofday(struct timeval *restrict at, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return -1;
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): libc reserves its own */
time_t time(time_t *ret)
{
    struct timespec now = {0};
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return (time_t)-1;
    if (ret)
        *ret = now.tv_sec;
    return now.tv_sec;
}
