#include "base/err.h"
#include "io/dns.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <limits.h>
#include <stdio.h>

/* A reply being read (RFC 1035 section 4.1). */
struct reading {
    const unsigned char *bytes;
    int len, at;
    bool bad;
};

static unsigned read_u16(struct reading *r)
{
    if (r->bad || r->len - r->at < 2) {
        r->bad = true;
        return 0;
    }
    unsigned value = (unsigned)(r->bytes[r->at] << 8 | r->bytes[r->at + 1]);
    r->at += 2;
    return value;
}

/* A name, perhaps compressed, as text; returns how many bytes it took here, 0 if it is none. */
static int name_text(const struct reading *r, int at, char text[DNS_RECORD_TEXT])
{
    char *name = NULL;
    long taken = 0;
    if (at >= r->len || ares_expand_name(r->bytes + at, r->bytes, r->len, &name, &taken) != 0)
        return 0;
    snprintf(text, DNS_RECORD_TEXT, "%s", name);
    ares_free_string(name);
    return (int)taken;
}

static void skip_name(struct reading *r)
{
    char text[DNS_RECORD_TEXT];
    int taken = r->bad ? 0 : name_text(r, r->at, text);
    r->bad = r->bad || taken == 0;
    r->at += taken;
}

/* TXT: strings of a length byte and text each, here joined; what is not printable becomes '?'. */
static bool txt_text(const unsigned char *data, int len, char text[DNS_RECORD_TEXT])
{
    size_t out = 0;
    for (int at = 0; at < len; at += 1 + data[at]) {
        if (at + 1 + data[at] > len)
            return false;
        for (int i = 0; i < data[at] && out < DNS_RECORD_TEXT - 1; i++) {
            unsigned char c = data[at + 1 + i];
            text[out++] = (char)(c >= 0x20 && c < 0x7f ? c : '?');
        }
    }
    text[out] = '\0';
    return true;
}

static bool mx_text(const struct reading *r, int len, char text[DNS_RECORD_TEXT])
{
    char name[DNS_RECORD_TEXT];
    if (len < 3 || name_text(r, r->at + 2, name) == 0)
        return false;
    int preference = r->bytes[r->at] << 8 | r->bytes[r->at + 1];
    snprintf(text, DNS_RECORD_TEXT, "%d %.*s", preference, DNS_RECORD_TEXT - 8, name);
    return true;
}

static bool data_text(const struct reading *r, int type, int len, char text[DNS_RECORD_TEXT])
{
    const unsigned char *data = r->bytes + r->at;
    switch (type) {
    case ns_t_a:
        return len == 4 && inet_ntop(AF_INET, data, text, DNS_RECORD_TEXT);
    case ns_t_aaaa:
        return len == 16 && inet_ntop(AF_INET6, data, text, DNS_RECORD_TEXT);
    case ns_t_cname:
    case ns_t_ns:
    case ns_t_ptr:
        return name_text(r, r->at, text) > 0;
    case ns_t_mx:
        return mx_text(r, len, text);
    case ns_t_txt:
        return txt_text(data, len, text);
    default:
        return false;
    }
}

static void read_record(struct reading *r, struct dns_records *records)
{
    skip_name(r);
    int type = (int)read_u16(r);
    read_u16(r); /* class: we asked for IN */
    uint32_t ttl_s = (uint32_t)read_u16(r) << 16;
    ttl_s |= read_u16(r);
    int len = (int)read_u16(r);
    r->bad = r->bad || len > r->len - r->at;
    if (r->bad || records->len == DNS_RECORDS_MAX)
        return;
    if (data_text(r, type, len, records->record[records->len].text)) {
        records->record[records->len].type = type;
        records->record[records->len].ttl_s = ttl_s;
        records->len++;
    }
    r->at += len;
}

int dns_records(struct slice reply, struct dns_records *ret_records)
{
    struct reading r = {.bytes = (const unsigned char *)reply.at, .at = 4};
    struct dns_records records = {.len = 0};
    if (reply.len > INT_MAX)
        return ERR_SYNTAX;
    r.len = (int)reply.len;
    unsigned questions = read_u16(&r);
    unsigned answers = read_u16(&r);
    r.at = 12;
    r.bad = r.bad || r.len < 12;
    for (unsigned i = 0; i < questions && !r.bad; i++) {
        skip_name(&r);
        read_u16(&r);
        read_u16(&r);
    }
    for (unsigned i = 0; i < answers && !r.bad && records.len < DNS_RECORDS_MAX; i++)
        read_record(&r, &records);
    if (r.bad)
        return ERR_SYNTAX;
    *ret_records = records;
    return 0;
}
