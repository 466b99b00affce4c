/**
 * @file
 * One row of the audit log: who did what, when and from where; and the chain that ties the rows
 * together, so that none can be changed, taken out or put in unseen.
 *
 * Each row's hash is the SHA-256 of the hash before it and of the row in a form of fixed order and
 * lengths. Whoever can write the store can write the whole chain anew: the hash of the last row,
 * which also stands in the collector's log and which people may note down, says whether he did.
 * Where rows are kept is store.h's.
 */
#ifndef SHELL_AUDIT_H
#define SHELL_AUDIT_H

#include "base/instant.h"
#include "base/slice.h"
#include "io/digest.h"

/** Texts of a row, in the order in which they are hashed. X(name, word on the API and column) */
#define AUDIT_TEXT_MAP(X)       \
    X(AUDIT_WHO, "who")         \
    X(AUDIT_ROLE, "role")       \
    X(AUDIT_ADDRESS, "address") \
    X(AUDIT_ACT, "act")         \
    X(AUDIT_TARGET, "target")   \
    X(AUDIT_DETAIL, "detail")

/** Makes one enumerator of a row. */
#define AUDIT_ENUM(name, word) name,

/** See AUDIT_TEXT_MAP: name and role of the token, or of whoever acted otherwise; from where; what
 * was done; to what; and what was said along. */
enum audit_text { AUDIT_TEXT_MAP(AUDIT_ENUM) AUDIT_TEXTS };

#undef AUDIT_ENUM

/** One act. */
struct audit_entry {
    struct wall_ms at;              /**< when */
    struct slice text[AUDIT_TEXTS]; /**< by enum audit_text */
};

/** Longest name of who acts, with its NUL: a probe's id and what it is. */
enum { AUDIT_WHO_MAX = 96 };

/** Who acts, from where; texts are cut to fit. */
struct audit_actor {
    char who[AUDIT_WHO_MAX]; /**< name of the token, or of whoever acts otherwise */
    char role[16];           /**< what he may */
    char address[46];        /**< from where */
};

/** One row as it is kept; slices live during the callback that gets it. */
struct audit_row {
    uint64_t number;                  /**< rises by one from 1 */
    struct audit_entry entry;         /**< what was done */
    unsigned char hash[DIGEST_BYTES]; /**< of the row and of the hash before it */
};

/** What @p actor did at @p at, without more; the texts are the actor's and the caller's. */
struct audit_entry audit_by(const struct audit_actor *actor, struct wall_ms at, const char *act,
                            const char *target);
/** Word of a text, "" if out of range. */
const char *audit_word(int text);
/** The hash of @p entry as row @p number behind @p before (zeros before the first row): 0,
 * ERR_LIBRARY, ERR_NOMEM or ERR_FULL (longer than 1 MiB). */
int audit_hash(const unsigned char before[DIGEST_BYTES], uint64_t number,
               const struct audit_entry *entry, unsigned char ret_hash[DIGEST_BYTES]) MUST_USE;

#endif
