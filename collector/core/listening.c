#include "core/listening.h"

#include "base/num.h"

enum { DEAF, LISTENED };

void listening_done(struct listening *l)
{
    timeline_done(&l->spans);
    instants_done(&l->connections);
}

int64_t listening_marker(const struct listening *l)
{
    return l->spans.len ? l->marker : INT64_MIN;
}

static void bound(struct listening *l)
{
    if (l->spans.len < LISTENING_MAX)
        return;
    timeline_trim(&l->spans, timeline_span_at(&l->spans, LISTENING_MAX / 4).from);
}

int listening_connect(struct listening *l, int64_t t)
{
    int err = instants_add(&l->connections, t, LISTENING_MAX);
    if (err || l->spans.len == 0 || t < l->marker)
        return err;
    return timeline_set_from(&l->spans, (struct wall_ms){l->marker}, DEAF);
}

int listening_add(struct listening *l, int64_t from, int64_t to)
{
    int64_t marker = listening_marker(l);
    if (from < marker)
        from = marker;
    if (from < 0 || to <= from)
        return 0;
    bound(l);
    if (from > marker && marker != INT64_MIN) {
        int err = timeline_set_from(&l->spans, (struct wall_ms){marker}, DEAF);
        if (err)
            return err;
    }
    int err = timeline_set_from(&l->spans, (struct wall_ms){from}, LISTENED);
    if (err)
        return err;
    l->marker = to;
    return 0;
}

/* The instant from which the probe is listened to on the connection that began at `connection`. */
static int64_t start_on(const struct listening *l, const struct instants *heard, int64_t connection)
{
    return num_min(connection + l->settle_ms, instants_next(heard, connection));
}

struct listening_stretch listening_at(const struct listening *l, const struct instants *heard,
                                      int64_t t)
{
    if (l->spans.len == 0)
        return (struct listening_stretch){false, INT64_MAX};
    bool unjudged = t >= l->marker;
    int64_t at = unjudged ? l->marker - 1 : t;
    /* The code at the marker itself tells whether a connection began since. */
    int64_t index = timeline_index(&l->spans, (struct wall_ms){t});
    struct timeline_span span = timeline_span_at(&l->spans, index);
    struct listening_stretch out = {span.code == LISTENED, span.to.ms};
    int64_t connection = instants_last(&l->connections, at);
    int64_t next = instants_next(&l->connections, at + 1);
    if (next < l->marker)
        out.until = num_min(out.until, next);
    if (connection == INT64_MIN)
        return out;
    int64_t start = start_on(l, heard, connection);
    if (start > at) {
        out.listened = false;
        if (start < l->marker)
            out.until = num_min(out.until, start);
    }
    return out;
}

int64_t listening_sum(const struct listening *l, const struct instants *heard, int64_t from,
                      int64_t to)
{
    int64_t end = num_min(to, listening_marker(l));
    int64_t sum = 0;
    while (from < end) {
        struct listening_stretch stretch = listening_at(l, heard, from);
        int64_t until = num_min(stretch.until, end);
        if (stretch.listened)
            sum += until - from;
        from = until;
    }
    return sum;
}

int64_t listening_first_deaf(const struct listening *l, const struct instants *heard, int64_t from,
                             int64_t to)
{
    while (from < to) {
        struct listening_stretch stretch = listening_at(l, heard, from);
        if (!stretch.listened)
            return from;
        from = stretch.until;
    }
    return to;
}

void listening_trim(struct listening *l, int64_t t)
{
    timeline_trim(&l->spans, (struct wall_ms){t});
    (void)instants_trim(&l->connections, t);
}
