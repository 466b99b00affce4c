#include "checks/snmp/snmp_pon_kept.h"

#include "base/err.h"
#include "base/num.h"
#include "wire/topic.h"

#include <inttypes.h>

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

static int read_port(struct slice text, struct snmp_port *ret_port)
{
    struct slice key = slice_take(&text, ':'), number = slice_take(&text, ':');
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
        err = read_port(slice_take(&text, ' '), &port);
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
