#include "core/marker.h"

void marker_break(struct marker *m)
{
    *m = (struct marker){0};
}

bool marker_heard(struct marker *m, uint64_t number, struct wall_ms when, struct wall_ms *ret_from)
{
    struct marker last = *m;
    *m = (struct marker){number, when};
    int64_t apart_ms = when.ms - last.when.ms;
    if (last.number == 0 || number <= last.number || apart_ms <= 0 ||
        apart_ms > MARKER_APART_MAX_MS)
        return false;
    *ret_from = last.when;
    return true;
}
