#include "core/inventory_store.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"
#include "core/inventory_rows.h"

enum {
    VERSION = 5,
    VERSION_NO_COVER = 4,  /* what is served ends with its area */
    VERSION_NO_AWAITS = 3, /* units end with their anchor */
    VERSION_NO_FEEDS = 2,  /* probes end with the sites they also speak for */
    VERSION_OLD = 1,       /* declarations end with their reason, probes as above */
    CHUNK = 128,           /* names or rows in one value */
    VALUE_MAX = 1 << 26,   /* bytes of one value: 128 rows of long texts */
    DECLARATION_LATER = 3, /* number, by, withdrawn */
    SERVES_LATER = 2       /* by, reason */
};

/* Where a chunk belongs: names first, so that rows find what they refer to. */
enum { SECTION_ROWS = NAMES_COUNT, SECTION_COUNT = NAMES_COUNT + TABLE_COUNT };

static size_t section_len(const struct inventory *inv, unsigned section)
{
    if (section < SECTION_ROWS)
        return inventory_names(inv, section)->len;
    return inventory_rows(inv, section - SECTION_ROWS)->len;
}

/* --- writing --- */

static void put_text(struct buf *out, const char *text)
{
    size_t len = strlen(text);
    buf_le32(out, (uint32_t)len);
    buf_put(out, text, len);
}

static void put_sites(struct buf *out, const struct inventory *inv, const struct probe_row *row)
{
    buf_le32(out, row->also_len);
    for (uint32_t i = 0; i < row->also_len; i++)
        buf_le32(out, *(const uint32_t *)vec_at(&inv->also, row->also_first + i));
}

static void put_word(struct buf *out, const void *word)
{
    uint32_t value;
    memcpy(&value, word, sizeof value);
    buf_le32(out, value);
}

static void put_long(struct buf *out, const void *word)
{
    uint64_t value;
    memcpy(&value, word, sizeof value);
    buf_le64(out, value);
}

static void put_member(struct buf *out, const struct inventory *inv,
                       const struct inventory_member *member, const char *row)
{
    const char *at = row + member->offset;
    switch (member->type) {
    case MEMBER_NUMBER:
    case MEMBER_ENUM:
    case MEMBER_YEAR:
        put_word(out, at);
        break;
    case MEMBER_COUNT:
    case MEMBER_INSTANT:
    case MEMBER_F64:
        put_long(out, at);
        break;
    case MEMBER_BOOL:
        buf_char(out, (char)*(const bool *)at);
        break;
    case MEMBER_TEXT:
        put_text(out, *(const inv_text *)(const void *)at);
        break;
    case MEMBER_SITES:
        put_sites(out, inv, (const struct probe_row *)(const void *)row);
        break;
    }
}

static void put_row(struct buf *out, const struct inventory *inv,
                    const struct inventory_table *table, const char *row)
{
    if (table->valid) {
        put_long(out, row + table->valid);
        put_long(out, row + table->valid + sizeof(struct wall_ms));
    }
    for (size_t i = 0; i < table->n_members; i++)
        put_member(out, inv, &table->members[i], row);
}

/* One chunk; empty beyond the end of the section. */
static void put_chunk(struct buf *out, const struct inventory *inv, unsigned section,
                      uint32_t chunk)
{
    size_t first = (size_t)chunk * CHUNK, len = section_len(inv, section);
    buf_clear(out);
    if (first >= len)
        return;
    size_t n = len - first < CHUNK ? len - first : CHUNK;
    buf_char(out, VERSION);
    buf_le32(out, (uint32_t)n);
    for (size_t i = first; i < first + n; i++) {
        if (section < SECTION_ROWS)
            put_text(out, names_text(inventory_names(inv, section), (uint32_t)i));
        else
            put_row(out, inv, inventory_table(section - SECTION_ROWS),
                    vec_at(inventory_rows(inv, section - SECTION_ROWS), i));
    }
}

static struct slice bytes_of(const struct buf *b)
{
    return (struct slice){b->data, b->len};
}

static int save_chunk(const struct row_sink *sink, unsigned section, uint32_t chunk,
                      const struct buf *now, struct slice before)
{
    const char key[5] = {(char)section, (char)(chunk >> 24), (char)(chunk >> 16),
                         (char)(chunk >> 8), (char)chunk};
    struct slice name = {key, sizeof key};
    if (slice_equal(bytes_of(now), before))
        return 0;
    if (now->len == 0)
        return sink->drop(sink->context, ROW_INVENTORY, name);
    return sink->put(sink->context, ROW_INVENTORY, name, bytes_of(now));
}

