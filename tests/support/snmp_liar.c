#include "snmp_liar.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "unit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <netinet/in.h>

enum {
    INTEGER = 0x02,
    TEXT = 0x04,
    OID = 0x06,
    SEQUENCE = 0x30,
    ADDRESS = 0x40,
    RESPONSE = 0xa2,
    BULK = 0xa5,
    END = 0x82,
    LONG_BYTES = 60000,
    ROWS = 3,
    FEW = 4,
    MESSAGE_MAX = 65536
};

/* What was asked, X.690 pieces still in the request's bytes. */
struct asked {
    struct slice community, id;
    uint8_t kind;
    uint8_t repetitions;
    size_t n;
    struct slice oid[32];
};

/* ---- X.690 ---- */

static struct slice take(struct cursor *c, uint8_t *ret_tag)
{
    *ret_tag = cursor_u8(c);
    size_t len = cursor_u8(c);
    for (size_t more = len & 0x80 ? len & 0x7f : 0; len & 0x80;) {
        len = 0;
        for (; more > 0; more--)
            len = len << 8 | cursor_u8(c);
        break;
    }
    return cursor_bytes(c, len);
}

static void put(struct buf *out, uint8_t tag, const void *bytes, size_t len)
{
    const uint8_t head[] = {tag, 0x82, (uint8_t)(len >> 8), (uint8_t)len};
    buf_put(out, head, sizeof head);
    buf_put(out, bytes, len);
}

static void read_asked(const void *bytes, size_t len, struct asked *asked)
{
    struct cursor c;
    uint8_t tag;
    cursor_init(&c, bytes, len);
    struct slice part = take(&c, &tag);
    cursor_init(&c, part.at, part.len);
    (void)take(&c, &tag); /* version */
    asked->community = take(&c, &tag);
    part = take(&c, &asked->kind);
    cursor_init(&c, part.at, part.len);
    asked->id = take(&c, &tag);
    (void)take(&c, &tag); /* error, or non-repeaters */
    part = take(&c, &tag);
    asked->repetitions = part.len ? (uint8_t)part.at[part.len - 1] : 0;
    part = take(&c, &tag);
    cursor_init(&c, part.at, part.len);
    for (asked->n = 0; cursor_left(&c) > 0 && asked->n < 32; asked->n++) {
        struct cursor pair;
        part = take(&c, &tag);
        cursor_init(&pair, part.at, part.len);
        asked->oid[asked->n] = take(&pair, &tag);
    }
}

/* ---- answers ---- */

static void put_value(struct buf *out, enum snmp_liar_mode mode)
{
    static char text[LONG_BYTES];

    memset(text, 'x', sizeof text);
    if (mode == SNMP_LIAR_LONG)
        put(out, TEXT, text, sizeof text);
    else if (mode == SNMP_LIAR_ADDRESSES)
        put(out, ADDRESS, "\x7f\0\0\1", 4);
    else
        put(out, INTEGER, "\7", 1);
}

static void put_pair(struct buf *out, enum snmp_liar_mode mode, const void *oid, size_t len)
{
    struct buf pair;
    buf_init(&pair, MESSAGE_MAX);
    put(&pair, OID, oid, len);
    put_value(&pair, mode);
    put(out, SEQUENCE, pair.data, pair.len);
    buf_done(&pair);
}

/* 1.3.6.1.4.1.99999.1 and the row behind it; rows go up to 127 * 128 + 127. */
static void put_row(struct buf *out, enum snmp_liar_mode mode, unsigned row)
{
    uint8_t oid[] = {0x2b, 6, 1, 4, 1, 0x86, 0x8d, 0x1f, 1, 0, 0, 0};
    oid[9] = (uint8_t)(0x80 | (row >> 14 & 0x7f));
    oid[10] = (uint8_t)(0x80 | (row >> 7 & 0x7f));
    oid[11] = (uint8_t)(row & 0x7f);
    size_t skip = row < 128 ? 2 : row < 16384 ? 1 : 0;
    memmove(oid + 9, oid + 9 + skip, 3 - skip);
    put_pair(out, mode, oid, sizeof oid - skip);
}

/* The row of a walk that has got to @p oid; 0 = at its beginning. */
static unsigned row_of(struct slice oid)
{
    unsigned row = 0;
    for (size_t i = 9; i < oid.len; i++)
        row = row << 7 | ((uint8_t)oid.at[i] & 0x7fU);
    return row;
}

