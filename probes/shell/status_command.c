#include "shell/status_command.h"

#include "base/err.h"
#include "io/file.h"
#include "shell/acceptance.h"
#include "shell/status_server.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { PATIENCE_S = 5 };

static int connect_to(const char *path, int *ret_fd)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval patience = {.tv_sec = PATIENCE_S};
    if (strlen(path) >= sizeof address.sun_path)
        return ERR_TOO_LONG;
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_from_errno(errno);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        int err = err_from_errno(errno);
        close(fd);
        return err;
    }
    *ret_fd = fd;
    return 0;
}

static int read_reply(int fd, struct buf *reply)
{
    for (;;) {
        char *room = buf_reserve(reply, 4096);
        if (!room)
            return reply->err;
        ssize_t n = recv(fd, room, 4096, 0);
        if (n < 0 && errno != EINTR)
            return err_from_errno(errno);
        if (n == 0)
            return reply->len > 2 ? 0 : ERR_CLOSED;
        if (n > 0)
            buf_grown(reply, (size_t)n);
    }
}

static int ask(const char *path, const struct buf *line, struct buf *reply)
{
    int fd = -1;
    int err = connect_to(path, &fd);
    if (err)
        return err;
    err = line->err ? line->err : file_write_all(fd, line->data, line->len);
    if (!err)
        err = read_reply(fd, reply);
    close(fd);
    return err;
}

/* Asks @p line and prints what comes. */
static int run(const char *path, enum status_language language, const struct buf *line, FILE *out)
{
    struct buf reply;
    if (!path[0]) {
        fprintf(out, "%s\n", status_text(language, TEXT_NO_SOCKET));
        return STATUS_COMMAND_UNKNOWN;
    }
    buf_init(&reply, STATUS_SERVER_REPLY_MAX + 4096);
    int code = STATUS_COMMAND_UNKNOWN;
    int err = ask(path, line, &reply);
    if (err == ERR_DENIED)
        fprintf(out, "%s %s\n", status_text(language, TEXT_DENIED), path);
    else if (err)
        fprintf(out, "%s %s (%s)\n%s\n", status_text(language, TEXT_NOT_RUNNING), path,
                err_text(err), status_text(language, TEXT_START_IT));
    else if (reply.data[0] >= '0' && reply.data[0] <= '3') {
        code = reply.data[0] - '0';
        fwrite(reply.data + 2, 1, reply.len - 2, out);
    }
    buf_done(&reply);
    return code;
}

static void begin(struct buf *line, enum status_language language)
{
    buf_init(line, WORK_LINE_MAX);
    buf_str(line, language == STATUS_VIETNAMESE ? "vi" : "en");
}

int status_command_run(const char *path, enum status_language language,
                       const struct work_request *request, FILE *out)
{
    struct buf line;
    begin(&line, language);
    if (request) {
        buf_char(&line, ' ');
        work_write(request, &line);
    }
    buf_char(&line, '\n');
    int code = run(path, language, &line, out);
    buf_done(&line);
    return code;
}

/* What stands on a line, before and behind a tab. */
static bool fits(const char *word)
{
    for (const char *c = word; *c; c++)
        if ((unsigned char)*c < ' ')
            return false;
    return strlen(word) < ACCEPTANCE_WORD_MAX;
}

int status_command_accept(const char *path, enum status_language language, const char *by,
                          const char *position, FILE *out)
{
    struct buf line;
    if (!by[0] || !fits(by) || !fits(position)) {
        fprintf(out, "%s\n", status_text(language, TEXT_ACCEPT_BY));
        return STATUS_COMMAND_UNKNOWN;
    }
    begin(&line, language);
    buf_printf(&line, " accept %s\t%s\n", by, position);
    int code = run(path, language, &line, out);
    buf_done(&line);
    return code;
}
