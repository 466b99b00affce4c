#include "core/stream.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"
#include "base/vec.h"
#include "core/dirty.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_PROBES = 1 << 24, ROW_VERSION = 1, ROW_MAX = 2 + 64 * (STREAM_EPOCHS + 1) };

/* One per probe number. Most probes have one epoch for life, so marks are allocated one by one. */
struct probe_marks {
    struct stream_mark *marks; /* the epoch heard last first */
    size_t len;
    struct stream_mark retired; /* sum of what made way; its epoch is 0 */
};

struct stream {
    struct vec probes; /* struct probe_marks by probe number */
    struct dirty dirty;
};

struct stream *stream_new(void)
{
    struct stream *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    vec_init(&s->probes, sizeof(struct probe_marks), MAX_PROBES);
    dirty_init(&s->dirty, MAX_PROBES);
    return s;
}

void stream_free(struct stream *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->probes.len; i++)
        free(((struct probe_marks *)vec_at(&s->probes, i))->marks);
    vec_done(&s->probes);
    dirty_done(&s->dirty);
    free(s);
}

static struct probe_marks *find_probe(const struct stream *s, uint32_t probe)
{
    return probe < s->probes.len ? vec_at(&s->probes, probe) : NULL;
}

static struct probe_marks *need_probe(struct stream *s, uint32_t probe)
{
    while (s->probes.len <= probe)
        if (!vec_push(&s->probes))
            return NULL;
    return vec_at(&s->probes, probe);
}

static const struct stream_mark *find_mark(const struct stream *s, uint32_t probe, uint64_t epoch)
{
    const struct probe_marks *p = find_probe(s, probe);
    for (size_t i = 0; p && i < p->len; i++)
        if (p->marks[i].epoch == epoch)
            return &p->marks[i];
    return NULL;
}

static void add_to_retired(struct stream_mark *retired, const struct stream_mark *mark)
{
    retired->upto += mark->upto;
    retired->highest += mark->highest;
    retired->stored += mark->stored;
    retired->refused += mark->refused;
    retired->untimed += mark->untimed;
    retired->lost += mark->lost;
    retired->missing += mark->missing;
}

/* The slot for a new epoch: a new one, or that of the epoch heard longest ago. */
static int append_mark(struct probe_marks *p, uint64_t epoch)
{
    if (p->len == STREAM_EPOCHS) {
        add_to_retired(&p->retired, &p->marks[p->len - 1]);
    } else {
        struct stream_mark *marks = realloc(p->marks, (p->len + 1) * sizeof *marks);
        if (!marks)
            return ERR_NOMEM;
        p->marks = marks;
        p->len++;
    }
    p->marks[p->len - 1] = (struct stream_mark){.epoch = epoch};
    return 0;
}

