/* The load of a bench: many probes over one connection, each with its list first and then its packs
 * in order. Prints one line of JSON when all is confirmed by the broker (flood, steady) or
 * acknowledged by the collector (window); steady with flips prints a line for each flip before. */
#include "lines.h"
#include "load.h"
#include "plan.h"

#include "base/err.h"
#include "core/window.h"
#include "wire/ack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { UNCONFIRMED_MAX = 1000, LISTS_PER_TURN = 64 };

struct probe {
    uint64_t seq;   /* last sent */
    uint64_t upto;  /* acknowledged */
    int64_t waits;  /* for the ack of a flip: when it was sent, us */
    uint64_t timed; /* pack whose ack is timed, 0: none */
    int64_t timed_at;
    int64_t up_at; /* when it comes up, us of the wall */
    int64_t acked; /* its last ack, us of the wall */
    uint8_t size;  /* of the window: core/window.h, in short */
    bool bad;
};

struct load {
    struct plan plan;
    struct lines lines;
    struct probe *probe;
    struct rng rng;
    struct buf topic, payload;
    uint64_t sent, acked, held, gaps, bytes;
    uint32_t next, flip_next;
    uint32_t up;     /* probes that have come up */
    int64_t came_us; /* when the first one did */
    int64_t flip_due;
};

