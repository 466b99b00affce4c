#include "shell/http_events.h"

#include "base/buf.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MARKS = 4096, TEXT_MAX = 4 << 20 };

static const char RESYNC[] = "event: resync\ndata: {}\n\n";

/* Where an event with an id ends. */
struct mark {
    uint64_t id;
    uint64_t end;
};

struct http_events {
    char *ring;
    size_t size;
    uint64_t end;            /* bytes ever written */
    struct mark mark[MARKS]; /* of the last events, by id modulo */
    struct buf text;
};

struct http_events *http_events_new(size_t bytes)
{
    struct http_events *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    e->size = bytes;
    e->ring = malloc(bytes);
    buf_init(&e->text, TEXT_MAX);
    if (e->ring)
        return e;
    http_events_free(e);
    return NULL;
}

void http_events_free(struct http_events *e)
{
    if (!e)
        return;
    free(e->ring);
    buf_done(&e->text);
    free(e);
}

static uint64_t oldest(const struct http_events *e)
{
    return e->end > e->size ? e->end - e->size : 0;
}

static void write_ring(struct http_events *e, const char *bytes, size_t len)
{
    size_t at = (size_t)(e->end % e->size);
    size_t first = len < e->size - at ? len : e->size - at;
    memcpy(e->ring + at, bytes, first);
    memcpy(e->ring, bytes + first, len - first);
    e->end += len;
}

void http_events_put(struct http_events *e, uint64_t id, const char *name, struct slice data)
{
    buf_clear(&e->text);
    if (id)
        buf_printf(&e->text, "id: %" PRIu64 "\n", id);
    buf_printf(&e->text, "event: %s\ndata: ", name);
    buf_put(&e->text, data.at, data.len);
    buf_str(&e->text, "\n\n");
    if (e->text.err || e->text.len > e->size)
        e->end += e->size + 1; /* everybody is behind now */
    else
        write_ring(e, e->text.data, e->text.len);
    if (id)
        e->mark[id % MARKS] = (struct mark){id, e->end};
}

struct http_events_reader http_events_join(const struct http_events *e, uint64_t last_id)
{
    const struct mark *mark = &e->mark[last_id % MARKS];
    if (last_id && mark->id == last_id && mark->end >= oldest(e))
        return (struct http_events_reader){.at = mark->end};
    return (struct http_events_reader){.at = e->end, .resync = true};
}

size_t http_events_read(const struct http_events *e, struct http_events_reader *reader, char *to,
                        size_t max)
{
    if (reader->at < oldest(e))
        return HTTP_EVENTS_BEHIND;
    if (reader->resync) {
        if (max < sizeof RESYNC - 1)
            return 0;
        memcpy(to, RESYNC, sizeof RESYNC - 1);
        reader->resync = false;
        return sizeof RESYNC - 1;
    }
    size_t left = (size_t)(e->end - reader->at);
    size_t len = left < max ? left : max;
    size_t at = (size_t)(reader->at % e->size);
    size_t first = len < e->size - at ? len : e->size - at;
    memcpy(to, e->ring + at, first);
    memcpy(to + first, e->ring, len - first);
    reader->at += len;
    return len;
}