int inventory_save(const struct inventory *inv, const struct inventory *stored,
                   const struct row_sink *sink)
{
    struct buf now, before;
    int err = 0;
    buf_init(&now, VALUE_MAX);
    buf_init(&before, VALUE_MAX);
    for (unsigned section = 0; err == 0 && section < SECTION_COUNT; section++) {
        size_t len = section_len(inv, section);
        if (stored && section_len(stored, section) > len)
            len = section_len(stored, section);
        for (uint32_t chunk = 0; err == 0 && (size_t)chunk * CHUNK < len; chunk++) {
            put_chunk(&now, inv, section, chunk);
            if (stored)
                put_chunk(&before, stored, section, chunk);
            err = now.err ? now.err : before.err;
            if (!err)
                err = save_chunk(sink, section, chunk, &now, bytes_of(&before));
        }
    }
    buf_done(&now);
    buf_done(&before);
    return err;
}

/* --- declarations, which people change in place --- */

enum {
    SECTION_DECLARATIONS = SECTION_ROWS + TABLE_DECLARATIONS,
    KEPT_MAX = 1 << 28,
    KEPT_CHUNKS = 1 << 20
};

void inventory_kept_done(struct inventory_kept *kept)
{
    if (kept->kept) {
        buf_done(&kept->bytes);
        vec_done(&kept->ends);
    }
    *kept = (struct inventory_kept){.kept = false};
}

static int keep_chunk(struct inventory_kept *kept, const struct buf *chunk)
{
    buf_put(&kept->bytes, chunk->data, chunk->len);
    size_t *end = vec_push(&kept->ends);
    if (!end || kept->bytes.err || chunk->err)
        return ERR_NOMEM;
    *end = kept->bytes.len;
    return 0;
}

int inventory_keep_declarations(const struct inventory *inv, struct inventory_kept *kept)
{
    struct buf chunk;
    int err = 0;
    if (kept->kept)
        return 0;
    kept->kept = true;
    buf_init(&kept->bytes, KEPT_MAX);
    vec_init(&kept->ends, sizeof(size_t), KEPT_CHUNKS);
    buf_init(&chunk, VALUE_MAX);
    for (uint32_t i = 0; !err && (size_t)i * CHUNK < inv->declarations.len; i++) {
        put_chunk(&chunk, inv, SECTION_DECLARATIONS, i);
        err = keep_chunk(kept, &chunk);
    }
    buf_done(&chunk);
    if (err)
        inventory_kept_done(kept);
    return err;
}

/* Chunk @p i as it was kept; empty beyond the last. */
static struct slice kept_chunk(const struct inventory_kept *kept, size_t i)
{
    if (i >= kept->ends.len)
        return (struct slice){0};
    size_t from = i ? *(const size_t *)vec_at(&kept->ends, i - 1) : 0;
    return (struct slice){kept->bytes.data + from, *(const size_t *)vec_at(&kept->ends, i) - from};
}

int inventory_save_declarations(const struct inventory *inv, struct inventory_kept *kept,
                                const struct row_sink *sink)
{
    struct buf now;
    int err = 0;
    if (!kept->kept)
        return 0;
    size_t chunks = (inv->declarations.len + CHUNK - 1) / CHUNK;
    chunks = kept->ends.len > chunks ? kept->ends.len : chunks;
    buf_init(&now, VALUE_MAX);
    for (uint32_t i = 0; !err && i < chunks; i++) {
        put_chunk(&now, inv, SECTION_DECLARATIONS, i);
        err = now.err ? now.err
                      : save_chunk(sink, SECTION_DECLARATIONS, i, &now, kept_chunk(kept, i));
    }
    buf_done(&now);
    inventory_kept_done(kept);
    return err;
}

/* --- reading --- */

static struct slice take_text(struct cursor *c)
{
    return cursor_bytes(c, cursor_le32(c));
}

static int take_sites(struct cursor *c, struct inventory *inv, struct probe_row *row)
{
    uint32_t n = cursor_le32(c);
    row->also_first = (uint32_t)inv->also.len;
    for (row->also_len = 0; row->also_len < n; row->also_len++) {
        uint32_t site = cursor_le32(c);
        if (c->err != 0 || site >= inv->sites.len)
            return ERR_CORRUPT;
        uint32_t *added = vec_push(&inv->also);
        if (!added)
            return ERR_NOMEM;
        *added = site;
    }
    return 0;
}

static int take_word(struct cursor *c, uint32_t below, bool or_none, void *to)
{
    uint32_t value = cursor_le32(c);
    if (value >= below && !(or_none && value == INV_NONE))
        return ERR_CORRUPT;
    memcpy(to, &value, sizeof value);
    return 0;
}

static int take_arena_text(struct cursor *c, struct inventory *inv, void *to)
{
    const char *text = arena_text(&inv->own->texts, take_text(c));
    if (!text)
        return ERR_NOMEM;
    *(inv_text *)to = text;
    return 0;
}

static int take_member(struct cursor *c, struct inventory *inv,
                       const struct inventory_member *member, char *row)
{
    void *to = row + member->offset;
    uint64_t value;
    switch (member->type) {
    case MEMBER_NUMBER:
        return take_word(c, inventory_names(inv, member->of)->len, member->offset != 0, to);
    case MEMBER_ENUM:
        return take_word(c, member->of, false, to);
    case MEMBER_YEAR:
        return take_word(c, INT32_MAX, false, to);
    case MEMBER_COUNT:
    case MEMBER_INSTANT:
    case MEMBER_F64:
        value = cursor_le64(c);
        memcpy(to, &value, sizeof value);
        return 0;
    case MEMBER_BOOL:
        *(bool *)to = cursor_u8(c) != 0;
        return 0;
    case MEMBER_TEXT:
        return take_arena_text(c, inv, to);
    case MEMBER_SITES:
        return take_sites(c, inv, (struct probe_row *)(void *)row);
    }
    return ERR_CORRUPT;
}

