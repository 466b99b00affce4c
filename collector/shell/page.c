#include "shell/page.h"

#include <libdeflate.h>

#include <string.h>
#include <strings.h>

static const struct page_file *find(const char *path)
{
    if (strcmp(path, "/") == 0)
        path = "/index.html";
    for (size_t i = 0; i < PAGE_FILES_LEN; i++)
        if (strcmp(PAGE_FILES[i].path, path) == 0)
            return &PAGE_FILES[i];
    return NULL;
}

/* RFC 1952: the last four bytes are the length of what was compressed. */
static size_t unpacked_len(const struct page_file *file)
{
    const unsigned char *end = file->bytes + file->len - 4;
    return (size_t)end[0] | (size_t)end[1] << 8 | (size_t)end[2] << 16 | (size_t)end[3] << 24;
}

static void unpack(const struct page_file *file, struct buf *out)
{
    size_t len = unpacked_len(file);
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    char *room = d ? buf_reserve(out, len) : NULL;
    if (room && libdeflate_gzip_decompress(d, file->bytes, file->len, room, len, NULL) ==
                    LIBDEFLATE_SUCCESS)
        buf_grown(out, len);
    libdeflate_free_decompressor(d);
}

static bool takes_gzip(const struct http_query *query)
{
    const char *accepted = http_query_header(query, "Accept-Encoding");
    return accepted && strcasestr(accepted, "gzip");
}

bool page_answer(const struct http_query *query, struct http_answer *answer)
{
    const struct page_file *file = find(query->path);
    if (!file)
        return false;
    answer->type = file->type;
    answer->cache = file->kept ? "public, max-age=31536000, immutable" : "no-cache";
    if (file->gzip && !takes_gzip(query)) {
        unpack(file, &answer->body);
        return true;
    }
    answer->encoding = file->gzip ? "gzip" : NULL;
    buf_put(&answer->body, file->bytes, file->len);
    return true;
}
