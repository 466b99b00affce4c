#include "core/check_line.h"

#include "base/err.h"
#include "base/num.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A span: start 42 bits, kind 4 bits, distance to the sample before it 18 bits. */
enum {
    GAP_BITS = 18,
    KIND_BITS = 4,
    FROM_SHIFT = GAP_BITS + KIND_BITS,
    GAP_EXACT = 1 << 17, /* below: milliseconds; from here on: seconds, rounded up */
    MS_PER_S = 1000,
    GROWTH_PART = 2,
    SHORT = 64,
    FULL = CHECK_LINE_MAX + 2, /* with what is added before it is trimmed */
};

enum { SIDE_NONE, SIDE_GOOD, SIDE_BAD };

/* By kind: what a span reads as, and what it becomes when its run completes or is undone. */
static const struct {
    enum verdict reads;
    enum line_kind completed, pending;
} kinds[] = {
    [LINE_OK] = {VERDICT_OK, LINE_OK, LINE_GOOD_RUN_OK},
    [LINE_DEGRADED] = {VERDICT_DEGRADED, LINE_DEGRADED, LINE_GOOD_RUN_DEGRADED},
    [LINE_FAILED] = {VERDICT_FAILED, LINE_FAILED, LINE_BAD_RUN},
    [LINE_CANNOT] = {VERDICT_UNKNOWN, LINE_CANNOT, LINE_CANNOT},
    [LINE_BAD_RUN] = {VERDICT_DEGRADED, LINE_FAILED, LINE_BAD_RUN},
    [LINE_GOOD_RUN_OK] = {VERDICT_FAILED, LINE_OK, LINE_GOOD_RUN_OK},
    [LINE_GOOD_RUN_DEGRADED] = {VERDICT_FAILED, LINE_DEGRADED, LINE_GOOD_RUN_DEGRADED},
    [LINE_GAP] = {VERDICT_UNKNOWN, LINE_GAP, LINE_GAP},
    [LINE_ENDED] = {VERDICT_UNKNOWN, LINE_ENDED, LINE_ENDED},
};

static uint64_t gap_pack(int64_t gap_ms)
{
    if (gap_ms < GAP_EXACT)
        return (uint64_t)gap_ms;
    int64_t seconds = (gap_ms + MS_PER_S - 1) / MS_PER_S;
    return (uint64_t)GAP_EXACT | (uint64_t)(seconds < GAP_EXACT ? seconds : GAP_EXACT - 1);
}

static int64_t gap_unpack(uint64_t span)
{
    int64_t gap = (int64_t)(span & ((UINT64_C(1) << GAP_BITS) - 1));
    return gap < GAP_EXACT ? gap : (gap - GAP_EXACT) * MS_PER_S;
}

static int64_t from_of(uint64_t span)
{
    return (int64_t)(span >> FROM_SHIFT);
}

static enum line_kind kind_of(uint64_t span)
{
    return (enum line_kind)(span >> GAP_BITS & ((1U << KIND_BITS) - 1));
}

static uint64_t with_kind(uint64_t span, enum line_kind kind)
{
    uint64_t mask = ((UINT64_C(1) << KIND_BITS) - 1) << GAP_BITS;
    return (span & ~mask) | (uint64_t)kind << GAP_BITS;
}

void check_line_done(struct check_line *line)
{
    free(line->spans);
    *line = (struct check_line){0};
}

static int reserve(struct check_line *line, unsigned extra)
{
    unsigned need = line->len + extra;
    if (need <= line->cap)
        return 0;
    /* Short lines grow by what malloc rounds up to anyway, an odd number of spans. */
    unsigned cap = need > SHORT ? need + need / GROWTH_PART : need;
    if (need <= FULL && cap > FULL)
        cap = FULL;
    cap |= 1U;
    uint64_t *spans = realloc(line->spans, cap * sizeof *spans);
    if (!spans)
        return ERR_NOMEM;
    line->spans = spans;
    line->cap = (uint16_t)cap;
    return 0;
}

static void touch(struct check_line *line, unsigned index)
{
    uint32_t serial = line->dropped + index;
    if (serial < line->touched)
        line->touched = serial;
}

static enum line_kind newest_kind(const struct check_line *line)
{
    return kind_of(line->spans[line->len - 1]);
}

