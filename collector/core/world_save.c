/* State rows of the world, written: what changed since the last time, per probe; tails are
 * world_tails.c's. Names stand in these rows as text. */
#include "core/world_inside.h"

#include "base/buf.h"

enum { ROW_MAX = 4 * 1024 * 1024 };

/* One save in progress. */
struct saving {
    struct world *w;
    const struct row_sink *sink;
    struct buf key, value;
};

static void put_i64(struct buf *b, int64_t value)
{
    buf_le64(b, (uint64_t)value);
}

static void begin(struct saving *s, const char *key)
{
    buf_clear(&s->key);
    buf_clear(&s->value);
    buf_str(&s->key, key);
    buf_char(&s->value, WORLD_ROW_VERSION);
}

static int put(struct saving *s, enum row_kind kind)
{
    if (s->key.err || s->value.err)
        return s->key.err ? s->key.err : s->value.err;
    return s->sink->put(s->sink->context, (uint8_t)kind, (struct slice){s->key.data, s->key.len},
                        (struct slice){s->value.data, s->value.len});
}

struct line_mark world_inside_stream_mark(const struct check *check)
{
    const struct check_tail *tail = check_rest(check)->tail;
    return tail ? *check_tail_stream(tail) : check_line_mark(&check->line);
}

static const char *probe_id(const struct world *w, uint32_t probe)
{
    return names_text(&w->inv->probes, probe);
}

static void put_listing(struct saving *s, const struct check_listing *listing)
{
    struct buf *b = &s->value;
    put_i64(b, listing->from);
    buf_char(b, listing->terms != TERMS_NONE);
    if (listing->terms == TERMS_NONE)
        return;
    const struct terms *terms = terms_at(&s->w->terms, listing->terms);
    buf_le32(b, terms->ttl_ms);
    buf_char(b, (char)terms->role);
    buf_char(b, (char)terms->cause);
    buf_le16(b, terms->n_units);
    const uint32_t *units = terms_units(&s->w->terms, listing->terms);
    for (unsigned i = 0; i < terms->n_units; i++)
        buf_text(b, names_text(&s->w->inv->units, units[i]));
}

static int save_lists(struct saving *s, uint32_t number, const struct world_probe *probe)
{
    begin(s, probe_id(s->w, number));
    buf_le16(&s->value, probe->checks_len);
    for (unsigned i = 0; i < probe->checks_len; i++) {
        const struct check *check = check_table_at(&s->w->checks, probe->checks[i]);
        buf_text(&s->value, names_text(&s->w->inv->sites, check->site));
        buf_text(&s->value, names_text(&s->w->checks.names, check->name));
        const struct check_rest *rest = check_rest(check);
        const struct check_listing newest = {check->newest_from, check->newest_terms};
        buf_le16(&s->value, (uint16_t)(rest->older_len + 1));
        for (unsigned k = 0; k < rest->older_len; k++)
            put_listing(s, &rest->older[k]);
        put_listing(s, &newest);
    }
    return put(s, ROW_PROBE_LISTS);
}

static void put_instants(struct buf *b, const struct instants *instants)
{
    buf_le16(b, instants->len);
    for (unsigned i = 0; i < instants->len; i++)
        put_i64(b, instants->at[i]);
}

static int save_signs(struct saving *s, uint32_t number, const struct world_probe *probe)
{
    begin(s, probe_id(s->w, number));
    put_instants(&s->value, &probe->signs.wills);
    put_instants(&s->value, &probe->signs.heard);
    buf_le16(&s->value, probe->signs.gasps_len);
    for (unsigned i = 0; i < probe->signs.gasps_len; i++) {
        put_i64(&s->value, probe->signs.gasps[i].at);
        put_i64(&s->value, probe->signs.gasps[i].stream_end);
    }
    put_instants(&s->value, &probe->signs.aways);
    return put(s, ROW_PROBE_SIGNS);
}

/* One chunk of a line: those spans of its serials that still exist. A chunk without any goes. */
static int save_chunk(struct saving *s, const struct check *check, uint32_t chunk)
{
    uint32_t len = world_inside_stream_mark(check).len;
    uint32_t first = chunk * WORLD_CHUNK;
    begin(s, probe_id(s->w, check->probe));
    buf_char(&s->key, '\0');
    buf_le16(&s->key, check->ordinal);
    buf_le32(&s->key, chunk);
    bool any = false;
    for (uint32_t serial = first; serial < first + WORLD_CHUNK; serial++) {
        if (serial < check->line.dropped || serial - check->line.dropped >= len)
            continue;
        buf_le64(&s->value, check_line_packed(&check->line, (int)(serial - check->line.dropped)));
        any = true;
    }
    if (any)
        return put(s, ROW_CHECK_SPANS);
    return s->sink->drop(s->sink->context, ROW_CHECK_SPANS,
                         (struct slice){s->key.data, s->key.len});
}

