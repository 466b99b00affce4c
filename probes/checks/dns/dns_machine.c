#include "checks/dns/dns_machine.h"

#include <arpa/inet.h>
#include <strings.h>

const char *const dns_machine_records[] = {"A", "AAAA", "CNAME", "MX", "NS", "PTR", "TXT", NULL};

int dns_machine_type(int record)
{
    static const int types[] = {1, 28, 5, 15, 2, 12, 16};

    return types[record];
}

const char *dns_machine_rcode(int rcode)
{
    static const char *const texts[] = {
        "no error",     "malformed question", "server failure",
        "no such name", "not implemented",    "refused by the server",
    };

    return rcode >= 0 && rcode < (int)(sizeof texts / sizeof *texts) ? texts[rcode]
                                                                     : "an unusual error";
}

static bool same_v6(const char *a, const char *b)
{
    struct in6_addr left, right;
    return inet_pton(AF_INET6, a, &left) == 1 && inet_pton(AF_INET6, b, &right) == 1 &&
           memcmp(&left, &right, sizeof left) == 0;
}

static size_t without_dot(const char *text)
{
    size_t len = strlen(text);
    return len > 1 && text[len - 1] == '.' ? len - 1 : len;
}

bool dns_machine_same(const char *answer, const char *expected)
{
    size_t len = without_dot(answer);
    if (len == without_dot(expected) && strncasecmp(answer, expected, len) == 0)
        return true;
    return same_v6(answer, expected);
}

static bool is_expected(const char *answer, const struct field_texts *expected)
{
    for (size_t i = 0; i < expected->len; i++) {
        if (dns_machine_same(answer, expected->text[i]))
            return true;
    }
    return expected->len == 0;
}

struct dns_finding dns_machine_find(const struct dns_records *records, int type,
                                    const struct field_texts *expected)
{
    struct dns_finding finding = {0};
    for (size_t i = 0; i < records->len; i++) {
        if (records->record[i].type != type)
            continue;
        int64_t ttl_s = records->record[i].ttl_s;
        if (finding.answers++ == 0) {
            finding.first = records->record[i].text;
            finding.ttl_s = ttl_s;
        }
        if (ttl_s < finding.ttl_s)
            finding.ttl_s = ttl_s;
        if (is_expected(records->record[i].text, expected))
            finding.expected = true;
    }
    return finding;
}
