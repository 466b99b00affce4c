#include "io/dns.h"

#include "base/err.h"
#include "unit.h"
#include "until.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The answers to "ok.test": CNAME www.test, A 192.0.2.7, MX 10 mail.test, TXT "a" "b", AAAA;
 * compressed. */
static const unsigned char ANSWERS[] =
    {
        0xc0, 12,   0,  5,  0, 1, 0, 0, 0, 60, 0, 6,  3,    'w', 'w', 'w',  0xc0, 15, /* www.test */
        0xc0, 12,   0,  1,  0, 1, 0, 0, 1, 44, 0, 4,  192,  0,   2,   7,              /* ttl 300 */
        0xc0, 12,   0,  15, 0, 1, 0, 0, 0, 60, 0, 9,  0,    10,  4,   'm',  'a',  'i',
        'l',  0xc0, 15,                                                  /* mail.test */
        0xc0, 12,   0,  16, 0, 1, 0, 0, 0, 60, 0, 4,  1,    'a', 1,   7, /* "a" and a bell */
        0xc0, 12,   0,  28, 0, 1, 0, 0, 0, 60, 0, 16, 0x20, 1,   0xd, 0xb8, 0,    0,
        0,    0,    0,  0,  0, 0, 0, 0, 0, 1,
};

/* A name server on the loop: "ok..." is answered, "no..." does not exist, all else is not heard. */
struct server {
    struct loop_poll *poll;
    int fd;
    struct dns_address address;
};

struct seen {
    int count, err, rcode;
    size_t len;
    char first[64];
    int port;
    struct dns_records records;
    int records_err;
    int64_t elapsed_us;
};

static void serve(void *arg, int events)
{
    (void)events;
    struct server *s = arg;
    unsigned char packet[1024];
    struct sockaddr_in from;
    socklen_t from_len = sizeof from;
    ssize_t len = recvfrom(s->fd, packet, 512, 0, (struct sockaddr *)&from, &from_len);
    assert_true(len > 17);
    bool ok = memcmp(packet + 13, "ok", 2) == 0;
    if (!ok && memcmp(packet + 13, "no", 2) != 0)
        return;
    size_t question = 12 + strlen((const char *)packet + 12) + 1 + 4; /* without EDNS */
    packet[2] = 0x81;
    packet[3] = ok ? 0x80 : 0x83;
    packet[7] = ok ? 5 : 0;
    packet[11] = 0;
    if (ok)
        memcpy(packet + question, ANSWERS, sizeof ANSWERS);
    size_t size = question + (ok ? sizeof ANSWERS : 0);
    assert_int_equal(sendto(s->fd, packet, size, 0, (struct sockaddr *)&from, from_len), size);
}

static void open_server(struct server *s, struct loop *loop)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof here;
    s->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(s->fd, (struct sockaddr *)&here, len), 0);
    assert_int_equal(getsockname(s->fd, (struct sockaddr *)&here, &len), 0);
    assert_int_equal(dns_literal("127.0.0.1", ntohs(here.sin_port), &s->address), 0);
    assert_int_equal(loop_poll_open(loop, s->fd, serve, s, &s->poll), 0);
    assert_int_equal(loop_poll_want(s->poll, LOOP_READ), 0);
}

static void close_server(struct server *s)
{
    loop_poll_close(s->poll);
    close(s->fd);
}

static void on_reply(void *arg, const struct dns_reply *reply)
{
    struct seen *seen = arg;
    seen->count++;
    seen->err = reply->err;
    seen->rcode = reply->rcode;
    seen->elapsed_us = reply->elapsed_us;
    if (!reply->err)
        seen->records_err = dns_records(reply->bytes, &seen->records);
}

static void on_addresses(void *arg, int err, const struct dns_address *addresses, size_t n)
{
    struct seen *seen = arg;
    seen->count++;
    seen->err = err;
    seen->len = n;
    if (n == 0)
        return;
    bool v6 = addresses[0].sa.sa_family == AF_INET6;
    const void *bytes = v6 ? (const void *)&addresses[0].in6.sin6_addr : &addresses[0].in.sin_addr;
    assert_non_null(inet_ntop(addresses[0].sa.sa_family, bytes, seen->first, sizeof seen->first));
    seen->port = ntohs(addresses[0].in.sin_port);
}

struct bench {
    struct loop *loop;
    struct dns *dns;
    struct server server;
};

static void open_bench(struct bench *b)
{
    assert_int_equal(loop_open(&b->loop), 0);
    assert_int_equal(dns_open(b->loop, &b->dns), 0);
    open_server(&b->server, b->loop);
}

static void close_bench(struct bench *b)
{
    dns_close(b->dns);
    close_server(&b->server);
    loop_close(b->loop);
}

