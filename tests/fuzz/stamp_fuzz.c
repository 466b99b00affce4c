/* Packets of senders and reflectors: the first byte says which, the rest comes in. What reads is
 * written again as it was, and a burst counts no answer twice. */
#include "check.h"
#include "checks/stamp/stamp_machine.h"

#include <math.h>
#include <string.h>

enum { SENT = 4, SESSION = 0x4142 };

static void try_request(const uint8_t *data, size_t size, bool sealed)
{
    struct stamp_request request, back;
    unsigned char bytes[STAMP_PACKET_SEALED];
    if (stamp_packet_read_request(data, size, sealed, &request) != 0)
        return;
    size_t len = stamp_packet_write_request(&request, sealed, bytes);
    check(stamp_packet_read_request(bytes, len, sealed, &back) == 0, "what is written reads");
    check(back.seq == request.seq && back.sent.bits == request.sent.bits &&
              back.sent.error == request.sent.error && back.session == request.session,
          "and says the same");
}

/* Replies of whatever size, one behind the other, to a burst whose times are 1, 2, 3, 4. */
static void try_replies(const uint8_t *data, size_t size, bool sealed)
{
    static struct stamp_machine m;
    const struct stamp_burst burst = {
        .count = SENT, .gap_us = 1000, .session = SESSION, .one_way = true, .counted = true};
    size_t len = sealed ? STAMP_PACKET_SEALED : STAMP_PACKET_OPEN;
    stamp_machine_init(&m, &burst, 0);
    for (uint64_t i = 0; i < SENT; i++)
        (void)stamp_machine_send(&m, (int64_t)i * 1000, (struct stamp_time){i + 1, 0x8001});
    for (unsigned taken = 0; size > 0; taken++) {
        struct stamp_reply reply;
        size_t part = size < len ? size : len;
        if (stamp_packet_read_reply(data, part, sealed, &reply) == 0)
            (void)stamp_machine_answer(&m, &reply, 5000 + taken, 5000, true);
        data += part;
        size -= part;
    }
    struct stamp_result r = stamp_machine_result(&m);
    check(r.received <= SENT && r.timed <= r.received, "no packet is answered twice");
    check(r.loss_ratio >= 0 && r.loss_ratio <= 1, "loss is a share");
    check(r.reordered_ratio >= 0 && r.reordered_ratio < 1, "order is a share");
    check(isnan(r.loss_there) || (r.loss_there >= 0 && r.loss_there < 1), "so is that there");
    check(isnan(r.loss_back) || (r.loss_back >= 0 && r.loss_back < 1), "and that back");
    check(r.rtt_ms >= 0 && isfinite(r.rtt_ms) && isfinite(r.forward_ms), "delays are numbers");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    bool sealed = data[0] & 1;
    if (data[0] & 2)
        try_request(data + 1, size - 1, sealed);
    else
        try_replies(data + 1, size - 1, sealed);
    return 0;
}
