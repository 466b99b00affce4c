/* A link of a page, opened by whoever got it: says what it does, and does it once. */
#include "shell/routes_own.h"

#include "base/err.h"

#include <stdio.h>

/* What there is to say, in both languages. */
struct words {
    int status;
    const char *vi, *en;
};

static const struct words ASK = {200, "Tiếp nhận sự cố", "Acknowledge outage"};
static const struct words DONE = {200, "Đã tiếp nhận sự cố", "You have acknowledged outage"};
static const struct words USED = {409, "Liên kết này đã được dùng cho sự cố",
                                  "This link was used already, for outage"};
static const struct words OVER = {
    200, "Không tiếp nhận được nữa: đã có người tiếp nhận hoặc đã đóng, sự cố",
    "It cannot be acknowledged any more: somebody has it or it is closed, outage"};
static const struct words STRANGE = {404, "Liên kết không đúng hoặc đã hết hạn",
                                     "This link is not ours or has expired"};

static void write_page(struct routes_request *r, const struct words *w, uint64_t number, bool ask)
{
    struct buf *out = &r->answer->body;
    char outage[32] = "";
    if (number)
        snprintf(outage, sizeof outage, " SC%llu", (unsigned long long)number);
    r->answer->status = w->status;
    r->answer->type = "text/html; charset=utf-8";
    buf_printf(out,
               "<!doctype html><html lang=\"vi\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
               "content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">"
               "<title>%s%s</title><h1>%s%s</h1><p lang=\"en\">%s%s</p>",
               w->vi, outage, w->vi, outage, w->en, outage);
    if (ask)
        buf_str(out, "<form method=\"post\"><button>Tiếp nhận · Acknowledge</button></form>");
}

/* The page that the link is for; NULL with the answer written. */
static const struct page *find(struct routes_request *r)
{
    uint64_t id = 0;
    int err = ack_link_read(r->view.link_key, r->id, r->view.scope.now, &id);
    const struct page *page = err ? NULL : page_box_find(pager_box(r->view.pager), id);
    if (!page)
        write_page(r, &STRANGE, 0, false);
    return page;
}

/* Looking does nothing: programs look at links before people do. */
void routes_get_link(struct routes_request *r)
{
    const struct page *page = find(r);
    if (page)
        write_page(r, page->link_used ? &USED : &ASK, page->number, !page->link_used);
}

void routes_post_link(struct routes_request *r)
{
    int err = 0;
    const struct page *page = find(r);
    if (!page)
        return;
    if (page->link_used) {
        write_page(r, &USED, page->number, false);
        return;
    }
    uint64_t number = page->number;
    snprintf(r->bearer, sizeof r->bearer, "%s", page->target);
    snprintf(r->id, sizeof r->id, "SC%llu", (unsigned long long)number); /* not the link itself */
    struct centre *c = routes_change(r);
    page_box_use_link(pager_box(r->view.pager), page->id);
    enum reply_result result =
        reply_acknowledge(c, r->view.pager, number, r->bearer, r->view.scope.now, &err);
    if (err)
        routes_no_memory(r, err);
    else
        write_page(r, result == REPLY_TAKEN ? &DONE : &OVER, number, false);
}
