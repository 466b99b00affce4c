#include "checks/icmp/icmp_packet.h"

#include "base/err.h"

#include <string.h>

enum {
    V4_ECHO_REPLY = 0,
    V4_ECHO_REQUEST = 8,
    V6_ECHO_REQUEST = 128,
    V6_ECHO_REPLY = 129,
};

static void put_be(unsigned char *at, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * (bytes - 1 - i)));
}

static uint64_t get_be(const unsigned char *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

uint16_t icmp_packet_checksum(const unsigned char *bytes, size_t len)
{
    uint32_t sum = 0;
    for (size_t i = 0; i + 1 < len; i += 2)
        sum += (uint32_t)get_be(bytes + i, 2);
    if (len % 2)
        sum += (uint32_t)bytes[len - 1] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

/* The token is followed by a counting pattern, as ping's is, so that a damaged payload is seen. */
static void put_payload(unsigned char *at, uint64_t token, size_t len)
{
    put_be(at, token, 8);
    for (size_t i = 8; i < len; i++)
        at[i] = (unsigned char)i;
}

size_t icmp_packet_write(const struct icmp_echo *echo, unsigned char out[ICMP_PACKET_MAX])
{
    size_t len = ICMP_PACKET_HEADER + echo->payload;
    memset(out, 0, ICMP_PACKET_HEADER);
    out[0] = echo->family == ICMP_FAMILY_V4 ? V4_ECHO_REQUEST : V6_ECHO_REQUEST;
    put_be(out + 4, echo->id, 2);
    put_be(out + 6, echo->seq, 2);
    put_payload(out + ICMP_PACKET_HEADER, echo->token, echo->payload);
    if (echo->family == ICMP_FAMILY_V4)
        put_be(out + 2, icmp_packet_checksum(out, len), 2);
    return len;
}

static enum icmp_kind kind_of(enum icmp_family family, unsigned char type)
{
    static const struct {
        unsigned char request, reply;
    } numbers[] = {
        [ICMP_FAMILY_V4] = {V4_ECHO_REQUEST, V4_ECHO_REPLY},
        [ICMP_FAMILY_V6] = {V6_ECHO_REQUEST, V6_ECHO_REPLY},
    };

    if (type == numbers[family].reply)
        return ICMP_KIND_ECHO_REPLY;
    return type == numbers[family].request ? ICMP_KIND_ECHO_REQUEST : ICMP_KIND_OTHER;
}

static void read_echo(const unsigned char *bytes, size_t len, struct icmp_message *message)
{
    message->id = (uint16_t)get_be(bytes + 4, 2);
    message->seq = (uint16_t)get_be(bytes + 6, 2);
    message->has_token = len >= ICMP_PACKET_HEADER + ICMP_PACKET_PAYLOAD_MIN;
    if (message->has_token)
        message->token = get_be(bytes + ICMP_PACKET_HEADER, 8);
}

/* Length of the IPv4 header at the front (RFC 791 section 3.1), or 0 if there is no whole one. */
static size_t ip_header_len(const unsigned char *bytes, size_t len)
{
    if (len < 20 || bytes[0] >> 4 != 4)
        return 0;
    size_t header = (size_t)(bytes[0] & 15) * 4;
    return header >= 20 && header <= len ? header : 0;
}

int icmp_packet_read(enum icmp_family family, bool ip_header, const unsigned char *bytes,
                     size_t len, struct icmp_message *ret_message)
{
    if (ip_header) {
        size_t header = ip_header_len(bytes, len);
        if (!header)
            return ERR_SYNTAX;
        bytes += header;
        len -= header;
    }
    if (len < ICMP_PACKET_HEADER)
        return ERR_SYNTAX;
    if (family == ICMP_FAMILY_V4 && icmp_packet_checksum(bytes, len) != 0)
        return ERR_CORRUPT;
    struct icmp_message message = {.kind = kind_of(family, bytes[0])};
    if (message.kind != ICMP_KIND_OTHER)
        read_echo(bytes, len, &message);
    *ret_message = message;
    return 0;
}

int icmp_packet_read_own(const unsigned char *bytes, size_t len, struct icmp_message *ret_message)
{
    if (len < ICMP_PACKET_HEADER)
        return ERR_SYNTAX;
    struct icmp_message message = {.kind = ICMP_KIND_ECHO_REQUEST};
    read_echo(bytes, len, &message);
    *ret_message = message;
    return 0;
}
