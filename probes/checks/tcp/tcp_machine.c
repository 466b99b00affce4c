#include "checks/tcp/tcp_machine.h"

#include "base/err.h"

void tcp_machine_init(struct tcp_machine *m, struct slice say, struct slice expect, int64_t now_us)
{
    memset(m, 0, sizeof *m);
    m->unsent = say;
    m->started_us = now_us;
    match_init(&m->expected, expect);
}

static void settle(struct tcp_machine *m, int64_t now_us)
{
    if (m->phase != TCP_TALKING)
        return;
    if (m->unsent.len == 0 && m->expected.found) {
        m->phase = TCP_SATISFIED;
        m->satisfied_us = now_us;
    } else if (m->received >= TCP_MACHINE_READ_MAX) {
        m->phase = TCP_FLOODED;
    }
}

void tcp_machine_connected(struct tcp_machine *m, int64_t now_us)
{
    m->phase = TCP_TALKING;
    m->connected_us = now_us;
    settle(m, now_us);
}

void tcp_machine_sent(struct tcp_machine *m, size_t len, int64_t now_us)
{
    m->unsent.at += len;
    m->unsent.len -= len;
    settle(m, now_us);
}

void tcp_machine_received(struct tcp_machine *m, const char *bytes, size_t len, int64_t now_us)
{
    m->received += len;
    match_feed(&m->expected, bytes, len);
    settle(m, now_us);
}

void tcp_machine_closed(struct tcp_machine *m)
{
    if (m->phase == TCP_TALKING)
        m->phase = TCP_CLOSED;
}

bool tcp_machine_talking(const struct tcp_machine *m)
{
    return m->phase == TCP_TALKING;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";

    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)((at - digits) % 16) : -1;
}

/* One escape at the front of @p text, behind its backslash; returns its length or 0. */
static size_t unescape_one(struct slice text, char *ret_byte)
{
    static const char from[] = "rnt\\";
    static const char to[] = "\r\n\t\\";

    if (text.len == 0 || text.at[0] == 0)
        return 0;
    const char *known = strchr(from, text.at[0]);
    if (known) {
        *ret_byte = to[known - from];
        return 1;
    }
    if (text.at[0] != 'x' || text.len < 3)
        return 0;
    int high = hex_digit(text.at[1]);
    int low = hex_digit(text.at[2]);
    *ret_byte = (char)(high * 16 + low);
    return high < 0 || low < 0 ? 0 : 3;
}

int tcp_machine_unescape(struct slice text, char *ret_bytes, size_t *ret_len)
{
    size_t len = 0;
    while (text.len > 0) {
        size_t used = 1;
        ret_bytes[len] = *text.at;
        if (*text.at == '\\') {
            size_t escape =
                unescape_one((struct slice){text.at + 1, text.len - 1}, &ret_bytes[len]);
            if (escape == 0)
                return ERR_SYNTAX;
            used += escape;
        }
        len++;
        text.at += used;
        text.len -= used;
    }
    *ret_len = len;
    return 0;
}
