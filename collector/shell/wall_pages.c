#include "shell/wall_pages.h"

#include <stdio.h>
#include <string.h>

enum { HEARD_MS = 300000 };

static struct wall_page *place_of(struct wall_pages *pages, const char *id)
{
    struct wall_page *oldest = &pages->page[0];
    for (int i = 0; i < WALL_PAGES; i++) {
        struct wall_page *p = &pages->page[i];
        if (strncmp(p->id, id, sizeof p->id - 1) == 0)
            return p;
        if (!p->id[0] || (oldest->id[0] && p->heard.ms < oldest->heard.ms))
            oldest = p;
    }
    return oldest;
}

void wall_pages_heard(struct wall_pages *pages, const char *id, uint64_t heap_bytes,
                      struct mono_ms now)
{
    struct wall_page *p = place_of(pages, id);
    snprintf(p->id, sizeof p->id, "%s", id);
    p->heap_bytes = heap_bytes;
    p->heard = now;
}

unsigned wall_pages_open(const struct wall_pages *pages, struct mono_ms now,
                         uint64_t *ret_heap_bytes)
{
    unsigned open = 0;
    *ret_heap_bytes = 0;
    for (int i = 0; i < WALL_PAGES; i++) {
        const struct wall_page *p = &pages->page[i];
        if (!p->id[0] || now.ms - p->heard.ms > HEARD_MS)
            continue;
        open++;
        if (p->heap_bytes > *ret_heap_bytes)
            *ret_heap_bytes = p->heap_bytes;
    }
    return open;
}
