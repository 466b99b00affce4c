/* State rows of tails, both ways: where each check of a probe stands. They change with every pack,
 * and a row costs the store the same however short it is, so a few probes share one, and numbers
 * are as short as they can be: a check that repeats itself takes about ten bytes.
 *
 * An instant is 0 for INT64_MIN, else one more than its zigzag distance from the one before it. */
#include "core/world_inside.h"

#include "base/err.h"

/* Rows up to version 2 were one for each probe, by its name, in numbers of fixed length. */
enum { GROUP = 8, KEY_LEN = 5, VERSION_SINGLE_MAX = 2 };

/* First byte of a check: the sides of its runs, and what follows. */
enum { BEFORE_SHIFT = 2, SIDE_MASK = 3, HAS_RUNS = 0x10, HAS_TAIL = 0x20 };

static void put_instant(struct buf *b, int64_t *last, int64_t t)
{
    if (t == INT64_MIN) {
        buf_varint(b, 0);
        return;
    }
    uint64_t distance = (uint64_t)t - (uint64_t)*last;
    buf_varint(b, (distance << 1 ^ (0 - (distance >> 63))) + 1);
    *last = t;
}

static int64_t get_instant(struct cursor *c, int64_t *last)
{
    uint64_t zigzag = cursor_varint(c);
    if (zigzag == 0)
        return INT64_MIN;
    zigzag--;
    *last = (int64_t)((uint64_t)*last + (zigzag >> 1 ^ (0 - (zigzag & 1))));
    return *last;
}

static void put_run(struct buf *b, const struct line_run *run)
{
    buf_char(b, (char)run->count);
    buf_char(b, (char)run->spans);
}

static void put_tail(struct buf *b, const struct check *check, int64_t *last)
{
    const struct check_tail *tail = check_rest(check)->tail;
    unsigned n = check_tail_len(tail);
    buf_varint(b, n);
    for (unsigned i = 0; i < n; i++) {
        struct tail_sample sample = check_tail_sample(tail, i);
        put_instant(b, last, sample.t);
        buf_char(b, (char)((unsigned)sample.verdict | (unsigned)sample.joined << 2));
    }
}

static void put_check(struct buf *b, const struct check *check, int64_t *last)
{
    const struct check_rest *rest = check_rest(check);
    struct line_mark mark = world_inside_stream_mark(check);
    bool runs = mark.run.count || mark.run.spans || mark.before.count || mark.before.spans ||
                mark.completed;
    buf_char(b, (char)(mark.run.side | mark.before.side << BEFORE_SHIFT | (runs ? HAS_RUNS : 0) |
                       (rest->tail ? HAS_TAIL : 0)));
    put_instant(b, last, mark.last_ms);
    buf_varint(b, mark.prev_gap_ms);
    buf_varint(b, check->line.dropped);
    buf_varint(b, mark.len);
    put_instant(b, last, check->admitted);
    put_instant(b, last, rest->ended);
    if (runs) {
        put_run(b, &mark.run);
        put_run(b, &mark.before);
        buf_char(b, (char)mark.completed);
    }
    if (rest->tail)
        put_tail(b, check, last);
}

static void put_probe(struct buf *b, const struct world *w, unsigned place,
                      const struct world_probe *probe)
{
    int64_t last = 0;
    buf_char(b, (char)place);
    put_instant(b, &last, probe->list_from);
    buf_varint(b, probe->checks_len);
    for (unsigned i = 0; i < probe->checks_len; i++)
        put_check(b, check_table_at(&w->checks, probe->checks[i]), &last);
}

static int save_group(const struct world *w, uint32_t group, struct buf *row,
                      const struct row_sink *sink)
{
    const char key[KEY_LEN] = {'\0', (char)group, (char)(group >> 8), (char)(group >> 16),
                               (char)(group >> 24)};
    unsigned count = 0;
    buf_clear(row);
    buf_char(row, WORLD_ROW_VERSION);
    buf_char(row, 0);
    for (unsigned place = 0; place < GROUP; place++) {
        const struct world_probe *probe = world_inside_probe(w, group * GROUP + place);
        if (!probe || (!probe->checks_len && probe->list_from == INT64_MIN))
            continue;
        put_probe(row, w, place, probe);
        count++;
    }
    if (row->err)
        return row->err;
    row->data[1] = (char)count;
    return sink->put(sink->context, ROW_PROBE, (struct slice){key, sizeof key},
                     (struct slice){row->data, row->len});
}

/* Rows of single probes make way for those of today. */
static int replace_singles(struct world *w, const struct row_sink *sink)
{
    int err = 0;
    for (uint32_t i = 0; !err && i < w->probes.len; i++) {
        struct slice key = slice_of(names_text(&w->inv->probes, i));
        err = sink->drop(sink->context, ROW_PROBE, key);
        world_inside_probe(w, i)->unsaved |= PART_TAILS;
    }
    w->single_tails = err != 0;
    return err;
}

int world_inside_save_tails(struct world *w, struct buf *row, const struct row_sink *sink)
{
    int err = w->single_tails ? replace_singles(w, sink) : 0;
    uint32_t saved = UINT32_MAX;
    for (uint32_t i = 0; !err && i < w->probes.len; i++) {
        struct world_probe *probe = world_inside_probe(w, i);
        if (!(probe->unsaved & PART_TAILS))
            continue;
        if (i / GROUP != saved)
            err = save_group(w, i / GROUP, row, sink);
        saved = i / GROUP;
        if (!err)
            probe->unsaved &= (uint8_t) ~(unsigned)PART_TAILS;
    }
    return err;
}

