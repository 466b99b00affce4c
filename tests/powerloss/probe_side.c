#include "probe_side.h"

#include "base/err.h"
#include "tape.h"
#include "unit.h"
#include "until.h"
#include "wire/status.h"
#include "wire/topic.h"

#include <stdio.h>
#include <string.h>

enum {
    BOOT = 77,
    PACK_BYTES = 2048,
    OUTBOX_BYTES = 12 * 1024,
    UNSTORED_MAX = 64,
    STATUS_BYTES = 1024
};

/* In the place of the number of a pack without readings. */
enum { NO_PACK = 0 };

static void on_stored(void *arg, uint64_t seq)
{
    struct probe_side *p = arg;
    uint64_t id = *(uint64_t *)vec_at(&p->unstored, 0);
    vec_remove(&p->unstored, 0, 1);
    window_stored(&p->window, seq);
    if (id != NO_PACK)
        tape_mark(MARK_STORED, id, 0);
}

static void on_dropped(void *arg, uint64_t low)
{
    struct probe_side *p = arg;
    window_dropped(&p->window, low);
    p->owes_birth = true;
}

static void on_renumbered(void *arg)
{
    struct probe_side *p = arg;
    struct outbox_view view = outbox_view(p->outbox);
    window_renumber(&p->window, view.epoch, view.high);
    p->renumbered = true;
}

static void on_clock_kept(void *arg)
{
    struct probe_side *p = arg;
    p->clock_kept = true;
}

static void on_closed(void *arg)
{
    struct probe_side *p = arg;
    p->closed = true;
}

static void settle(struct probe_side *p)
{
    UNTIL(p->loop, p->unstored.len == 0 && !outbox_is_writing(p->outbox));
}

void probe_side_open(struct probe_side *p, const char *root)
{
    *p = (struct probe_side){.rng = {1}};
    snprintf(p->folder, sizeof p->folder, "%s/probe/outbox", root);
    vec_init(&p->unstored, sizeof(uint64_t), UNSTORED_MAX);
    struct outbox_options options = {
        .folder = p->folder, .policy = outbox_policy_default(), .boot = BOOT};
    options.policy.max_bytes = OUTBOX_BYTES;
    const struct outbox_events events = {p, on_stored, on_dropped, on_renumbered, on_clock_kept};
    assert_int_equal(loop_open(&p->loop), 0);
    assert_int_equal(outbox_open(p->loop, &options, &events, &p->outbox), 0);
    struct outbox_view view = outbox_view(p->outbox);
    window_init(&p->window, view.epoch, view.low, view.high, &p->rng);
    window_connected(&p->window);
    settle(p);
}

void probe_side_close(struct probe_side *p)
{
    outbox_close(p->outbox, on_closed, p);
    UNTIL(p->loop, p->closed);
    loop_close(p->loop);
    vec_done(&p->unstored);
}

static void put(struct probe_side *p, uint64_t id, const char *text)
{
    uint64_t *slot = vec_push(&p->unstored);
    assert_non_null(slot);
    *slot = id;
    outbox_put(p->outbox, OUTBOX_TIMED, slice_of(text), 2);
}

/* Longer ones now and then, so that segments fill at different places, and some so long that the
 * outbox makes them smaller (shell/outbox_shrink.h). */
static void put_pack(struct probe_side *p, uint64_t id)
{
    char text[PACK_BYTES];
    int blanks = id % 5 == 4 ? 1200 : (int)(id % 5 * 60);
    snprintf(text, sizeof text,
             "[{\"n\":\"bts-1/icmp/a/rtt\",\"v\":%llu,\"t\":%llu},%*s"
             "{\"n\":\"bts-1/icmp/a/state\",\"v\":0,\"t\":%llu}]",
             (unsigned long long)id, (unsigned long long)(PROBE_SIDE_EPOCH_S + id), blanks, "",
             (unsigned long long)(PROBE_SIDE_EPOCH_S + id));
    put(p, id, text);
}

void probe_side_put(struct probe_side *p, uint64_t id)
{
    probe_side_put_many(p, id, id);
}