static void push(struct check_line *line, int64_t from, enum line_kind kind, int64_t gap_ms)
{
    assert(line->len < line->cap && from >= 0 && from < CHECK_LINE_TIME_END);
    touch(line, line->len);
    line->spans[line->len++] =
        (uint64_t)from << FROM_SHIFT | (uint64_t)kind << GAP_BITS | gap_pack(gap_ms);
}

bool check_line_alive(const struct check_line *line)
{
    return line->len > 0 && newest_kind(line) != LINE_ENDED;
}

/* Rewrites the newest `count` spans as results that count (or count no longer) as what they were;
 * the earliest start of a span that reads otherwise now. */
static int64_t convert(struct check_line *line, unsigned count, bool complete)
{
    int64_t changed = CHECK_LINE_NEVER;
    for (unsigned i = line->len - count; i < line->len; i++) {
        enum line_kind old = kind_of(line->spans[i]);
        enum line_kind new = complete ? kinds[old].completed : kinds[old].pending;
        if (new == old)
            continue;
        line->spans[i] = with_kind(line->spans[i], new);
        touch(line, i);
        if (changed == CHECK_LINE_NEVER)
            changed = from_of(line->spans[i]);
    }
    return changed;
}

/* One result that is not 3 meets the settled side; how it reads goes to *kind. True if it completes
 * a run. */
static bool settle(struct line_run *run, enum verdict verdict, const struct line_rules *rules,
                   enum line_kind *kind)
{
    uint8_t side = verdict == VERDICT_FAILED ? SIDE_BAD : SIDE_GOOD;
    uint8_t needed = side == SIDE_BAD ? rules->bad : rules->good;
    *kind = (enum line_kind)verdict;
    if (run->side == SIDE_NONE || run->side == side) {
        *run = (struct line_run){.side = side};
        return false;
    }
    run->count++;
    if (run->count >= needed) {
        run->side = side;
        return true;
    }
    *kind = kinds[verdict].pending;
    return false;
}

/* Places a result whose gap to the one before is settled; the earliest instant that reads
 * otherwise. Needs room for one span. */
static int64_t place(struct check_line *line, int64_t t, enum verdict verdict,
                     const struct line_rules *rules)
{
    enum line_kind kind = LINE_CANNOT;
    bool completes = verdict != VERDICT_UNKNOWN && settle(&line->run, verdict, rules, &kind);
    int64_t changed = CHECK_LINE_NEVER;
    line->completed = 0;
    if (completes) {
        line->completed = line->run.spans;
        changed = convert(line, line->run.spans, true);
        line->run = (struct line_run){.side = line->run.side};
    }
    if (line->len == 0 || newest_kind(line) != kind) {
        bool starts_or_extends_run = line->run.count > 0;
        push(line, t, kind, line->prev_gap_ms);
        line->run.spans = (uint8_t)(line->run.spans + starts_or_extends_run);
        changed = num_min(changed, t);
    }
    return changed;
}

/* Undoes the last result and the run that it completed; the earliest instant that reads otherwise.
 * Only once: what was before the one before is not known. */
static int64_t take_back(struct check_line *line)
{
    uint8_t completed = line->completed;
    line->run = line->before;
    line->completed = 0;
    if (from_of(line->spans[line->len - 1]) == line->last_ms) {
        line->len--;
        touch(line, line->len);
    }
    int64_t undone = completed ? convert(line, completed, false) : CHECK_LINE_NEVER;
    return num_min(undone, line->last_ms);
}

/* A second result of the last one's time: the worse of both stays. */
static int64_t add_equal(struct check_line *line, enum verdict verdict,
                         const struct line_rules *rules)
{
    static const enum verdict was[] = {
        [LINE_OK] = VERDICT_OK,
        [LINE_DEGRADED] = VERDICT_DEGRADED,
        [LINE_FAILED] = VERDICT_FAILED,
        [LINE_CANNOT] = VERDICT_UNKNOWN,
        [LINE_BAD_RUN] = VERDICT_FAILED,
        [LINE_GOOD_RUN_OK] = VERDICT_OK,
        [LINE_GOOD_RUN_DEGRADED] = VERDICT_DEGRADED,
    };
    enum verdict old = was[newest_kind(line)];
    if (verdict_worse(old, verdict) == old)
        return CHECK_LINE_NEVER;
    int64_t t = line->last_ms;
    int64_t undone = take_back(line);
    return num_min(undone, place(line, t, verdict, rules));
}

