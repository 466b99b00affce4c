/* The load of a bench: many probes over one connection, each with its list first and then its packs
 * in order. Prints one line of JSON when all is confirmed by the broker (flood, steady) or
 * acknowledged by the collector (window); steady with flips prints a line for each flip before. */
#include "load.h"
#include "mqtt_wire.h"

#include "base/err.h"
#include "wire/ack.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { UNCONFIRMED_MAX = 1000, WINDOW = 8, SLOW_US = 2000000, LISTS_PER_TURN = 64 };

/* What to do; times in ms. */
struct plan {
    uint16_t port;
    uint32_t probes;
    uint32_t from;  /* number of the first one */
    uint64_t packs; /* in all, lists not counted */
    int64_t
        past_step; /* 0: packs are of now; else each probe's packs are so far apart, up to now */
    bool window;   /* W = 8 driven by acks; else as fast as the broker confirms */
    double rate;   /* packs per second, 0 = no limit */
    int64_t flip;  /* every so often one probe says the opposite, 0 = never */
    bool lists;    /* send lists first */
    bool births;   /* each probe announces itself first */
    bool wills;    /* nothing but the will of each probe's connection */
    uint64_t conn; /* of births and wills */
    uint64_t epoch, first_seq; /* where the streams stand */
};

struct probe {
    uint64_t seq;   /* last sent */
    uint64_t upto;  /* acknowledged */
    int64_t waits;  /* for the ack of a flip: when it was sent, us */
    uint64_t timed; /* pack whose ack is timed, 0: none */
    int64_t timed_at;
    uint8_t size; /* of the window: core/window.h, in short */
    bool bad;
};

struct load {
    struct plan plan;
    struct mqtt_wire mqtt;
    struct probe *probe;
    struct rng rng;
    struct buf topic, payload;
    uint64_t sent, acked, held, gaps, bytes;
    uint32_t next, flip_next;
    int64_t flip_due;
    int64_t watch_due;
    uint64_t apart; /* most packs that one probe was ahead of another */
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

/* As the probe's window (core/window.h) opens with quick answers and halves with late ones. */
static void size_window(struct probe *p)
{
    if (p->timed == 0 || p->upto < p->timed)
        return;
    bool slow = mono_us() - p->timed_at > SLOW_US;
    p->timed = 0;
    if (slow)
        p->size = (uint8_t)(p->size > 1 ? p->size / 2 : 1);
    else if (p->size < WINDOW)
        p->size++;
}

static void publish(struct load *l, uint32_t n)
{
    buf_clear(&l->topic);
    load_topic(&l->topic, l->plan.from + n, l->plan.epoch, l->probe[n].seq);
    l->bytes += l->topic.len + l->payload.len;
    mqtt_wire_publish(&l->mqtt, (struct slice){l->topic.data, l->topic.len},
                      (struct slice){l->payload.data, l->payload.len});
    buf_clear(&l->payload);
}

static void send_pack(struct load *l, uint32_t n)
{
    struct probe *p = &l->probe[n];
    p->seq++;
    int64_t left = (int64_t)((l->plan.packs - l->sent) / l->plan.probes);
    int64_t time_us = wall_us() - left * l->plan.past_step * 1000;
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
        size_window(p);
    }
    if (p->waits && p->upto >= p->seq) {
        printf("{\"flip\":%u,\"bad\":%s,\"sent_us\":%" PRId64 ",\"ack_us\":%" PRId64 "}\n", n,
               p->bad ? "true" : "false", p->waits, wall_us());
        p->waits = 0;
    }
    ack_done(&ack);
}

static bool may_send(const struct load *l)
{
    return l->mqtt.published - l->mqtt.confirmed < UNCONFIRMED_MAX;
}

