#include "verify_truth.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/num.h"
#include "io/file.h"
#include "wire/topic.h"

enum { ROWS_MAX = 50000000, CELLS = 7, FILE_MAX = 2000000000 };

/* Takes one line, already split. 0 or an error; lines it does not know are errors of syntax. */
typedef int take_line(struct verify_truth *t, const struct slice cell[CELLS]);

static void split(struct slice line, struct slice cell[CELLS])
{
    for (size_t i = 0; i < CELLS; i++) {
        const char *comma = line.len && i + 1 < CELLS ? memchr(line.at, ',', line.len) : NULL;
        size_t len = comma ? (size_t)(comma - line.at) : line.len;
        cell[i] = (struct slice){line.at, len};
        line = comma ? (struct slice){comma + 1, line.len - len - 1} : (struct slice){line.at, 0};
    }
}

static int read_lines(struct verify_truth *t, const char *folder, const char *name, bool header,
                      take_line *take)
{
    char path[FILE_PATH_MAX];
    struct buf text;
    buf_init(&text, FILE_MAX);
    int err = file_join(path, folder, name);
    if (!err)
        err = file_read(path, &text);
    for (size_t at = 0; !err && at < text.len;) {
        const char *end = memchr(text.data + at, '\n', text.len - at);
        struct slice cell[CELLS];
        if (!end)
            break;
        split((struct slice){text.data + at, (size_t)(end - text.data) - at}, cell);
        if (!header)
            err = take(t, cell);
        header = false;
        at = (size_t)(end - text.data) + 1;
    }
    buf_done(&text);
    return err;
}

static int take_run(struct verify_truth *t, const struct slice cell[CELLS])
{
    int err = num_parse_i64(cell[0], &t->started.ms);
    if (!err)
        err = num_parse_i64(cell[1], &t->interval_ms);
    t->ended = t->started;
    return err ? err : num_parse_i64(cell[2], &t->ttl_ms);
}

/* Row @p number of @p rows, made if it is the next one. */
static void *row_of(struct vec *rows, uint32_t number)
{
    return number < rows->len ? vec_at(rows, number) : vec_push(rows);
}

static struct verify_unit *unit_of(struct verify_truth *t, struct slice name)
{
    uint32_t number;
    if (names_add(&t->units, name, &number))
        return NULL;
    bool is_new = number == t->unit_rows.len;
    struct verify_unit *u = row_of(&t->unit_rows, number);
    if (u && is_new) {
        u->anchor = NAMES_NONE;
        vec_init(&u->changes, sizeof(struct verify_change), ROWS_MAX);
        vec_init(&u->checks, sizeof(uint32_t), ROWS_MAX);
    }
    return u;
}

static struct verify_probe *probe_of(struct verify_truth *t, struct slice name,
                                     uint32_t *ret_number)
{
    if (names_add(&t->probes, name, ret_number))
        return NULL;
    bool is_new = *ret_number == t->probe_rows.len;
    struct verify_probe *p = row_of(&t->probe_rows, *ret_number);
    if (p && is_new) {
        p->evidence_to = INT64_MIN;
        vec_init(&p->gasps, sizeof(int64_t), ROWS_MAX);
    }
    return p;
}

static int take_unit(struct verify_truth *t, const struct slice cell[CELLS])
{
    uint32_t site;
    uint32_t anchor = NAMES_NONE;
    if (cell[2].len && unit_of(t, cell[2]))
        anchor = names_find(&t->units, cell[2]);
    struct verify_unit *u = unit_of(t, cell[0]);
    if (!u || names_add(&t->sites, cell[1], &site))
        return ERR_NOMEM;
    u->site = site;
    u->anchor = anchor;
    return 0;
}

/* The units of a check, each told that the check is evidence for it. */
static int take_units(struct verify_truth *t, struct verify_check *c, uint32_t number,
                      struct slice list)
{
    for (size_t at = 0; at < list.len;) {
        const char *blank = memchr(list.at + at, ' ', list.len - at);
        size_t len = blank ? (size_t)(blank - list.at) - at : list.len - at;
        struct verify_unit *u = unit_of(t, (struct slice){list.at + at, len});
        uint32_t *item = u ? vec_push(&u->checks) : NULL;
        uint32_t *mine = vec_push(&c->units);
        if (!item || !mine)
            return ERR_NOMEM;
        *item = number;
        *mine = names_find(&t->units, (struct slice){list.at + at, len});
        u->own = u->own || c->own;
        at += len + 1;
    }
    return 0;
}

static int take_check(struct verify_truth *t, const struct slice cell[CELLS])
{
    uint32_t number = (uint32_t)t->check_rows.len;
    uint32_t probe;
    struct verify_check *c = vec_push(&t->check_rows);
    if (!c || !probe_of(t, cell[1], &probe))
        return ERR_NOMEM;
    c->probe = probe;
    c->own = slice_is(cell[2], "own");
    vec_init(&c->units, sizeof(uint32_t), ROWS_MAX);
    vec_init(&c->results, sizeof(struct verify_result), ROWS_MAX);
    int err = role_read(cell[4], &c->role);
    return err ? err : take_units(t, c, number, cell[6]);
}

