#include "checks/power/power_line.h"

#include "base/err.h"
#include "checks/target.h"
#include "io/loop.h"

#include <errno.h>
#include <unistd.h>

enum { PORT = 502, BUSY_MS = 50, BITS_OF_SILENCE = 39 /* 3.5 characters of 11 bits */ };

bool power_line_is_serial(const char *target)
{
    return target[0] == '/';
}

static int fd_of(const struct power_line *line)
{
    return line->request.rtu ? line->serial : line->dial.fd;
}

static void hear(struct power_line *line)
{
    size_t half = sizeof line->in / 2;
    if (line->len == sizeof line->in) { /* noise: a frame is never longer than the newer half */
        memmove(line->in, line->in + half, half);
        line->len = half;
    }
    struct power_found found = {{0}, 0};
    ssize_t len = read(fd_of(line), line->in + line->len, sizeof line->in - line->len);
    enum power_answer answer = POWER_ANSWER_GARBAGE;
    if (len > 0 && !line->asked)
        return; /* late, or nobody's: the request in hand is not sent yet */
    if (len > 0) {
        line->len += (size_t)len;
        answer = power_modbus_read(&line->request, line->in, line->len, &found);
    } else if (len < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (answer == POWER_ANSWER_MORE)
        return;
    line->asked = false;
    line->answer(line->check, answer, &found);
}

static void on_event(void *arg, int events)
{
    (void)events;
    hear(arg);
}

static void watch(struct power_line *line)
{
    int err =
        loop_poll_open(check_env(line->check)->loop, fd_of(line), on_event, line, &line->poll);
    if (!err)
        err = loop_poll_want(line->poll, LOOP_READ);
    line->ready(line->check, err ? ENOMEM : 0);
}

static void on_dialled(void *arg, int error, int err)
{
    (void)err;
    struct power_line *line = arg;
    if (error)
        line->ready(line->check, error);
    else
        watch(line);
}

static void try_serial(struct power_line *line)
{
    int error = serial_open(line->way.target, &line->way.serial, &line->serial);
    if (error == EAGAIN) {
        loop_timer_after(line->pace, BUSY_MS);
        return;
    }
    line->open = error == 0;
    if (error)
        line->ready(line->check, error);
    else
        watch(line);
}

static void send_request(struct power_line *line)
{
    unsigned char bytes[POWER_MODBUS_REQUEST_MAX];
    size_t len = power_modbus_write(&line->request, bytes);
    line->len = 0;
    line->asked = true;
    if (write(fd_of(line), bytes, len) != (ssize_t)len)
        line->answer(line->check, POWER_ANSWER_GARBAGE, &(struct power_found){{0}, 0});
}

static void on_pace(void *arg)
{
    struct power_line *line = arg;
    if (line->request.rtu && !line->open)
        try_serial(line);
    else
        send_request(line);
}

static int start_tcp(struct power_line *line)
{
    struct target target = {0};
    int err = target_read(slice_of(line->way.target), &target);
    if (err)
        return err;
    uint16_t port = target.port ? target.port : PORT;
    return dial_start(&line->dial, line->check, target.host, port, target_af(0), on_dialled, line);
}

int power_line_start(struct power_line *line, struct check *check, const struct power_way *way,
                     power_line_ready_fn *ready, power_line_answer_fn *answer)
{
    *line = (struct power_line){.check = check, .way = *way, .ready = ready, .answer = answer};
    line->request.rtu = power_line_is_serial(way->target);
    int err = loop_timer_open(check_env(check)->loop, on_pace, line, &line->pace);
    if (!err && line->request.rtu)
        loop_timer_after(line->pace, 0);
    else if (!err)
        err = start_tcp(line);
    return err;
}

void power_line_ask(struct power_line *line, const struct power_request *request)
{
    bool rtu = line->request.rtu;
    uint16_t transaction = line->request.transaction;
    line->request = *request;
    line->request.rtu = rtu;
    line->request.unit = line->way.unit;
    line->request.transaction = (uint16_t)(transaction + 1);
    int64_t silence_ms = rtu ? 1 + BITS_OF_SILENCE * 1000 / line->way.serial.baud : 0;
    loop_timer_after(line->pace, silence_ms);
}

void power_line_end(struct power_line *line)
{
    loop_timer_close(line->pace);
    loop_poll_close(line->poll);
    dial_end(&line->dial);
    if (line->open)
        close(line->serial);
    *line = (struct power_line){0};
}
