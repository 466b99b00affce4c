#include "shell/sink_conf.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define SINK_WORD(name, word) word,
static const char *const KINDS[] = {SINK_KIND_MAP(SINK_WORD) NULL};
#undef SINK_WORD

#define AT(member) offsetof(struct sink_conf, member), sizeof(((struct sink_conf *)0)->member)

const struct field SINK_FIELDS[SINK_FIELDS_LEN] = {
    {"kind", FIELD_WORD, AT(kind), 0, 0, "influxdb", NULL,
     "What kind of database: influxdb (1.x), influxdb2 (2.x, 3) or victoria (VictoriaMetrics).",
     KINDS},
    {"url", FIELD_TEXT, AT(url), 0, 0, "http://127.0.0.1:8086", NULL,
     "Where it listens, without a path.", NULL},
    {"database", FIELD_TEXT, AT(database), 0, 0, "ioc", NULL,
     "influxdb: the database, which must exist. victoria: the label db.", NULL},
    {"retention_policy", FIELD_TEXT, AT(retention_policy), 0, 0, "", NULL,
     "influxdb: the retention policy to write into; empty is the database's default.", NULL},
    {"org", FIELD_TEXT, AT(org), 0, 0, "", NULL, "influxdb2: the organisation.", NULL},
    {"bucket", FIELD_TEXT, AT(bucket), 0, 0, "", NULL, "influxdb2: the bucket, which must exist.",
     NULL},
    {"user", FIELD_TEXT, AT(user), 0, 0, "", NULL, "User for basic authentication.", NULL},
    {"password_file", FIELD_TEXT, AT(password_file), 0, 0, "", NULL,
     "File whose first line is the user's password.", NULL},
    {"token_file", FIELD_TEXT, AT(token_file), 0, 0, "", NULL,
     "File whose first line is the API token.", NULL},
    {"ca_file", FIELD_TEXT, AT(ca_file), 0, 0, "", NULL,
     "Certificates (PEM) to trust for https; empty is the system's.", NULL},
    {"requests", FIELD_I64, AT(requests), 1, 16, "4", NULL, "Requests under way at once, at most.",
     NULL},
    {"timeout", FIELD_DURATION, AT(timeout), 1000, 600000, "30s", "ms",
     "How long a request may take before it counts as failed.", NULL},
};

bool sink_conf_check(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct sink_conf *conf = object;
    const char *why = NULL;
    if (strncmp(conf->url, "http://", 7) != 0 && strncmp(conf->url, "https://", 8) != 0)
        why = "url: begins with http:// or https://";
    else if (conf->kind == SINK_INFLUXDB && !conf->database[0])
        why = "database: is needed for kind influxdb";
    else if (conf->kind == SINK_INFLUXDB2 && !conf->bucket[0])
        why = "bucket: is needed for kind influxdb2";
    else if (conf->user[0] && conf->token_file[0])
        why = "user, token_file: only one of them";
    else if (conf->password_file[0] && !conf->user[0])
        why = "user: is needed with password_file";
    if (why)
        snprintf(ret_why, FIELD_WHY_MAX, "%s", why);
    return !why;
}

/* Percent-encodes all but the unreserved characters of RFC 3986 section 2.3. */
static void put_query(struct buf *out, const char *name, const char *value)
{
    buf_printf(out, "&%s=", name);
    for (const char *p = value; *p; p++) {
        bool plain = isalnum((unsigned char)*p) || strchr("-._~", *p);
        buf_printf(out, plain ? "%c" : "%%%02X", (unsigned char)*p);
    }
}

void sink_conf_write_url(const struct sink_conf *conf, struct buf *out)
{
    size_t len = strlen(conf->url);
    while (len > 0 && conf->url[len - 1] == '/')
        len--;
    buf_put(out, conf->url, len);
    buf_str(out,
            conf->kind == SINK_INFLUXDB ? "/write?precision=ns" : "/api/v2/write?precision=ns");
    if (conf->kind == SINK_INFLUXDB2) {
        put_query(out, "org", conf->org);
        put_query(out, "bucket", conf->bucket);
        return;
    }
    put_query(out, "db", conf->database); /* VictoriaMetrics makes it the label db on either path */
    if (conf->kind == SINK_INFLUXDB && conf->retention_policy[0])
        put_query(out, "rp", conf->retention_policy);
}
