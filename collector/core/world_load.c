/* State rows of the world, read back: in any order, so a check exists by its ordinal before its
 * list row says who it is. What needs all rows waits for world_loaded(). */
#include "core/world_inside.h"

#include "base/cursor.h"
#include "base/err.h"

static int64_t get_i64(struct cursor *c)
{
    return (int64_t)cursor_le64(c);
}

static struct slice get_text(struct cursor *c)
{
    return cursor_bytes(c, cursor_le16(c));
}

static int finish(const struct cursor *c)
{
    return c->err || cursor_left(c) ? ERR_CORRUPT : 0;
}

static int probe_of(const struct world *w, struct slice id, uint32_t *ret_probe)
{
    *ret_probe = names_find(&w->inv->probes, id);
    return *ret_probe == NAMES_NONE ? ERR_CORRUPT : 0;
}

int world_inside_check_of(struct world *w, uint32_t probe, unsigned ordinal, uint32_t *ret_check)
{
    struct world_probe *own = world_inside_probe(w, probe);
    if (ordinal >= w->options.checks_per_probe * WORLD_CHECKS_FACTOR)
        return ERR_CORRUPT;
    while (own->checks_len <= ordinal) {
        uint32_t number = CHECK_NONE;
        int err = check_table_reserve(&w->checks, probe, &number);
        if (!err)
            err = world_inside_own_check(w, number);
        if (err)
            return err;
    }
    *ret_check = own->checks[ordinal];
    return 0;
}

int world_inside_note_summary(struct check *check, int64_t t)
{
    return check_rest(check)->summarized < t ? check_rest_summarized(check, t) : 0;
}

/* The chunk is in the store. */
static void note_chunk(struct check *check, uint32_t chunk)
{
    uint32_t first = check->line.len && check->first_chunk < chunk ? check->first_chunk : chunk;
    uint32_t end = check->first_chunk + check->chunks;
    uint32_t chunks = (end > chunk ? end : chunk + 1) - first;
    check->first_chunk = first;
    check->chunks = chunks < UINT8_MAX ? (uint8_t)chunks : UINT8_MAX;
}

static int load_spans(struct world *w, struct slice key, struct cursor *c)
{
    struct cursor k;
    uint32_t probe;
    uint32_t number = CHECK_NONE;
    size_t id_len = strnlen(key.at, key.len);
    int err = probe_of(w, (struct slice){key.at, id_len}, &probe);
    if (err || key.len < id_len + 1)
        return ERR_CORRUPT;
    cursor_init(&k, key.at + id_len + 1, key.len - id_len - 1);
    unsigned ordinal = cursor_le16(&k);
    uint32_t chunk = cursor_le32(&k);
    err = finish(&k);
    if (!err)
        err = world_inside_check_of(w, probe, ordinal, &number);
    if (err)
        return err;
    struct check *check = check_table_at(&w->checks, number);
    note_chunk(check, chunk);
    while (!err && cursor_left(c))
        err = check_line_put(&check->line, cursor_le64(c));
    return err ? err : finish(c);
}

static int get_terms(struct world *w, struct cursor *c, uint32_t check, uint32_t *ret_terms)
{
    struct vec units;
    struct terms terms = {.ttl_ms = cursor_le32(c)};
    terms.role = cursor_u8(c);
    terms.cause = cursor_u8(c);
    vec_init(&units, sizeof(uint32_t), UINT16_MAX);
    int err = 0;
    for (unsigned n = cursor_le16(c); !err && n > 0 && !c->err; n--) {
        uint32_t *unit = vec_push(&units);
        if (unit)
            *unit = names_find(&w->inv->units, get_text(c));
        err = !unit ? ERR_NOMEM : *unit == NAMES_NONE ? ERR_CORRUPT : 0;
        if (!err)
            err = world_inside_link(w, *unit, check);
    }
    if (!err)
        err = terms_add(&w->terms, &terms, units.items, units.len, ret_terms);
    vec_done(&units);
    return err;
}

