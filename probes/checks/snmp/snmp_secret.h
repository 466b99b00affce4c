/**
 * @file
 * Who asks an agent: a community (v2c), or a user with the keys made of his passwords (v3, RFC
 * 3414).
 *
 * Passwords stand in files; keys are made of them once, because that hashes a megabyte each. Keys
 * for one engine, and everything on the wire, are net-snmp's.
 */
#ifndef SNMP_SNMP_SECRET_H
#define SNMP_SNMP_SECRET_H

#include "base/attr.h"
#include "base/field.h"

/** Longest community and user name, with their NUL. */
#define SNMP_SECRET_NAME_MAX 64
/** Most bytes of a key: SHA-512's. */
#define SNMP_SECRET_KEY_MAX 64

/** Words of the key `auth`, NULL-terminated. */
extern const char *const snmp_secret_auths[];
/** Words of the key `privacy`, NULL-terminated. */
extern const char *const snmp_secret_privacies[];

/** A key before it is an engine's. */
struct snmp_key {
    int type;                                 /**< net-snmp's number of the algorithm, 0 = none */
    size_t len;                               /**< of bytes */
    unsigned char bytes[SNMP_SECRET_KEY_MAX]; /**< the key */
};

/** How to ask; storage of the caller. */
struct snmp_secret {
    bool v3;                         /**< by user, else by community */
    char name[SNMP_SECRET_NAME_MAX]; /**< community or user */
    struct snmp_key auth;            /**< of a user */
    struct snmp_key privacy;         /**< of a user */
};

/** What it is made of; all texts are the caller's. */
struct snmp_secret_files {
    bool v3;                    /**< by user */
    const char *community_file; /**< "" = public */
    const char *user;           /**< of v3 */
    int auth;                   /**< index into snmp_secret_auths */
    const char *auth_file;      /**< password */
    int privacy;                /**< index into snmp_secret_privacies */
    const char *privacy_file;   /**< password; "" = that of auth_file */
};

/** Reads the files and makes the keys: 0, or what file_read_secret() says, ERR_RANGE (a password of
 * fewer than 8 characters, RFC 3414 section 11.2) or ERR_LIBRARY (no such algorithm here), with the
 * file at fault in @p ret_file. Blocks for some milliseconds. */
int snmp_secret_read(const struct snmp_secret_files *files, struct snmp_secret *ret_secret,
                     const char **ret_file) MUST_USE;

#endif
