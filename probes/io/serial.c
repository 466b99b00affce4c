#include "io/serial.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

enum { NONE, EVEN, ODD };

const char *const serial_parities[] = {[NONE] = "none", [EVEN] = "even", [ODD] = "odd", NULL};

static const struct {
    int64_t baud;
    speed_t speed;
} speeds[] = {
    {1200, B1200},     {2400, B2400},     {4800, B4800},     {9600, B9600},
    {19200, B19200},   {38400, B38400},   {57600, B57600},   {115200, B115200},
    {230400, B230400}, {460800, B460800}, {921600, B921600},
};

/* 0 for a rate that is not known: B0 means to hang up. */
static speed_t speed_of(int64_t baud)
{
    for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++) {
        if (speeds[i].baud == baud)
            return speeds[i].speed;
    }
    return B0;
}

bool serial_baud_ok(int64_t baud)
{
    return speed_of(baud) != B0;
}

static int set_line(int fd, const struct serial_line *line)
{
    struct termios settings;
    if (tcgetattr(fd, &settings) != 0)
        return errno;
    cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    settings.c_cflag &= ~(tcflag_t)(CSTOPB | CRTSCTS | PARENB | PARODD);
    if (line->parity != NONE)
        settings.c_cflag |= PARENB;
    if (line->parity == ODD)
        settings.c_cflag |= PARODD;
    if (cfsetspeed(&settings, speed_of(line->baud)) != 0 || tcsetattr(fd, TCSANOW, &settings) != 0)
        return errno;
    return tcflush(fd, TCIOFLUSH) == 0 ? 0 : errno;
}

int serial_open(const char *path, const struct serial_line *line, int *ret_fd)
{
    int fd = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    int error = flock(fd, LOCK_EX | LOCK_NB) == 0 ? set_line(fd, line) : errno;
    if (error) {
        close(fd);
        return error;
    }
    *ret_fd = fd;
    return 0;
}