static void send_status(struct load *l, uint32_t n)
{
    buf_clear(&l->topic);
    load_status_topic(&l->topic, l->plan.from + n);
    load_status(&l->payload, l->plan.epoch, l->plan.conn, l->plan.wills,
                l->plan.packs / l->plan.probes);
    l->bytes += l->topic.len + l->payload.len;
    mqtt_wire_publish(&l->mqtt, (struct slice){l->topic.data, l->topic.len},
                      (struct slice){l->payload.data, l->payload.len});
    buf_clear(&l->payload);
}

static void send_statuses(struct load *l)
{
    for (uint32_t n = 0; n < l->plan.probes; n++) {
        send_status(l, n);
        while (!may_send(l))
            mqtt_wire_turn(&l->mqtt, 100);
    }
}

static void send_lists(struct load *l)
{
    int64_t span_ms = l->plan.past_step * (int64_t)(l->plan.packs / l->plan.probes + 2);
    int64_t from_us = wall_us() - span_ms * 1000 - 1000;
    for (uint32_t n = 0; n < l->plan.probes; n++) {
        l->probe[n].seq++;
        load_list(&l->payload, l->plan.from + n, from_us);
        publish(l, n);
        while (!may_send(l))
            mqtt_wire_turn(&l->mqtt, 100);
    }
}

