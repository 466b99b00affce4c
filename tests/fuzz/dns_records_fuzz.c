/* The reply of a name server, as bytes of the network: whatever it holds, what is taken from it is
 * bounded, of a known type, and text. */
#include "check.h"
#include "io/dns.h"

#include <arpa/nameser.h>
#include <string.h>

static bool known(int type)
{
    static const int types[] = {ns_t_a,   ns_t_aaaa, ns_t_cname, ns_t_ns,
                                ns_t_ptr, ns_t_mx,   ns_t_txt};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i] == type)
            return true;
    return false;
}

static bool is_text(const char *text)
{
    size_t len = strnlen(text, DNS_RECORD_TEXT);
    for (size_t i = 0; i < len && len < DNS_RECORD_TEXT; i++)
        if ((unsigned char)text[i] < 0x20)
            return false;
    return len < DNS_RECORD_TEXT;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice reply = {(const char *)data, size};
    struct dns_records records = {.len = 77}, again = {0};
    int err = dns_records(reply, &records);
    check(err == 0 || records.len == 77, "a reply that is refused gives nothing");
    if (err)
        return 0;
    check(records.len <= DNS_RECORDS_MAX, "records are bounded");
    check(records.len * 11 <= size, "no record is shorter than its head");
    for (size_t i = 0; i < records.len; i++) {
        check(known(records.record[i].type), "only types that were asked for");
        check(is_text(records.record[i].text), "a record is a text that ends");
    }
    check(dns_records(reply, &again) == 0 && again.len == records.len,
          "the same bytes say the same");
    return 0;
}