void probe_side_put_many(struct probe_side *p, uint64_t from, uint64_t to)
{
    for (uint64_t id = from; id <= to; id++)
        put_pack(p, id);
    settle(p);
}

void probe_side_put_list(struct probe_side *p)
{
    put(p, NO_PACK,
        "{\"checks\":[{\"name\":\"icmp/a\",\"site\":\"bts-1\",\"units\":[\"4g@a\"],"
        "\"interval_ms\":1000,\"timeout_ms\":500,\"ttl_ms\":25000,\"role\":\"required\","
        "\"cause\":\"fault\"}],\"t\":1790000000}");
    settle(p);
}

void probe_side_put_garbage(struct probe_side *p)
{
    put(p, NO_PACK, "[{\"n\":\"bts-1/icmp/a/rtt\",\"v\":\"none\"}]");
    settle(p);
}

void probe_side_keep_clock(struct probe_side *p)
{
    p->clock_kept = false;
    outbox_clock(p->outbox, (struct clock_offset){.boot = BOOT, .offset_ms = 1000});
    UNTIL(p->loop, p->clock_kept);
}

void probe_side_renumber(struct probe_side *p, uint64_t epoch)
{
    p->renumbered = false;
    outbox_renumber(p->outbox, epoch);
    UNTIL(p->loop, p->renumbered);
}

typedef void send_fn(void *centre, const char *topic, struct slice payload);

void probe_side_birth(struct probe_side *p, send_fn *send, void *centre)
{
    struct buf text;
    struct outbox_view view = outbox_view(p->outbox);
    struct status status = {.state = STATUS_ONLINE,
                            .boot = BOOT,
                            .conn = 1,
                            .clock = CLOCK_SYSTEM,
                            .epoch = view.epoch,
                            .backlog = window_backlog(&p->window),
                            .dropped = view.dropped};
    buf_init(&text, STATUS_BYTES);
    status_write(&text, &status);
    assert_int_equal(text.err, 0);
    send(centre, "ioc/v1/" PROBE_SIDE_NAME "/status", (struct slice){text.data, text.len});
    buf_done(&text);
    p->owes_birth = false;
}

/* Sends pack @p seq; false if it is lost: then the outbox goes past it once it is the lowest. */
static bool send_pack(struct probe_side *p, uint64_t seq, send_fn *send, void *centre)
{
    struct outbox_record record;
    char topic[TOPIC_MAX];
    int err = outbox_read(p->outbox, seq, &record);
    if (err == ERR_NOT_FOUND) {
        outbox_skip(p->outbox, seq);
        settle(p);
        probe_side_birth(p, send, centre);
        return false;
    }
    assert_int_equal(err, 0);
    snprintf(topic, sizeof topic, "ioc/v1/" PROBE_SIDE_NAME "/data/%016llx/%llu/%llu",
             (unsigned long long)p->window.epoch, (unsigned long long)p->window.low,
             (unsigned long long)seq);
    tape_mark(MARK_SENT, seq, p->window.epoch);
    send(centre, topic, record.body);
    window_published(&p->window, loop_now(p->loop).mono);
    return true;
}

bool probe_side_send(struct probe_side *p, send_fn *send, void *centre)
{
    uint64_t seq, skipped = 0, sent = 0;
    if (p->owes_birth)
        probe_side_birth(p, send, centre); /* before the next pack */
    while ((seq = window_next(&p->window, loop_now(p->loop).mono)) != 0 && seq != skipped) {
        if (send_pack(p, seq, send, centre))
            sent++;
        else
            skipped = seq;
    }
    return sent > 0;
}

void probe_side_answer(struct probe_side *p, struct slice payload)
{
    struct ack ack;
    struct reason why;
    assert_int_equal(ack_read(payload, &ack, &why), 0);
    enum window_news news = window_ack(&p->window, &ack, loop_now(p->loop).mono);
    assert_int_not_equal(news, WINDOW_RENUMBER); /* the centre never knows more than was sent */
    if (news == WINDOW_ADVANCED)
        outbox_acked(p->outbox, p->window.upto);
    ack_done(&ack);
    settle(p);
}
