/**
 * @file
 * The last events in a ring, as the bytes of a text/event-stream, and where each stream stands in
 * it.
 *
 * A stream that falls behind the ring ends; its client comes back and is told to fetch everything
 * anew (`resync`): memory is bounded by the ring, whatever clients do. It knows no sockets.
 */
#ifndef SHELL_HTTP_EVENTS_H
#define SHELL_HTTP_EVENTS_H

#include "base/attr.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The reader lost its place: what it needs next is overwritten. */
#define HTTP_EVENTS_BEHIND SIZE_MAX

struct http_events;

/** Where one stream stands. */
struct http_events_reader {
    uint64_t at; /**< position in the ring's endless sequence of bytes */
    bool resync; /**< to be told so before anything else */
};

/** A ring of @p bytes. NULL without memory. */
struct http_events *http_events_new(size_t bytes) MUST_USE;
/** Frees it. Accepts NULL. */
void http_events_free(struct http_events *e);
/** Appends one event; one that is larger than the ring makes everybody come back. @p id 0 =
 * without. */
void http_events_put(struct http_events *e, uint64_t id, const char *name, struct slice data);
/** A reader that has seen the event @p last_id (0 = none): it goes on behind it if the ring still
 * has it, else begins with resync. */
struct http_events_reader http_events_join(const struct http_events *e, uint64_t last_id);
/** Copies at most @p max bytes that the reader has not had to @p to; 0 = nothing at present,
 * HTTP_EVENTS_BEHIND = end the stream. */
size_t http_events_read(const struct http_events *e, struct http_events_reader *reader, char *to,
                        size_t max);

#endif