static int take_world(struct verify_truth *t, const struct slice cell[CELLS])
{
    int64_t time_ms;
    if (num_parse_i64(cell[0], &time_ms))
        return ERR_SYNTAX;
    if (slice_is(cell[2], "mark")) {
        t->ended.ms = time_ms;
        return 0;
    }
    if (slice_is(cell[2], "clock")) {
        uint32_t *item = vec_push(&t->clock_sites);
        return item ? names_add(&t->sites, cell[1], item) : ERR_NOMEM;
    }
    struct verify_unit *u = unit_of(t, cell[1]);
    struct verify_change *change = u ? vec_push(&u->changes) : NULL;
    if (!change)
        return ERR_NOMEM;
    *change = (struct verify_change){time_ms, slice_is(cell[2], "down")};
    return 0;
}

/* --- evidence --- */

static int take_result(struct verify_truth *t, const struct slice cell[CELLS])
{
    uint64_t number;
    int64_t time_ms;
    uint64_t verdict;
    if (num_parse_u64(cell[1], &number) || num_parse_i64(cell[2], &time_ms) ||
        num_parse_u64(cell[3], &verdict) || number >= t->check_rows.len)
        return ERR_SYNTAX;
    struct verify_check *c = vec_at(&t->check_rows, number);
    struct verify_probe *p = vec_at(&t->probe_rows, c->probe);
    struct verify_result *r = vec_push(&c->results);
    if (!r)
        return ERR_NOMEM;
    *r = (struct verify_result){time_ms, (uint32_t)p->packs, (uint8_t)verdict};
    return 0;
}

static int take_of_probe(struct verify_truth *t, const struct slice cell[CELLS])
{
    uint32_t unused;
    int64_t number;
    struct verify_probe *p = probe_of(t, cell[1], &unused);
    if (!p)
        return ERR_NOMEM;
    if (slice_is(cell[0], "gasp")) {
        int64_t *item = vec_push(&p->gasps);
        return item ? num_parse_i64(cell[2], item) : ERR_NOMEM;
    }
    if (topic_read_hex(cell[2], &p->epoch) || num_parse_i64(cell[3], &number))
        return ERR_SYNTAX;
    if (slice_is(cell[0], "ack"))
        p->acked = (uint64_t)number;
    else if (slice_is(cell[0], "dropped"))
        p->low = (uint64_t)number;
    else if (num_parse_i64(cell[4], &number) == 0)
        p->packs++, p->readings += (uint64_t)number;
    else
        return ERR_SYNTAX;
    return 0;
}

static int take_evidence(struct verify_truth *t, const struct slice cell[CELLS])
{
    return slice_is(cell[0], "result") ? take_result(t, cell) : take_of_probe(t, cell);
}

/* Evidence counts up to the last acknowledged result of the probe. */
static void find_ends(struct verify_truth *t)
{
    for (size_t i = 0; i < t->check_rows.len; i++) {
        const struct verify_check *c = vec_at(&t->check_rows, i);
        struct verify_probe *p = vec_at(&t->probe_rows, c->probe);
        for (size_t k = c->results.len; k-- > 0;) {
            const struct verify_result *r = vec_at(&c->results, k);
            if (r->seq > p->acked)
                continue;
            if (r->time_ms > p->evidence_to)
                p->evidence_to = r->time_ms;
            break;
        }
    }
}

int verify_truth_read(const char *folder, struct verify_truth *ret_truth)
{
    struct verify_truth t = {0};
    names_init(&t.sites, UINT32_MAX / 2);
    names_init(&t.units, UINT32_MAX / 2);
    names_init(&t.probes, UINT32_MAX / 2);
    vec_init(&t.check_rows, sizeof(struct verify_check), ROWS_MAX);
    vec_init(&t.unit_rows, sizeof(struct verify_unit), ROWS_MAX);
    vec_init(&t.probe_rows, sizeof(struct verify_probe), ROWS_MAX);
    vec_init(&t.clock_sites, sizeof(uint32_t), ROWS_MAX);
    int err = read_lines(&t, folder, "run.csv", true, take_run);
    if (!err)
        err = read_lines(&t, folder, "units.csv", true, take_unit);
    if (!err)
        err = read_lines(&t, folder, "checks.csv", true, take_check);
    if (!err)
        err = read_lines(&t, folder, "world.csv", false, take_world);
    if (!err)
        err = read_lines(&t, folder, "evidence.csv", false, take_evidence);
    find_ends(&t);
    if (err)
        verify_truth_done(&t);
    else
        *ret_truth = t;
    return err;
}

void verify_truth_done(struct verify_truth *t)
{
    for (size_t i = 0; i < t->check_rows.len; i++) {
        struct verify_check *c = vec_at(&t->check_rows, i);
        vec_done(&c->units);
        vec_done(&c->results);
    }
    for (size_t i = 0; i < t->unit_rows.len; i++) {
        struct verify_unit *u = vec_at(&t->unit_rows, i);
        vec_done(&u->changes);
        vec_done(&u->checks);
    }
    for (size_t i = 0; i < t->probe_rows.len; i++)
        vec_done(&((struct verify_probe *)vec_at(&t->probe_rows, i))->gasps);
    vec_done(&t->check_rows);
    vec_done(&t->unit_rows);
    vec_done(&t->probe_rows);
    vec_done(&t->clock_sites);
    names_done(&t->sites);
    names_done(&t->units);
    names_done(&t->probes);
}

bool verify_truth_clock(const struct verify_truth *t, uint32_t site)
{
    for (size_t i = 0; i < t->clock_sites.len; i++)
        if (*(uint32_t *)vec_at(&t->clock_sites, i) == site)
            return true;
    return false;
}
