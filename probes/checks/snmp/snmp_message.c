#include "checks/snmp/snmp_message.h"

static size_t to_oid(const struct snmp_oid *from, oid to[SNMP_OID_MAX])
{
    for (uint32_t i = 0; i < from->len; i++)
        to[i] = from->id[i];
    return from->len;
}

netsnmp_pdu *snmp_message_of(const struct snmp_request *request)
{
    netsnmp_pdu *pdu = snmp_pdu_create(request->bulk ? SNMP_MSG_GETBULK : SNMP_MSG_GET);
    if (!pdu)
        return NULL;
    if (request->bulk) {
        pdu->non_repeaters = 0;
        pdu->max_repetitions = request->repetitions;
    }
    for (size_t i = 0; i < request->n; i++) {
        oid name[SNMP_OID_MAX];
        size_t len = to_oid(&request->oid[i], name);
        if (!snmp_add_null_var(pdu, name, len)) {
            snmp_free_pdu(pdu);
            return NULL;
        }
    }
    return pdu;
}

netsnmp_pdu *snmp_message_discovery(void)
{
    netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GET);
    if (!pdu)
        return NULL;
    pdu->version = SNMP_VERSION_3;
    pdu->securityName = strdup("");
    pdu->securityNameLen = 0;
    pdu->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
    pdu->securityModel = SNMP_SEC_MODEL_USM;
    return pdu;
}

static void text_value(const netsnmp_variable_list *from, struct snmp_value *value)
{
    value->kind = SNMP_KIND_TEXT;
    value->text = (struct slice){(const char *)from->val.string, from->val_len};
}

static void count_value(enum snmp_kind kind, uint64_t count, struct snmp_value *value)
{
    value->kind = kind;
    value->count = count;
}

static void real_value(double real, struct snmp_value *value)
{
    value->kind = SNMP_KIND_REAL;
    value->real = real;
}

void snmp_message_value(const netsnmp_variable_list *from, struct snmp_oid *ret_oid,
                        struct snmp_value *ret_value)
{
    ret_oid->len = from->name_length < SNMP_OID_MAX ? (uint32_t)from->name_length : SNMP_OID_MAX;
    for (uint32_t i = 0; i < ret_oid->len; i++)
        ret_oid->id[i] = (uint32_t)from->name[i];
    *ret_value = (struct snmp_value){.kind = SNMP_KIND_OTHER};
    switch (from->type) {
    case ASN_INTEGER:
        ret_value->kind = SNMP_KIND_INTEGER;
        ret_value->integer = (int32_t)*from->val.integer;
        break;
    case ASN_GAUGE:
    case ASN_TIMETICKS:
        count_value(SNMP_KIND_UNSIGNED, (uint32_t)*from->val.integer, ret_value);
        break;
    case ASN_COUNTER:
        count_value(SNMP_KIND_COUNTER32, (uint32_t)*from->val.integer, ret_value);
        break;
    case ASN_COUNTER64:
        count_value(SNMP_KIND_COUNTER64,
                    (uint64_t)from->val.counter64->high << 32 | (uint32_t)from->val.counter64->low,
                    ret_value);
        break;
    case ASN_OPAQUE_FLOAT:
        real_value((double)*from->val.floatVal, ret_value);
        break;
    case ASN_OPAQUE_DOUBLE:
        real_value(*from->val.doubleVal, ret_value);
        break;
    case ASN_OCTET_STR:
        text_value(from, ret_value);
        break;
    case ASN_NULL:
    case SNMP_NOSUCHOBJECT:
    case SNMP_NOSUCHINSTANCE:
        ret_value->kind = SNMP_KIND_ABSENT;
        break;
    case SNMP_ENDOFMIBVIEW:
        ret_value->kind = SNMP_KIND_END;
        break;
    default:
        break;
    }
}
