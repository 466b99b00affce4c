#include "core/stream.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"
#include "base/vec.h"
#include "core/dirty.h"

#include <stdlib.h>
#include <string.h>

/* Probes whose marks share a row: a row costs the store the same, however short it is. */
enum { MAX_PROBES = 1 << 24, GROUP = 16, ROW_MAX = 1 << 16 };

/* Version 1 was a row for each probe, with numbers of 8 bytes. Both kinds are never in a store
 * together. */
enum { ROW_VERSION = 2, ROW_VERSION_SINGLE = 1, KEY_SINGLE = 4 };

/* One per probe number. Most probes have one epoch for life, so marks are allocated one by one. */
struct probe_marks {
    struct stream_mark *marks; /* the epoch heard last first */
    size_t len;
    struct stream_mark retired; /* sum of what made way; its epoch is 0 */
};

struct stream {
    struct vec probes;  /* struct probe_marks by probe number */
    struct dirty dirty; /* groups */
    bool single;        /* rows of version 1 were loaded: they go with the next save */
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

void stream_add(struct stream_mark *sum, const struct stream_mark *mark)
{
    sum->upto += mark->upto;
    sum->highest += mark->highest;
    sum->stored += mark->stored;
    sum->refused += mark->refused;
    sum->untimed += mark->untimed;
    sum->lost += mark->lost;
    sum->missing += mark->missing;
}

/* The slot for a new epoch: a new one, or that of the epoch heard longest ago. */
static int append_mark(struct probe_marks *p, uint64_t epoch)
{
    if (p->len == STREAM_EPOCHS) {
        stream_add(&p->retired, &p->marks[p->len - 1]);
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

static bool possible(const struct stream_offer *offer, const struct stream_mark *mark)
{
    return offer->epoch != 0 && offer->low != 0 && offer->low <= offer->seq &&
           offer->seq - offer->low <= STREAM_JUMP_MAX &&
           (offer->low <= mark->upto || offer->low - mark->upto <= STREAM_JUMP_MAX);
}

struct stream_decision stream_judge(const struct stream *s, const struct stream_offer *offer)
{
    static const struct stream_mark fresh = {0};
    const struct stream_mark *mark = find_mark(s, offer->probe, offer->epoch);
    if (!mark)
        mark = &fresh;
    if (!possible(offer, mark))
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
        if (!mark || dirty_add(&s->dirty, offer->probe / GROUP) != 0)
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
    if (dirty_add(&s->dirty, probe / GROUP) != 0)
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

struct stream_mark stream_sum(const struct stream *s, uint32_t probe)
{
    const struct probe_marks *p = find_probe(s, probe);
    struct stream_mark sum = p ? p->retired : (struct stream_mark){0};
    for (size_t i = 0; p && i < p->len; i++)
        stream_add(&sum, &p->marks[i]);
    return sum;
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
    buf_varint(b, mark->upto);
    buf_varint(b, mark->highest);
    buf_varint(b, mark->stored);
    buf_varint(b, mark->refused);
    buf_varint(b, mark->untimed);
    buf_varint(b, mark->lost);
    buf_varint(b, mark->missing);
}

static struct stream_mark get_mark(struct cursor *c)
{
    struct stream_mark mark = {.upto = cursor_varint(c)};
    mark.highest = cursor_varint(c);
    mark.stored = cursor_varint(c);
    mark.refused = cursor_varint(c);
    mark.untimed = cursor_varint(c);
    mark.lost = cursor_varint(c);
    mark.missing = cursor_varint(c);
    return mark;
}

static struct stream_mark get_single_mark(struct cursor *c)
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

static void put_probe(struct buf *b, unsigned place, const struct probe_marks *p)
{
    buf_char(b, (char)place);
    buf_char(b, (char)p->len);
    put_mark(b, &p->retired);
    for (size_t i = 0; i < p->len; i++) {
        buf_le64(b, p->marks[i].epoch);
        put_mark(b, &p->marks[i]);
    }
}

/* The key is one byte longer than that of version 1. */
static int save_group(const struct stream *s, uint32_t group, struct buf *row,
                      const struct row_sink *sink)
{
    const char key[] = {'g', (char)group, (char)(group >> 8), (char)(group >> 16),
                        (char)(group >> 24)};
    unsigned count = 0;
    buf_clear(row);
    buf_char(row, ROW_VERSION);
    buf_char(row, 0);
    for (unsigned place = 0; place < GROUP; place++) {
        const struct probe_marks *p = find_probe(s, group * GROUP + place);
        if (!p || !p->len)
            continue;
        put_probe(row, place, p);
        count++;
    }
    if (row->err)
        return row->err;
    row->data[1] = (char)count;
    return sink->put(sink->context, ROW_STREAM, (struct slice){key, sizeof key},
                     (struct slice){row->data, row->len});
}

/* Rows of version 1 make way for those of today. */
static int replace_singles(struct stream *s, const struct row_sink *sink)
{
    int err = 0;
    for (uint32_t probe = 0; !err && probe < s->probes.len; probe++) {
        const char key[KEY_SINGLE] = {(char)probe, (char)(probe >> 8), (char)(probe >> 16),
                                      (char)(probe >> 24)};
        if (find_probe(s, probe)->len == 0)
            continue;
        err = sink->drop(sink->context, ROW_STREAM, (struct slice){key, sizeof key});
        if (!err)
            err = dirty_add(&s->dirty, probe / GROUP);
    }
    return err;
}

int stream_save(struct stream *s, const struct row_sink *sink)
{
    struct buf row;
    buf_init(&row, ROW_MAX);
    int err = s->single ? replace_singles(s, sink) : 0;
    for (size_t i = 0; !err && i < dirty_len(&s->dirty); i++)
        err = save_group(s, dirty_at(&s->dirty, i), &row, sink);
    buf_done(&row);
    if (err)
        return err;
    s->single = false;
    dirty_clear(&s->dirty);
    return 0;
}

/* A row being read. */
struct reading_row {
    struct cursor key, value;
    bool single; /* of version 1 */
    stream_row_each *each;
    void *context;
};

/* Marks of one probe in a row of either version. */
static int read_marks(struct reading_row *r, uint32_t probe)
{
    struct stream_mark marks[STREAM_EPOCHS + 1];
    struct cursor *c = &r->value;
    size_t len = cursor_u8(c);
    if (len > STREAM_EPOCHS)
        return ERR_CORRUPT;
    marks[len] = r->single ? get_single_mark(c) : get_mark(c);
    bool sound = marks[len].highest >= marks[len].upto;
    for (size_t i = 0; i < len; i++) {
        uint64_t epoch = r->single ? 0 : cursor_le64(c);
        marks[i] = r->single ? get_single_mark(c) : get_mark(c);
        marks[i].epoch = r->single ? marks[i].epoch : epoch;
        sound = sound && marks[i].highest >= marks[i].upto;
    }
    return c->err || !sound ? ERR_CORRUPT : r->each(r->context, probe, marks, len + 1);
}

static int read_single(struct reading_row *r)
{
    uint32_t probe = cursor_le32(&r->key);
    return probe < MAX_PROBES ? read_marks(r, probe) : ERR_CORRUPT;
}

static int read_group(struct reading_row *r)
{
    bool known = cursor_u8(&r->key) == 'g';
    uint32_t group = cursor_le32(&r->key);
    int err = known && group < MAX_PROBES / GROUP ? 0 : ERR_CORRUPT;
    for (unsigned n = cursor_u8(&r->value); !err && n > 0; n--) {
        uint32_t place = cursor_u8(&r->value);
        err = place < GROUP ? read_marks(r, group * GROUP + place) : ERR_CORRUPT;
    }
    return err;
}

int stream_row_read(struct slice key, struct slice value, stream_row_each *each, void *context)
{
    struct reading_row r = {.each = each, .context = context};
    cursor_init(&r.key, key.at, key.len);
    cursor_init(&r.value, value.at, value.len);
    uint8_t version = cursor_u8(&r.value);
    r.single = version == ROW_VERSION_SINGLE;
    if (version != ROW_VERSION && !r.single)
        return ERR_VERSION;
    if (key.len != (r.single ? KEY_SINGLE : KEY_SINGLE + 1))
        return ERR_CORRUPT;
    int err = r.single ? read_single(&r) : read_group(&r);
    return !err && (r.value.err || cursor_left(&r.value)) ? ERR_CORRUPT : err;
}

static int take_marks(void *context, uint32_t probe, const struct stream_mark *marks, size_t len)
{
    struct probe_marks *p = need_probe(context, probe);
    struct stream_mark *copy = p ? malloc(len * sizeof *copy) : NULL;
    if (!copy)
        return ERR_NOMEM;
    memcpy(copy, marks, (len - 1) * sizeof *copy);
    free(p->marks);
    *p = (struct probe_marks){.marks = copy, .len = len - 1, .retired = marks[len - 1]};
    return 0;
}

int stream_load(struct stream *s, struct slice key, struct slice value)
{
    int err = stream_row_read(key, value, take_marks, s);
    s->single = s->single || (!err && key.len == KEY_SINGLE);
    return err;
}
