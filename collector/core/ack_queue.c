#include "core/ack_queue.h"

#include "base/err.h"

#include <string.h>

enum { PROBES_MAX = 16 << 20, MOVED_MIN = 4096 };

/* What waits for one probe. */
struct entry {
    uint64_t epoch;
    uint64_t upto;
    uint32_t packs;
    bool waits;
    bool queued; /* it stands in order, though it may not wait any more */
};

void ack_queue_init(struct ack_queue *q)
{
    vec_init(&q->entries, sizeof(struct entry), PROBES_MAX);
    vec_init(&q->order, sizeof(uint32_t), (size_t)2 * PROBES_MAX + MOVED_MIN);
    q->head = 0;
    q->waiting = 0;
}

void ack_queue_done(struct ack_queue *q)
{
    vec_done(&q->entries);
    vec_done(&q->order);
}

static struct entry *entry_of(const struct ack_queue *q, uint32_t probe)
{
    return probe < q->entries.len ? vec_at(&q->entries, probe) : NULL;
}

/* The probe stands behind all others. */
static int stand(struct ack_queue *q, uint32_t probe)
{
    if (q->head >= MOVED_MIN && q->head >= q->order.len / 2) { /* what was taken out goes */
        q->order.len -= q->head;
        memmove(q->order.items, (const uint32_t *)q->order.items + q->head,
                q->order.len * sizeof probe);
        q->head = 0;
    }
    uint32_t *place = vec_push(&q->order);
    if (!place)
        return ERR_NOMEM;
    *place = probe;
    return 0;
}

int ack_queue_add(struct ack_queue *q, const struct ack_waiting *ack)
{
    while (q->entries.len <= ack->probe)
        if (!vec_push(&q->entries))
            return ERR_NOMEM;
    struct entry *e = entry_of(q, ack->probe);
    if (!e->queued && stand(q, ack->probe) != 0)
        return ERR_NOMEM;
    uint32_t before = e->waits && e->epoch == ack->epoch ? e->packs : 0;
    q->waiting += !e->waits;
    *e = (struct entry){.epoch = ack->epoch,
                        .upto = ack->upto,
                        .packs = before + ack->packs,
                        .waits = true,
                        .queued = true};
    return 0;
}

bool ack_queue_covers(const struct ack_queue *q, uint32_t probe, uint64_t epoch, uint64_t upto)
{
    const struct entry *e = entry_of(q, probe);
    return e && e->waits && e->epoch == epoch && e->upto >= upto;
}

void ack_queue_forget(struct ack_queue *q, uint32_t probe)
{
    struct entry *e = entry_of(q, probe);
    if (!e || !e->waits)
        return;
    e->waits = false;
    q->waiting--;
}

bool ack_queue_take(struct ack_queue *q, struct ack_waiting *ret_ack)
{
    while (q->head < q->order.len) {
        uint32_t probe = *(const uint32_t *)vec_at(&q->order, q->head++);
        struct entry *e = entry_of(q, probe);
        e->queued = false;
        if (!e->waits)
            continue;
        e->waits = false;
        q->waiting--;
        *ret_ack = (struct ack_waiting){probe, e->packs, e->epoch, e->upto};
        return true;
    }
    q->head = 0;
    q->order.len = 0;
    return false;
}
