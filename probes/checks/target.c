#include "checks/target.h"

#include "base/err.h"
#include "base/num.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>

const char *const target_families[] = {"any", "ipv4", "ipv6", NULL};

int target_af(int family)
{
    static const int af[] = {AF_UNSPEC, AF_INET, AF_INET6};

    return af[family];
}

/* A name whose last label is a number can only be a mistyped address (RFC 3696 section 2). */
static bool ends_in_number(struct slice host)
{
    size_t i = host.len;
    while (i > 0 && isdigit((unsigned char)host.at[i - 1]))
        i--;
    return i < host.len && (i == 0 || host.at[i - 1] == '.');
}

bool target_is_name(struct slice text)
{
    size_t label = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c == '.') {
            if (label == 0)
                return false;
            label = 0;
        } else if ((!isalnum(c) && c != '-' && c != '_') || ++label > 63) {
            return false;
        }
    }
    return text.len > 0 && text.len < TARGET_HOST_MAX && !ends_in_number(text);
}

static bool is_literal(const char *host)
{
    struct in6_addr any;
    return inet_pton(AF_INET, host, &any) == 1 || inet_pton(AF_INET6, host, &any) == 1;
}

/* Cuts the port off @p text: what follows the brackets, or the only colon. */
static int split(struct slice text, struct slice *ret_host, struct slice *ret_port)
{
    const char *end = text.at + text.len;
    const char *colon = memchr(text.at, ':', text.len);
    const char *host_end = end;
    if (text.len > 0 && *text.at == '[') {
        text.at++;
        host_end = memchr(text.at, ']', (size_t)(end - text.at));
        if (!host_end || (host_end + 1 != end && host_end[1] != ':'))
            return ERR_SYNTAX;
        colon = host_end + 1 == end ? NULL : host_end + 1;
    } else if (colon && memchr(colon + 1, ':', (size_t)(end - colon - 1))) {
        colon = NULL;
    } else if (colon) {
        host_end = colon;
    }
    *ret_host = (struct slice){text.at, (size_t)(host_end - text.at)};
    *ret_port = colon ? (struct slice){colon + 1, (size_t)(end - colon - 1)} : (struct slice){0};
    return 0;
}

static int read_port(struct slice text, uint16_t *ret_port)
{
    uint64_t port = 0;
    if (num_parse_u64(text, &port) != 0)
        return ERR_SYNTAX;
    if (port < 1 || port > UINT16_MAX)
        return ERR_RANGE;
    *ret_port = (uint16_t)port;
    return 0;
}

int target_read(struct slice text, struct target *ret_target)
{
    struct target t = {0};
    struct slice host, port;
    int err = split(text, &host, &port);
    if (!err && port.at)
        err = read_port(port, &t.port);
    if (err)
        return err;
    if (host.len >= sizeof t.host)
        return ERR_TOO_LONG;
    memcpy(t.host, host.at, host.len);
    if (!is_literal(t.host) && !target_is_name(host))
        return ERR_SYNTAX;
    *ret_target = t;
    return 0;
}

bool target_is_host(const char *text, char ret_why[FIELD_WHY_MAX])
{
    struct target t;
    if (target_read(slice_of(text), &t) == 0 && t.port == 0)
        return true;
    snprintf(ret_why, FIELD_WHY_MAX, "target must be a name or an address, such as 10.0.0.1");
    return false;
}

bool target_is_host_port(const char *text, char ret_why[FIELD_WHY_MAX])
{
    struct target t;
    if (target_read(slice_of(text), &t) == 0 && t.port != 0)
        return true;
    snprintf(ret_why, FIELD_WHY_MAX,
             "target must be host:port, such as 10.0.0.1:53 or [fd00::1]:53");
    return false;
}
