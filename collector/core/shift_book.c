#include "core/shift_book.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first version knew no outages. */
enum { ROW_VERSION = 2, FIRST_VERSION = 1, ROW_BYTES_MAX = 2048, KINDS = SHIFT_CLOSE + 1 };

#define SHIFT_WORD(name, number, word) [name] = (word),

static const char *const WORDS[] = {SHIFT_KIND_MAP(SHIFT_WORD)};

#undef SHIFT_WORD

const char *shift_kind_word(int kind)
{
    return kind >= 0 && kind < KINDS ? WORDS[kind] : "";
}

void shift_book_init(struct shift_book *b, int64_t keep_ms)
{
    *b = (struct shift_book){
        .next = 1, .saved = 1, .keep_ms = keep_ms ? keep_ms : (int64_t)SHIFT_KEEP_MS};
    vec_init(&b->kept, sizeof(struct shift_kept), SHIFT_KEPT_MAX + 1);
    vec_init(&b->dropped, sizeof(uint64_t), SHIFT_KEPT_MAX + 1);
}

void shift_book_done(struct shift_book *b)
{
    for (size_t i = 0; i < b->kept.len; i++)
        free(((struct shift_kept *)vec_at(&b->kept, i))->own);
    vec_done(&b->kept);
    vec_done(&b->dropped);
}

/* One goes; its row with the next save, if it ever had one. */
static int drop_at(struct shift_book *b, size_t at)
{
    const struct shift_kept *entry = vec_at(&b->kept, at);
    if (entry->number < b->saved) {
        uint64_t *number = vec_push(&b->dropped);
        if (!number)
            return ERR_NOMEM;
        *number = entry->number;
    }
    free(entry->own);
    vec_remove(&b->kept, at, 1);
    return 0;
}

static bool is_of_roots(enum shift_kind kind)
{
    return kind == SHIFT_JOINED || kind == SHIFT_OWN;
}

/* Of outages that came under another root the oldest goes when there are many. */
static int make_room_of_roots(struct shift_book *b)
{
    size_t n = 0;
    size_t oldest = 0;
    for (size_t i = b->kept.len; i > 0; i--) {
        const struct shift_kept *k = vec_at(&b->kept, i - 1);
        oldest = is_of_roots(k->kind) ? i - 1 : oldest;
        n += is_of_roots(k->kind);
    }
    return n < SHIFT_ROOTS_MAX ? 0 : drop_at(b, oldest);
}

static int make_room(struct shift_book *b, enum shift_kind kind, struct wall_ms now)
{
    int err = is_of_roots(kind) ? make_room_of_roots(b) : 0;
    while (!err && b->kept.len > 0) {
        const struct shift_kept *first = vec_at(&b->kept, 0);
        if (b->kept.len < SHIFT_KEPT_MAX && first->at.ms > now.ms - b->keep_ms)
            break;
        err = drop_at(b, 0);
    }
    return err;
}

/* One piece of memory for the three texts. */
static int append(struct shift_book *b, const struct shift_kept *entry)
{
    int by = (int)slice_cut(entry->by, SHIFT_BY_MAX - 1).len;
    int token = (int)slice_cut(entry->token, SHIFT_BY_MAX - 1).len;
    int text = (int)slice_cut(entry->text, SHIFT_TEXT_MAX - 1).len;
    char *own = malloc((size_t)(by + token + text) + 3);
    struct shift_kept *fresh = own ? vec_push(&b->kept) : NULL;
    if (!fresh) {
        free(own);
        return ERR_NOMEM;
    }
    *fresh = *entry;
    fresh->own = own;
    fresh->by = own;
    fresh->token = own + by + 1;
    fresh->text = fresh->token + token + 1;
    snprintf(own, (size_t)(by + token + text) + 3, "%.*s%c%.*s%c%.*s", by, entry->by, 0, token,
             entry->token, 0, text, entry->text);
    return 0;
}

int shift_book_add(struct shift_book *b, const struct shift_kept *entry)
{
    struct shift_kept fresh = *entry;
    fresh.number = b->next;
    int err = make_room(b, entry->kind, entry->at);
    if (!err)
        err = append(b, &fresh);
    b->next += !err;
    return err;
}

const struct shift_kept *shift_book_last(const struct shift_book *b, enum shift_kind kind)
{
    for (size_t i = b->kept.len; i > 0; i--) {
        const struct shift_kept *k = vec_at(&b->kept, i - 1);
        if (k->kind == kind)
            return k;
    }
    return NULL;
}

