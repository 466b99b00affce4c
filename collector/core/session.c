#include "core/session.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"
#include "base/vec.h"
#include "core/dirty.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_PROBES = 1 << 24, ROW_VERSION = 3, ROW_MAX = 112, MAX_HOLDS = 1 << 25 };

enum row_flag { FLAG_KNOWN = 1, FLAG_PARTED = 2, FLAG_HOLDING = 4, FLAG_ALL = 7 };

/* A will being held. An entry whose receipt is not its probe's present one any more is void. */
struct held_will {
    struct wall_ms receipt;
    uint32_t probe;
};

struct session {
    int64_t will_hold_ms;
    struct vec views; /* struct session_view by probe number */
    struct vec held;  /* struct held_will, by receipt, from `first` on */
    size_t first;
    struct dirty dirty;
};

static const struct session_view unknown = {
    .conflict_at = {INT64_MIN}, .started = {INT64_MIN}, .offset = PROBE_CLOCK_UNKNOWN};

struct session *session_new(int64_t will_hold_ms)
{
    struct session *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->will_hold_ms = will_hold_ms;
    vec_init(&s->views, sizeof(struct session_view), MAX_PROBES);
    vec_init(&s->held, sizeof(struct held_will), MAX_HOLDS);
    dirty_init(&s->dirty, MAX_PROBES);
    return s;
}

void session_free(struct session *s)
{
    if (!s)
        return;
    vec_done(&s->views);
    vec_done(&s->held);
    dirty_done(&s->dirty);
    free(s);
}

const struct session_view *session_view(const struct session *s, uint32_t probe)
{
    return probe < s->views.len ? vec_at(&s->views, probe) : &unknown;
}

uint64_t session_dropped(const struct session *s, uint32_t probe, uint64_t epoch)
{
    const struct session_view *view = session_view(s, probe);
    return view->epoch == epoch ? view->dropped : 0;
}

static struct session_view *need_view(struct session *s, uint32_t probe)
{
    while (s->views.len <= probe) {
        struct session_view *view = vec_push(&s->views);
        if (!view)
            return NULL;
        *view = unknown;
    }
    return vec_at(&s->views, probe);
}

static int64_t receipt_at(const struct session *s, size_t at)
{
    return ((struct held_will *)vec_at(&s->held, at))->receipt.ms;
}

/* Receipts rise but for steps of the centre's clock, so this nearly always appends. */
static int hold_will(struct session *s, uint32_t probe, struct wall_ms receipt)
{
    size_t at = s->held.len;
    while (at > s->first && receipt_at(s, at - 1) > receipt.ms)
        at--;
    struct held_will *held = vec_insert(&s->held, at);
    if (!held)
        return ERR_NOMEM;
    *held = (struct held_will){.receipt = receipt, .probe = probe};
    return 0;
}

static bool still_held(const struct session *s, size_t at)
{
    const struct held_will *held = vec_at(&s->held, at);
    const struct session_view *view = session_view(s, held->probe);
    return view->holding && view->will_receipt.ms == held->receipt.ms;
}

static bool of_newest_birth(const struct session_view *view, const struct status *status)
{
    return view->boot != 0 && status->boot == view->boot && status->conn == view->conn;
}

static void note(struct session_view *view, const struct status *status, struct wall_ms received)
{
    view->known = true;
    view->state = status->state;
    view->since = received;
    if (status->state != STATUS_ONLINE)
        return;
    view->epoch = status->epoch;
    view->dropped = status->dropped;
    view->backlog = status->backlog;
    view->unwritten = status->unwritten;
    view->clock = status->clock;
}

static void new_birth(struct session_view *view, const struct status *status)
{
    view->boot = status->boot;
    view->conn = status->conn;
    view->parted = false;
    view->holding = false;
}

/* A boot that another one has followed is over for good: it can only be heard again as an old
 * message, or because two probes share the name. */
static bool live_birth(struct session_view *view, const struct status *status,
                       struct wall_ms received, struct session_news *news)
{
    if (status->boot == view->boot && status->conn < view->conn)
        return false;
    if (status->boot == view->other_boot && status->conn <= view->other_conn)
        return false;
    if (of_newest_birth(view, status)) {
        view->holding = false;
        return true;
    }
    news->birth = true;
    if (status->boot != view->boot) {
        news->conflict = view->other_boot != 0 && status->boot == view->other_boot;
        view->other_boot = view->boot;
        view->other_conn = view->conn;
    }
    if (news->conflict)
        view->conflict_at = received;
    new_birth(view, status);
    return true;
}

/* A broker that was killed may keep an older version of a retained message, so a copy never
 * displaces what was heard of the same or the previous boot. */
