#include "shell/http_limit.h"

#include <stdio.h>
#include <string.h>

static bool counts(const struct http_limit_entry *e, struct mono_ms now)
{
    return e->address[0] && mono_since(now, e->since) < HTTP_LIMIT_MS;
}

bool http_limit_reached(const struct http_limit *limit, const char *address, struct mono_ms now)
{
    for (size_t i = 0; i < HTTP_LIMIT_ADDRESSES; i++) {
        const struct http_limit_entry *e = &limit->entry[i];
        if (counts(e, now) && strcmp(e->address, address) == 0)
            return e->wrong >= HTTP_LIMIT_WRONG;
    }
    return false;
}

/* That of @p address, else a free one, else the one that began longest ago. */
static struct http_limit_entry *entry_of(struct http_limit *limit, const char *address)
{
    struct http_limit_entry *oldest = &limit->entry[0];
    for (size_t i = 0; i < HTTP_LIMIT_ADDRESSES; i++) {
        struct http_limit_entry *e = &limit->entry[i];
        if (strcmp(e->address, address) == 0)
            return e;
        bool freer = !e->address[0] ? oldest->address[0] != '\0' : e->since.ms < oldest->since.ms;
        if (oldest->address[0] && freer)
            oldest = e;
    }
    return oldest;
}

void http_limit_wrong(struct http_limit *limit, const char *address, uint64_t which,
                      struct mono_ms now)
{
    struct http_limit_entry *e = entry_of(limit, address);
    if (!counts(e, now) || strcmp(e->address, address) != 0) {
        *e = (struct http_limit_entry){.since = now};
        snprintf(e->address, sizeof e->address, "%s", address);
    } else if (e->last == which) {
        return;
    }
    e->last = which;
    e->wrong++;
    if (e->wrong == HTTP_LIMIT_WRONG)
        e->since = now;
}
