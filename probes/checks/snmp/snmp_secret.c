#include "checks/snmp/snmp_secret.h"

#include "base/err.h"
#include "checks/snmp/snmp_library.h"
#include "io/file.h"

#include <stdio.h>
#include <string.h>

enum { PASSWORD_MAX = 256, PASSWORD_LEAST = 8 };

const char *const snmp_secret_auths[] = {"none",   "md5",    "sha",    "sha224",
                                         "sha256", "sha384", "sha512", NULL};
const char *const snmp_secret_privacies[] = {"none", "aes", NULL};

/* The key of privacy is made by the hash of authentication (RFC 3414 section 2.6, RFC 3826). */
static int make_key(int auth, const char *file, struct snmp_key *ret_key)
{
    char password[PASSWORD_MAX];
    int err = file_read_secret(file, password, sizeof password);
    if (!err && strlen(password) < PASSWORD_LEAST)
        err = ERR_RANGE;
    if (!err)
        err = snmp_library_key(auth, slice_of(password), ret_key->bytes, &ret_key->len);
    explicit_bzero(password, sizeof password);
    return err;
}

static int read_user(const struct snmp_secret_files *files, struct snmp_secret *secret,
                     const char **ret_file)
{
    int err = 0;
    *ret_file = files->auth_file;
    snprintf(secret->name, sizeof secret->name, "%s", files->user);
    if (files->auth > 0) {
        secret->auth.type = snmp_library_auth(snmp_secret_auths[files->auth]);
        err = secret->auth.type > 0 ? make_key(secret->auth.type, files->auth_file, &secret->auth)
                                    : ERR_LIBRARY;
    }
    if (!err && files->privacy > 0) {
        *ret_file = files->privacy_file[0] ? files->privacy_file : files->auth_file;
        secret->privacy.type = snmp_library_privacy();
        err = make_key(secret->auth.type, *ret_file, &secret->privacy);
    }
    return err;
}

int snmp_secret_read(const struct snmp_secret_files *files, struct snmp_secret *ret_secret,
                     const char **ret_file)
{
    struct snmp_secret secret = {.v3 = files->v3, .name = "public"};
    int err = 0;
    snmp_library_init();
    *ret_file = files->community_file;
    if (files->v3)
        err = read_user(files, &secret, ret_file);
    else if (files->community_file[0])
        err = file_read_secret(files->community_file, secret.name, sizeof secret.name);
    if (!err)
        *ret_secret = secret;
    explicit_bzero(&secret, sizeof secret);
    return err;
}
