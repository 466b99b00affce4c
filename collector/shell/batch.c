#include "shell/batch.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"
#include "codec/line.h"
#include "shell/batch_file.h"

#include <inttypes.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMPRESSION = 1 };

static const char MAGIC[4] = {'I', 'O', 'C', 'B'};

/* Compresses into a malloc'd block with `before` free bytes in front. */
static int compress_behind(struct slice plain, size_t before, char **ret_bytes, size_t *ret_len)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(COMPRESSION);
    size_t bound = c ? libdeflate_gzip_compress_bound(c, plain.len) : 0;
    char *bytes = c ? malloc(before + bound) : NULL;
    size_t len = 0;
    if (bytes)
        len = libdeflate_gzip_compress(c, plain.at, plain.len, bytes + before, bound);
    libdeflate_free_compressor(c);
    if (len == 0) {
        free(bytes);
        return ERR_NOMEM;
    }
    *ret_bytes = bytes;
    *ret_len = len;
    return 0;
}

int batch_compress(struct slice plain, char **ret_body, size_t *ret_len)
{
    return compress_behind(plain, 0, ret_body, ret_len);
}

static uint32_t crc_of(const void *bytes, size_t len)
{
    return libdeflate_crc32(0, bytes, len);
}

static int put_header(char *to, const unsigned char id[BATCH_ID_BYTES],
                      const struct batch_facts *facts, uint32_t body_crc)
{
    struct buf b;
    buf_init(&b, BATCH_HEADER_BYTES);
    buf_put(&b, MAGIC, sizeof MAGIC);
    buf_le16(&b, 1);
    buf_le16(&b, BATCH_HEADER_BYTES);
    buf_put(&b, id, BATCH_ID_BYTES);
    buf_le64(&b, facts->number);
    buf_le32(&b, facts->lines);
    buf_le32(&b, facts->readings);
    buf_le64(&b, facts->plain_bytes);
    buf_le64(&b, facts->body_bytes);
    buf_le32(&b, body_crc);
    if (!b.err)
        buf_le32(&b, crc_of(b.data, b.len));
    if (!b.err)
        memcpy(to, b.data, BATCH_HEADER_BYTES);
    int err = b.err;
    buf_done(&b);
    return err;
}

int batch_header_read(struct slice bytes, struct batch_header *ret_header)
{
    if (bytes.len < BATCH_HEADER_BYTES || memcmp(bytes.at, MAGIC, sizeof MAGIC) != 0)
        return ERR_CORRUPT;
    struct cursor c;
    cursor_init(&c, bytes.at + sizeof MAGIC, BATCH_HEADER_BYTES - sizeof MAGIC);
    struct batch_header h = {0};
    uint16_t version = cursor_le16(&c);
    uint16_t size = cursor_le16(&c);
    struct slice id = cursor_bytes(&c, BATCH_ID_BYTES);
    memcpy(h.id, id.at, BATCH_ID_BYTES);
    h.facts.number = cursor_le64(&c);
    h.facts.lines = cursor_le32(&c);
    h.facts.readings = cursor_le32(&c);
    h.facts.plain_bytes = cursor_le64(&c);
    h.facts.body_bytes = cursor_le64(&c);
    h.body_crc = cursor_le32(&c);
    if (cursor_le32(&c) != crc_of(bytes.at, BATCH_HEADER_BYTES - 4))
        return ERR_CORRUPT;
    if (version != 1)
        return ERR_VERSION;
    if (size != BATCH_HEADER_BYTES || h.facts.plain_bytes > BATCH_PLAIN_MAX)
        return ERR_CORRUPT;
    *ret_header = h;
    return 0;
}

int batch_path(const struct batch_folder *folder, uint64_t number, const char *end,
               char ret_path[FILE_PATH_MAX])
{
    char name[64];
    snprintf(name, sizeof name, "%012" PRIu64 "%s", number, end);
    return file_join(ret_path, folder->path, name);
}

int batch_write(const struct batch_folder *folder, struct slice plain, struct batch_facts *facts)
{
    char path[FILE_PATH_MAX];
    int err = batch_path(folder, facts->number, BATCH_NAME_END, path);
    if (err)
        return err;
    if (plain.len > BATCH_PLAIN_MAX)
        return ERR_FULL;
    char *bytes = NULL;
    size_t body = 0;
    err = compress_behind(plain, BATCH_HEADER_BYTES, &bytes, &body);
    if (err)
        return err;
    facts->plain_bytes = plain.len;
    facts->body_bytes = body;
    err = put_header(bytes, folder->id, facts, crc_of(bytes + BATCH_HEADER_BYTES, body));
    if (!err)
        err = file_replace(path, bytes, BATCH_HEADER_BYTES + body, 0600);
    free(bytes);
    return err;
}

/* Header, number and body are sound, whosever it is. */
static int check_any(uint64_t number, struct slice file, struct batch_header *ret_header)
{
    int err = batch_header_read(file, ret_header);
    if (err)
        return err;
    size_t body = file.len - BATCH_HEADER_BYTES;
    if (ret_header->facts.number != number || ret_header->facts.body_bytes != body)
        return ERR_CORRUPT;
    return crc_of(file.at + BATCH_HEADER_BYTES, body) == ret_header->body_crc ? 0 : ERR_CORRUPT;
}

