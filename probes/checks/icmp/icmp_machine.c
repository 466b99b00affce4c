#include "checks/icmp/icmp_machine.h"

#include <math.h>
#include <string.h>

void icmp_machine_init(struct icmp_machine *m, const struct icmp_burst *burst, int64_t now_us)
{
    memset(m, 0, sizeof *m);
    m->burst = *burst;
    m->first_us = now_us;
}

int64_t icmp_machine_due(const struct icmp_machine *m)
{
    if (m->sent >= m->burst.count)
        return -1;
    return m->first_us + (int64_t)m->sent * m->burst.gap_us;
}

size_t icmp_machine_send(struct icmp_machine *m, int64_t now_us, unsigned char out[ICMP_PACKET_MAX])
{
    struct icmp_echo echo = {
        .family = m->burst.family,
        .id = m->burst.id,
        .seq = (uint16_t)m->sent,
        .token = m->burst.token,
        .payload = m->burst.payload,
    };
    m->flight[m->sent] = (struct icmp_flight){.sent_us = now_us, .rtt_us = -1};
    m->sent++;
    return icmp_packet_write(&echo, out);
}

static void settle(struct icmp_machine *m, struct icmp_flight *flight)
{
    flight->settled = true;
    m->settled++;
}

void icmp_machine_unsent(struct icmp_machine *m, int error)
{
    settle(m, &m->flight[m->sent - 1]);
    m->error = error;
}

static struct icmp_flight *flight_open(struct icmp_machine *m, uint16_t seq)
{
    return seq < m->sent && !m->flight[seq].settled ? &m->flight[seq] : NULL;
}

bool icmp_machine_answer(struct icmp_machine *m, const struct icmp_message *message, int64_t now_us)
{
    if (message->kind != ICMP_KIND_ECHO_REPLY || !message->has_token ||
        message->token != m->burst.token)
        return false;
    struct icmp_flight *flight = flight_open(m, message->seq);
    if (!flight)
        return false;
    flight->rtt_us = now_us > flight->sent_us ? now_us - flight->sent_us : 0;
    settle(m, flight);
    return true;
}

/* A router quotes at least the ICMP header (RFC 792), often not the token. Then a raw socket goes
 * by the identifier; a datagram socket is given its own errors only, under the kernel's identifier.
 */
static bool is_ours(const struct icmp_machine *m, const struct icmp_message *message)
{
    if (message->has_token)
        return message->token == m->burst.token;
    return !m->burst.raw || message->id == m->burst.id;
}

void icmp_machine_refused(struct icmp_machine *m, const struct icmp_message *message, int error)
{
    struct icmp_flight *flight = is_ours(m, message) ? flight_open(m, message->seq) : NULL;
    if (!flight)
        return;
    settle(m, flight);
    m->error = error;
}

bool icmp_machine_finished(const struct icmp_machine *m)
{
    return m->sent == m->burst.count && m->settled == m->sent;
}

static void add_rtt(struct icmp_result *r, double rtt_ms, double before_ms)
{
    if (r->received == 0 || rtt_ms < r->rtt_min_ms)
        r->rtt_min_ms = rtt_ms;
    if (rtt_ms > r->rtt_max_ms)
        r->rtt_max_ms = rtt_ms;
    r->rtt_avg_ms += rtt_ms;
    if (r->received > 0)
        r->jitter_ms += fabs(rtt_ms - before_ms);
    r->received++;
}

struct icmp_result icmp_machine_result(const struct icmp_machine *m)
{
    struct icmp_result r = {.sent = m->sent, .loss_ratio = 1, .error = m->error};
    double before_ms = 0;
    for (unsigned i = 0; i < m->sent; i++) {
        if (m->flight[i].rtt_us < 0)
            continue;
        double rtt_ms = (double)m->flight[i].rtt_us / 1e3;
        add_rtt(&r, rtt_ms, before_ms);
        before_ms = rtt_ms;
    }
    if (r.sent > 0)
        r.loss_ratio = (double)(r.sent - r.received) / r.sent;
    if (r.received > 0)
        r.rtt_avg_ms /= r.received;
    if (r.received > 1)
        r.jitter_ms /= r.received - 1;
    return r;
}
