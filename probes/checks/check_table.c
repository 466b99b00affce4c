#include "checks/check_table.h"

#include "checks/dns/dns_check.h"
#include "checks/host/host_check.h"
#include "checks/http/http_check.h"
#include "checks/icmp/icmp_check.h"
#include "checks/iface/iface_check.h"
#include "checks/modem/modem_check.h"
#include "checks/plugin/plugin_check.h"
#include "checks/power/power_check.h"
#include "checks/push/push_check.h"
#include "checks/reflector/reflector_check.h"
#include "checks/sfp/sfp_check.h"
#include "checks/snmp/snmp_check.h"
#include "checks/stamp/stamp_check.h"
#include "checks/tcp/tcp_check.h"

static const struct check_type *const types[] = {
    &icmp_check, &tcp_check,    &http_check,      &dns_check,  &iface_check,
    &host_check, &plugin_check, &power_check,     &sfp_check,  &modem_check,
    &snmp_check, &stamp_check,  &reflector_check, &push_check,
};

_Static_assert(CHECK_COUNT(types) <= CHECK_TABLE_MAX, "raise CHECK_TABLE_MAX");

const struct check_type *const *check_table(size_t *ret_n)
{
    *ret_n = CHECK_COUNT(types);
    return types;
}

const struct check_type *check_table_find(struct slice name)
{
    for (size_t i = 0; i < CHECK_COUNT(types); i++) {
        if (slice_is(name, types[i]->name))
            return types[i];
    }
    return NULL;
}

size_t check_table_kinds(struct conf_kind ret_kinds[CHECK_TABLE_MAX])
{
    for (size_t i = 0; i < CHECK_COUNT(types); i++) {
        const struct check_type *type = types[i];
        ret_kinds[i] = (struct conf_kind){
            .word = type->name,
            .fields = type->fields,
            .len = type->n_fields,
            .size = type->config_size,
            .check = type->verify,
            .about = type->about,
        };
    }
    return CHECK_COUNT(types);
}