static int get_listings(struct world *w, struct cursor *c, uint32_t number)
{
    int err = 0;
    for (unsigned n = cursor_le16(c); !err && n > 0 && !c->err; n--) {
        int64_t from = get_i64(c);
        uint32_t terms = TERMS_NONE;
        if (cursor_u8(c))
            err = get_terms(w, c, number, &terms);
        if (!err)
            err = check_listing_set(check_table_at(&w->checks, number), from, terms);
    }
    return err;
}

static int load_lists(struct world *w, struct slice key, struct cursor *c)
{
    uint32_t probe;
    int err = probe_of(w, key, &probe);
    unsigned n = cursor_le16(c);
    for (unsigned i = 0; !err && i < n && !c->err; i++) {
        uint32_t number = CHECK_NONE;
        uint32_t site = names_find(&w->inv->sites, get_text(c));
        struct slice name = get_text(c);
        err = site == NAMES_NONE ? ERR_CORRUPT : world_inside_check_of(w, probe, i, &number);
        if (!err)
            err = check_table_name(&w->checks, number, site, name);
        if (!err)
            err = get_listings(w, c, number);
    }
    return err ? err : finish(c);
}

static int get_instants(struct cursor *c, struct instants *into, uint16_t max)
{
    int err = 0;
    for (unsigned n = cursor_le16(c); !err && n > 0 && !c->err; n--)
        err = instants_add(into, get_i64(c), max);
    return err;
}

static int load_signs(struct world *w, struct slice key, struct cursor *c, uint8_t version)
{
    uint32_t probe;
    int err = probe_of(w, key, &probe);
    if (err)
        return err;
    struct signs *signs = &world_inside_probe(w, probe)->signs;
    err = get_instants(c, &signs->wills, SIGNS_MAX);
    if (!err)
        err = get_instants(c, &signs->heard, SIGNS_MAX);
    for (unsigned n = cursor_le16(c); !err && n > 0 && !c->err; n--) {
        int64_t at = get_i64(c);
        int64_t end = get_i64(c);
        err = signs_gasp(signs, at, end, end);
    }
    if (!err && version > 1)
        err = get_instants(c, &signs->aways, SIGNS_MAX);
    return err ? err : finish(c);
}

static int load_heard_spans(struct world *w, struct cursor *c)
{
    int err = get_instants(c, &w->listening.connections, LISTENING_MAX);
    while (!err && cursor_left(c)) {
        uint64_t span = cursor_le64(c);
        err = timeline_set_from(&w->listening.spans, (struct wall_ms){(int64_t)(span >> 16)},
                                (uint16_t)span);
    }
    return err ? err : finish(c);
}

static int load_pending(struct world *w, struct cursor *c)
{
    int err = 0;
    while (!err && cursor_left(c)) {
        uint32_t probe;
        err = probe_of(w, get_text(c), &probe);
        unsigned ordinal = cursor_le16(c);
        struct due item = {.key = get_i64(c), .id = probe};
        item.kind = cursor_u8(c) & DUE_KIND_MAX;
        item.extra = cursor_u8(c) & DUE_KIND_MAX;
        if (!err && item.kind != PENDING_GASP)
            err = world_inside_check_of(w, probe, ordinal, &item.id);
        if (!err && item.kind == PENDING_SUMMARY)
            err = world_inside_note_summary(check_table_at(&w->checks, item.id), item.key);
        if (!err)
            err = world_inside_await(w, probe, item);
    }
    return err ? err : finish(c);
}

static int load_listening(struct world *w, struct slice key, struct cursor *c, uint8_t version)
{
    if (slice_is(key, "spans"))
        return load_heard_spans(w, c);
    if (slice_is(key, "pending"))
        return load_pending(w, c);
    w->listening.marker = get_i64(c);
    w->now = get_i64(c);
    w->edge = version > 3 ? get_i64(c) : w->now;
    if (version > 3) {
        w->heard_to = get_i64(c);
        w->doubt.from = get_i64(c);
    }
    return slice_is(key, "clock") ? finish(c) : ERR_CORRUPT;
}

