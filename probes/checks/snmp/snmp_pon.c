#include "checks/snmp/snmp_pon.h"

enum {
    SEEN = 1,   /* by this walk */
    WAS = 2,    /* it served at the look before */
    GONE = 4,   /* it served, and vanished lately */
    GASPS = 10, /* one in so many may have lost its power by chance */
    SECOND = 1000
};

struct ont {
    uint32_t id;     /* of the numbers behind its port's */
    uint32_t gone_s; /* when it vanished */
    uint16_t port;
    uint8_t level; /* enum snmp_level */
    uint8_t flags;
};

void snmp_pon_init(struct snmp_pon *pon, int64_t together_ms)
{
    *pon = (struct snmp_pon){.together_ms = together_ms};
    vec_init(&pon->onts, sizeof(struct ont), SNMP_PON_ONTS_MAX);
    vec_init(&pon->ports, sizeof(struct snmp_port), SNMP_PON_PORTS_MAX);
}

void snmp_pon_done(struct snmp_pon *pon)
{
    vec_done(&pon->onts);
    vec_done(&pon->ports);
}

void snmp_pon_rewind(struct snmp_pon *pon)
{
    pon->at = 0;
    pon->port = 0;
}

void snmp_pon_begin(struct snmp_pon *pon)
{
    struct ont *onts = pon->onts.items;
    snmp_pon_rewind(pon);
    pon->left_out = 0;
    for (size_t i = 0; i < pon->onts.len; i++)
        onts[i].flags &= (uint8_t)~SEEN;
}

/* The ports of a walk come one after the other: the search begins where the last one ended. */
static bool find_port(struct snmp_pon *pon, uint64_t key)
{
    const struct snmp_port *ports = pon->ports.items;
    for (size_t i = 0; i < pon->ports.len; i++) {
        size_t at = (pon->port + i) % pon->ports.len;
        if (ports[at].key == key) {
            pon->port = at;
            return true;
        }
    }
    return false;
}

static bool find_or_add_port(struct snmp_pon *pon, const struct snmp_oid *index, uint32_t port_len)
{
    uint64_t key = snmp_oid_hash(index, port_len);
    if (find_port(pon, key))
        return true;
    struct snmp_port *port = vec_push(&pon->ports);
    if (!port)
        return false;
    *port = (struct snmp_port){.key = key, .number = index->id[port_len - 1]};
    pon->port = pon->ports.len - 1;
    return true;
}

/* Terminals of one port rarely share a number; if two ever do, they count as one. */
static uint32_t id_of(const struct snmp_oid *index, uint32_t port_len)
{
    if (index->len == port_len + 1)
        return index->id[port_len];
    return (uint32_t)(snmp_oid_hash(index, index->len) >> 7);
}

/* From where the walk is: nearly always right there. */
static struct ont *find_ont(struct snmp_pon *pon, uint32_t id)
{
    struct ont *onts = pon->onts.items;
    for (size_t i = pon->at; i < pon->onts.len; i++) {
        if (onts[i].port == pon->port && onts[i].id == id) {
            pon->at = i + 1;
            return &onts[i];
        }
    }
    return NULL;
}

static struct ont *add_ont(struct snmp_pon *pon, uint32_t id)
{
    struct ont *ont = vec_insert(&pon->onts, pon->at);
    if (!ont)
        return NULL;
    *ont = (struct ont){.id = id, .port = (uint16_t)pon->port};
    pon->at++;
    return ont;
}

void snmp_pon_state(struct snmp_pon *pon, const struct snmp_oid *index, uint32_t port_len,
                    enum snmp_level level)
{
    struct ont *ont = NULL;
    if (index->len > port_len && find_or_add_port(pon, index, port_len)) {
        uint32_t id = id_of(index, port_len);
        ont = find_ont(pon, id);
        ont = ont ? ont : add_ont(pon, id);
    }
    if (!ont) {
        pon->left_out++;
        return;
    }
    ont->level = (uint8_t)level;
    ont->flags |= SEEN;
}

