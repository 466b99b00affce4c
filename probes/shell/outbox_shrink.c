#include "shell/outbox_shrink.h"

#include "base/err.h"
#include "wire/pack.h"

#include <libdeflate.h>

/* Of all levels the one with the smallest memory; the others save no further page. */
enum { LEVEL = 1 };

static bool prepare(struct outbox_shrink *s)
{
    if (s->compressor)
        return true;
    buf_init(&s->out, PACK_BYTES_MAX);
    s->compressor = libdeflate_alloc_compressor(LEVEL);
    return s->compressor != NULL;
}

struct slice outbox_shrink_pack(struct outbox_shrink *s, struct slice body)
{
    struct slice as_it_is = {0};
    if (body.len < OUTBOX_SHRINK_MIN || body.len > PACK_BYTES_MAX || !prepare(s))
        return as_it_is;
    buf_clear(&s->out);
    char *room = buf_reserve(&s->out, body.len);
    if (!room)
        return as_it_is;
    size_t len = libdeflate_deflate_compress(s->compressor, body.at, body.len, room, body.len - 1);
    buf_grown(&s->out, len);
    return (struct slice){s->out.data, len};
}

void outbox_shrink_done(struct outbox_shrink *s)
{
    if (s->compressor) {
        libdeflate_free_compressor(s->compressor);
        buf_done(&s->out);
    }
    *s = (struct outbox_shrink){0};
}

int outbox_shrink_undo(struct slice shrunk, size_t len, struct buf *out)
{
    buf_clear(out);
    char *room = buf_reserve(out, len);
    struct libdeflate_decompressor *d = room ? libdeflate_alloc_decompressor() : NULL;
    if (!d)
        return out->err ? out->err : ERR_NOMEM;
    enum libdeflate_result result =
        libdeflate_deflate_decompress(d, shrunk.at, shrunk.len, room, len, NULL);
    libdeflate_free_decompressor(d);
    if (result != LIBDEFLATE_SUCCESS)
        return ERR_CORRUPT;
    buf_grown(out, len);
    return 0;
}