static void a_server_is_asked_and_its_reply_read(void **state)
{
    (void)state;
    struct bench b;
    struct seen seen = {0};
    struct dns_request *request;
    open_bench(&b);
    assert_int_equal(
        dns_query(b.dns, &b.server.address, "ok.test", ns_t_a, 5000, on_reply, &seen, &request), 0);
    assert_int_equal(seen.count, 0); /* never from inside */
    UNTIL(b.loop, seen.count == 1);
    assert_int_equal(seen.err, 0);
    assert_int_equal(seen.rcode, 0);
    assert_true(seen.elapsed_us > 0);
    assert_int_equal(seen.records_err, 0);

    static const struct {
        int type;
        uint32_t ttl_s;
        const char *text;
    } expected[] = {{ns_t_cname, 60, "www.test"},
                    {ns_t_a, 300, "192.0.2.7"},
                    {ns_t_mx, 60, "10 mail.test"},
                    {ns_t_txt, 60, "a?"},
                    {ns_t_aaaa, 60, "2001:db8::1"}};

    assert_int_equal(seen.records.len, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(seen.records.record[i].type, expected[i].type);
        assert_int_equal(seen.records.record[i].ttl_s, expected[i].ttl_s);
        assert_string_equal(seen.records.record[i].text, expected[i].text);
    }
    close_bench(&b);
}

static void no_such_name_is_a_reply_too(void **state)
{
    (void)state;
    struct bench b;
    struct seen seen = {0};
    struct dns_request *request;
    open_bench(&b);
    assert_int_equal(
        dns_query(b.dns, &b.server.address, "no.test", ns_t_a, 5000, on_reply, &seen, &request), 0);
    UNTIL(b.loop, seen.count == 1);
    assert_int_equal(seen.err, 0);
    assert_int_equal(seen.rcode, 3);
    close_bench(&b);
}

static void silence_and_refusal_are_told_apart(void **state)
{
    (void)state;
    struct bench b;
    struct seen silent = {0}, refused = {0};
    struct dns_request *request;
    struct server gone;
    open_bench(&b);
    open_server(&gone, b.loop);
    close_server(&gone);
    assert_int_equal(
        dns_query(b.dns, &b.server.address, "mute.test", ns_t_a, 50, on_reply, &silent, &request),
        0);
    assert_int_equal(
        dns_query(b.dns, &gone.address, "ok.test", ns_t_a, 5000, on_reply, &refused, &request), 0);
    UNTIL(b.loop, silent.count == 1 && refused.count == 1);
    assert_int_equal(silent.err, ERR_TIMEOUT);
    assert_int_equal(refused.err, ERR_CLOSED);
    close_bench(&b);
}

static void cancelled_and_closed_requests_are_not_told(void **state)
{
    (void)state;
    struct bench b;
    struct seen seen = {0};
    struct dns_request *requests[4];
    open_bench(&b);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(dns_query(b.dns, &b.server.address, "mute.test", ns_t_a, 5000, on_reply,
                                   &seen, &requests[i]),
                         0);
        assert_int_equal(dns_resolve(b.dns, "host.invalid", 80, AF_UNSPEC, 5000, on_addresses,
                                     &seen, &requests[2 + i]),
                         0);
    }
    dns_cancel(requests[0]);
    dns_cancel(requests[2]);
    close_bench(&b);
    assert_int_equal(seen.count, 0);
}

static void literals_and_local_names_resolve(void **state)
{
    (void)state;

    static const struct {
        const char *host;
        int family, err;
        const char *text;
    } cases[] = {
        {"192.0.2.1", AF_UNSPEC, 0, "192.0.2.1"},
        {"2001:db8::5", AF_UNSPEC, 0, "2001:db8::5"},
        {"192.0.2.1", AF_INET6, ERR_NOT_FOUND, ""},
        {"localhost", AF_INET, 0, "127.0.0.1"},
    };
    struct bench b;
    open_bench(&b);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct seen seen = {0};
        struct dns_request *request;
        assert_int_equal(dns_resolve(b.dns, cases[i].host, 8086, cases[i].family, 5000,
                                     on_addresses, &seen, &request),
                         0);
        assert_int_equal(seen.count, 0);
        UNTIL(b.loop, seen.count == 1);
        assert_int_equal(seen.err, cases[i].err);
        assert_string_equal(seen.first, cases[i].text);
        if (!seen.err)
            assert_int_equal(seen.port, 8086);
    }
    close_bench(&b);
}

static void cut_replies_are_refused(void **state)
{
    (void)state;
    static const unsigned char question[13] = {2, 'o', 'k', 4, 't', 'e', 's', 't', 0, 0, 1, 0, 1};
    unsigned char reply[12 + 13 + sizeof ANSWERS] = {0, 1, 0x81, 0x80, 0, 1, 0, 5};
    memcpy(reply + 12, question, sizeof question);
    memcpy(reply + 25, ANSWERS, sizeof ANSWERS);
    struct dns_records records;
    assert_int_equal(dns_records((struct slice){(const char *)reply, sizeof reply}, &records), 0);
    assert_int_equal(records.len, 5);
    for (size_t len = 0; len < sizeof reply; len++) {
        struct slice cut = {(const char *)reply, len};
        assert_int_equal(dns_records(cut, &records), ERR_SYNTAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_is_asked_and_its_reply_read),
        cmocka_unit_test(no_such_name_is_a_reply_too),
        cmocka_unit_test(silence_and_refusal_are_told_apart),
        cmocka_unit_test(cancelled_and_closed_requests_are_not_told),
        cmocka_unit_test(literals_and_local_names_resolve),
        cmocka_unit_test(cut_replies_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