/* One past the last chunk that the store may hold: spans can have been taken away since. */
static uint32_t stored_end(const struct check *check)
{
    uint32_t most = UINT16_MAX / WORLD_CHUNK + 1;
    return check->first_chunk + (check->chunks < UINT8_MAX ? check->chunks : most);
}

static int save_line(struct saving *s, struct check *check)
{
    int err = 0;
    uint32_t kept = check->line.dropped / WORLD_CHUNK;
    uint32_t end =
        (check->line.dropped + world_inside_stream_mark(check).len + WORLD_CHUNK - 1) / WORLD_CHUNK;
    uint32_t stored = stored_end(check);
    for (; !err && check->first_chunk < kept; check->first_chunk++)
        err = save_chunk(s, check, check->first_chunk);
    uint32_t first = check->line.touched / WORLD_CHUNK;
    for (uint32_t chunk = first < kept ? kept : first; !err && (chunk < end || chunk < stored);
         chunk++)
        err = save_chunk(s, check, chunk);
    if (err)
        return err;
    uint32_t chunks = end - check->first_chunk;
    check->chunks = chunks < UINT8_MAX ? (uint8_t)chunks : UINT8_MAX;
    check->line.touched = UINT32_MAX;
    return 0;
}

static int save_lines(struct saving *s, uint32_t number, const struct world_probe *probe)
{
    int err = 0;
    (void)number;
    for (unsigned i = 0; !err && i < probe->checks_len; i++)
        err = save_line(s, check_table_at(&s->w->checks, probe->checks[i]));
    return err;
}

static int save_probe(struct saving *s, uint32_t number)
{
    static const struct {
        enum world_part part;
        int (*save)(struct saving *, uint32_t, const struct world_probe *);
    } parts[] = {
        {PART_LISTS, save_lists},
        {PART_SIGNS, save_signs},
        {PART_LINES, save_lines},
    };
    struct world_probe *probe = world_inside_probe(s->w, number);
    int err = 0;
    for (size_t i = 0; !err && i < sizeof parts / sizeof *parts; i++)
        if (probe->unsaved & parts[i].part)
            err = parts[i].save(s, number, probe);
    if (!err)
        probe->unsaved = 0;
    return err;
}

static int save_listening(struct saving *s)
{
    const struct listening *l = &s->w->listening;
    begin(s, "spans");
    put_instants(&s->value, &l->connections);
    for (uint32_t i = 0; i < l->spans.len; i++)
        buf_le64(&s->value, l->spans.spans[i]);
    int err = put(s, ROW_LISTENING);
    if (!err)
        s->w->listening_unsaved = false;
    return err;
}

static int save_pending(struct saving *s)
{
    const struct due_queue *q = &s->w->pending;
    begin(s, "pending");
    for (size_t i = 0; i < q->items.len; i++) {
        const struct due *item = vec_at(&q->items, i);
        bool gasp = item->kind == PENDING_GASP;
        const struct check *check = gasp ? NULL : check_table_at(&s->w->checks, item->id);
        buf_text(&s->value, probe_id(s->w, gasp ? item->id : check->probe));
        buf_le16(&s->value, gasp ? 0 : check->ordinal);
        put_i64(&s->value, item->key);
        buf_char(&s->value, (char)item->kind);
        buf_char(&s->value, (char)item->extra);
    }
    int err = put(s, ROW_LISTENING);
    if (!err)
        s->w->pending_unsaved = false;
    return err;
}

/* Up to which instant all holds are judged, those of one millisecond together. */
static int64_t judged(const struct world *w)
{
    const struct due *next = w->deadlines.items.len ? vec_at(&w->deadlines.items, 0) : NULL;
    return next && next->key <= w->edge ? next->key - 1 : w->edge;
}

/* The last marker and now, and how far behind them judgement is: small, because it is written with
 * every change set. */
static int save_clock(struct saving *s)
{
    begin(s, "clock");
    put_i64(&s->value, s->w->listening.marker);
    put_i64(&s->value, s->w->now);
    put_i64(&s->value, judged(s->w));
    put_i64(&s->value, s->w->heard_to);
    put_i64(&s->value, s->w->doubt.from);
    return put(s, ROW_LISTENING);
}

int world_save(struct world *w, const struct row_sink *sink)
{
    struct saving s = {.w = w, .sink = sink};
    buf_init(&s.key, ROW_MAX);
    buf_init(&s.value, ROW_MAX);
    int err = save_clock(&s);
    if (!err && w->listening_unsaved)
        err = save_listening(&s);
    if (!err && w->pending_unsaved)
        err = save_pending(&s);
    if (!err)
        err = world_inside_save_tails(w, &s.value, sink);
    for (uint32_t i = 0; !err && i < w->probes.len; i++)
        if (world_inside_probe(w, i)->unsaved)
            err = save_probe(&s, i);
    buf_done(&s.key);
    buf_done(&s.value);
    return err;
}
