/* Packets byte by byte, as RFC 8762 figures 2 and 7 and RFC 8972 figure 2 draw them. */
#include "checks/stamp_packet.h"

#include "base/err.h"
#include "checks/stamp_key.h"
#include "folder.h"
#include "server.h"
#include "unit.h"

#include <string.h>

/* 2026-11-22T13:00:00.5Z: 1795352400.5 s since 1970, 4004341200 = 0xeead65d0 since 1900. */
#define WALL_US INT64_C(1795352400500000)
#define NTP UINT64_C(0xeead65d080000000)

static void times_are_ntp(void **state)
{
    (void)state;
    struct stamp_time held = stamp_packet_time(WALL_US, true);
    assert_true(held.bits == NTP);
    assert_true(stamp_packet_synced(held.error));
    assert_false(stamp_packet_synced(stamp_packet_time(WALL_US, false).error));
    assert_int_not_equal(held.error & 0xff, 0); /* RFC 4656: a multiplier of 0 is an error */
    for (int64_t us = 0; us < 1000000; us += 997) {
        struct stamp_time t = stamp_packet_time(WALL_US + us, true);
        assert_true(stamp_packet_wall_us(t.bits, t.error) == WALL_US + us);
    }
    /* NTP's second era: 2036-02-07T06:28:16Z is 0 */
    assert_true(stamp_packet_wall_us(0, 0x8001) == INT64_C(2085978496) * 1000000);
    /* the form of PTP: seconds since 1970 and nanoseconds */
    assert_true(stamp_packet_wall_us(UINT64_C(1795352400) << 32 | 500000000, 0xc001) == WALL_US);
}

static void a_request_is_44_or_112_bytes(void **state)
{
    (void)state;
    static const unsigned char open[STAMP_PACKET_OPEN] = {0,    0, 1, 2, 0xee, 0xad, 0x65, 0xd0,
                                                          0x80, 0, 0, 0, 0x96, 1,    0xab, 0xcd};
    static const unsigned char sealed[STAMP_PACKET_SEALED] = {
        0, 0, 1,    2,    0,    0,    0,    0, 0, 0, 0,    0, 0,    0,
        0, 0, 0xee, 0xad, 0x65, 0xd0, 0x80, 0, 0, 0, 0x96, 1, 0xab, 0xcd};

    const struct stamp_request request = {
        .seq = 0x102, .sent = stamp_packet_time(WALL_US, true), .session = 0xabcd};
    unsigned char bytes[STAMP_PACKET_SEALED];
    struct stamp_request back;
    assert_int_equal(stamp_packet_write_request(&request, false, bytes), sizeof open);
    assert_memory_equal(bytes, open, sizeof open);
    assert_int_equal(stamp_packet_read_request(bytes, sizeof open, false, &back), 0);
    assert_int_equal(back.session, 0xabcd);
    assert_int_equal(stamp_packet_write_request(&request, true, bytes), sizeof sealed);
    assert_memory_equal(bytes, sealed, sizeof sealed);
    assert_int_equal(stamp_packet_read_request(bytes, sizeof sealed, true, &back), 0);
    assert_int_equal(back.seq, 0x102);
    assert_true(back.sent.bits == NTP);
    assert_int_equal(stamp_packet_read_request(bytes, sizeof sealed - 1, true, &back), ERR_END);
}

