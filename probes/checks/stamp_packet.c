#include "checks/stamp_packet.h"

#include "base/err.h"

#include <string.h>

enum {
    TWAMP_REQUEST = 14,
    TWAMP_REPLY = 41,
    SYNCED = 0x8000,
    PTP = 0x4000, /* nanoseconds since 1970 instead of NTP's fraction since 1900 */
    /* 1 x 2^-32 x 2^22 s, about a millisecond, is what a held clock is good for; a second if not.
     */
    HELD = 22 << 8 | 1,
    LOOSE = 32 << 8 | 1,
    SECOND_US = 1000000,
};

/* Seconds from 1900 to 1970 (RFC 868), and NTP's seconds of one era. */
#define NTP_1970 INT64_C(2208988800)
#define NTP_ERA (INT64_C(1) << 32)

/* Where the parts of a packet stand. */
struct places {
    size_t seq, sent, error, session, received, from_seq, from_sent, from_error, ttl, len;
};

static const struct places open_places = {0, 4, 12, 14, 16, 24, 28, 36, 40, STAMP_PACKET_OPEN};
static const struct places sealed_places = {0, 16, 24, 26, 32, 48, 64, 72, 80, STAMP_PACKET_SEALED};

static const struct places *places_of(bool sealed)
{
    return sealed ? &sealed_places : &open_places;
}

/* ---- times ---- */

struct stamp_time stamp_packet_time(int64_t wall_us, bool synced)
{
    uint64_t seconds = (uint64_t)(wall_us / SECOND_US + NTP_1970);
    uint64_t fraction = ((uint64_t)(wall_us % SECOND_US) << 32) / SECOND_US;
    return (struct stamp_time){.bits = seconds << 32 | fraction,
                               .error = (uint16_t)(synced ? SYNCED | HELD : LOOSE)};
}

int64_t stamp_packet_wall_us(uint64_t bits, uint16_t error)
{
    int64_t seconds = (int64_t)(bits >> 32);
    uint64_t low = bits & UINT32_MAX;
    if (error & PTP)
        return seconds * SECOND_US + (int64_t)(low / 1000);
    if (seconds < NTP_1970)
        seconds += NTP_ERA;
    int64_t us = (int64_t)((low * SECOND_US + (UINT64_C(1) << 31)) >> 32);
    return (seconds - NTP_1970) * SECOND_US + us;
}

bool stamp_packet_synced(uint16_t error)
{
    return error & SYNCED;
}

/* ---- numbers ---- */

static void put(unsigned char *at, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> 8 * (bytes - 1 - i));
}

static uint64_t get(const unsigned char *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

/* ---- packets ---- */

size_t stamp_packet_write_request(const struct stamp_request *request, bool sealed,
                                  unsigned char out[STAMP_PACKET_SEALED])
{
    const struct places *at = places_of(sealed);
    memset(out, 0, at->len);
    put(out + at->seq, request->seq, 4);
    put(out + at->sent, request->sent.bits, 8);
    put(out + at->error, request->sent.error, 2);
    put(out + at->session, request->session, 2);
    return at->len;
}

int stamp_packet_read_request(const unsigned char *bytes, size_t len, bool sealed,
                              struct stamp_request *ret_request)
{
    const struct places *at = places_of(sealed);
    if (len < (sealed ? at->len : TWAMP_REQUEST))
        return ERR_END;
    ret_request->seq = (uint32_t)get(bytes + at->seq, 4);
    ret_request->sent.bits = get(bytes + at->sent, 8);
    ret_request->sent.error = (uint16_t)get(bytes + at->error, 2);
    ret_request->session = 0;
    if (len >= at->len) /* in a shorter one padding stands there */
        ret_request->session = (uint16_t)get(bytes + at->session, 2);
    return 0;
}

size_t stamp_packet_write_reply(const struct stamp_reply *reply, bool sealed,
                                unsigned char out[STAMP_PACKET_SEALED])
{
    const struct places *at = places_of(sealed);
    memset(out, 0, at->len);
    put(out + at->seq, reply->seq, 4);
    put(out + at->sent, reply->sent.bits, 8);
    put(out + at->error, reply->sent.error, 2);
    put(out + at->session, reply->session, 2);
    put(out + at->received, reply->received, 8);
    put(out + at->from_seq, reply->from.seq, 4);
    put(out + at->from_sent, reply->from.sent.bits, 8);
    put(out + at->from_error, reply->from.sent.error, 2);
    out[at->ttl] = reply->ttl;
    return at->len;
}

int stamp_packet_read_reply(const unsigned char *bytes, size_t len, bool sealed,
                            struct stamp_reply *ret_reply)
{
    const struct places *at = places_of(sealed);
    if (len < (sealed ? at->len : TWAMP_REPLY))
        return ERR_END;
    *ret_reply = (struct stamp_reply){
        .seq = (uint32_t)get(bytes + at->seq, 4),
        .sent = {get(bytes + at->sent, 8), (uint16_t)get(bytes + at->error, 2)},
        .session = (uint16_t)get(bytes + at->session, 2),
        .received = get(bytes + at->received, 8),
        .from = {.seq = (uint32_t)get(bytes + at->from_seq, 4),
                 .sent = {get(bytes + at->from_sent, 8), (uint16_t)get(bytes + at->from_error, 2)}},
        .ttl = bytes[at->ttl],
    };
    return 0;
}
