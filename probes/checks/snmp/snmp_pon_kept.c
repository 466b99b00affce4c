#include "checks/snmp/snmp_pon_kept.h"

#include "base/err.h"
#include "base/num.h"
#include "wire/topic.h"

#include <inttypes.h>
#include <string.h>

/* One port is KEY:NUMBER:BASE, ports are apart by blanks. */

void snmp_pon_kept_write(const struct snmp_pon *pon, struct buf *out)
{
    const struct snmp_port *ports = pon->ports.items;
    const char *before = "";
    for (size_t i = 0; i < pon->ports.len; i++) {
        if (!ports[i].down)
            continue;
        buf_printf(out, "%s%016" PRIx64 ":%" PRIu32 ":%" PRIu32, before, ports[i].key,
                   ports[i].number, ports[i].base);
        before = " ";
    }
}

/* Cuts what stands before the next @p end off @p text; all of it if there is none. */
static struct slice cut(struct slice *text, char end)
{
    const char *at = text->len ? memchr(text->at, end, text->len) : NULL;
    struct slice part = {text->at, at ? (size_t)(at - text->at) : text->len};
    size_t used = at ? part.len + 1 : part.len;
    *text = (struct slice){text->at + used, text->len - used};
    return part;
}

static int read_port(struct slice text, struct snmp_port *ret_port)
{
    struct slice key = cut(&text, ':'), number = cut(&text, ':');
    struct snmp_port port = {.known = true, .down = true};
    uint64_t n = 0, base = 0;
    if (topic_read_hex(key, &port.key) != 0 || num_parse_u64(number, &n) != 0 ||
        num_parse_u64(text, &base) != 0 || n > UINT32_MAX || base > SNMP_PON_ONTS_MAX)
        return ERR_CORRUPT;
    port.number = (uint32_t)n;
    port.base = (uint32_t)base;
    *ret_port = port;
    return 0;
}

int snmp_pon_kept_read(struct slice text, struct snmp_pon *pon)
{
    int err = text.len ? 0 : ERR_CORRUPT;
    while (text.len > 0 && !err) {
        struct snmp_port port;
        err = read_port(cut(&text, ' '), &port);
        struct snmp_port *place = err ? NULL : vec_push(&pon->ports);
        if (place)
            *place = port;
        else if (!err)
            err = pon->ports.len < SNMP_PON_PORTS_MAX ? ERR_NOMEM : ERR_CORRUPT;
    }
    if (err)
        vec_remove(&pon->ports, 0, pon->ports.len);
    return err;
}
