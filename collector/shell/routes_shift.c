/* The shift log: read by everybody, written into by operators. */
#include "shell/routes_own.h"

#include "base/err.h"

/* A longer span than this is asked for in parts. */
static const int64_t SPAN_MS = INT64_C(31) * 24 * 60 * 60 * 1000;
static const int64_t DAY_MS = INT64_C(24) * 60 * 60 * 1000;

/* What somebody writes. */
struct note {
    char by[SHIFT_BY_MAX];
    char text[SHIFT_TEXT_MAX];
};

/* Without a word the shift that goes on, or the last day where nobody ever signed. */
static bool read_span(struct routes_request *r, struct validity *ret_span)
{
    struct wall_ms now = r->view.scope.now;
    const struct shift_kept *taken = shift_book_last(&r->view.scope.centre->shifts, SHIFT_TAKEN);
    bool recent = taken && taken->at.ms > now.ms - SPAN_MS;
    struct wall_ms since = recent ? taken->at : wall_add(now, -DAY_MS);
    if (!routes_read_instant(r, "to", wall_add(now, 1), &ret_span->to) ||
        !routes_read_instant(r, "from", since, &ret_span->from))
        return false;
    if (ret_span->from.ms < ret_span->to.ms && ret_span->to.ms - ret_span->from.ms <= SPAN_MS)
        return true;
    routes_say(r->answer, 400, "from must be before to, by 31 days at most", NULL);
    return false;
}

void routes_get_shift(struct routes_request *r)
{
    static const char *const formats[] = {"json", "csv"};
    int format = 0;
    struct validity span;
    if (!routes_read_page(r) || !routes_read_word(r, "format", formats, 2, &format) ||
        !read_span(r, &span))
        return;
    const struct page_box *box = r->view.pager ? pager_box(r->view.pager) : NULL;
    if (format == 1)
        r->answer->type = "text/csv; charset=utf-8";
    routes_no_memory(r,
                     api_shift(&r->view.scope, box, span, r->page, format == 1, &r->answer->body));
}

static void take_members(struct tree *t, void *into)
{
    struct note *note = into;
    (void)tree_need(t, t->root, "text");
    routes_body_text(t, "text", note->text, sizeof note->text - 1);
    routes_body_text(t, "by", note->by, sizeof note->by - 1);
}

void routes_post_shift(struct routes_request *r)
{
    struct note note = {.by = ""};
    if (!routes_read_body(r, take_members, &note))
        return;
    if (!note.text[0]) {
        routes_say(r->answer, 400, "text must say something", NULL);
        return;
    }
    const char *by = note.by[0] ? note.by : r->query->who;
    struct shift_kept entry = {.kind = SHIFT_NOTE,
                               .at = r->view.scope.now,
                               .by = by,
                               .token = r->query->who,
                               .text = note.text};
    int err = shift_book_add(&routes_change(r)->shifts, &entry);
    routes_no_memory(r, err);
    if (err)
        return;
    r->answer->status = 201;
    struct emit e = emit_to(&r->answer->body);
    emit_object(&e, NULL);
    emit_instant(&e, "at", entry.at);
    emit_text(&e, "by", by);
    emit_text(&e, "text", note.text);
    emit_end(&e);
}
