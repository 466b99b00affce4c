/**
 * @file
 * The check type `snmp`: values of equipment by profiles, ports of OLTs (README.md beside).
 */
#ifndef SNMP_SNMP_CHECK_H
#define SNMP_SNMP_CHECK_H

#include "checks/check.h"
#include "checks/profile.h"
#include "checks/snmp/snmp_secret.h"

/** Its configuration. */
struct snmp_config {
    struct check_common common;            /**< the keys of every check */
    char profile[PROFILE_NAME_MAX];        /**< checks/profile.h */
    int version;                           /**< 0 v2c, 1 v3 */
    char community_file[PROFILE_NAME_MAX]; /**< "" = public */
    char user[SNMP_SECRET_NAME_MAX];       /**< of v3 */
    int auth;                              /**< index into snmp_secret_auths */
    char auth_file[PROFILE_NAME_MAX];      /**< password */
    int privacy;                           /**< index into snmp_secret_privacies */
    char privacy_file[PROFILE_NAME_MAX];   /**< password; "" = as auth_file */
    struct field_texts instances;          /**< rows of tables that are looked at; none = all */
    int64_t retries;                       /**< repetitions of a request */
    int64_t retry_after_ms;                /**< between them */
    int64_t bulk;                          /**< rows of one answer */
    int64_t together_ms;                   /**< terminals vanish together within this */
    int no_answer;                         /**< 0 unknown, 1 degraded, 2 failed */
    double empty_soc_ratio;                /**< state of charge that counts as empty */
    double disconnect_battery_v;           /**< the plant switches the load off at it */
};

/** The type. */
extern const struct check_type snmp_check;

#endif
