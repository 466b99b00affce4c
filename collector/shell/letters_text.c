#include "shell/letters_own.h"

#include "base/err.h"
#include "codec/emit.h"
#include "wire/json.h"

enum { HEX_MAX = 4096 };

static void put_letter(struct emit *e, uint64_t number, const struct dead_letter *letter)
{
    emit_int(e, "number", (int64_t)number);
    emit_instant(e, "at", letter->at);
    emit_slice(e, "source", letter->source);
    emit_slice(e, "reason", letter->reason);
    emit_int(e, "bytes", (int64_t)letter->payload.len);
    emit_int(e, "readings", (int64_t)letter->readings);
    emit_bool(e, "requeue", letters_can_requeue(letter->source));
}

/* A page under construction; one entry more than asked for says that there is a next page. */
struct page {
    struct emit e;
    uint64_t room;
    uint64_t last;
    bool more;
};

static int put_entry(void *context, const struct dead_entry *entry)
{
    struct page *page = context;
    if (page->room == 0) {
        page->more = true;
        return 0;
    }
    page->room--;
    page->last = entry->number;
    emit_object(&page->e, NULL);
    put_letter(&page->e, entry->number, &entry->letter);
    emit_end(&page->e);
    return 0;
}

static int no_row(void *context, uint8_t kind, struct slice key, struct slice value)
{
    (void)context;
    (void)kind;
    (void)key;
    (void)value;
    return 0;
}

static void put_sums(struct emit *e, const struct store_figures *f)
{
    emit_int(e, "total", (int64_t)f->dead_rows);
    emit_int(e, "made", (int64_t)f->dead_made);
    emit_int(e, "dropped", (int64_t)f->dead_dropped);
    emit_int(e, "purged", (int64_t)f->dead_purged);
    emit_int(e, "requeued", (int64_t)f->dead_requeued);
}

void letters_text_list(const char *path, const struct letters_query *query,
                       struct http_answer *answer)
{
    struct page page = {.e = emit_to(&answer->body), .room = query->limit};
    struct dead_filter filter = {query->after, query->limit + 1, query->reason};
    struct store_figures figures = {0};
    int err = store_snapshot(path, 0, 0, NULL, no_row, &figures);
    emit_object(&page.e, NULL);
    emit_array(&page.e, "letters");
    if (!err)
        err = store_dead_list(path, &filter, &page, put_entry);
    emit_end(&page.e);
    if (page.more)
        emit_int(&page.e, "next", (int64_t)page.last);
    else
        emit_null(&page.e, "next");
    put_sums(&page.e, &figures);
    emit_end(&page.e);
    if (err)
        letters_text_error(answer, 503, 0, "the store cannot be read at present");
}

static void put_hex(struct emit *e, struct slice bytes)
{
    struct buf hex;
    buf_init(&hex, 2 * HEX_MAX + 1);
    for (size_t i = 0; i < bytes.len && i < HEX_MAX; i++)
        buf_printf(&hex, "%02x", (unsigned char)bytes.at[i]);
    emit_slice(e, "payload_hex", (struct slice){hex.data, hex.len});
    buf_done(&hex);
}

void letters_text_show(const struct letters_copy *copy, struct http_answer *answer)
{
    struct emit e = emit_to(&answer->body);
    emit_object(&e, NULL);
    put_letter(&e, copy->number, &copy->letter);
    emit_slice(&e, "payload", copy->letter.payload);
    put_hex(&e, copy->letter.payload);
    emit_end(&e);
}

void letters_text_error(struct http_answer *answer, int status, uint64_t number, const char *why)
{
    answer->status = status;
    buf_clear(&answer->body);
    struct emit e = emit_to(&answer->body);
    emit_object(&e, NULL);
    emit_text(&e, "error", why);
    if (number)
        emit_int(&e, "number", (int64_t)number);
    emit_end(&e);
}

void letters_text_end(struct http_answer *answer, uint64_t number, enum letter_end how)
{
    struct emit e = emit_to(&answer->body);
    emit_object(&e, NULL);
    emit_int(&e, "number", (int64_t)number);
    emit_bool(&e, how == LETTER_PURGED ? "purged" : "requeued", true);
    emit_end(&e);
}
