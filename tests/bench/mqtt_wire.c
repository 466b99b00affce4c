#include "mqtt_wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    OUT_MAX = 64 << 20,
    IN_MAX = 16 << 20,
    READ_BYTES = 256 << 10,
    CONNECT = 0x10,
    CONNACK = 0x20,
    PUBLISH_QOS1 = 0x32,
    PUBLISH = 0x30,
    PUBACK = 0x40,
    SUBSCRIBE = 0x82,
    CLEAN_SESSION = 2,
    WILL_QOS1_RETAINED = 0x2c,
};

static void die(const char *what)
{
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void put_be16(struct buf *b, size_t value)
{
    buf_char(b, (char)(value >> 8));
    buf_char(b, (char)value);
}

static void put_text(struct buf *b, struct slice text)
{
    put_be16(b, text.len);
    buf_put(b, text.at, text.len);
}

static void put_head(struct buf *b, int kind, size_t len)
{
    buf_char(b, (char)kind);
    do {
        buf_char(b, (char)((len & 0x7f) | (len > 0x7f ? 0x80 : 0)));
        len >>= 7;
    } while (len);
}

static uint16_t next_id(struct mqtt_wire *m)
{
    m->id = (uint16_t)(m->id == UINT16_MAX ? 1 : m->id + 1);
    return m->id;
}

void mqtt_wire_publish(struct mqtt_wire *m, struct slice topic, struct slice payload)
{
    put_head(&m->out, PUBLISH_QOS1, 2 + topic.len + 2 + payload.len);
    put_text(&m->out, topic);
    put_be16(&m->out, next_id(m));
    buf_put(&m->out, payload.at, payload.len);
    m->published++;
}

void mqtt_wire_subscribe(struct mqtt_wire *m, const char *filter)
{
    struct slice text = slice_of(filter);
    put_head(&m->out, SUBSCRIBE, 2 + 2 + text.len + 1);
    put_be16(&m->out, next_id(m));
    put_text(&m->out, text);
    buf_char(&m->out, 0);
}

/* One packet of `len` bytes behind its head. */
static void take(struct mqtt_wire *m, int kind, const char *at, size_t len)
{
    if ((kind & 0xf0) == PUBACK)
        m->confirmed++;
    if ((kind & 0xf0) != PUBLISH || !m->on_message || len < 2)
        return;
    size_t topic_len = (size_t)(unsigned char)at[0] << 8 | (unsigned char)at[1];
    struct slice topic = {at + 2, topic_len};
    m->on_message(m->context, topic, (struct slice){at + 2 + topic_len, len - 2 - topic_len});
}

/* Takes the first packet of the text: its whole length, 0 if it is not whole. */
static size_t take_first(struct mqtt_wire *m, const char *at, size_t left)
{
    size_t len = 0;
    size_t head = 1;
    unsigned shift = 0;
    do {
        if (head >= left)
            return 0;
        len |= (size_t)(at[head] & 0x7f) << shift;
        shift += 7;
    } while (at[head++] & 0x80);
    if (head + len > left)
        return 0;
    take(m, (unsigned char)at[0], at + head, len);
    return head + len;
}

static void receive(struct mqtt_wire *m)
{
    char *to = buf_reserve(&m->in, READ_BYTES);
    ssize_t got = to ? recv(m->fd, to, READ_BYTES, MSG_DONTWAIT) : -1;
    if (got == 0)
        die("the broker closed the connection");
    if (got < 0) {
        if (errno != EAGAIN)
            die("recv");
        return;
    }
    buf_grown(&m->in, (size_t)got);
    size_t at = 0;
    size_t used = 0;
    while ((used = take_first(m, m->in.data + at, m->in.len - at)) > 0)
        at += used;
    memmove(m->in.data, m->in.data + at, m->in.len - at);
    buf_cut(&m->in, m->in.len - at);
}

static void send_out(struct mqtt_wire *m)
{
    if (m->out.err)
        die("the broker is too slow for the load's buffer");
    ssize_t gone =
        send(m->fd, m->out.data + m->sent, m->out.len - m->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (gone < 0 && errno != EAGAIN)
        die("send");
    m->sent += gone > 0 ? (size_t)gone : 0;
    if (m->sent == m->out.len) {
        buf_clear(&m->out);
        m->sent = 0;
    }
}

void mqtt_wire_turn(struct mqtt_wire *m, int wait_ms)
{
    bool waiting = m->sent < m->out.len;
    struct pollfd p = {.fd = m->fd, .events = (short)(POLLIN | (waiting ? POLLOUT : 0))};
    if (poll(&p, 1, wait_ms) < 0 && errno != EINTR)
        die("poll");
    if (p.revents & POLLIN)
        receive(m);
    if (m->sent < m->out.len)
        send_out(m);
}

static void put_connect(struct buf *b, struct slice name, const struct mqtt_wire_will *will)
{
    size_t will_len = will ? 2 + will->topic.len + 2 + will->payload.len : 0;
    put_head(b, CONNECT, 10 + 2 + name.len + will_len);
    put_text(b, slice_of("MQTT"));
    buf_char(b, 4);
    buf_char(b, (char)(CLEAN_SESSION | (will ? WILL_QOS1_RETAINED : 0)));
    put_be16(b, 0);
    put_text(b, name);
    if (!will)
        return;
    put_text(b, will->topic);
    put_text(b, will->payload);
}

void mqtt_wire_open(struct mqtt_wire *m, uint16_t port, const char *id,
                    const struct mqtt_wire_will *will)
{
    *m = (struct mqtt_wire){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    if (m->fd < 0 || connect(m->fd, (struct sockaddr *)&to, sizeof to) != 0)
        die("connect");
    int on = 1;
    setsockopt(m->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    buf_init(&m->out, OUT_MAX);
    buf_init(&m->in, IN_MAX);
    put_connect(&m->out, slice_of(id), will);
    mqtt_wire_turn(m, 0);
    char word[4];
    if (recv(m->fd, word, sizeof word, MSG_WAITALL) != sizeof word || word[0] != CONNACK || word[3])
        die("the broker refuses");
}

void mqtt_wire_close(struct mqtt_wire *m)
{
    close(m->fd);
    buf_done(&m->out);
    buf_done(&m->in);
}
