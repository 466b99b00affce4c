/**
 * @file
 * The section `sink` of the collector's configuration: which database, where, as whom.
 */
#ifndef SHELL_SINK_CONF_H
#define SHELL_SINK_CONF_H

#include "base/buf.h"
#include "base/field.h"

#include <stdint.h>

/** What kind of database. X(name, word in the file) */
#define SINK_KIND_MAP(X)         \
    X(SINK_INFLUXDB, "influxdb") \
    X(SINK_INFLUXDB2, "influxdb2") X(SINK_VICTORIA, "victoria")

/** One enumerator of SINK_KIND_MAP(). */
#define SINK_ENUM(name, word) name,

/** influxdb: `/write` of InfluxDB 1; influxdb2: `/api/v2/write` of InfluxDB 2 and 3; victoria:
 * `/api/v2/write` of VictoriaMetrics, which answers before it stores. */
enum sink_kind { SINK_KIND_MAP(SINK_ENUM) };

#undef SINK_ENUM

/** The section as read. */
struct sink_conf {
    int kind;                  /**< enum sink_kind */
    char url[256];             /**< "http://127.0.0.1:8086", without path */
    char database[128];        /**< influxdb; label `db` of victoria */
    char retention_policy[64]; /**< influxdb; empty = the database's default */
    char org[128];             /**< influxdb2 */
    char bucket[128];          /**< influxdb2 */
    char user[128];            /**< empty = none */
    char password_file[256];   /**< empty = no password */
    char token_file[256];      /**< empty = no token */
    char ca_file[256];         /**< empty = the system's */
    int64_t requests;          /**< in flight at once */
    int64_t timeout;           /**< of a request, ms */
};

/** How many rows the section has. */
enum { SINK_FIELDS_LEN = 12 };

/** Rows of the section. */
extern const struct field SINK_FIELDS[SINK_FIELDS_LEN];

/** True if the members fit together; else a sentence in @p ret_why. */
bool sink_conf_check(const void *conf, char ret_why[FIELD_WHY_MAX]);
/** Appends the whole URL that lines are posted to. */
void sink_conf_write_url(const struct sink_conf *conf, struct buf *out);

#endif