static bool retained_birth(struct session_view *view, const struct status *status)
{
    if (of_newest_birth(view, status))
        return !view->parted;
    if (status->boot == view->boot && status->conn < view->conn)
        return false;
    if (status->boot == view->other_boot)
        return false;
    new_birth(view, status);
    return true;
}

/* Will, stop or gasp, whose copy is not retained: true if it is the first of its connection. */
static bool parts(struct session_view *view, const struct status *status)
{
    if (!of_newest_birth(view, status) || view->parted)
        return false;
    view->parted = true;
    return true;
}

static int live_end(struct session *s, uint32_t probe, struct session_view *view,
                    const struct status *status, struct wall_ms received, struct session_news *news)
{
    bool first = parts(view, status);
    news->gasp = status->state == STATUS_POWER_LOST;
    if (news->gasp && of_newest_birth(view, status)) {
        view->holding = false;
        note(view, status, received);
    }
    if (!first)
        return 0;
    note(view, status, received);
    news->will = status->state == STATUS_STOPPED;
    if (status->state != STATUS_OFFLINE)
        return 0;
    view->holding = true;
    view->will_receipt = received;
    return hold_will(s, probe, received);
}

int session_status(struct session *s, uint32_t probe, const struct status *status, bool retained,
                   struct wall_ms received, struct session_news *ret_news)
{
    struct session_view *view = need_view(s, probe);
    if (!view || dirty_add(&s->dirty, probe) != 0)
        return ERR_NOMEM;
    bool online = status->state == STATUS_ONLINE;
    struct session_news news = {.heard = !retained && status->state != STATUS_OFFLINE};
    int err = 0;
    if (retained) {
        if (online ? retained_birth(view, status) : of_newest_birth(view, status))
            note(view, status, received);
    } else if (online) {
        if (live_birth(view, status, received, &news))
            note(view, status, received);
    } else {
        err = live_end(s, probe, view, status, received, &news);
    }
    if (!err)
        *ret_news = news;
    return err;
}

int session_start(struct session *s, uint32_t probe, enum start start, struct wall_ms t)
{
    struct session_view *view = need_view(s, probe);
    if (!view || dirty_add(&s->dirty, probe) != 0)
        return ERR_NOMEM;
    view->start = start;
    view->started = t;
    return 0;
}

int session_work(struct session *s, uint32_t probe, int64_t from_us, struct wall_ms received,
                 bool *ret_news)
{
    int64_t newest_us = session_view(s, probe)->worked_us;
    bool ahead = newest_us > received.ms * 1000;
    bool news = from_us != newest_us && (from_us > newest_us || ahead);
    if (news) {
        struct session_view *view = need_view(s, probe);
        if (!view || dirty_add(&s->dirty, probe) != 0)
            return ERR_NOMEM;
        view->worked_us = from_us;
    }
    *ret_news = news;
    return 0;
}

/* One pack is on its way in any case. */
void session_clock(struct session *s, uint32_t probe, struct wall_ms said, struct wall_ms received)
{
    if (probe >= s->views.len)
        return;
    struct session_view *view = vec_at(&s->views, probe);
    if (!view->known) /* an operator's table is as old as it is */
        return;
    probe_clock_heard(&view->offset, said, received, view->backlog > 1);
}

int session_pack(struct session *s, uint32_t probe)
{
    if (!session_view(s, probe)->holding)
        return 0;
    if (dirty_add(&s->dirty, probe) != 0)
        return ERR_NOMEM;
    need_view(s, probe)->holding = false;
    return 0;
}

/* Moves `first` past void entries, and frees what lies before it once that is the larger half:
 * O(1) amortised. */
static void skip_void(struct session *s)
{
    while (s->first < s->held.len && !still_held(s, s->first))
        s->first++;
    if (s->first > s->held.len / 2) {
        vec_remove(&s->held, 0, s->first);
        s->first = 0;
    }
}

bool session_next_will(struct session *s, struct wall_ms now, uint32_t *ret_probe,
                       struct wall_ms *ret_receipt)
{
    skip_void(s);
    if (s->first == s->held.len || receipt_at(s, s->first) > now.ms - s->will_hold_ms)
        return false;
    struct held_will held = *(struct held_will *)vec_at(&s->held, s->first);
    if (dirty_add(&s->dirty, held.probe) != 0)
        return false; /* without memory now: the next call finds it again */
    need_view(s, held.probe)->holding = false;
    *ret_probe = held.probe;
    *ret_receipt = held.receipt;
    return true;
}

struct wall_ms session_deadline(const struct session *s)
{
    for (size_t at = s->first; at < s->held.len; at++)
        if (still_held(s, at))
            return (struct wall_ms){receipt_at(s, at) + s->will_hold_ms};
    return (struct wall_ms){WALL_NEVER_MS};
}