/* How many members rows of that version have: those that came later stand last. */
static size_t members_of(unsigned version, enum inventory_table_number number)
{
    size_t later = 0;
    if (version == VERSION_OLD && number == TABLE_DECLARATIONS)
        later = DECLARATION_LATER;
    if (version <= VERSION_NO_FEEDS && number == TABLE_PROBES)
        later = 1;
    if (version <= VERSION_NO_AWAITS && number == TABLE_UNITS)
        later = 1;
    if (version <= VERSION_NO_COVER && number == TABLE_SERVES)
        later = SERVES_LATER;
    return inventory_table(number)->n_members - later;
}

/* What a row of an older version does not say. */
static void fill_row(void *row, enum inventory_table_number number)
{
    if (number == TABLE_DECLARATIONS)
        ((struct declaration *)row)->by = "";
    if (number == TABLE_PROBES)
        ((struct probe_row *)row)->feed = INV_NONE;
    if (number == TABLE_SERVES)
        ((struct serves_row *)row)->by = ((struct serves_row *)row)->reason = "";
}

static int take_row(struct cursor *c, struct inventory *inv, unsigned version,
                    enum inventory_table_number number)
{
    const struct inventory_table *table = inventory_table(number);
    char *row = vec_push(inventory_rows(inv, number));
    if (!row)
        return ERR_NOMEM;
    if (table->valid) {
        struct validity *valid = inventory_row_valid(table, row);
        valid->from.ms = (int64_t)cursor_le64(c);
        valid->to.ms = (int64_t)cursor_le64(c);
    }
    int err = 0;
    fill_row(row, number);
    for (size_t i = 0; err == 0 && i < members_of(version, number); i++)
        err = take_member(c, inv, &table->members[i], row);
    return err;
}

/* "SITE/service@operator" says all of a unit's identity. */
static int take_unit(struct inventory *inv, struct slice name)
{
    const char *slash = name.len ? memchr(name.at, '/', name.len) : NULL;
    if (!slash)
        return ERR_CORRUPT;
    struct slice site = {name.at, (size_t)(slash - name.at)};
    struct slice service = {slash + 1, name.len - site.len - 1};
    const char *at = service.len ? memchr(service.at, '@', service.len) : NULL;
    uint32_t op = INV_NONE, unit;
    if (at) {
        struct slice name_of_op = {at + 1, service.len - (size_t)(at - service.at) - 1};
        op = names_find(&inv->operators, name_of_op);
        service.len = (size_t)(at - service.at);
    }
    uint32_t number = names_find(&inv->sites, site);
    if (number == NAMES_NONE || (at && op == NAMES_NONE))
        return ERR_CORRUPT;
    return inventory_add_unit(inv, number, service, op, &unit);
}

static int take_name(struct cursor *c, struct inventory *inv, enum inventory_names_number names)
{
    struct slice name = take_text(c);
    uint32_t number;
    if (c->err != 0)
        return ERR_CORRUPT;
    if (names == NAMES_UNITS)
        return take_unit(inv, name);
    return names_add(inventory_names(inv, names), name, &number);
}

static int take_chunk(struct cursor *c, struct inventory *inv, unsigned version, unsigned section)
{
    uint32_t n = cursor_le32(c);
    int err = 0;
    for (uint32_t i = 0; err == 0 && c->err == 0 && i < n; i++)
        err = section < SECTION_ROWS ? take_name(c, inv, section)
                                     : take_row(c, inv, version, section - SECTION_ROWS);
    if (err != 0)
        return err;
    return c->err != 0 || cursor_left(c) != 0 ? ERR_CORRUPT : 0;
}

int inventory_restore(struct inventory *inv, struct slice key, struct slice value)
{
    struct cursor k, c;
    cursor_init(&k, key.at, key.len);
    cursor_init(&c, value.at, value.len);
    unsigned section = cursor_u8(&k);
    size_t chunk = 0;
    for (int i = 0; i < 4; i++)
        chunk = chunk << 8 | cursor_u8(&k);
    if (k.err != 0 || cursor_left(&k) != 0 || section >= SECTION_COUNT ||
        section_len(inv, section) != chunk * CHUNK)
        return ERR_CORRUPT;
    unsigned version = cursor_u8(&c);
    if (version > VERSION || version < VERSION_OLD)
        return c.err != 0 ? ERR_CORRUPT : ERR_VERSION;
    return take_chunk(&c, inv, version, section);
}

int inventory_restored(struct inventory *inv)
{
    inventory_rows_sort(inv);
    return inventory_index(inv);
}