static struct line_run get_run(struct cursor *c, uint8_t side)
{
    struct line_run run = {.side = side, .count = cursor_u8(c)};
    run.spans = cursor_u8(c);
    return run;
}

static int get_sample(struct check *check, int64_t t, uint8_t bits)
{
    struct tail_sample sample = {
        .t = t, .verdict = (enum verdict)(bits & 3U), .joined = (bits >> 2 & 1U) != 0};
    struct check_rest *rest = check_rest_own(check);
    int err = rest ? world_inside_note_summary(check, t) : ERR_NOMEM;
    return err ? err : check_tail_put(&rest->tail, &check->line, &sample);
}

static int get_tail(struct cursor *c, struct check *check, int64_t *last)
{
    int err = 0;
    for (uint64_t n = cursor_varint(c); !err && n > 0 && !c->err; n--) {
        int64_t t = get_instant(c, last);
        err = get_sample(check, t, cursor_u8(c));
    }
    return err;
}

static int get_check(struct world *w, struct cursor *c, uint32_t number, int64_t *last)
{
    struct world_loading *loading = vec_push(&w->loading);
    struct check *check = check_table_at(&w->checks, number);
    if (!loading)
        return ERR_NOMEM;
    uint8_t first = cursor_u8(c);
    uint8_t side = first & SIDE_MASK, before = first >> BEFORE_SHIFT & SIDE_MASK;
    loading->check = number;
    loading->mark.last_ms = get_instant(c, last);
    loading->mark.prev_gap_ms = (uint32_t)cursor_varint(c);
    loading->dropped = (uint32_t)cursor_varint(c);
    loading->mark.len = (uint16_t)cursor_varint(c);
    check->admitted = get_instant(c, last);
    int err = check_rest_ended(check, get_instant(c, last));
    loading->mark.run.side = side;
    loading->mark.before.side = before;
    if (first & HAS_RUNS) {
        loading->mark.run = get_run(c, side);
        loading->mark.before = get_run(c, before);
        loading->mark.completed = cursor_u8(c);
    }
    return !err && first & HAS_TAIL ? get_tail(c, check, last) : err;
}

static int get_probe(struct world *w, struct cursor *c, uint32_t probe)
{
    int64_t last = 0;
    int err = 0;
    world_inside_probe(w, probe)->list_from = get_instant(c, &last);
    uint64_t n = cursor_varint(c);
    for (unsigned i = 0; !err && i < n && !c->err; i++) {
        uint32_t number = CHECK_NONE;
        err = world_inside_check_of(w, probe, i, &number);
        if (!err)
            err = get_check(w, c, number, &last);
    }
    return err;
}

static int load_group(struct world *w, struct slice key, struct cursor *c)
{
    struct cursor k;
    cursor_init(&k, key.at, key.len);
    int err = cursor_u8(&k) == 0 ? 0 : ERR_CORRUPT;
    uint32_t group = cursor_le32(&k);
    if (k.err || cursor_left(&k) || group > UINT32_MAX / GROUP)
        err = ERR_CORRUPT;
    for (unsigned n = cursor_u8(c); !err && n > 0; n--) {
        uint32_t place = cursor_u8(c);
        uint32_t probe = group * GROUP + place;
        bool known = place < GROUP && world_inside_probe(w, probe);
        err = known ? get_probe(w, c, probe) : ERR_CORRUPT;
    }
    return err;
}

static struct line_run get_single_run(struct cursor *c)
{
    uint8_t side = cursor_u8(c);
    return get_run(c, side);
}

static int get_single_check(struct world *w, struct cursor *c, uint32_t number)
{
    struct world_loading *loading = vec_push(&w->loading);
    struct check *check = check_table_at(&w->checks, number);
    if (!loading)
        return ERR_NOMEM;
    loading->check = number;
    loading->mark.last_ms = (int64_t)cursor_le64(c);
    loading->mark.prev_gap_ms = cursor_le32(c);
    loading->dropped = cursor_le32(c);
    loading->mark.len = cursor_le16(c);
    loading->mark.run = get_single_run(c);
    loading->mark.before = get_single_run(c);
    loading->mark.completed = cursor_u8(c);
    check->admitted = (int64_t)cursor_le64(c);
    int err = check_rest_ended(check, (int64_t)cursor_le64(c));
    for (unsigned n = cursor_le16(c); !err && n > 0 && !c->err; n--) {
        int64_t t = (int64_t)cursor_le64(c);
        err = get_sample(check, t, cursor_u8(c));
    }
    return err;
}

static int load_single(struct world *w, struct slice key, struct cursor *c)
{
    uint32_t probe = names_find(&w->inv->probes, key);
    if (probe == NAMES_NONE)
        return ERR_CORRUPT;
    w->single_tails = true;
    world_inside_probe(w, probe)->list_from = (int64_t)cursor_le64(c);
    unsigned n = cursor_le16(c);
    int err = 0;
    for (unsigned i = 0; !err && i < n && !c->err; i++) {
        uint32_t number = CHECK_NONE;
        err = world_inside_check_of(w, probe, i, &number);
        if (!err)
            err = get_single_check(w, c, number);
    }
    return err;
}

int world_inside_load_tails(struct world *w, struct slice key, struct cursor *c, uint8_t version)
{
    int err = version <= VERSION_SINGLE_MAX ? load_single(w, key, c) : load_group(w, key, c);
    return !err && (c->err || cursor_left(c)) ? ERR_CORRUPT : err;
}