/* RFC 5357 section 4.1.2: a sender of TWAMP Light may send 14 bytes, padding behind them. */
static void short_packets_of_twamp_are_read(void **state)
{
    (void)state;
    static const unsigned char request[20] = {0, 0, 0, 9, 0xee, 0xad, 0x65, 0xd0, 0x80, 0,
                                              0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    struct stamp_request back;
    struct stamp_reply reply;
    unsigned char bytes[41] = {0};
    assert_int_equal(stamp_packet_read_request(request, 14, false, &back), 0);
    assert_int_equal(back.seq, 9);
    assert_int_equal(stamp_packet_read_request(request, sizeof request, false, &back), 0);
    assert_int_equal(back.session, 0); /* padding is no session */
    assert_int_equal(stamp_packet_read_request(request, 13, false, &back), ERR_END);
    bytes[27] = 9;
    bytes[40] = 61;
    assert_int_equal(stamp_packet_read_reply(bytes, 41, false, &reply), 0);
    assert_int_equal(reply.from.seq, 9);
    assert_int_equal(reply.ttl, 61);
    assert_int_equal(stamp_packet_read_reply(bytes, 40, false, &reply), ERR_END);
}

static void a_reply_stands_in_its_places(void **state)
{
    (void)state;
    const struct stamp_reply reply = {
        .seq = 7,
        .sent = {0x1111111122222222, 0x8001},
        .session = 0xabcd,
        .received = 0x3333333344444444,
        .from = {.seq = 5, .sent = {0x5555555566666666, 0x9602}},
        .ttl = 63,
    };

    static const struct {
        bool sealed;
        size_t len, received, from_seq, from_sent, from_error, ttl;
    } figures[] = {{false, 44, 16, 24, 28, 36, 40}, {true, 112, 32, 48, 64, 72, 80}};

    for (int i = 0; i < 2; i++) {
        unsigned char bytes[STAMP_PACKET_SEALED];
        struct stamp_reply back;
        assert_int_equal(stamp_packet_write_reply(&reply, figures[i].sealed, bytes),
                         figures[i].len);
        assert_memory_equal(bytes + figures[i].received, "\x33\x33\x33\x33\x44\x44\x44\x44", 8);
        assert_memory_equal(bytes + figures[i].from_seq, "\0\0\0\5", 4);
        assert_memory_equal(bytes + figures[i].from_sent, "\x55\x55\x55\x55\x66\x66\x66\x66", 8);
        assert_memory_equal(bytes + figures[i].from_error, "\x96\x02", 2);
        assert_int_equal(bytes[figures[i].ttl], 63);
        assert_int_equal(stamp_packet_read_reply(bytes, figures[i].len, figures[i].sealed, &back),
                         0);
        assert_int_equal(back.seq, 7);
        assert_true(back.received == reply.received && back.sent.bits == reply.sent.bits);
        assert_int_equal(back.session, 0xabcd);
    }
}

static void a_code_fits_its_packet_only(void **state)
{
    (void)state;
    struct stamp_key key = {.len = 20, .bytes = "a shared secret key!"}, other = key;
    unsigned char bytes[STAMP_PACKET_SEALED];
    const struct stamp_request request = {.seq = 1, .sent = stamp_packet_time(WALL_US, true)};
    stamp_packet_write_request(&request, true, bytes);
    assert_int_equal(stamp_key_seal(&key, bytes), 0);
    assert_true(stamp_key_fits(&key, bytes));
    other.bytes[3] ^= 1;
    assert_false(stamp_key_fits(&other, bytes));
    for (size_t i = 0; i < STAMP_PACKET_SEALED; i++) {
        bytes[i] ^= 0x10;
        assert_false(stamp_key_fits(&key, bytes));
        bytes[i] ^= 0x10;
    }
}

static void a_key_is_a_line_of_a_file(void **state)
{
    (void)state;
    char folder[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];
    struct stamp_key key = {0};
    folder_make(folder);
    folder_path(path, folder, "key");
    server_write(path, "0123456789abcdef\n");
    assert_int_equal(stamp_key_read(path, &key), 0);
    assert_int_equal(key.len, 16);
    server_write(path, "0123456789abcde\n");
    assert_int_equal(stamp_key_read(path, &key), ERR_RANGE);
    assert_int_equal(stamp_key_read("/nowhere/key", &key), ERR_NOT_FOUND);
    assert_int_equal(stamp_key_read("", &key), 0);
    assert_int_equal(key.len, 0);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_ntp),
        cmocka_unit_test(a_request_is_44_or_112_bytes),
        cmocka_unit_test(short_packets_of_twamp_are_read),
        cmocka_unit_test(a_reply_stands_in_its_places),
        cmocka_unit_test(a_code_fits_its_packet_only),
        cmocka_unit_test(a_key_is_a_line_of_a_file),
    };
    return cmocka_run_group_tests_name("stamp_packet", tests, NULL, NULL);
}
