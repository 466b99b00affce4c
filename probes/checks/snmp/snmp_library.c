#include "checks/snmp/snmp_library.h"

#include "base/err.h"
#include "checks/snmp/snmp_net.h"

#include <stdlib.h>

void snmp_library_init(void)
{
    static bool ready;
    if (ready)
        return;
    ready = true;
    setenv("MIBS", "", 1); /* the only way to keep init_snmp() from reading a megabyte of them */
    netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
    netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
    netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_LOAD_HOST_FILES, 1);
    snmp_disable_log();
    init_snmp("ioc-probe");
}

int snmp_library_auth(const char *word)
{
    static const struct {
        const char *word;
        int type;
    } types[] = {
        {"md5", NETSNMP_USMAUTH_HMACMD5},          {"sha", NETSNMP_USMAUTH_HMACSHA1},
        {"sha224", NETSNMP_USMAUTH_HMAC128SHA224}, {"sha256", NETSNMP_USMAUTH_HMAC192SHA256},
        {"sha384", NETSNMP_USMAUTH_HMAC256SHA384}, {"sha512", NETSNMP_USMAUTH_HMAC384SHA512},
    };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].word, word) == 0)
            return types[i].type;
    }
    return 0;
}

int snmp_library_privacy(void)
{
    return USM_CREATE_USER_PRIV_AES;
}

int snmp_library_key(int auth, struct slice password, unsigned char ret_key[64], size_t *ret_len)
{
    size_t oid_len = 0, len = 64;
    const oid *hash = sc_get_auth_oid(auth, &oid_len);
    if (!hash || generate_Ku(hash, (u_int)oid_len, (const u_char *)password.at, password.len,
                             ret_key, &len) != SNMPERR_SUCCESS)
        return ERR_LIBRARY;
    *ret_len = len;
    return 0;
}
