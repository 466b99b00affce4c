#include "http_caller.h"

#include "unit.h"
#include "until.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void http_caller_open(struct http_caller_line *line, struct loop *loop, uint16_t port)
{
    memset(line, 0, sizeof *line);
    line->loop = loop;
    line->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(line->fd >= 0);
    assert_int_equal(connect(line->fd, (struct sockaddr *)&to, sizeof to), 0);
}

void http_caller_close(struct http_caller_line *line)
{
    close(line->fd);
}

void http_caller_send(struct http_caller_line *line, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t n = send(line->fd, text, left, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) {
            loop_turn(line->loop);
            continue;
        }
        if (n <= 0)
            return; /* the server has had enough; what it said is read later */
        text += n;
        left -= (size_t)n;
    }
}

struct http_caller_line *http_caller_look(struct http_caller_line *line)
{
    size_t room = sizeof line->got - 1 - line->len;
    ssize_t n = recv(line->fd, line->got + line->len, room, MSG_DONTWAIT);
    if (n > 0)
        line->len += (size_t)n;
    line->got[line->len] = '\0';
    line->ended = line->ended || n == 0 || (n < 0 && errno != EAGAIN);
    return line;
}

/* Bytes of the first answer, 0 while it is not whole. */
static size_t whole(const struct http_caller_line *line)
{
    const char *end = strstr(line->got, "\r\n\r\n");
    const char *length = strcasestr(line->got, "\r\nContent-Length: ");
    if (!end || !length || length > end)
        return 0;
    size_t size =
        (size_t)(end + 4 - line->got) + (size_t)atol(length + strlen("\r\nContent-Length: "));
    return line->len >= size ? size : 0;
}

const char *http_caller_answer(struct http_caller_line *line)
{
    static char answer[sizeof line->got];
    UNTIL(line->loop, whole(http_caller_look(line)) > 0 || line->ended);
    size_t size = whole(line);
    assert_true(size > 0);
    memcpy(answer, line->got, size);
    answer[size] = '\0';
    line->len -= size;
    memmove(line->got, line->got + size, line->len + 1);
    return answer;
}

int http_caller_status(const char *answer)
{
    assert_int_equal(strncmp(answer, "HTTP/1.1 ", 9), 0);
    return atoi(answer + 9);
}

const char *http_caller_ask(struct loop *loop, uint16_t port, const char *method, const char *path,
                            const char *more, const char *body)
{
    struct http_caller_line line;
    char head[4096];
    http_caller_open(&line, loop, port);
    snprintf(head, sizeof head,
             "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %zu\r\n%s\r\n", method, path,
             strlen(body), more);
    http_caller_send(&line, head);
    http_caller_send(&line, body);
    const char *answer = http_caller_answer(&line);
    http_caller_close(&line);
    return answer;
}
