#include "core/check_tail.h"

#include "base/err.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 4 };

struct check_tail {
    struct line_mark stream; /* where the line stood before the first summary */
    unsigned len, cap;
    struct tail_sample samples[];
};

void check_tail_free(struct check_tail *tail)
{
    free(tail);
}

int64_t check_tail_stream_last(const struct check_tail *tail, const struct check_line *line)
{
    if (tail)
        return tail->stream.len ? tail->stream.last_ms : -1;
    return line->len ? line->last_ms : -1;
}

static int make_room(struct check_tail **tail, const struct check_line *line)
{
    struct check_tail *old = *tail;
    if (old && old->len < old->cap)
        return 0;
    unsigned cap = old ? old->cap * 2 : FIRST_CAP;
    struct check_tail *new = realloc(old, sizeof *new + cap * sizeof new->samples[0]);
    if (!new)
        return ERR_NOMEM;
    if (!old) {
        new->stream = check_line_mark(line);
        new->len = 0;
    }
    new->cap = cap;
    *tail = new;
    return 0;
}

static void remove_at(struct check_tail *tail, unsigned at, unsigned count)
{
    tail->len -= count;
    memmove(tail->samples + at, tail->samples + at + count,
            (tail->len - at) * sizeof tail->samples[0]);
}

static bool follows(const struct tail_sample *a, const struct tail_sample *b,
                    const struct tail_rules *rules)
{
    return b->joined || b->t - a->t <= rules->at(rules->context, a->t, b->t).ttl_ms;
}

/* Makes a full tail shorter: drops the middle of the oldest three equal neighbours, else the
 * oldest. */
static void thin(struct check_tail *tail, const struct tail_rules *rules)
{
    for (unsigned i = 0; i + 2 < tail->len; i++) {
        const struct tail_sample *a = &tail->samples[i];
        if (a[0].verdict == a[1].verdict && a[1].verdict == a[2].verdict &&
            follows(a, a + 1, rules) && follows(a + 1, a + 2, rules)) {
            tail->samples[i + 2].joined = true;
            remove_at(tail, i + 1, 1);
            return;
        }
    }
    remove_at(tail, 0, 1);
}

static int replay(struct check_line *line, const struct tail_sample *sample,
                  const struct tail_rules *rules, int64_t *ret_changed)
{
    int64_t before = check_line_alive(line) ? line->last_ms : sample->t;
    struct line_rules now = rules->at(rules->context, before, sample->t);
    if (sample->joined)
        now.ttl_ms = CHECK_LINE_NEVER;
    return check_line_add(line, sample->t, sample->verdict, &now, ret_changed);
}

int check_tail_add(struct check_tail **tail, struct check_line *line, int64_t t,
                   enum verdict verdict, const struct tail_rules *rules, int64_t *ret_changed)
{
    struct tail_sample sample = {t, verdict, false};
    if (*tail && (*tail)->len >= CHECK_TAIL_MAX)
        thin(*tail, rules);
    int err = make_room(tail, line);
    if (err)
        return err;
    err = replay(line, &sample, rules, ret_changed);
    if (err)
        return err;
    struct check_tail *own = *tail;
    struct tail_sample *last = own->len ? &own->samples[own->len - 1] : NULL;
    if (last && last->t == t)
        last->verdict = verdict_worse(last->verdict, verdict);
    else
        own->samples[own->len++] = sample;
    return 0;
}

void check_tail_lift(struct check_tail *tail, struct check_line *line, int64_t t,
                     int64_t *ret_changed)
{
    const struct line_mark *mark = &tail->stream;
    int first = (int)mark->len - mark->run.spans;
    int64_t from = mark->len ? mark->last_ms : 0;
    if (mark->run.spans && check_line_span(line, first).from < from)
        from = check_line_span(line, first).from;
    *ret_changed = from;
    check_line_restore(line, mark);
    unsigned old = 0;
    while (old < tail->len && tail->samples[old].t <= t)
        old++;
    remove_at(tail, 0, old);
    if (tail->len)
        tail->samples[0].joined = false;
}

int check_tail_settle(struct check_tail **tail, struct check_line *line,
                      const struct tail_rules *rules)
{
    struct check_tail *own = *tail;
    if (own->len == 0) {
        check_tail_free(own);
        *tail = NULL;
        return 0;
    }
    own->stream = check_line_mark(line);
    for (unsigned i = 0; i < own->len; i++) {
        int64_t changed;
        int err = replay(line, &own->samples[i], rules, &changed);
        if (err)
            return err;
    }
    return 0;
}

int64_t check_tail_after(const struct check_tail *tail, int64_t t)
{
    for (unsigned i = 0; tail && i < tail->len; i++)
        if (tail->samples[i].t > t)
            return tail->samples[i].t;
    return CHECK_LINE_NEVER;
}

const struct line_mark *check_tail_stream(const struct check_tail *tail)
{
    return &tail->stream;
}

bool check_tail_awaiting(const struct check_tail *tail, const struct check_line *line, int64_t t)
{
    if (!tail || t >= line->last_ms)
        return false;
    if (tail->stream.len == 0)
        return true;
    /* What a list ended goes on to that end, not to the summary behind it. */
    struct check_span last = check_line_span(line, tail->stream.len - 1);
    return t >= (last.kind == LINE_ENDED ? last.from : tail->stream.last_ms);
}

unsigned check_tail_len(const struct check_tail *tail)
{
    return tail ? tail->len : 0;
}

struct tail_sample check_tail_sample(const struct check_tail *tail, unsigned at)
{
    assert(at < tail->len);
    return tail->samples[at];
}

int check_tail_put(struct check_tail **tail, const struct check_line *line,
                   const struct tail_sample *sample)
{
    if (*tail && (*tail)->len >= CHECK_TAIL_MAX)
        return ERR_FULL;
    int err = make_room(tail, line);
    if (err)
        return err;
    struct check_tail *own = *tail;
    own->samples[own->len++] = *sample;
    return 0;
}
