#include "checks/power/power_modbus.h"

#include "unit.h"

#include <string.h>

static const struct power_request tcp = {
    .transaction = 0x1234, .unit = 0x11, .table = POWER_TABLE_HOLDING, .first = 0x6b, .count = 3};
static const struct power_request rtu = {
    .rtu = true, .unit = 0x11, .table = POWER_TABLE_HOLDING, .first = 0x6b, .count = 3};

/* The example of the Application Protocol, section 6.3: registers 108 to 110. */
static const unsigned char answer[] = {0x11, 0x03, 6, 0x02, 0x2b, 0, 0, 0, 0x64};

static void requests_are_golden(void **state)
{
    (void)state;
    static const unsigned char want_tcp[] = {0x12, 0x34, 0, 0, 0, 6, 0x11, 3, 0, 0x6b, 0, 3};
    static const unsigned char want_rtu[] = {0x11, 3, 0, 0x6b, 0, 3, 0x76, 0x87};
    unsigned char bytes[POWER_MODBUS_REQUEST_MAX];
    assert_int_equal(power_modbus_write(&tcp, bytes), sizeof want_tcp);
    assert_memory_equal(bytes, want_tcp, sizeof want_tcp);
    assert_int_equal(power_modbus_write(&rtu, bytes), sizeof want_rtu);
    assert_memory_equal(bytes, want_rtu, sizeof want_rtu);
    assert_int_equal(power_modbus_crc((const unsigned char *)"123456789", 9), 0x4b37);
}

/* A TCP frame of @p pdu with a transaction; its length. */
static size_t frame_tcp(unsigned char *at, unsigned transaction, const unsigned char *pdu,
                        size_t len)
{
    const unsigned char header[] = {
        (unsigned char)(transaction >> 8), (unsigned char)transaction, 0, 0, 0, (unsigned char)len};
    memcpy(at, header, sizeof header);
    memcpy(at + sizeof header, pdu, len);
    return sizeof header + len;
}

static size_t frame_rtu(unsigned char *at, const unsigned char *pdu, size_t len)
{
    uint16_t crc = power_modbus_crc(pdu, len);
    memcpy(at, pdu, len);
    at[len] = (unsigned char)crc;
    at[len + 1] = (unsigned char)(crc >> 8);
    return len + 2;
}

/* Whole, cut at every byte, and behind what is not ours. */
static void check_reading(const struct power_request *request, const unsigned char *bytes,
                          size_t before, size_t len)
{
    struct power_found found = {{0}, 0};
    for (size_t cut = 0; cut < before + len; cut++)
        assert_int_equal(power_modbus_read(request, bytes, cut, &found), POWER_ANSWER_MORE);
    assert_int_equal(power_modbus_read(request, bytes, before + len, &found), POWER_ANSWER_DATA);
    assert_int_equal(found.data.len, 6);
    assert_memory_equal(found.data.at, answer + 3, 6);
}

static void answers_are_found_however_they_come(void **state)
{
    (void)state;
    unsigned char other[sizeof answer], bytes[128];
    memcpy(other, answer, sizeof answer);
    other[0] = 0x12;
    check_reading(&tcp, bytes, 0, frame_tcp(bytes, 0x1234, answer, sizeof answer));
    size_t len = frame_tcp(bytes, 0x1233, answer, sizeof answer); /* an older question's */
    len += frame_tcp(bytes + len, 0x1234, other, sizeof other);
    check_reading(&tcp, bytes, len, frame_tcp(bytes + len, 0x1234, answer, sizeof answer));
    check_reading(&rtu, bytes, 0, frame_rtu(bytes, answer, sizeof answer));
    memcpy(bytes, "\x11\x03\xff", 3); /* noise */
    len = 3 + frame_rtu(bytes + 3, other, sizeof other);
    check_reading(&rtu, bytes, len, frame_rtu(bytes + len, answer, sizeof answer));
}

static void exceptions_are_told(void **state)
{
    (void)state;
    static const unsigned char refusal[] = {0x11, 0x83, 2};
    unsigned char bytes[32];
    struct power_found found;
    assert_int_equal(power_modbus_read(&tcp, bytes, frame_tcp(bytes, 0x1234, refusal, 3), &found),
                     POWER_ANSWER_EXCEPTION);
    assert_int_equal(found.exception, 2);
    assert_int_equal(power_modbus_read(&rtu, bytes, frame_rtu(bytes, refusal, 3), &found),
                     POWER_ANSWER_EXCEPTION);
    assert_string_equal(power_modbus_exception(2), "illegal data address");
    assert_string_equal(power_modbus_exception(7), "exception");
    assert_string_equal(power_modbus_exception(200), "exception");
}

static void what_is_not_modbus_is_refused(void **state)
{
    (void)state;
    unsigned char bytes[64];
    struct power_found found;
    assert_int_equal(power_modbus_read(&tcp, "HTTP/1.1 400", 12, &found), POWER_ANSWER_GARBAGE);
    size_t len = frame_tcp(bytes, 0x1234, answer, sizeof answer - 2); /* says 6, brings 4 */
    assert_int_equal(power_modbus_read(&tcp, bytes, len, &found), POWER_ANSWER_GARBAGE);
    len = frame_rtu(bytes, answer, sizeof answer);
    bytes[4] ^= 1;
    assert_int_equal(power_modbus_read(&rtu, bytes, len, &found), POWER_ANSWER_MORE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_golden),
        cmocka_unit_test(answers_are_found_however_they_come),
        cmocka_unit_test(exceptions_are_told),
        cmocka_unit_test(what_is_not_modbus_is_refused),
    };
    return cmocka_run_group_tests_name("power_modbus", tests, NULL, NULL);
}
