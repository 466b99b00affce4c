/* Preloaded into one process, it is that process' machine clock: a file named by IOC_MACHINE_CLOCK
 * holds two native 64-bit numbers, by how many milliseconds the wall clock is wrong, and whether
 * the kernel calls it synchronised. The file may change at any time; the monotonic clock is left
 * alone. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

struct machine_clock {
    int64_t wrong_ms;
    int64_t synchronised;
};

static const volatile struct machine_clock *machine;

__attribute__((constructor)) static void map_file(void)
{
    const char *path = getenv("IOC_MACHINE_CLOCK");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        abort(); /* a test that believes in a clock it does not have proves nothing */
    void *page = mmap(NULL, sizeof *machine, PROT_READ, MAP_SHARED, fd, 0);
    if (page == MAP_FAILED)
        abort();
    machine = page;
    close(fd);
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): libc reserves its own */
int clock_gettime(clockid_t which, struct timespec *at)
{
    int failed = (int)syscall(SYS_clock_gettime, which, at);
    if (failed || !machine || (which != CLOCK_REALTIME && which != CLOCK_REALTIME_COARSE))
        return failed;
    int64_t ns = (machine->wrong_ms % 1000) * 1000000 + at->tv_nsec;
    at->tv_sec += machine->wrong_ms / 1000 + ns / 1000000000;
    at->tv_nsec = ns % 1000000000;
    if (at->tv_nsec < 0) {
        at->tv_sec--;
        at->tv_nsec += 1000000000;
    }
    return 0;
}

/* What OpenSSL holds certificates against. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): libc reserves its own */
time_t time(time_t *at)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (at)
        *at = now.tv_sec;
    return now.tv_sec;
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): libc reserves its own */
int adjtimex(struct timex *t)
{
    if (t->modes != 0) {
        errno = EPERM;
        return -1;
    }
    memset(t, 0, sizeof *t);
    t->status = machine->synchronised ? 0 : STA_UNSYNC;
    return machine->synchronised ? TIME_OK : TIME_ERROR;
}
