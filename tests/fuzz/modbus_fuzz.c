/* What a Modbus device or the line to it brings: the first byte chooses the request, the rest is
 * received. An answer is never longer than what was asked, and stands within what came. */
#include "check.h"
#include "checks/power/power_modbus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const struct power_request request = {
        .rtu = data[0] & 1,
        .transaction = 1,
        .unit = 1,
        .table = (enum power_table)(1 + (data[0] >> 1 & 3)),
        .first = 0,
        .count = (uint16_t)(1 + (data[0] >> 3) * 4),
    };
    bool bits = request.table <= POWER_TABLE_DISCRETE;
    size_t want = bits ? (request.count + 7U) / 8 : 2U * request.count;
    struct power_found found = {{0}, 0};
    const char *from = (const char *)data + 1;
    enum power_answer answer = power_modbus_read(&request, from, size - 1, &found);
    if (answer == POWER_ANSWER_DATA) {
        check(found.data.len == want, "an answer has what was asked");
        check(found.data.at >= from && found.data.at + want <= from + size - 1,
              "an answer stands within what came");
    }
    check(answer != POWER_ANSWER_GARBAGE || !request.rtu, "a line is never given up");
    check(power_modbus_exception(found.exception)[0], "every code has words");
    return 0;
}