static void put_view(struct buf *b, const struct session_view *view)
{
    buf_char(b, ROW_VERSION);
    buf_char(b, (char)view->state);
    buf_char(b, (char)view->clock);
    buf_char(b, (char)((view->known ? FLAG_KNOWN : 0) | (view->parted ? FLAG_PARTED : 0) |
                       (view->holding ? FLAG_HOLDING : 0)));
    buf_le64(b, view->boot);
    buf_le64(b, view->conn);
    buf_le64(b, view->other_boot);
    buf_le64(b, view->other_conn);
    buf_le64(b, view->epoch);
    buf_le64(b, view->dropped);
    buf_le64(b, view->backlog);
    buf_le64(b, (uint64_t)view->since.ms);
    buf_le64(b, (uint64_t)view->will_receipt.ms);
    buf_le64(b, (uint64_t)view->conflict_at.ms);
    buf_le64(b, view->unwritten);
    buf_le64(b, (uint64_t)view->started.ms);
    buf_char(b, (char)view->start);
    buf_le64(b, (uint64_t)view->worked_us);
}

static int save_view(const struct session_view *view, uint32_t probe, const struct row_sink *sink)
{
    struct buf row, key;
    buf_init(&row, ROW_MAX);
    buf_init(&key, sizeof probe);
    buf_le32(&key, probe);
    put_view(&row, view);
    int err = row.err ? row.err : key.err;
    if (!err)
        err = sink->put(sink->context, ROW_SESSION, (struct slice){key.data, key.len},
                        (struct slice){row.data, row.len});
    buf_done(&row);
    buf_done(&key);
    return err;
}

int session_save(struct session *s, const struct row_sink *sink)
{
    for (size_t i = 0; i < dirty_len(&s->dirty); i++) {
        uint32_t probe = dirty_at(&s->dirty, i);
        int err = save_view(session_view(s, probe), probe, sink);
        if (err)
            return err;
    }
    dirty_clear(&s->dirty);
    return 0;
}

static void get_numbers(struct cursor *c, struct session_view *view)
{
    view->boot = cursor_le64(c);
    view->conn = cursor_le64(c);
    view->other_boot = cursor_le64(c);
    view->other_conn = cursor_le64(c);
    view->epoch = cursor_le64(c);
    view->dropped = cursor_le64(c);
    view->backlog = cursor_le64(c);
    view->since.ms = (int64_t)cursor_le64(c);
    view->will_receipt.ms = (int64_t)cursor_le64(c);
    view->conflict_at.ms = (int64_t)cursor_le64(c);
}

/* What rows of version 2 added. */
static bool get_start(struct cursor *c, struct session_view *view)
{
    view->unwritten = cursor_le64(c);
    view->started.ms = (int64_t)cursor_le64(c);
    uint8_t start = cursor_u8(c);
    view->start = (enum start)start;
    return start <= START_POWER;
}

static int read_row(struct cursor *c, struct session_view *ret_view)
{
    uint8_t version = cursor_u8(c);
    if (version == 0 || version > ROW_VERSION)
        return ERR_VERSION;
    uint8_t state = cursor_u8(c), clock = cursor_u8(c), flags = cursor_u8(c);
    struct session_view view = {.known = flags & FLAG_KNOWN,
                                .parted = flags & FLAG_PARTED,
                                .holding = flags & FLAG_HOLDING,
                                .started = {INT64_MIN},
                                .offset = PROBE_CLOCK_UNKNOWN};
    get_numbers(c, &view);
    bool sound = version < 2 || get_start(c, &view);
    if (version >= 3)
        view.worked_us = (int64_t)cursor_le64(c);
    if (c->err || !sound || cursor_left(c) || state > STATUS_POWER_LOST || clock > CLOCK_CENTRE ||
        flags > FLAG_ALL)
        return ERR_CORRUPT;
    view.state = (enum status_state)state;
    view.clock = (enum status_clock)clock;
    *ret_view = view;
    return 0;
}

int session_load(struct session *s, struct slice key, struct slice value)
{
    struct cursor k, v;
    cursor_init(&k, key.at, key.len);
    cursor_init(&v, value.at, value.len);
    uint32_t probe = cursor_le32(&k);
    struct session_view loaded;
    if (k.err || cursor_left(&k) || probe >= MAX_PROBES)
        return ERR_CORRUPT;
    int err = read_row(&v, &loaded);
    if (err)
        return err;
    struct session_view *view = need_view(s, probe);
    if (!view)
        return ERR_NOMEM;
    *view = loaded;
    return loaded.holding ? hold_will(s, probe, loaded.will_receipt) : 0;
}