/* The mark of an epoch, made if new, as the first of its probe. NULL without memory. */
static struct stream_mark *need_mark(struct stream *s, uint32_t probe, uint64_t epoch)
{
    struct probe_marks *p = need_probe(s, probe);
    if (!p)
        return NULL;
    size_t at = 0;
    while (at < p->len && p->marks[at].epoch != epoch)
        at++;
    if (at == p->len) {
        if (append_mark(p, epoch) != 0)
            return NULL;
        at = p->len - 1;
    }
    struct stream_mark mark = p->marks[at];
    memmove(p->marks + 1, p->marks, at * sizeof mark);
    p->marks[0] = mark;
    return p->marks;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

struct stream_decision stream_judge(const struct stream *s, const struct stream_offer *offer)
{
    static const struct stream_mark fresh = {0};
    const struct stream_mark *mark = find_mark(s, offer->probe, offer->epoch);
    if (!mark)
        mark = &fresh;
    if (offer->epoch == 0 || offer->low == 0 || offer->low > offer->seq)
        return (struct stream_decision){.verdict = STREAM_REFUSED, .upto = mark->upto};
    if (offer->seq <= mark->upto)
        return (struct stream_decision){.verdict = STREAM_DUPLICATE, .upto = mark->upto};
    uint64_t gone = offer->low > mark->upto + 1 ? offer->low - mark->upto - 1 : 0;
    if (offer->seq > mark->upto + 1 + gone)
        return (struct stream_decision){.verdict = STREAM_AHEAD, .upto = mark->upto, .gap = true};
    /* `dropped` counts from the start of the epoch; what was booked as lost before is part of it */
    uint64_t told = offer->dropped > mark->lost ? offer->dropped - mark->lost : 0;
    uint64_t lost = smaller(gone, told);
    return (struct stream_decision){
        .verdict = STREAM_ACCEPT, .lost = lost, .missing = gone - lost, .upto = offer->seq};
}

static void book(struct stream_mark *mark, const struct stream_decision *d, enum stream_fate fate)
{
    mark->upto = d->upto;
    mark->lost += d->lost;
    mark->missing += d->missing;
    if (fate == STREAM_STORED)
        mark->stored++;
    else if (fate == STREAM_FATE_REFUSED)
        mark->refused++;
    else
        mark->untimed++;
}

/* The age of open packs counts from the last that was settled. */
static void note_open(struct stream_mark *mark, const struct stream_offer *offer,
                      enum stream_verdict verdict)
{
    if (stream_open_packs(mark) == 0)
        mark->open_since.ms = 0;
    else if (verdict == STREAM_ACCEPT || mark->open_since.ms == 0)
        mark->open_since = offer->at;
}

int stream_settle(struct stream *s, const struct stream_offer *offer, enum stream_fate fate,
                  struct stream_decision *ret_decision)
{
    struct stream_decision d = stream_judge(s, offer);
    if (d.verdict == STREAM_ACCEPT || d.verdict == STREAM_AHEAD) {
        struct stream_mark *mark = need_mark(s, offer->probe, offer->epoch);
        if (!mark || dirty_add(&s->dirty, offer->probe) != 0)
            return ERR_NOMEM;
        if (offer->seq > mark->highest)
            mark->highest = offer->seq;
        if (d.verdict == STREAM_ACCEPT)
            book(mark, &d, fate);
        note_open(mark, offer, d.verdict);
    }
    *ret_decision = d;
    return 0;
}

int stream_requeue(struct stream *s, uint32_t probe, uint64_t epoch)
{
    struct probe_marks *p = find_probe(s, probe);
    struct stream_mark *mark = p ? &p->retired : NULL;
    for (size_t i = 0; p && i < p->len; i++)
        if (p->marks[i].epoch == epoch)
            mark = &p->marks[i];
    if (!mark || mark->refused == 0)
        return ERR_NOT_FOUND;
    if (dirty_add(&s->dirty, probe) != 0)
        return ERR_NOMEM;
    mark->refused--;
    mark->stored++;
    return 0;
}

const struct stream_mark *stream_marks(const struct stream *s, uint32_t probe, size_t *ret_len)
{
    const struct probe_marks *p = find_probe(s, probe);
    *ret_len = p ? p->len : 0;
    return p ? p->marks : NULL;
}

struct stream_mark stream_retired(const struct stream *s, uint32_t probe)
{
    const struct probe_marks *p = find_probe(s, probe);
    return p ? p->retired : (struct stream_mark){0};
}

uint64_t stream_open_packs(const struct stream_mark *mark)
{
    return mark->highest - mark->upto;
}

bool stream_balanced(const struct stream_mark *mark)
{
    return mark->highest >= mark->upto &&
           mark->highest == mark->stored + mark->refused + mark->untimed + mark->lost +
                                mark->missing + stream_open_packs(mark);
}

static void put_mark(struct buf *b, const struct stream_mark *mark)
{
    buf_le64(b, mark->epoch);
    buf_le64(b, mark->upto);
    buf_le64(b, mark->highest);
    buf_le64(b, mark->stored);
    buf_le64(b, mark->refused);
    buf_le64(b, mark->untimed);
    buf_le64(b, mark->lost);
    buf_le64(b, mark->missing);
}

static struct stream_mark get_mark(struct cursor *c)
{
    struct stream_mark mark = {.epoch = cursor_le64(c)};
    mark.upto = cursor_le64(c);
    mark.highest = cursor_le64(c);
    mark.stored = cursor_le64(c);
    mark.refused = cursor_le64(c);
    mark.untimed = cursor_le64(c);
    mark.lost = cursor_le64(c);
    mark.missing = cursor_le64(c);
    return mark;
}

static int save_probe(const struct probe_marks *p, uint32_t probe, const struct row_sink *sink)
{
    struct buf row, key;
    buf_init(&row, ROW_MAX);
    buf_init(&key, sizeof probe);
    buf_le32(&key, probe);
    buf_char(&row, ROW_VERSION);
    buf_char(&row, (char)p->len);
    put_mark(&row, &p->retired);
    for (size_t i = 0; i < p->len; i++)
        put_mark(&row, &p->marks[i]);
    int err = row.err ? row.err : key.err;
    if (!err)
        err = sink->put(sink->context, ROW_STREAM, (struct slice){key.data, key.len},
                        (struct slice){row.data, row.len});
    buf_done(&row);
    buf_done(&key);
    return err;
}

int stream_save(struct stream *s, const struct row_sink *sink)
{
    for (size_t i = 0; i < dirty_len(&s->dirty); i++) {
        uint32_t probe = dirty_at(&s->dirty, i);
        int err = save_probe(vec_at(&s->probes, probe), probe, sink);
        if (err)
            return err;
    }
    dirty_clear(&s->dirty);
    return 0;
}

int stream_row_read(struct slice key, struct slice value, uint32_t *ret_probe,
                    struct stream_mark marks[STREAM_EPOCHS + 1], size_t *ret_len)
{
    struct cursor k, v;
    cursor_init(&k, key.at, key.len);
    cursor_init(&v, value.at, value.len);
    uint32_t probe = cursor_le32(&k);
    if (k.err || cursor_left(&k) || probe >= MAX_PROBES)
        return ERR_CORRUPT;
    if (cursor_u8(&v) != ROW_VERSION)
        return ERR_VERSION;
    size_t len = cursor_u8(&v);
    if (len > STREAM_EPOCHS)
        return ERR_CORRUPT;
    marks[len] = get_mark(&v);
    bool sound = marks[len].highest >= marks[len].upto;
    for (size_t i = 0; i < len; i++) {
        marks[i] = get_mark(&v);
        sound = sound && marks[i].highest >= marks[i].upto;
    }
    if (v.err || cursor_left(&v) || !sound)
        return ERR_CORRUPT;
    *ret_probe = probe;
    *ret_len = len + 1;
    return 0;
}

int stream_load(struct stream *s, struct slice key, struct slice value)
{
    struct stream_mark marks[STREAM_EPOCHS + 1];
    uint32_t probe = 0;
    size_t len = 0;
    int err = stream_row_read(key, value, &probe, marks, &len);
    if (err)
        return err;
    struct probe_marks *p = need_probe(s, probe);
    struct stream_mark *copy = p ? malloc(len * sizeof *copy) : NULL;
    if (!copy)
        return ERR_NOMEM;
    memcpy(copy, marks, (len - 1) * sizeof *copy);
    free(p->marks);
    *p = (struct probe_marks){.marks = copy, .len = len - 1, .retired = marks[len - 1]};
    return 0;
}
