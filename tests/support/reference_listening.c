/* When the centre listened to a probe: DESIGN 4.6, READINGS 7 to 9. */
#include "reference_inside.h"

/** One broker connection: from it to the next one. The stretch before the first has from INT64_MIN.
 */
struct connection {
    int64_t from, to;
};

/** The first connection later than @p after (INT64_MIN: of all), WALL_NEVER_MS if there is none. */
static int64_t next_connection(const struct reference *r, int64_t after)
{
    int64_t next = WALL_NEVER_MS;
    for (size_t i = 0; i < r->of[HISTORY_CONNECTED].len; i++) {
        const struct history_event *e = ref_event(r, HISTORY_CONNECTED, i);
        if (e->t.ms > after && e->t.ms < next)
            next = e->t.ms;
    }
    return next;
}

/** From when on the probe is listened to on this connection: its first message, at the latest
 * settle. */
static int64_t begins(const struct reference *r, uint32_t probe, struct connection on)
{
    if (on.from == INT64_MIN)
        return INT64_MIN;
    int64_t begin = on.from + r->h->options.connect_settle_ms;
    for (size_t i = 0; i < r->of[HISTORY_HEARD].len; i++) {
        const struct history_event *e = ref_event(r, HISTORY_HEARD, i);
        if (e->probe == probe && e->t.ms >= on.from && e->t.ms < on.to && e->t.ms < begin)
            begin = e->t.ms;
    }
    return begin;
}

static struct connection connection_at(const struct reference *r, int64_t t)
{
    struct connection on = {INT64_MIN, next_connection(r, INT64_MIN)};
    while (on.to <= t)
        on = (struct connection){on.to, next_connection(r, on.to)};
    return on;
}

/** Between two markers of one connection, and the probe's listening has begun. */
static bool between_markers(const struct reference *r, uint32_t probe, int64_t t)
{
    if (t < begins(r, probe, connection_at(r, t)))
        return false;
    for (size_t i = 0; i < r->of[HISTORY_LISTENED].len; i++) {
        const struct history_event *e = ref_event(r, HISTORY_LISTENED, i);
        if (e->also.ms <= t && t < e->t.ms)
            return true;
    }
    return false;
}

bool ref_listened(const struct reference *r, uint32_t probe, struct wall_ms t)
{
    if (r->marker.ms == INT64_MIN || t.ms < r->marker.ms)
        return between_markers(r, probe, t.ms);
    if (next_connection(r, r->marker.ms - 1) != WALL_NEVER_MS)
        return false;
    return between_markers(r, probe, r->marker.ms - 1);
}

/** Milliseconds that [a, b) and [c, d) share. */
static int64_t shared(int64_t a, int64_t b, int64_t c, int64_t d)
{
    int64_t from = a > c ? a : c;
    int64_t to = b < d ? b : d;
    return to > from ? to - from : 0;
}

int64_t ref_listened_ms(const struct reference *r, uint32_t probe, struct wall_ms from,
                        struct wall_ms to)
{
    int64_t sum = 0;
    struct connection on = {INT64_MIN, next_connection(r, INT64_MIN)};
    for (;;) {
        int64_t begin = begins(r, probe, on);
        int64_t a = from.ms > begin ? from.ms : begin;
        int64_t b = to.ms < on.to ? to.ms : on.to;
        for (size_t i = 0; i < r->of[HISTORY_LISTENED].len && a < b; i++) {
            const struct history_event *e = ref_event(r, HISTORY_LISTENED, i);
            sum += shared(a, b, e->also.ms, e->t.ms);
        }
        if (on.to >= to.ms)
            return sum;
        on = (struct connection){on.to, next_connection(r, on.to)};
    }
}

/** The first instant from @p t on where listening to the probe may change. */
static int64_t next_turn(const struct reference *r, uint32_t probe, int64_t t)
{
    struct connection on = connection_at(r, t);
    int64_t next = on.to;
    int64_t begin = begins(r, probe, on);
    if (begin > t && begin < next)
        next = begin;
    for (size_t i = 0; i < r->of[HISTORY_LISTENED].len; i++) {
        const struct history_event *e = ref_event(r, HISTORY_LISTENED, i);
        if (e->also.ms > t && e->also.ms < next)
            next = e->also.ms;
        if (e->t.ms > t && e->t.ms < next)
            next = e->t.ms;
    }
    return next;
}

struct wall_ms ref_first_unheard(const struct reference *r, uint32_t probe, struct wall_ms from,
                                 struct wall_ms to)
{
    struct wall_ms t = from;
    while (t.ms < to.ms && ref_listened(r, probe, t))
        t.ms = next_turn(r, probe, t.ms);
    return t.ms < to.ms ? t : to;
}
