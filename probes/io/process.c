#include "io/process.h"

#include "base/buf.h"
#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* libuv's handle is the first member: freed as one when it is closed. */
struct process {
    uv_process_t uv;
    struct loop_poll *poll; /* NULL once the output has ended */
    int fd;                 /* the reading end, -1 once closed */
    struct buf output;
    process_fn *fn; /* NULL once told, or forgotten */
    void *arg;
    bool ended;  /* the program is gone and reaped */
    bool closed; /* its owner has forgotten it */
    bool overflow;
};

static void process_free(uv_handle_t *handle)
{
    struct process *process = (struct process *)handle;
    buf_done(&process->output);
    free(process);
}

static void process_hang_up(struct process *process)
{
    loop_poll_close(process->poll);
    process->poll = NULL;
    if (process->fd >= 0)
        close(process->fd);
    process->fd = -1;
}

/* The group is the session's: its number cannot be another's while any member lives, and until the
 * leader is reaped. */
static void process_kill(const struct process *process)
{
    kill(-(pid_t)process->uv.pid, SIGKILL);
}

/* Takes what waits in the pipe; false once nothing more can come or none is wanted. */
static bool process_hear(struct process *process)
{
    char bytes[4096];
    for (;;) {
        ssize_t len = read(process->fd, bytes, sizeof bytes);
        if (len < 0)
            return errno == EAGAIN || errno == EINTR;
        if (len == 0)
            return false;
        size_t room = process->output.max - process->output.len;
        buf_put(&process->output, bytes, (size_t)len < room ? (size_t)len : room);
        process->overflow = (size_t)len > room || process->output.err;
        if (process->overflow)
            return false;
    }
}

static void process_on_output(void *arg, int events)
{
    (void)events;
    struct process *process = arg;
    if (process_hear(process))
        return;
    process_hang_up(process);
    if (process->overflow && !process->ended)
        process_kill(process);
}

/* Whoever it left behind in its group goes with it: nobody waits for a pipe they hold. */
static void process_on_exit(uv_process_t *handle, int64_t code, int signal_number)
{
    struct process *process = (struct process *)handle;
    process->ended = true;
    process_kill(process);
    if (process->fd >= 0)
        (void)process_hear(process);
    process_hang_up(process);
    if (process->closed) {
        uv_close((uv_handle_t *)handle, process_free);
        return;
    }
    struct process_end end = {
        .code = (int)code, .signal = signal_number, .overflow = process->overflow};
    if (process->output.len > 0)
        end.output = (struct slice){process->output.data, process->output.len};
    process->fn(process->arg, &end);
}

/* Nothing of ours is for the program: libraries open descriptors that it would inherit. */
static void process_keep_files(void)
{
    (void)syscall(SYS_close_range, 3U, ~0U, (unsigned)CLOSE_RANGE_CLOEXEC);
}

static int process_spawn(struct loop *loop, const char *const *argv, int out,
                         struct process *process)
{
    static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    static char locale[] = "LC_ALL=C";
    char *env[] = {path, locale, NULL};
    uv_stdio_container_t stdio[] = {
        {.flags = UV_IGNORE},
        {.flags = UV_INHERIT_FD, .data.fd = out},
        {.flags = UV_IGNORE},
    };
    uv_process_options_t options = {
        .exit_cb = process_on_exit,
        .file = argv[0],
        .args = (char **)(uintptr_t)argv, /* execvp(3) does not write to them */
        .env = env,
        .cwd = "/",
        .flags = UV_PROCESS_DETACHED,
        .stdio_count = 3,
        .stdio = stdio,
    };
    process_keep_files();
    int err = uv_spawn(loop_uv(loop), &process->uv, &options);
    return err ? err_from_errno(-err) : 0;
}

/* A pipe whose reading end is the loop's; the program's end stays a blocking one. */
static int process_pipe(struct loop *loop, struct process *process, int *ret_out)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return err_from_errno(errno);
    process->fd = fds[0];
    *ret_out = fds[1];
    if (fcntl(fds[0], F_SETFL, O_NONBLOCK) != 0)
        return err_from_errno(errno);
    int err = loop_poll_open(loop, fds[0], process_on_output, process, &process->poll);
    return err ? err : loop_poll_want(process->poll, LOOP_READ);
}

int process_open(struct loop *loop, const char *const *argv, size_t output_max, process_fn *fn,
                 void *arg, struct process **ret_process)
{
    int out = -1;
    struct process *process = calloc(1, sizeof *process);
    if (!process)
        return ERR_NOMEM;
    process->fd = -1;
    process->fn = fn;
    process->arg = arg;
    buf_init(&process->output, output_max);
    int err = process_pipe(loop, process, &out);
    bool spawned = !err;
    if (!err)
        err = process_spawn(loop, argv, out, process);
    if (out >= 0)
        close(out);
    if (!err) {
        *ret_process = process;
        return 0;
    }
    process_hang_up(process);
    if (spawned) /* uv_spawn() has made the handle, whatever came of it */
        uv_close((uv_handle_t *)&process->uv, process_free);
    else
        process_free((uv_handle_t *)&process->uv);
    return err;
}

void process_close(struct process *process)
{
    if (!process)
        return;
    process->closed = true;
    process_hang_up(process);
    if (process->ended)
        uv_close((uv_handle_t *)&process->uv, process_free);
    else
        process_kill(process);
}