static int64_t clock_us(clockid_t clock)
{
    struct timespec ts;
    clock_gettime(clock, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int64_t wall_us(void)
{
    return clock_us(CLOCK_REALTIME);
}

static int64_t mono_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

/* As the probe's window (core/window.h) does, on a line that is quick by nature. */
static void size_window(struct probe *p)
{
    if (p->timed == 0 || p->upto < p->timed)
        return;
    int64_t took = mono_us() - p->timed_at;
    p->timed = 0;
    if (took > WINDOW_LATE_MS * 1000)
        p->size = (uint8_t)(p->size > 1 ? p->size / 2 : 1);
    else if (took <= WINDOW_SLOW_MS * 1000 && p->size < WINDOW_SIZE)
        p->size++;
}

/* The probes, to divide by. */
static uint32_t divisor(const struct load *l)
{
    return l->plan.probes ? l->plan.probes : 1;
}

static void publish(struct load *l, uint32_t n)
{
    buf_clear(&l->topic);
    load_topic(&l->topic, l->plan.from + n, l->plan.epoch, l->probe[n].seq);
    l->bytes += l->topic.len + l->payload.len;
    mqtt_wire_publish(lines_of(&l->lines, n), (struct slice){l->topic.data, l->topic.len},
                      (struct slice){l->payload.data, l->payload.len});
    buf_clear(&l->payload);
}

static void send_pack(struct load *l, uint32_t n)
{
    struct probe *p = &l->probe[n];
    p->seq++;
    int64_t left = (int64_t)(l->plan.packs - l->sent) / divisor(l);
    if (l->plan.window)
        left = (int64_t)(l->plan.first + l->plan.packs / divisor(l) - p->seq);
    int64_t time_us = wall_us() - left * l->plan.past * 1000;
    load_pack(&l->payload, l->plan.from + n, p->seq, time_us, p->bad ? VERDICT_FAILED : VERDICT_OK,
              &l->rng);
    if (p->timed == 0) {
        p->timed = p->seq;
        p->timed_at = mono_us();
    }
    publish(l, n);
    l->sent++;
}

/* An ack of one of our streams: "ioc/v1/p00012/ack". */
static void on_ack(void *context, struct slice topic, struct slice payload)
{
    struct load *l = context;
    struct ack ack = {0};
    struct reason why;
    uint32_t n = (uint32_t)strtoul(topic.at + strlen("ioc/v1/p"), NULL, 10) - l->plan.from;
    if (n >= l->plan.probes || ack_read(payload, &ack, &why) != 0)
        return;
    struct probe *p = &l->probe[n];
    l->held += ack.hold.len > 0;
    l->gaps += ack.gap;
    if (ack.epoch == l->plan.epoch && ack.upto > p->upto) {
        l->acked += ack.upto - p->upto;
        p->upto = ack.upto;
        p->acked = wall_us();
        size_window(p);
    }
    if (p->waits && p->upto >= p->seq) {
        printf("{\"flip\":%u,\"bad\":%s,\"sent_us\":%" PRId64 ",\"ack_us\":%" PRId64 "}\n", n,
               p->bad ? "true" : "false", p->waits, wall_us());
        p->waits = 0;
    }
    ack_done(&ack);
}

static bool may_send(const struct load *l, uint32_t n)
{
    const struct mqtt_wire *line = lines_of(&l->lines, n);
    return line->published - line->confirmed < UNCONFIRMED_MAX;
}

static void send_status(struct load *l, uint32_t n)
{
    buf_clear(&l->topic);
    load_status_topic(&l->topic, l->plan.from + n);
    load_status(&l->payload, l->plan.epoch, l->plan.conn, l->plan.wills,
                l->plan.packs / l->plan.probes);
    l->bytes += l->topic.len + l->payload.len;
    mqtt_wire_publish(lines_of(&l->lines, n), (struct slice){l->topic.data, l->topic.len},
                      (struct slice){l->payload.data, l->payload.len});
    buf_clear(&l->payload);
}

static void send_statuses(struct load *l)
{
    for (uint32_t n = 0; n < l->plan.probes; n++) {
        send_status(l, n);
        while (!may_send(l, n))
            lines_turn(&l->lines, 100);
    }
}

/* After a cut of minutes their waits (io/mqtt.h: up to a minute, drawn from its upper half) have
 * put the probes apart: they come up one after another, each with its birth. */
static void come_up(struct load *l)
{
    int64_t now_us = wall_us();
    if (l->up == 0)
        l->came_us = now_us;
    while (l->up < l->plan.probes && may_send(l, l->up)) {
        int64_t due_us = l->came_us + l->plan.spread * 1000 * (int64_t)l->up / divisor(l);
        if (due_us > now_us)
            return;
        l->probe[l->up].up_at = now_us;
        if (l->plan.spread)
            send_status(l, l->up);
        l->up++;
    }
}

static void send_lists(struct load *l)
{
    int64_t span_ms = l->plan.past * (int64_t)(l->plan.packs / l->plan.probes + 2);
    int64_t from_us = wall_us() - span_ms * 1000 - 1000;
    for (uint32_t n = 0; n < l->plan.probes; n++) {
        l->probe[n].seq++;
        load_list(&l->payload, l->plan.from + n, from_us, l->plan.interval);
        publish(l, n);
        while (!may_send(l, n))
            lines_turn(&l->lines, 100);
    }
}

/* The next probe whose window is open, and that has packs left; false if none is. */
static bool next_open(struct load *l, uint32_t *ret_n)
{
    uint64_t last = l->plan.first + (l->plan.lists ? 1 : 0) + l->plan.packs / l->plan.probes;
    for (uint32_t tried = 0; tried < l->up; tried++) {
        uint32_t n = l->next;
        const struct probe *p = &l->probe[n];
        l->next = n + 1 >= l->up ? 0 : n + 1;
        if (!l->plan.window || (p->seq < last && p->seq - p->upto < p->size)) {
            *ret_n = n;
            return true;
        }
    }
    return false;
}

/* A flip waits for its ack, so that one probe has at most one under way. */
static void flip(struct load *l, int64_t now_us)
{
    if (!l->plan.flip || now_us < l->flip_due)
        return;
    l->flip_due = now_us + l->plan.flip * 1000;
    uint32_t n = l->flip_next;
    l->flip_next = (n + 7) % divisor(l);
    struct probe *p = &l->probe[n];
    if (p->waits)
        return;
    p->bad = !p->bad;
    p->waits = wall_us();
    send_pack(l, n);
}

static uint64_t due(const struct load *l, int64_t began_us)
{
    if (l->plan.rate <= 0)
        return l->plan.packs;
    double by_now = (double)(mono_us() - began_us) / 1e6 * (double)l->plan.rate;
    return by_now < (double)l->plan.packs ? (uint64_t)by_now : l->plan.packs;
}

static void send_packs(struct load *l)
{
    int64_t began_us = mono_us();
    while (l->sent < l->plan.packs) {
        come_up(l);
        flip(l, mono_us());
        uint64_t until = due(l, began_us);
        uint32_t n = 0;
        for (unsigned i = 0; i < LISTS_PER_TURN && l->sent < until && may_send(l, l->next); i++)
            if (next_open(l, &n))
                send_pack(l, n);
            else
                break;
        bool idle = l->sent >= until || !may_send(l, l->next) || l->plan.window;
        lines_turn(&l->lines, idle ? 1 : 0);
    }
}

static void wait_for_end(struct load *l)
{
    uint64_t all = l->plan.packs + (l->plan.lists ? l->plan.probes : 0);
    while (!lines_confirmed(&l->lines) || (l->plan.window && l->acked < all))
        lines_turn(&l->lines, 100);
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* From each probe's coming up to its last ack: the median and the worst, in ms. */
static void waits(const struct load *l, int64_t *ret_median, int64_t *ret_worst)
{
    int64_t *all = calloc(l->plan.probes, sizeof *all);
    if (!all)
        exit(1);
    for (uint32_t n = 0; n < l->plan.probes; n++)
        all[n] = l->probe[n].acked ? (l->probe[n].acked - l->probe[n].up_at) / 1000 : 0;
    qsort(all, l->plan.probes, sizeof *all, by_number);
    *ret_median = all[l->plan.probes / 2];
    *ret_worst = all[l->plan.probes - 1];
    free(all);
}

static void report(const struct load *l, int64_t began_us, int64_t sent_us)
{
    int64_t median_ms = 0;
    int64_t worst_ms = 0;
    waits(l, &median_ms, &worst_ms);
    printf("{\"packs\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"held\":%" PRIu64 ",\"gaps\":%" PRIu64
           ",\"median_ms\":%" PRId64 ",\"worst_ms\":%" PRId64 ",\"began_us\":%" PRId64
           ",\"sent_us\":%" PRId64 ",\"ended_us\":%" PRId64 ",\"epoch\":\"%016" PRIx64
           "\",\"last_seq\":%" PRIu64 "}\n",
           l->sent, l->bytes, l->held, l->gaps, median_ms, worst_ms, began_us, sent_us, wall_us(),
           l->plan.epoch, l->probe[0].seq);
}

static void listen_to_acks(struct load *l)
{
    char topic[64];
    for (uint32_t n = 0; n < l->lines.len; n++) {
        struct mqtt_wire *line = lines_of(&l->lines, n);
        char probe[LOAD_NAME_MAX];
        load_probe(l->plan.from + n, probe);
        snprintf(topic, sizeof topic, "ioc/v1/%s/ack", l->plan.each ? probe : "+");
        line->on_message = on_ack;
        line->context = l;
        mqtt_wire_subscribe(line, topic);
    }
}

static void open_load(struct load *l)
{
    const struct plan *plan = &l->plan;
    l->probe = calloc(plan->probes, sizeof *l->probe);
    if (!l->probe)
        exit(1);
    for (uint32_t n = 0; n < plan->probes; n++)
        l->probe[n] = (struct probe){.seq = plan->first, .upto = plan->first, .size = 1};
    buf_init(&l->topic, 1024);
    buf_init(&l->payload, 64 << 10);
    lines_open(&l->lines, plan->each ? plan->probes : 1, (uint16_t)plan->port, plan->from,
               plan->epoch, plan->conn, plan->each);
    if (plan->window || plan->flip)
        listen_to_acks(l);
    if (plan->each)
        printf("{\"connected_us\":%" PRId64 "}\n", wall_us());
}

static void close_load(struct load *l)
{
    while (l->plan.stay)
        lines_turn(&l->lines, 1000);
    lines_close(&l->lines);
    buf_done(&l->topic);
    buf_done(&l->payload);
    free(l->probe);
}

int main(int argc, char **argv)
{
    struct load l = {.rng = {1}};
    plan_read(argc, argv, wall_us(), &l.plan);
    setvbuf(stdout, NULL, _IOLBF, 0);
    open_load(&l);
    int64_t began_us = wall_us();
    if ((l.plan.births && !l.plan.spread) || l.plan.wills)
        send_statuses(&l);
    if (l.plan.lists)
        send_lists(&l);
    if (!l.plan.births && !l.plan.wills)
        began_us = wall_us(); /* lists alone are a greeting, not the load */
    send_packs(&l);
    int64_t sent_us = wall_us();
    wait_for_end(&l);
    report(&l, began_us, sent_us);
    close_load(&l);
    return 0;
}
