/* What the probe's checks read from the network: an ICMP message as a raw or datagram socket gives
 * it, or a name server's reply, by the first byte. Nothing foreign may settle an echo of ours. */
#include "check.h"
#include "checks/dns/dns_machine.h"
#include "checks/icmp/icmp_machine.h"

#include <errno.h>

enum { TOKEN = 0x5a5a5a5a };

static void take_message(struct icmp_machine *m, const struct icmp_message *message)
{
    bool ours = message->has_token && message->token == TOKEN;
    bool answered = icmp_machine_answer(m, message, 1000);
    check(!answered || (ours && message->seq == 0), "only our own echo is answered");
    check(!icmp_machine_answer(m, message, 2000), "an echo is answered once");
    icmp_machine_refused(m, message, EHOSTUNREACH);
    struct icmp_result result = icmp_machine_result(m);
    check(result.sent == 1 && result.received <= 1, "one echo has at most one answer");
    check(result.received == answered, "what was answered stays answered");
}

static void take_icmp(unsigned how, const uint8_t *data, size_t size)
{
    struct icmp_burst burst = {
        .family = how & 2 ? ICMP_FAMILY_V6 : ICMP_FAMILY_V4,
        .count = 1,
        .payload = ICMP_PACKET_PAYLOAD_MIN,
        .raw = how & 4,
        .token = TOKEN,
    };
    struct icmp_machine m;
    struct icmp_message message;
    unsigned char out[ICMP_PACKET_MAX];
    icmp_machine_init(&m, &burst, 0);
    (void)icmp_machine_send(&m, 0, out);
    if (icmp_packet_read(burst.family, burst.raw && !(how & 2), data, size, &message) == 0)
        take_message(&m, &message);
    if (icmp_packet_read_own(data, size, &message) == 0)
        icmp_machine_refused(&m, &message, EHOSTUNREACH);
}

static void take_reply(const uint8_t *data, size_t size)
{
    const struct field_texts expected = {1, {"10.0.0.1"}};
    struct dns_records records = {0};
    if (dns_records((struct slice){(const char *)data, size}, &records) != 0)
        return;
    check(records.len <= DNS_RECORDS_MAX, "records are bounded");
    struct dns_finding finding = dns_machine_find(&records, 1, &expected);
    check(finding.answers <= records.len, "no more answers than records");
    check((finding.first != NULL) == (finding.answers > 0), "an answer has a text");
    check(!finding.expected || finding.answers > 0, "what is expected was answered");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (data[0] & 1)
        take_reply(data + 1, size - 1);
    else
        take_icmp(data[0], data + 1, size - 1);
    return 0;
}