/* The stretch from the last result to the next event at t, when that is too far away. */
static int64_t close_gap(struct check_line *line, int64_t t, const struct line_rules *rules)
{
    if (t - line->last_ms <= rules->ttl_ms)
        return CHECK_LINE_NEVER;
    push(line, line->last_ms, LINE_GAP, 0);
    line->run = (struct line_run){0};
    return line->last_ms;
}

bool check_line_repeat(struct check_line *line, int64_t t, enum verdict verdict, int64_t ttl_ms)
{
    if (line->len == 0 || line->run.count || newest_kind(line) != (enum line_kind)verdict ||
        t <= line->last_ms || t - line->last_ms > ttl_ms)
        return false;
    int64_t gap = t - line->last_ms;
    line->prev_gap_ms = gap < UINT32_MAX ? (uint32_t)gap : UINT32_MAX;
    line->before = line->run;
    line->completed = 0;
    line->last_ms = t;
    return true;
}

int check_line_add(struct check_line *line, int64_t t, enum verdict verdict,
                   const struct line_rules *rules, int64_t *ret_changed)
{
    bool far = check_line_alive(line) && t - line->last_ms > rules->ttl_ms;
    int err = reserve(line, far ? 2 : 1);
    if (err)
        return err;
    bool alive = check_line_alive(line);
    assert(!alive || t >= line->last_ms);
    if (alive && t == line->last_ms) {
        *ret_changed = add_equal(line, verdict, rules);
        return 0;
    }
    int64_t changed = CHECK_LINE_NEVER;
    if (alive) {
        changed = close_gap(line, t, rules);
        int64_t gap = t - line->last_ms;
        line->prev_gap_ms = gap < UINT32_MAX ? (uint32_t)gap : UINT32_MAX;
    } else {
        line->run = (struct line_run){0};
        line->prev_gap_ms = 0;
    }
    line->before = line->run;
    *ret_changed = num_min(changed, place(line, t, verdict, rules));
    line->last_ms = t;
    return 0;
}

/* Forgets results after t, which the list that ended the check at t no longer names. */
static void cut(struct check_line *line, int64_t t)
{
    int index = check_line_index(line, t, line->len - 1);
    line->len = (uint16_t)(index + 1);
    line->run = line->before = (struct line_run){0};
    line->completed = 0;
    touch(line, line->len);
    if (line->len == 0)
        return;
    bool gap = newest_kind(line) == LINE_GAP;
    /* Inside a run the last result before t is not known any more, nor does it matter: the run
     * reaches beyond t. */
    line->last_ms = gap ? from_of(line->spans[index]) : t;
    line->len = (uint16_t)(line->len - gap);
}

bool check_line_only_after(const struct check_line *line, int64_t t)
{
    return check_line_alive(line) && line->last_ms >= t && line->last_ms - line->prev_gap_ms < t;
}

/* The list that ended the check at t no longer names its last result. */
static int64_t drop_last(struct check_line *line)
{
    int64_t changed = take_back(line);
    line->last_ms -= line->prev_gap_ms;
    line->prev_gap_ms = 0;
    if (line->len == 0 || newest_kind(line) != LINE_GAP)
        return changed;
    line->len--; /* the gap is closed anew, and may be none now */
    touch(line, line->len);
    return line->last_ms;
}

int check_line_end(struct check_line *line, int64_t t, const struct line_rules *rules,
                   int64_t *ret_changed)
{
    *ret_changed = CHECK_LINE_NEVER;
    if (line->len == 0)
        return 0;
    int err = reserve(line, 2);
    if (err)
        return err;
    int64_t changed = t;
    if (check_line_only_after(line, t)) {
        changed = num_min(t, drop_last(line));
    } else if (line->last_ms > t) {
        cut(line, t);
        changed = line->len ? line->last_ms : t;
    }
    if (check_line_alive(line)) {
        changed = num_min(changed, close_gap(line, t, rules));
        push(line, t, LINE_ENDED, 0);
    }
    *ret_changed = changed;
    return 0;
}

void check_line_resume(struct check_line *line, int64_t t)
{
    if (line->len == 0 || newest_kind(line) != LINE_ENDED ||
        from_of(line->spans[line->len - 1]) != t)
        return;
    line->len--;
    if (line->len && newest_kind(line) >= LINE_GAP)
        line->len--;
    touch(line, line->len);
}

