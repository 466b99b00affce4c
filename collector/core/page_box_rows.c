#include "core/page_box.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"

#include <string.h>

enum {
    ROW_VERSION = 2,
    ROW_MAX = 4096,
    FLAG_PASSED_ON = 1,
    FLAG_LINK_USED = 2,
    FLAG_OUTAGE = 4,
    STEP_SHIFT = 4
};

static void put_page(struct buf *b, const struct page *p)
{
    const struct wall_ms times[] = {p->began, p->ended, p->made, p->next, p->done};
    const char *texts[] = {p->rule, p->target, p->place, p->area, p->answer,
                           p->sms,  p->vi,     p->en,    p->told};
    buf_char(b, ROW_VERSION);
    buf_char(b, (char)p->transition);
    buf_char(b, (char)p->severity);
    buf_char(b, (char)p->state);
    buf_char(b, (char)((p->passed_on ? FLAG_PASSED_ON : 0) | (p->link_used ? FLAG_LINK_USED : 0) |
                       (p->outage ? FLAG_OUTAGE : 0) | p->step << STEP_SHIFT));
    buf_le64(b, p->number);
    buf_le32(b, p->alert);
    buf_le32(b, p->tries);
    buf_le32(b, (uint32_t)p->status);
    buf_le32(b, p->others);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        buf_le64(b, (uint64_t)times[i].ms);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        buf_text(b, texts[i]);
}

static int save_page(const struct page *p, const struct row_sink *sink)
{
    struct buf key, value;
    buf_init(&key, 8);
    buf_init(&value, ROW_MAX);
    buf_le64(&key, p->id);
    put_page(&value, p);
    int err = key.err ? key.err : value.err;
    if (!err)
        err = sink->put(sink->context, ROW_PAGE, (struct slice){key.data, key.len},
                        (struct slice){value.data, value.len});
    buf_done(&key);
    buf_done(&value);
    return err;
}

int page_box_save(struct page_box *box, const struct row_sink *sink)
{
    int err = 0;
    for (size_t i = 0; !err && i < box->dropped.len; i++)
        err = rows_drop_numbered(sink, ROW_PAGE, *(uint64_t *)vec_at(&box->dropped, i));
    for (size_t i = 0; !err && i < box->pages.len; i++) {
        struct page *p = vec_at(&box->pages, i);
        if (p->dirty)
            err = save_page(p, sink);
        p->dirty = p->dirty && err;
    }
    if (!err)
        box->dropped.len = 0;
    return err;
}

static void get_numbers(struct cursor *c, struct page *p)
{
    p->number = cursor_le64(c);
    p->alert = cursor_le32(c);
    p->tries = cursor_le32(c);
    p->status = (int)cursor_le32(c);
    p->others = cursor_le32(c);
    p->began.ms = (int64_t)cursor_le64(c);
    p->ended.ms = (int64_t)cursor_le64(c);
    p->made.ms = (int64_t)cursor_le64(c);
    p->next.ms = (int64_t)cursor_le64(c);
    p->done.ms = (int64_t)cursor_le64(c);
}

static void get_texts(struct cursor *c, struct page *p)
{
    cursor_text(c, p->rule, sizeof p->rule);
    cursor_text(c, p->target, sizeof p->target);
    cursor_text(c, p->place, sizeof p->place);
    cursor_text(c, p->area, sizeof p->area);
    cursor_text(c, p->answer, sizeof p->answer);
    cursor_text(c, p->sms, sizeof p->sms);
    cursor_text(c, p->vi, sizeof p->vi);
    cursor_text(c, p->en, sizeof p->en);
}

static int read_page(struct slice value, struct page *p)
{
    struct cursor c;
    cursor_init(&c, value.at, value.len);
    uint8_t version = cursor_u8(&c);
    if (version == 0 || version > ROW_VERSION)
        return ERR_VERSION;
    uint8_t transition = cursor_u8(&c), severity = cursor_u8(&c), state = cursor_u8(&c);
    uint8_t flags = cursor_u8(&c);
    p->passed_on = flags & FLAG_PASSED_ON;
    p->link_used = flags & FLAG_LINK_USED;
    p->outage = flags & FLAG_OUTAGE;
    p->step = flags >> STEP_SHIFT;
    get_numbers(&c, p);
    get_texts(&c, p);
    if (version > 1) /* before there were numbers */
        cursor_text(&c, p->told, sizeof p->told);
    if (c.err || cursor_left(&c) || transition > PAGE_DIGEST || severity >= SEVERITY_COUNT ||
        state > PAGE_FAILED)
        return ERR_CORRUPT;
    p->transition = (enum page_transition)transition;
    p->severity = (enum severity)severity;
    p->state = (enum page_state)state;
    return 0;
}

/* Rows come in any order; the box keeps them by number. */
static size_t place_of(const struct page_box *box, uint64_t id)
{
    size_t i = box->pages.len;
    while (i > 0 && ((const struct page *)vec_at(&box->pages, i - 1))->id > id)
        i--;
    return i;
}

int page_box_load(struct page_box *box, struct slice key, struct slice value)
{
    struct cursor c;
    struct page page = {0};
    cursor_init(&c, key.at, key.len);
    page.id = cursor_le64(&c);
    if (c.err || cursor_left(&c) || page.id == 0)
        return ERR_CORRUPT;
    int err = read_page(value, &page);
    if (err)
        return err;
    struct page *p = vec_insert(&box->pages, place_of(box, page.id));
    if (!p)
        return ERR_NOMEM;
    *p = page;
    if (page.id >= box->next)
        box->next = page.id + 1;
    return 0;
}
