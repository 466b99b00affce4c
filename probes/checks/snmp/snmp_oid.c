#include "checks/snmp/snmp_oid.h"

#include "base/err.h"
#include "base/names.h"
#include "base/num.h"

#include <stdio.h>

int snmp_oid_read(struct slice text, struct snmp_oid *ret_oid)
{
    struct snmp_oid oid = {0};
    const char *at = text.at, *end = text.at + text.len;
    if (text.len > 0 && *at == '.')
        at++;
    while (at < end) {
        const char *dot = memchr(at, '.', (size_t)(end - at));
        const char *stop = dot ? dot : end;
        uint64_t number = 0;
        int err = num_parse_u64((struct slice){at, (size_t)(stop - at)}, &number);
        if (err || number > UINT32_MAX)
            return err ? err : ERR_RANGE;
        if (oid.len == SNMP_OID_MAX)
            return ERR_TOO_LONG;
        oid.id[oid.len++] = (uint32_t)number;
        at = stop + 1;
    }
    if (oid.len == 0 || at == end) /* empty, or a dot at its end */
        return ERR_SYNTAX;
    *ret_oid = oid;
    return 0;
}

void snmp_oid_write(const struct snmp_oid *oid, char ret_text[SNMP_OID_TEXT_MAX])
{
    size_t len = 0;
    ret_text[0] = 0;
    for (uint32_t i = 0; i < oid->len; i++)
        len += (size_t)snprintf(ret_text + len, SNMP_OID_TEXT_MAX - len, i ? ".%u" : "%u",
                                (unsigned)oid->id[i]);
}

int snmp_oid_order(const struct snmp_oid *a, const struct snmp_oid *b)
{
    for (uint32_t i = 0; i < a->len && i < b->len; i++) {
        if (a->id[i] != b->id[i])
            return a->id[i] < b->id[i] ? -1 : 1;
    }
    return (a->len > b->len) - (a->len < b->len);
}

bool snmp_oid_below(const struct snmp_oid *root, const struct snmp_oid *oid,
                    struct snmp_oid *ret_index)
{
    if (oid->len < root->len || memcmp(oid->id, root->id, root->len * sizeof *root->id) != 0)
        return false;
    ret_index->len = oid->len - root->len;
    memcpy(ret_index->id, oid->id + root->len, ret_index->len * sizeof *oid->id);
    return true;
}

int snmp_oid_join(const struct snmp_oid *root, const struct snmp_oid *index,
                  struct snmp_oid *ret_oid)
{
    if (root->len + index->len > SNMP_OID_MAX)
        return ERR_TOO_LONG;
    *ret_oid = *root;
    memcpy(ret_oid->id + root->len, index->id, index->len * sizeof *index->id);
    ret_oid->len += index->len;
    return 0;
}

uint64_t snmp_oid_hash(const struct snmp_oid *oid, uint32_t len)
{
    uint32_t used = len < oid->len ? len : oid->len;
    return names_hash((struct slice){(const char *)oid->id, used * sizeof *oid->id});
}