int check_line_index(const struct check_line *line, int64_t t, int hint)
{
    int low = 0;
    int high = line->len;
    if (hint >= 0 && hint < line->len && from_of(line->spans[hint]) <= t) {
        low = hint + 1;
        if (low == line->len || from_of(line->spans[low]) > t)
            return hint;
    }
    while (low < high) {
        int mid = low + (high - low) / 2;
        if (from_of(line->spans[mid]) <= t)
            low = mid + 1;
        else
            high = mid;
    }
    return low - 1;
}

struct check_span check_line_span(const struct check_line *line, int index)
{
    assert(index >= 0 && index < line->len);
    enum line_kind kind = kind_of(line->spans[index]);
    bool carried = kind >= LINE_GAP && index > 0;
    enum line_kind read = carried ? kind_of(line->spans[index - 1]) : kind;
    return (struct check_span){
        .from = from_of(line->spans[index]),
        .to = index + 1 < line->len ? from_of(line->spans[index + 1]) : CHECK_LINE_NEVER,
        .kind = kind,
        .verdict = kinds[read].reads,
        .gap_ms = gap_unpack(line->spans[index]),
    };
}

void check_line_trim(struct check_line *line, int64_t t, unsigned max)
{
    unsigned drop = line->len > max ? line->len - max : 0;
    while (drop + 1 < line->len && from_of(line->spans[drop + 1]) <= t)
        drop++;
    /* What a gap holds is read from the span before it, and an open run must stay whole. */
    unsigned whole = line->run.spans > line->completed ? line->run.spans : line->completed;
    while (drop && (kind_of(line->spans[drop]) >= LINE_GAP || line->len - drop <= whole))
        drop--;
    if (drop == 0)
        return;
    line->len = (uint16_t)(line->len - drop);
    memmove(line->spans, line->spans + drop, line->len * sizeof *line->spans);
    line->dropped += drop;
}

int64_t check_line_after(const struct check_line *line, int64_t t)
{
    for (int i = check_line_index(line, t, -1) + 1; i < line->len; i++)
        if (kind_of(line->spans[i]) < LINE_GAP)
            return from_of(line->spans[i]);
    if (line->len == 0 || line->last_ms <= t)
        return CHECK_LINE_NEVER;
    int64_t before = line->last_ms - line->prev_gap_ms;
    return before > t ? before : line->last_ms;
}

struct line_mark check_line_mark(const struct check_line *line)
{
    return (struct line_mark){
        .last_ms = line->last_ms,
        .prev_gap_ms = line->prev_gap_ms,
        .len = line->len,
        .run = line->run,
        .before = line->before,
        .completed = line->completed,
    };
}

void check_line_restore(struct check_line *line, const struct line_mark *mark)
{
    assert(mark->len <= line->len);
    line->last_ms = mark->last_ms;
    line->prev_gap_ms = mark->prev_gap_ms;
    line->len = mark->len;
    line->run = mark->run;
    line->before = mark->before;
    line->completed = mark->completed;
    touch(line, mark->len);
    convert(line, mark->run.spans, false);
}

uint64_t check_line_packed(const struct check_line *line, int index)
{
    assert(index >= 0 && index < line->len);
    return line->spans[index];
}

int check_line_put(struct check_line *line, uint64_t packed)
{
    int err = line->len < UINT16_MAX ? reserve(line, 1) : ERR_CORRUPT;
    if (err)
        return err;
    /* Packed spans of one line rise: by time, and at one time a result comes before its gap. */
    unsigned at = line->len;
    while (at && line->spans[at - 1] > packed)
        at--;
    memmove(line->spans + at + 1, line->spans + at, (line->len - at) * sizeof *line->spans);
    line->spans[at] = packed;
    line->len++;
    return 0;
}

int check_line_loaded(struct check_line *line, const struct line_mark *mark, uint32_t dropped)
{
    if (line->len < mark->len || mark->run.spans > mark->len)
        return ERR_CORRUPT;
    unsigned stale = line->len - mark->len;
    line->len = mark->len;
    if (stale)
        memmove(line->spans, line->spans + stale, line->len * sizeof *line->spans);
    line->dropped = dropped;
    check_line_restore(line, mark);
    line->touched = UINT32_MAX;
    return 0;
}
