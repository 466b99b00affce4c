#include "core/due.h"

#include "base/err.h"

enum { ORDER_MASK = 0xffffff, IDLE_MAX = 4096 };

void due_init(struct due_queue *q, size_t max)
{
    vec_init(&q->items, sizeof(struct due), max);
    q->pushed = 0;
}

void due_done(struct due_queue *q)
{
    vec_done(&q->items);
}

/* Orders wrap at 24 bits. */
static bool after(uint32_t later, uint32_t earlier)
{
    uint32_t distance = (later - earlier) & ORDER_MASK;
    return distance != 0 && distance <= ORDER_MASK / 2;
}

static bool before(const struct due *a, const struct due *b)
{
    return a->key != b->key ? a->key < b->key : after(b->order, a->order);
}

void due_shrink(struct due_queue *q)
{
    if (q->items.len == 0 && q->items.cap > IDLE_MAX)
        vec_done(&q->items);
}

int due_push(struct due_queue *q, struct due item)
{
    if (!vec_push(&q->items))
        return q->items.len >= q->items.max ? ERR_FULL : ERR_NOMEM;
    struct due *heap = q->items.items;
    size_t at = q->items.len - 1;
    item.order = q->pushed++ & ORDER_MASK;
    while (at > 0 && before(&item, &heap[(at - 1) / 2])) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = item;
    return 0;
}

bool due_pop(struct due_queue *q, int64_t key, struct due *ret_item)
{
    struct due *heap = q->items.items;
    if (q->items.len == 0 || heap[0].key > key)
        return false;
    *ret_item = heap[0];
    struct due last = heap[--q->items.len];
    size_t at = 0;
    for (size_t child = 1; child < q->items.len; child = 2 * at + 1) {
        if (child + 1 < q->items.len && before(&heap[child + 1], &heap[child]))
            child++;
        if (!before(&heap[child], &last))
            break;
        heap[at] = heap[child];
        at = child;
    }
    if (q->items.len)
        heap[at] = last;
    return true;
}
