#include "checks/icmp/icmp_packet.h"

#include "base/err.h"
#include "unit.h"

#include <string.h>

static const struct icmp_echo small_v4 = {ICMP_FAMILY_V4, 0x1234, 1, 0x0102030405060708, 8};

/* Checksum by hand: 0800+1234+0001+0102+0304+0506+0708 = 2a49, complement d5b6. */
static const unsigned char small_v4_bytes[] = {0x08, 0x00, 0xd5, 0xb6, 0x12, 0x34, 0x00, 0x01,
                                               0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};

static void checksum_is_that_of_rfc_1071(void **state)
{
    (void)state;
    static const unsigned char example[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
    assert_int_equal(icmp_packet_checksum(example, sizeof example), 0xffff - 0xddf2);
    static const unsigned char odd[] = {0x01};
    assert_int_equal(icmp_packet_checksum(odd, 1), 0xfeff);
}

static void writes_golden_bytes(void **state)
{
    (void)state;
    unsigned char out[ICMP_PACKET_MAX];
    assert_int_equal(icmp_packet_write(&small_v4, out), sizeof small_v4_bytes);
    assert_memory_equal(out, small_v4_bytes, sizeof small_v4_bytes);

    struct icmp_echo v6 = small_v4;
    v6.family = ICMP_FAMILY_V6;
    static const unsigned char v6_bytes[] = {0x80, 0x00, 0x00, 0x00, 0x12, 0x34, 0x00, 0x01,
                                             0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};
    assert_int_equal(icmp_packet_write(&v6, out), sizeof v6_bytes);
    assert_memory_equal(out, v6_bytes, sizeof v6_bytes);
}

static void written_checksum_verifies_at_every_length(void **state)
{
    (void)state;
    unsigned char out[ICMP_PACKET_MAX];
    struct icmp_echo echo = small_v4;
    for (echo.payload = ICMP_PACKET_PAYLOAD_MIN; echo.payload <= ICMP_PACKET_PAYLOAD_MAX;
         echo.payload++) {
        size_t len = icmp_packet_write(&echo, out);
        assert_int_equal(len, ICMP_PACKET_HEADER + echo.payload);
        assert_int_equal(icmp_packet_checksum(out, len), 0);
    }
}

/* The same echo as an answer: type 0, so the checksum grows by 0800. */
static size_t reply_v4(unsigned char *out)
{
    size_t len = icmp_packet_write(&small_v4, out);
    out[0] = 0;
    out[2] = 0xdd;
    return len;
}

static void reads_a_reply(void **state)
{
    (void)state;
    unsigned char bytes[ICMP_PACKET_MAX];
    size_t len = reply_v4(bytes);
    struct icmp_message message;
    assert_int_equal(icmp_packet_read(ICMP_FAMILY_V4, false, bytes, len, &message), 0);
    assert_int_equal(message.kind, ICMP_KIND_ECHO_REPLY);
    assert_int_equal(message.id, 0x1234);
    assert_int_equal(message.seq, 1);
    assert_true(message.has_token);
    assert_true(message.token == 0x0102030405060708);
}

static void reads_behind_an_ip_header(void **state)
{
    (void)state;
    for (size_t words = 5; words <= 15; words++) {
        unsigned char bytes[60 + ICMP_PACKET_MAX] = {(unsigned char)(0x40 | words)};
        size_t len = words * 4 + reply_v4(bytes + words * 4);
        struct icmp_message message;
        assert_int_equal(icmp_packet_read(ICMP_FAMILY_V4, true, bytes, len, &message), 0);
        assert_int_equal(message.kind, ICMP_KIND_ECHO_REPLY);
        assert_int_equal(message.seq, 1);
    }
}

static void v6_numbers_differ(void **state)
{
    (void)state;
    unsigned char bytes[ICMP_PACKET_HEADER] = {129, 0, 0xff, 0xff, 0, 7, 0, 9};
    struct icmp_message message;
    assert_int_equal(icmp_packet_read(ICMP_FAMILY_V6, false, bytes, sizeof bytes, &message), 0);
    assert_int_equal(message.kind, ICMP_KIND_ECHO_REPLY);
    assert_int_equal(message.seq, 9);
    assert_false(message.has_token);
    bytes[0] = 128;
    assert_int_equal(icmp_packet_read(ICMP_FAMILY_V6, false, bytes, sizeof bytes, &message), 0);
    assert_int_equal(message.kind, ICMP_KIND_ECHO_REQUEST);
    bytes[0] = 0; /* an echo reply of IPv4 is nothing here */
    assert_int_equal(icmp_packet_read(ICMP_FAMILY_V6, false, bytes, sizeof bytes, &message), 0);
    assert_int_equal(message.kind, ICMP_KIND_OTHER);
}

static void refuses_what_is_cut_or_damaged(void **state)
{
    (void)state;
    unsigned char bytes[ICMP_PACKET_MAX];
    size_t len = reply_v4(bytes);
    struct icmp_message message = {.seq = 77};
    for (size_t cut = 0; cut < ICMP_PACKET_HEADER; cut++)
        assert_int_equal(icmp_packet_read(ICMP_FAMILY_V4, false, bytes, cut, &message), ERR_SYNTAX);
    for (size_t i = 0; i < len; i++) {
        bytes[i] ^= 0x10;
        assert_int_equal(icmp_packet_read(ICMP_FAMILY_V4, false, bytes, len, &message),
                         ERR_CORRUPT);
        bytes[i] ^= 0x10;
    }
    static const unsigned char headers[][20] = {{0x44}, {0x4f}, {0x65}};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(icmp_packet_read(ICMP_FAMILY_V4, true, headers[i], 20, &message),
                         ERR_SYNTAX);
    assert_int_equal(message.seq, 77);
}

static void reads_its_own_head_from_an_error(void **state)
{
    (void)state;
    struct icmp_message message;
    assert_int_equal(icmp_packet_read_own(small_v4_bytes, ICMP_PACKET_HEADER, &message), 0);
    assert_int_equal(message.id, 0x1234);
    assert_false(message.has_token);
    assert_int_equal(icmp_packet_read_own(small_v4_bytes, sizeof small_v4_bytes, &message), 0);
    assert_true(message.has_token);
    assert_int_equal(icmp_packet_read_own(small_v4_bytes, 7, &message), ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checksum_is_that_of_rfc_1071),
        cmocka_unit_test(writes_golden_bytes),
        cmocka_unit_test(written_checksum_verifies_at_every_length),
        cmocka_unit_test(reads_a_reply),
        cmocka_unit_test(reads_behind_an_ip_header),
        cmocka_unit_test(v6_numbers_differ),
        cmocka_unit_test(refuses_what_is_cut_or_damaged),
        cmocka_unit_test(reads_its_own_head_from_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
