#include "base/err.h"
#include "io/file.h"
#include "shell/notify_own.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_END, WRITE_END };

/* What a program needs of the environment, and nothing of ours. */
static char PATH[] = "PATH=/usr/local/bin:/usr/bin:/bin";
static char LANGUAGE[] = "LANG=C.UTF-8";
static char *const ENVIRONMENT[] = {PATH, LANGUAGE, NULL};

/* Why goes first: of a long path the end is cut. */
static void failed(struct notify_flight *f, const char *what, int error)
{
    snprintf(f->words, sizeof f->words, "%.60s: %.60s", strerror(error), what);
    f->outcome = (struct page_outcome){.words = f->words};
}

/* Starts it with its own pipes, in a process group of its own so that all of it can be ended. */
static int spawn(struct notify_flight *f, int in, int out, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    char *arguments[] = {f->conf.program, f->page.sms, NULL};
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    int error =
        posix_spawn(ret_pid, f->conf.program, &actions, &attributes, arguments, ENVIRONMENT);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

/* Reads the beginning of what it says until it ends or its time is over. */
static bool listen_to(struct notify_flight *f, int out)
{
    char block[512];
    size_t kept = 0;
    int64_t deadline_us = loop_stopwatch_us() + f->conf.timeout_ms * 1000;
    for (;;) {
        int64_t left_ms = (deadline_us - loop_stopwatch_us()) / 1000;
        struct pollfd p = {.fd = out, .events = POLLIN};
        int ready = left_ms > 0 ? poll(&p, 1, (int)left_ms) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        ssize_t n = ready > 0 ? read(out, block, sizeof block) : 0;
        if (n <= 0) {
            f->words[kept] = '\0';
            return ready > 0;
        }
        size_t room = sizeof f->words - 1 - kept;
        size_t take = (size_t)n < room ? (size_t)n : room;
        memcpy(f->words + kept, block, take);
        kept += take;
    }
}

static void wait_for(struct notify_flight *f, pid_t pid, bool in_time)
{
    int status = 0;
    kill(-pid, in_time ? 0 : SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (!in_time)
        snprintf(f->words, sizeof f->words, "not done in time, ended");
    f->outcome = (struct page_outcome){
        .taken = in_time && WIFEXITED(status) && code == 0, .status = code, .words = f->words};
}

static void run(struct notify_flight *f, int in[2], int out[2])
{
    pid_t pid = 0;
    int error = spawn(f, in[READ_END], out[WRITE_END], &pid);
    close(in[READ_END]);
    close(out[WRITE_END]);
    in[READ_END] = out[WRITE_END] = -1;
    if (error) {
        failed(f, f->conf.program, error);
        return;
    }
    /* Less than a pipe holds: whoever does not read it does not stop us. */
    if (write(in[WRITE_END], f->body.data, f->body.len) < 0)
        errno = 0;
    close(in[WRITE_END]);
    in[WRITE_END] = -1;
    wait_for(f, pid, listen_to(f, out[READ_END]));
}

void notify_program(struct notify_flight *f)
{
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    if (pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0)
        run(f, in, out);
    else
        failed(f, "pipe", errno);
    int all[] = {in[0], in[1], out[0], out[1]};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i] >= 0)
            close(all[i]);
}

/* smsd takes no notice of names with .LOCK; the same page always gets the same name, so that a
 * second try replaces a file that still waits. */
static int drop_file(const struct notify_flight *f, const char *number)
{
    char name[96];
    char path[FILE_PATH_MAX], hidden[FILE_PATH_MAX];
    struct buf text;
    buf_init(&text, PAGE_SMS_MAX + 64);
    buf_printf(&text, "To: %s\n\n%s", number, f->page.sms);
    snprintf(name, sizeof name, "ioc-%llu-%s", (unsigned long long)f->page.id, number);
    int err = file_join(path, f->conf.folder, name);
    snprintf(name, sizeof name, ".ioc-%llu-%s.LOCK", (unsigned long long)f->page.id, number);
    if (!err)
        err = file_join(hidden, f->conf.folder, name);
    if (!err)
        err = text.err;
    if (!err)
        err = file_replace(hidden, text.data, text.len, 0660);
    if (!err && rename(hidden, path) != 0)
        err = err_from_errno(errno);
    if (!err)
        err = file_sync_folder(f->conf.folder);
    buf_done(&text);
    return err;
}

void notify_smstools(struct notify_flight *f)
{
    int err = 0;
    for (size_t i = 0; !err && i < f->numbers; i++)
        err = drop_file(f, f->number[i]);
    snprintf(f->words, sizeof f->words, "%s", err ? err_text(err) : "in the spool");
    f->outcome = (struct page_outcome){.taken = !err, .words = f->words};
}