void snmp_pon_cause(struct snmp_pon *pon, const struct snmp_oid *index, uint32_t port_len,
                    enum snmp_level level)
{
    if (index->len <= port_len || !find_port(pon, snmp_oid_hash(index, port_len)))
        return;
    struct ont *ont = find_ont(pon, id_of(index, port_len));
    if (ont && ont->level != SNMP_LEVEL_ONLINE)
        ont->level = (uint8_t)level;
}

/* One terminal's part in its port's sums. */
static void count(struct snmp_port *port, const struct ont *ont)
{
    bool gone = ont->flags & GONE;
    port->onts++;
    port->online += ont->level == SNMP_LEVEL_ONLINE;
    port->los += ont->level == SNMP_LEVEL_LOS;
    port->gasp += ont->level == SNMP_LEVEL_GASP;
    port->recent += ont->level == SNMP_LEVEL_ONLINE || gone;
    port->lost += gone && ont->level == SNMP_LEVEL_LOS;
    port->gasped += gone && ont->level == SNMP_LEVEL_GASP;
}

/* Follows one terminal; false once it is to be forgotten. */
static bool follow(struct ont *ont, uint32_t now_s, uint32_t together_s)
{
    if (!(ont->flags & SEEN))
        ont->level = SNMP_LEVEL_OFFLINE;
    bool online = ont->level == SNMP_LEVEL_ONLINE;
    if (online) {
        ont->flags = (uint8_t)((ont->flags | WAS) & ~GONE);
    } else if (ont->flags & WAS) {
        ont->flags = (uint8_t)((ont->flags | GONE) & ~WAS);
        ont->gone_s = now_s;
    } else if (now_s - ont->gone_s > together_s) {
        ont->flags = (uint8_t)(ont->flags & ~GONE);
    }
    return ont->flags & (SEEN | GONE);
}

static void follow_all(struct snmp_pon *pon, struct mono_ms now)
{
    struct ont *onts = pon->onts.items;
    struct snmp_port *ports = pon->ports.items;
    size_t kept = 0;
    for (size_t i = 0; i < pon->onts.len; i++) {
        if (!follow(&onts[i], (uint32_t)(now.ms / SECOND), (uint32_t)(pon->together_ms / SECOND)))
            continue;
        count(&ports[onts[i].port], &onts[i]);
        onts[kept++] = onts[i];
    }
    vec_remove(&pon->onts, kept, pon->onts.len - kept);
}

/* At the first look nobody can have vanished: a port is down then if it is wholly dark. */
static void judge(struct snmp_port *port)
{
    if (port->onts == 0) { /* nobody is left to serve: its terminals were taken off the OLT */
        port->known = port->down = false;
        return;
    }
    if (!port->known) {
        port->down = port->online == 0 && port->los >= SNMP_PON_LEAST &&
                     2 * port->los > port->onts && GASPS * port->gasp <= port->los;
        port->base = port->los;
    } else if (port->down) {
        port->down = 2 * port->online <= port->base;
    } else {
        port->down = port->lost >= SNMP_PON_LEAST && 2 * port->lost > port->recent &&
                     GASPS * port->gasped <= port->lost;
        port->base = port->recent;
    }
    port->known = true;
}

static void clear(struct snmp_port *port)
{
    port->onts = port->online = port->los = port->gasp = 0;
    port->recent = port->lost = port->gasped = 0;
}

struct snmp_pon_sum snmp_pon_end(struct snmp_pon *pon, struct mono_ms now)
{
    struct snmp_port *ports = pon->ports.items;
    struct snmp_pon_sum sum = {0};
    for (size_t i = 0; i < pon->ports.len; i++)
        clear(&ports[i]);
    follow_all(pon, now);
    for (size_t i = 0; i < pon->ports.len; i++) {
        judge(&ports[i]);
        sum.onts += ports[i].onts;
        sum.online += ports[i].online;
        sum.los += ports[i].los;
        sum.gasp += ports[i].gasp;
        sum.ports += ports[i].onts > 0 || ports[i].down;
        sum.down += ports[i].down;
    }
    return sum;
}