/* The next probe whose window is open; false if none is. */
static bool next_open(struct load *l, uint32_t *ret_n)
{
    for (uint32_t tried = 0; tried < l->plan.probes; tried++) {
        uint32_t n = l->next;
        l->next = n + 1 == l->plan.probes ? 0 : n + 1;
        if (!l->plan.window || l->probe[n].seq - l->probe[n].upto < l->probe[n].size) {
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
    l->flip_next = (n + 7) % l->plan.probes;
    struct probe *p = &l->probe[n];
    if (p->waits)
        return;
    p->bad = !p->bad;
    p->waits = wall_us();
    send_pack(l, n);
}

/* How far the slowest probe is behind the fastest, by acks, each second while packs are left. */
static void watch(struct load *l)
{
    int64_t now_us = mono_us();
    if (!l->plan.window || now_us < l->watch_due)
        return;
    l->watch_due = now_us + 1000000;
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;
    for (uint32_t n = 0; n < l->plan.probes; n++) {
        uint64_t upto = l->probe[n].upto;
        least = upto < least ? upto : least;
        most = upto > most ? upto : most;
    }
    if (most - least > l->apart)
        l->apart = most - least;
}

static uint64_t due(const struct load *l, int64_t began_us)
{
    if (l->plan.rate <= 0)
        return l->plan.packs;
    double by_now = (double)(mono_us() - began_us) / 1e6 * l->plan.rate;
    return by_now < (double)l->plan.packs ? (uint64_t)by_now : l->plan.packs;
}

static void send_packs(struct load *l)
{
    int64_t began_us = mono_us();
    while (l->sent < l->plan.packs) {
        watch(l);
        flip(l, mono_us());
        uint64_t until = due(l, began_us);
        uint32_t n = 0;
        for (unsigned i = 0; i < LISTS_PER_TURN && l->sent < until && may_send(l); i++)
            if (next_open(l, &n))
                send_pack(l, n);
        bool idle = l->sent >= until || !may_send(l) || l->plan.window;
        mqtt_wire_turn(&l->mqtt, idle ? 1 : 0);
    }
}

static void wait_for_end(struct load *l)
{
    uint64_t all = l->plan.packs + (l->plan.lists ? l->plan.probes : 0);
    while (l->mqtt.confirmed < l->mqtt.published || (l->plan.window && l->acked < all))
        mqtt_wire_turn(&l->mqtt, 100);
}

static double number(const char *text)
{
    return strtod(text, NULL);
}

static void read_plan(int argc, char **argv, struct plan *p)
{
    static const struct option options[] = {
        {"port", 1, NULL, 'p'}, {"probes", 1, NULL, 'n'}, {"packs", 1, NULL, 'k'},
        {"past", 1, NULL, 'a'}, {"window", 0, NULL, 'w'}, {"rate", 1, NULL, 'r'},
        {"flip", 1, NULL, 'f'}, {"epoch", 1, NULL, 'e'},  {"first", 1, NULL, 's'},
        {"from", 1, NULL, 'o'}, {"births", 0, NULL, 'b'}, {"wills", 0, NULL, 'x'},
        {"conn", 1, NULL, 'c'}, {NULL, 0, NULL, 0},
    };
    *p = (struct plan){.port = 1883, .probes = 1000, .packs = 100000, .lists = true, .conn = 1};
    p->epoch = (uint64_t)wall_us();
    for (int c = 0; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'p':
            p->port = (uint16_t)number(optarg);
            break;
        case 'n':
            p->probes = (uint32_t)number(optarg);
            break;
        case 'k':
            p->packs = (uint64_t)number(optarg);
            break;
        case 'a':
            p->past_step = (int64_t)number(optarg);
            break;
        case 'w':
            p->window = true;
            break;
        case 'r':
            p->rate = number(optarg);
            break;
        case 'f':
            p->flip = (int64_t)number(optarg);
            break;
        case 'e':
            p->epoch = strtoull(optarg, NULL, 16);
            break;
        case 'o':
            p->from = (uint32_t)number(optarg);
            break;
        case 'b':
            p->births = true;
            break;
        case 'x':
            p->wills = true;
            break;
        case 'c':
            p->conn = (uint64_t)number(optarg);
            break;
        case 's':
            p->first_seq = (uint64_t)number(optarg);
            break;
        default:
            exit(2);
        }
    }
    p->lists = p->first_seq == 0 && !p->wills;
    p->packs = p->wills ? 0 : p->packs;
}

static void report(const struct load *l, int64_t began_us, int64_t sent_us)
{
    printf("{\"packs\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"held\":%" PRIu64 ",\"gaps\":%" PRIu64
           ",\"apart\":%" PRIu64 ",\"began_us\":%" PRId64 ",\"sent_us\":%" PRId64
           ",\"ended_us\":%" PRId64 ",\"epoch\":\"%016" PRIx64 "\",\"last_seq\":%" PRIu64 "}\n",
           l->sent, l->bytes, l->held, l->gaps, l->apart, began_us, sent_us, wall_us(),
           l->plan.epoch, l->probe[0].seq);
}

int main(int argc, char **argv)
{
    char id[32];
    struct load l = {.rng = {1}};
    read_plan(argc, argv, &l.plan);
    l.probe = calloc(l.plan.probes, sizeof *l.probe);
    if (!l.probe)
        return 1;
    for (uint32_t n = 0; n < l.plan.probes; n++)
        l.probe[n] = (struct probe){.seq = l.plan.first_seq, .upto = l.plan.first_seq, .size = 1};
    setvbuf(stdout, NULL, _IOLBF, 0);
    buf_init(&l.topic, 1024);
    buf_init(&l.payload, 64 << 10);
    snprintf(id, sizeof id, "bench-load-%ld", (long)getpid());
    mqtt_wire_open(&l.mqtt, l.plan.port, id);
    l.mqtt.on_message = on_ack;
    l.mqtt.context = &l;
    if (l.plan.window || l.plan.flip)
        mqtt_wire_subscribe(&l.mqtt, "ioc/v1/+/ack");
    int64_t began_us = wall_us();
    if (l.plan.births || l.plan.wills)
        send_statuses(&l);
    if (l.plan.lists)
        send_lists(&l);
    if (!l.plan.births && !l.plan.wills)
        began_us = wall_us(); /* lists alone are a greeting, not the load */
    send_packs(&l);
    int64_t sent_us = wall_us();
    wait_for_end(&l);
    report(&l, began_us, sent_us);
    mqtt_wire_close(&l.mqtt);
    buf_done(&l.topic);
    buf_done(&l.payload);
    free(l.probe);
    return 0;
}