const struct shift_kept *shift_book_waits(const struct shift_book *b)
{
    const struct shift_kept *given = shift_book_last(b, SHIFT_GIVEN);
    const struct shift_kept *taken = shift_book_last(b, SHIFT_TAKEN);
    return given && (!taken || taken->number < given->number) ? given : NULL;
}

const char *shift_book_refusal(const struct shift_book *b, const char *token, const char *by)
{
    const struct shift_kept *given = shift_book_waits(b);
    if (!given)
        return "nobody has handed this shift over yet";
    bool same = strcmp(given->token, token) == 0 && strcmp(given->by, by) == 0;
    return same ? "whoever hands a shift over cannot take it himself" : NULL;
}

/* ---- rows ---- */

static int save_entry(const struct shift_kept *k, const struct row_sink *sink)
{
    struct buf key;
    struct buf value;
    buf_init(&key, 8);
    buf_init(&value, ROW_BYTES_MAX);
    buf_le64(&key, k->number);
    buf_char(&value, ROW_VERSION);
    buf_char(&value, (char)k->kind);
    buf_le64(&value, (uint64_t)k->at.ms);
    buf_text(&value, k->by);
    buf_text(&value, k->token);
    buf_text(&value, k->text);
    buf_le64(&value, k->outage);
    buf_le32(&value, k->site);
    buf_le64(&value, k->root);
    buf_le32(&value, k->others);
    int err = key.err ? key.err : value.err;
    if (!err)
        err = sink->put(sink->context, ROW_SHIFT, (struct slice){key.data, key.len},
                        (struct slice){value.data, value.len});
    buf_done(&key);
    buf_done(&value);
    return err;
}

int shift_book_save(struct shift_book *b, const struct row_sink *sink)
{
    int err = 0;
    for (size_t i = 0; !err && i < b->dropped.len; i++)
        err = rows_drop_numbered(sink, ROW_SHIFT, *(const uint64_t *)vec_at(&b->dropped, i));
    for (size_t i = b->kept.len; !err && i > 0; i--) {
        const struct shift_kept *k = vec_at(&b->kept, i - 1);
        if (k->number < b->saved)
            break;
        err = save_entry(k, sink);
    }
    if (!err) {
        b->dropped.len = 0;
        b->saved = b->next;
    }
    return err;
}

/* Rows come in the order of their keys' bytes, which is not that of their numbers. */
static void move_into_place(struct shift_book *b)
{
    size_t at = b->kept.len - 1;
    struct shift_kept last = *(const struct shift_kept *)vec_at(&b->kept, at);
    for (; at > 0; at--) {
        const struct shift_kept *before = vec_at(&b->kept, at - 1);
        if (before->number < last.number)
            break;
        *(struct shift_kept *)vec_at(&b->kept, at) = *before;
    }
    *(struct shift_kept *)vec_at(&b->kept, at) = last;
}

int shift_book_load(struct shift_book *b, struct slice key, struct slice value)
{
    char by[SHIFT_BY_MAX];
    char token[SHIFT_BY_MAX];
    char text[SHIFT_TEXT_MAX];
    struct shift_kept entry = {.by = by, .token = token, .text = text};
    struct cursor c;
    cursor_init(&c, key.at, key.len);
    entry.number = cursor_le64(&c);
    if (c.err || !entry.number || b->kept.len > SHIFT_KEPT_MAX)
        return ERR_CORRUPT;
    cursor_init(&c, value.at, value.len);
    uint8_t version = cursor_u8(&c);
    if (version != FIRST_VERSION && version != ROW_VERSION)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    entry.kind = (enum shift_kind)cursor_u8(&c);
    entry.at.ms = (int64_t)cursor_le64(&c);
    cursor_text(&c, by, sizeof by);
    cursor_text(&c, token, sizeof token);
    cursor_text(&c, text, sizeof text);
    if (version == ROW_VERSION) {
        entry.outage = cursor_le64(&c);
        entry.site = cursor_le32(&c);
        entry.root = cursor_le64(&c);
        entry.others = cursor_le32(&c);
    }
    if (c.err || entry.kind >= SHIFT_KEPT_KINDS)
        return ERR_CORRUPT;
    int err = append(b, &entry);
    if (err)
        return err;
    move_into_place(b);
    if (entry.number >= b->next)
        b->saved = b->next = entry.number + 1;
    return 0;
}