static void put_end(struct buf *out)
{
    static const uint8_t oid[] = {0x2b, 6, 1, 4, 1, 0x86, 0x8d, 0x1f, 9};
    struct buf pair;
    buf_init(&pair, 64);
    put(&pair, OID, oid, sizeof oid);
    put(&pair, END, "", 0);
    put(out, SEQUENCE, pair.data, pair.len);
    buf_done(&pair);
}

static void put_walk(struct buf *out, enum snmp_liar_mode mode, const struct asked *asked)
{
    unsigned row = row_of(asked->oid[0]);
    if (mode == SNMP_LIAR_CIRCLES) {
        put_row(out, mode, 1);
    } else if (mode == SNMP_LIAR_BACKWARDS) {
        put_row(out, mode, 5);
        put_row(out, mode, 3);
    } else if (mode == SNMP_LIAR_ENDLESS) {
        for (unsigned i = 1; i <= asked->repetitions; i++)
            put_row(out, mode, row + i);
    } else if (mode == SNMP_LIAR_LONG && row < ROWS) { /* one fills an answer */
        put_row(out, mode, row + 1);
    } else {
        for (row++; row <= ROWS; row++)
            put_row(out, mode, row);
        put_end(out);
    }
}

static void put_answer(struct buf *out, enum snmp_liar_mode mode, const struct asked *asked,
                       bool other)
{
    struct buf list, body, message;
    bool too_big =
        mode == SNMP_LIAR_TOO_BIG && (asked->kind == BULK ? asked->repetitions : asked->n) > FEW;
    uint8_t id[8] = {0};
    memcpy(id, asked->id.at, asked->id.len < sizeof id ? asked->id.len : sizeof id);
    id[asked->id.len - 1] ^= other;
    buf_init(&list, MESSAGE_MAX);
    buf_init(&body, MESSAGE_MAX);
    buf_init(&message, MESSAGE_MAX);
    if (mode == SNMP_LIAR_ELSEWHERE)
        put_row(&list, mode, 77);
    else if (asked->kind == BULK && !too_big)
        put_walk(&list, mode, asked);
    for (size_t i = 0; i < asked->n && asked->kind != BULK && mode != SNMP_LIAR_ELSEWHERE; i++)
        put_pair(&list, mode == SNMP_LIAR_LONG && i > 0 ? SNMP_LIAR_HONEST : mode, asked->oid[i].at,
                 asked->oid[i].len);
    put(&body, INTEGER, id, asked->id.len);
    put(&body, INTEGER, too_big ? "\1" : "\0", 1);
    put(&body, INTEGER, "\0", 1);
    put(&body, SEQUENCE, list.data, list.len);
    put(&message, INTEGER, "\1", 1);
    put(&message, TEXT, asked->community.at, asked->community.len);
    put(&message, RESPONSE, body.data, body.len);
    put(out, SEQUENCE, message.data, message.len);
    buf_done(&list);
    buf_done(&body);
    buf_done(&message);
}

static void answer(int fd, enum snmp_liar_mode mode, const struct asked *asked,
                   const struct sockaddr_in *peer)
{
    for (int turn = 0; turn < 2; turn++) {
        bool other = turn == 0;
        struct buf out;
        if (other && mode != SNMP_LIAR_OTHER_FIRST && mode != SNMP_LIAR_OTHER_ONLY)
            continue;
        if (mode == SNMP_LIAR_MUTE || (!other && mode == SNMP_LIAR_OTHER_ONLY))
            return;
        buf_init(&out, MESSAGE_MAX);
        put_answer(&out, mode, asked, other);
        size_t len = mode == SNMP_LIAR_CUT ? out.len / 2 : out.len;
        ssize_t sent = sendto(fd, out.data, len, 0, (const struct sockaddr *)peer, sizeof *peer);
        (void)sent;
        buf_done(&out);
    }
}

static void live(int fd, enum snmp_liar_mode mode)
{
    static char bytes[MESSAGE_MAX];
    for (;;) {
        struct sockaddr_in peer;
        socklen_t size = sizeof peer;
        struct asked asked;
        ssize_t len = recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&peer, &size);
        if (len <= 0)
            continue;
        read_asked(bytes, (size_t)len, &asked);
        if (asked.n > 0 && asked.id.len > 0)
            answer(fd, mode, &asked, &peer);
    }
}

void snmp_liar_open(struct snmp_liar *liar, enum snmp_liar_mode mode)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof own;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&own, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &size), 0);
    liar->port = ntohs(own.sin_port);
    liar->pid = fork();
    assert_true(liar->pid >= 0);
    if (liar->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        live(fd, mode);
    }
    close(fd);
}

void snmp_liar_close(struct snmp_liar *liar)
{
    kill(liar->pid, SIGKILL);
    waitpid(liar->pid, NULL, 0);
}