int world_load(struct world *w, uint8_t kind, struct slice key, struct slice value)
{
    struct cursor c;
    cursor_init(&c, value.at, value.len);
    uint8_t version = cursor_u8(&c);
    if (version == 0 || version > WORLD_ROW_VERSION)
        return ERR_CORRUPT;
    switch (kind) {
    case ROW_PROBE:
        return world_inside_load_tails(w, key, &c, version);
    case ROW_CHECK_SPANS:
        return load_spans(w, key, &c);
    case ROW_PROBE_LISTS:
        return load_lists(w, key, &c);
    case ROW_PROBE_SIGNS:
        return load_signs(w, key, &c, version);
    case ROW_LISTENING:
        return load_listening(w, key, &c, version);
    default:
        return ERR_CORRUPT;
    }
}

/* Lines first, then the tails on top of them. */
static int finish_checks(struct world *w)
{
    int err = 0;
    for (size_t i = 0; !err && i < w->loading.len; i++) {
        const struct world_loading *loading = vec_at(&w->loading, i);
        err = check_line_loaded(&check_table_at(&w->checks, loading->check)->line, &loading->mark,
                                loading->dropped);
        if (!err)
            err = world_inside_settle_tail(w, loading->check);
    }
    vec_done(&w->loading);
    for (uint32_t i = 0; !err && i < w->checks.checks.len; i++) {
        const struct check *check = check_table_at(&w->checks, i);
        if (check->name == NAMES_NONE)
            err = ERR_CORRUPT;
        else if (check->line.len)
            err = world_inside_arm(w, i, 0);
    }
    return err;
}

static int finish_probe(struct world *w, uint32_t number)
{
    struct world_probe *probe = world_inside_probe(w, number);
    int err = 0;
    probe->unsaved = 0;
    for (unsigned i = 0; i < probe->signs.gasps_len; i++) {
        struct gasp *gasp = &probe->signs.gasps[i];
        gasp->end = world_inside_gasp_end(w, probe, gasp);
    }
    int64_t heard = instants_last(&probe->signs.heard, INT64_MAX);
    if (heard != INT64_MIN && heard >= listening_marker(&w->listening))
        err =
            due_push(&w->markers, (struct due){.key = heard + 1, .id = number, .kind = MARK_PROBE});
    return err;
}

/* Evaluates every unit. What the timelines of the empty world awaited has long been told. */
static int finish_units(struct world *w)
{
    int err = 0;
    for (uint32_t i = 0; !err && i < w->units.len; i++)
        err = world_inside_mark(w, i, 0);
    if (!err)
        err = world_inside_settle(w, NULL);
    for (uint32_t i = 0; !err && i < w->units.len; i++)
        err = world_inside_arm_unit(w, i);
    world_changes_clear(w); /* nothing changed: it was only read back */
    return err;
}

static void forget_deadlines(struct world *w)
{
    w->deadlines.items.len = 0;
    for (size_t i = 0; i < w->units.len; i++)
        ((struct world_unit *)vec_at(&w->units, i))->due = INT64_MAX;
}

int world_loaded(struct world *w)
{
    forget_deadlines(w);
    int err = finish_checks(w);
    for (uint32_t i = 0; !err && i < w->probes.len; i++)
        err = finish_probe(w, i);
    int64_t connection = instants_last(&w->listening.connections, INT64_MAX);
    if (!err && connection != INT64_MIN)
        err =
            due_push(&w->markers, (struct due){.key = connection + w->options.connect_settle_ms + 1,
                                               .kind = MARK_SETTLE});
    w->listening_unsaved = false;
    w->pending_unsaved = false;
    if (w->now >= 0)
        w->trimmed = w->now / WORLD_TRIM_EVERY_MS;
    if (!err)
        err = finish_units(w);
    if (!err && w->doubt.from != INT64_MAX)
        err = world_inside_changed_by_doubt(w, w->doubt.from);
    return err;
}
