#include "checks/stamp/stamp_machine.h"

#include <math.h>
#include <string.h>

void stamp_machine_init(struct stamp_machine *m, const struct stamp_burst *burst, int64_t now_us)
{
    memset(m, 0, sizeof *m);
    m->burst = *burst;
    m->first_us = now_us;
}

int64_t stamp_machine_due(const struct stamp_machine *m)
{
    if (m->sent >= m->burst.count)
        return -1;
    return m->first_us + (int64_t)m->sent * m->burst.gap_us;
}

struct stamp_request stamp_machine_send(struct stamp_machine *m, int64_t mono_us,
                                        struct stamp_time sent)
{
    m->flight[m->sent] = (struct stamp_flight){.mono_us = mono_us, .sent = sent};
    return (struct stamp_request){.seq = m->sent++, .sent = sent, .session = m->burst.session};
}

void stamp_machine_unsent(struct stamp_machine *m)
{
    m->unsent++;
}

/* The sender's own time comes back in an answer: who has not seen the packet cannot know it. A peer
 * that knows no sessions (TWAMP Light) answers with zeros there. */
static struct stamp_flight *flight_of(struct stamp_machine *m, const struct stamp_reply *reply)
{
    if (reply->from.seq >= m->sent)
        return NULL;
    struct stamp_flight *flight = &m->flight[reply->from.seq];
    bool ours = reply->from.sent.bits == flight->sent.bits &&
                (reply->session == m->burst.session || reply->session == 0);
    return ours ? flight : NULL;
}

static int64_t at_least_0(int64_t us)
{
    return us > 0 ? us : 0;
}

/* One-way delays need two clocks of one opinion. */
static void time_ways(struct stamp_flight *flight, const struct stamp_reply *reply, int64_t wall_us)
{
    uint16_t error = reply->sent.error;
    flight->timed = true;
    flight->forward_us = stamp_packet_wall_us(reply->received, error) -
                         stamp_packet_wall_us(flight->sent.bits, flight->sent.error);
    flight->backward_us = wall_us - stamp_packet_wall_us(reply->sent.bits, error);
}

/* What the reflector's own number tells. A number that comes again was doubled on its way back, one
 * that is new for a packet answered before on its way there. */
static void count_number(struct stamp_machine *m, const struct stamp_reply *reply, bool again)
{
    if (reply->seq >= STAMP_MACHINE_NUMBERS_MAX) {
        m->odd = true;
        return;
    }
    uint16_t *packet = &m->packet_of[reply->seq];
    uint16_t own = (uint16_t)(reply->from.seq + 1);
    m->odd |= *packet != 0 && *packet != own;
    if (*packet != 0)
        return;
    *packet = own;
    m->numbers++;
    m->doubled_there += again;
    if (reply->seq >= m->reached)
        m->reached = reply->seq + 1;
}

enum stamp_answer stamp_machine_answer(struct stamp_machine *m, const struct stamp_reply *reply,
                                       int64_t mono_us, int64_t wall_us, bool held)
{
    struct stamp_flight *flight = flight_of(m, reply);
    if (!flight)
        return STAMP_ANSWER_FOREIGN;
    count_number(m, reply, flight->answered);
    if (flight->answered) {
        m->doubled++;
        return STAMP_ANSWER_DOUBLE;
    }
    uint16_t error = reply->sent.error;
    int64_t dwelt_us = at_least_0(stamp_packet_wall_us(reply->sent.bits, error) -
                                  stamp_packet_wall_us(reply->received, error));
    flight->answered = true;
    flight->rtt_us = at_least_0(mono_us - flight->mono_us - dwelt_us);
    if (m->burst.one_way ||
        (held && stamp_packet_synced(flight->sent.error) && stamp_packet_synced(error)))
        time_ways(flight, reply, wall_us);
    m->received++;
    if (reply->from.seq < m->next)
        m->reordered++;
    else
        m->next = reply->from.seq + 1;
    return STAMP_ANSWER_TAKEN;
}

bool stamp_machine_finished(const struct stamp_machine *m)
{
    return m->sent == m->burst.count && m->received + m->unsent >= m->sent;
}

static void add(struct stamp_result *r, const struct stamp_flight *flight, double before_ms)
{
    double rtt_ms = (double)flight->rtt_us / 1e3;
    if (r->received == 0 || rtt_ms < r->rtt_min_ms)
        r->rtt_min_ms = rtt_ms;
    if (rtt_ms > r->rtt_max_ms)
        r->rtt_max_ms = rtt_ms;
    if (r->received > 0)
        r->jitter_ms += fabs(rtt_ms - before_ms);
    r->rtt_ms += rtt_ms;
    r->received++;
    if (!flight->timed)
        return;
    r->forward_ms += (double)flight->forward_us / 1e3;
    r->backward_ms += (double)flight->backward_us / 1e3;
    r->timed++;
}

static void divide(double *sum, unsigned by)
{
    *sum = by > 0 ? *sum / by : 0;
}

/* What was lost behind the last answer that came may have been lost on either way: it is in neither
 * share. */
static void tell_ways(const struct stamp_machine *m, struct stamp_result *r)
{
    unsigned there = m->reached - m->doubled_there; /* packets that reached it */
    r->loss_there = r->loss_back = NAN;
    if (!m->burst.counted || m->odd || m->received == 0 || there > m->next)
        return;
    r->loss_there = (double)(m->next - there) / m->next;
    r->loss_back = (double)(m->reached - m->numbers) / m->reached;
}

struct stamp_result stamp_machine_result(const struct stamp_machine *m)
{
    struct stamp_result r = {.sent = m->sent, .doubled = m->doubled, .loss_ratio = 1};
    double before_ms = 0;
    for (unsigned i = 0; i < m->sent; i++) {
        if (!m->flight[i].answered)
            continue;
        add(&r, &m->flight[i], before_ms);
        before_ms = (double)m->flight[i].rtt_us / 1e3;
    }
    if (r.sent > 0)
        r.loss_ratio = (double)(r.sent - r.received) / r.sent;
    if (r.received > 0)
        r.reordered_ratio = (double)m->reordered / r.received;
    tell_ways(m, &r);
    divide(&r.rtt_ms, r.received);
    divide(&r.jitter_ms, r.received > 1 ? r.received - 1 : 0);
    divide(&r.forward_ms, r.timed);
    divide(&r.backward_ms, r.timed);
    return r;
}
