#include "checks/power/power_modbus.h"

enum { HEADER = 7, PROTOCOL_MAX = 254, EXCEPTION_BIT = 0x80, CRC = 2 };

uint16_t power_modbus_crc(const unsigned char *bytes, size_t len)
{
    unsigned crc = 0xffff;
    for (size_t i = 0; i < len; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1;
    }
    return (uint16_t)crc;
}

static void put16(unsigned char *at, unsigned value)
{
    at[0] = (unsigned char)(value >> 8);
    at[1] = (unsigned char)value;
}

static unsigned get16(const unsigned char *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

size_t power_modbus_write(const struct power_request *request,
                          unsigned char ret_bytes[POWER_MODBUS_REQUEST_MAX])
{
    unsigned char *at = ret_bytes;
    if (!request->rtu) {
        put16(at, request->transaction);
        put16(at + 2, 0);
        put16(at + 4, 6);
        at += HEADER - 1;
    }
    at[0] = request->unit;
    at[1] = (unsigned char)request->table;
    put16(at + 2, request->first);
    put16(at + 4, request->count);
    if (!request->rtu)
        return HEADER + 5;
    uint16_t crc = power_modbus_crc(at, 6);
    at[6] = (unsigned char)crc; /* low byte first, unlike all else */
    at[7] = (unsigned char)(crc >> 8);
    return 8;
}

static size_t data_bytes(const struct power_request *request)
{
    bool bits = request->table == POWER_TABLE_COIL || request->table == POWER_TABLE_DISCRETE;
    return bits ? (request->count + 7U) / 8 : 2U * request->count;
}

/* What the @p len bytes behind the unit are: function, then a code or a length and the data. */
static enum power_answer judge(const struct power_request *request, const unsigned char *at,
                               size_t len, struct power_found *ret_found)
{
    size_t want = data_bytes(request);
    if (len == 2 && at[0] == (EXCEPTION_BIT | (int)request->table)) {
        ret_found->exception = at[1];
        return POWER_ANSWER_EXCEPTION;
    }
    if (len != 2 + want || at[0] != (int)request->table || at[1] != want)
        return POWER_ANSWER_MORE;
    ret_found->data = (struct slice){(const char *)at + 2, want};
    return POWER_ANSWER_DATA;
}

static enum power_answer read_tcp(const struct power_request *request, const unsigned char *at,
                                  size_t len, struct power_found *ret_found)
{
    while (len >= HEADER) {
        size_t rest = get16(at + 4);
        if (get16(at + 2) != 0 || rest < 3 || rest > PROTOCOL_MAX)
            return POWER_ANSWER_GARBAGE;
        size_t frame = HEADER - 1 + rest;
        if (len < frame)
            break;
        if (get16(at) == request->transaction && at[6] == request->unit) {
            enum power_answer answer = judge(request, at + HEADER, rest - 1, ret_found);
            return answer == POWER_ANSWER_MORE ? POWER_ANSWER_GARBAGE : answer;
        }
        at += frame;
        len -= frame;
    }
    return POWER_ANSWER_MORE;
}

/* The frame of @p rest bytes behind the unit, if it is ours and whole at @p at. */
static enum power_answer read_rtu_at(const struct power_request *request, const unsigned char *at,
                                     size_t len, size_t rest, struct power_found *ret_found)
{
    size_t frame = 1 + rest;
    if (len < frame + CRC || at[0] != request->unit)
        return POWER_ANSWER_MORE;
    unsigned crc = at[frame] | (unsigned)at[frame + 1] << 8;
    if (crc != power_modbus_crc(at, frame))
        return POWER_ANSWER_MORE;
    return judge(request, at + 1, rest, ret_found);
}

/* A line has no frame marks but silence, which a busy machine cannot time: the checksum finds them.
 */
static enum power_answer read_rtu(const struct power_request *request, const unsigned char *at,
                                  size_t len, struct power_found *ret_found)
{
    const size_t rests[] = {2 + data_bytes(request), 2};
    for (; len > 0; at++, len--) {
        for (int i = 0; i < 2; i++) {
            enum power_answer answer = read_rtu_at(request, at, len, rests[i], ret_found);
            if (answer != POWER_ANSWER_MORE)
                return answer;
        }
    }
    return POWER_ANSWER_MORE;
}

enum power_answer power_modbus_read(const struct power_request *request, const void *bytes,
                                    size_t len, struct power_found *ret_found)
{
    if (request->rtu)
        return read_rtu(request, bytes, len, ret_found);
    return read_tcp(request, bytes, len, ret_found);
}

const char *power_modbus_exception(unsigned char code)
{
    static const char *const words[] = {
        [1] = "illegal function",
        [2] = "illegal data address",
        [3] = "illegal data value",
        [4] = "server device failure",
        [5] = "acknowledge",
        [6] = "server device busy",
        [8] = "memory parity error",
        [10] = "gateway path unavailable",
        [11] = "the device behind the gateway does not answer",
    };

    const char *word = code < sizeof words / sizeof *words ? words[code] : NULL;
    return word ? word : "exception";
}