static int check(const struct batch_folder *folder, uint64_t number, const struct buf *file,
                 struct batch_header *ret_header)
{
    int err = check_any(number, (struct slice){file->data, file->len}, ret_header);
    bool ours = !err && memcmp(ret_header->id, folder->id, BATCH_ID_BYTES) == 0;
    return err || ours ? err : ERR_CORRUPT;
}

int batch_adopt(const struct batch_folder *folder, uint64_t number, struct slice file)
{
    char path[FILE_PATH_MAX];
    struct batch_header header = {0};
    int err = check_any(number, file, &header);
    if (!err)
        err = batch_path(folder, number, BATCH_NAME_END, path);
    char *bytes = err ? NULL : malloc(file.len);
    if (err || !bytes)
        return err ? err : ERR_NOMEM;
    memcpy(bytes, file.at, file.len);
    err = put_header(bytes, folder->id, &header.facts, header.body_crc);
    if (!err)
        err = file_replace(path, bytes, file.len, 0600);
    free(bytes);
    return err;
}

int batch_read(const struct batch_folder *folder, uint64_t number, struct batch *ret_batch)
{
    char path[FILE_PATH_MAX];
    int err = batch_path(folder, number, BATCH_NAME_END, path);
    if (err)
        return err;
    struct buf file;
    struct batch_header header = {0};
    /* gzip adds a few bytes to what cannot be compressed */
    buf_init(&file, BATCH_PLAIN_MAX + BATCH_PLAIN_MAX / 100);
    err = file_read(path, &file);
    if (!err)
        err = check(folder, number, &file, &header);
    if (err) {
        buf_done(&file);
        return err == ERR_FULL ? ERR_CORRUPT : err;
    }
    ret_batch->facts = header.facts;
    ret_batch->bytes = file.data;
    ret_batch->body = (struct slice){file.data + BATCH_HEADER_BYTES, file.len - BATCH_HEADER_BYTES};
    return 0;
}

void batch_done(struct batch *batch)
{
    free(batch->bytes);
    *batch = (struct batch){0};
}

int batch_plain(const struct batch *batch, char **ret_plain)
{
    size_t len = batch->facts.plain_bytes;
    char *plain = malloc(len ? len : 1);
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    int err = plain && d ? 0 : ERR_NOMEM;
    if (!err && libdeflate_gzip_decompress(d, batch->body.at, batch->body.len, plain, len, NULL))
        err = ERR_CORRUPT;
    libdeflate_free_decompressor(d);
    if (err) {
        free(plain);
        return err;
    }
    *ret_plain = plain;
    return 0;
}

/* Takes one line with its newline off the front; empty at the end. */
static struct slice take_line(struct slice *rest)
{
    const char *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;
    size_t len = end ? (size_t)(end - rest->at) + 1 : rest->len;
    struct slice line = {rest->at, len};
    rest->at = len ? rest->at + len : rest->at;
    rest->len -= len;
    return line;
}

int batch_pick(struct slice plain, const struct sending_line *lines, uint32_t first, uint32_t end,
               char **ret_text, size_t *ret_len)
{
    char *text = malloc(plain.len ? plain.len : 1);
    if (!text)
        return ERR_NOMEM;
    size_t len = 0;
    struct slice rest = plain;
    for (uint32_t i = 0; i < end; i++) {
        struct slice line = take_line(&rest);
        if (i < first || lines[i].fate != SENDING_TODO || line.len == 0)
            continue;
        memcpy(text + len, line.at, line.len);
        len += line.len;
    }
    *ret_text = text;
    *ret_len = len;
    return 0;
}

int batch_index(struct slice plain, uint32_t n_lines, struct sending_line **ret_lines)
{
    struct sending_line *lines = calloc(n_lines ? n_lines : 1, sizeof *lines);
    if (!lines)
        return ERR_NOMEM;
    struct slice rest = plain;
    int err = 0;
    for (uint32_t i = 0; !err && i < n_lines; i++) {
        struct slice line = take_line(&rest);
        struct line_facts facts = {0};
        if (line.len > 0 && line.at[line.len - 1] == '\n')
            line.len--;
        if (line.len == 0)
            err = ERR_CORRUPT;
        else if (line_look(line, &facts))
            facts = (struct line_facts){.time_ns = INT64_MAX, .fields = 1};
        lines[i] = (struct sending_line){facts.time_ns, facts.fields, SENDING_TODO};
    }
    if (!err && rest.len > 0)
        err = ERR_CORRUPT;
    if (err) {
        free(lines);
        return err;
    }
    *ret_lines = lines;
    return 0;
}

struct slice batch_line(struct slice plain, uint32_t n)
{
    struct slice rest = plain;
    struct slice line = {0};
    for (uint32_t i = 0; i <= n; i++)
        line = take_line(&rest);
    if (line.len > 0 && line.at[line.len - 1] == '\n')
        line.len--;
    return line;
}
