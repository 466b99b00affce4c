/* From one shift to the next: what is handed over, and that both have signed it. */
#include "shell/routes_own.h"

#include "base/err.h"

#include <string.h>

/* What is signed along. */
struct signed_text {
    char by[65];
    char comment[501];
};

void routes_get_handover(struct routes_request *r)
{
    if (routes_read_page(r))
        routes_no_memory(r, api_handover(&r->view.scope, r->page, &r->answer->body));
}

static void take_members(struct tree *t, void *into)
{
    struct signed_text *text = into;
    (void)tree_need(t, t->root, "by");
    routes_body_text(t, "by", text->by, sizeof text->by - 1);
    routes_body_text(t, "comment", text->comment, sizeof text->comment - 1);
}

/* The last word of the path says which of the two. */
static bool takes(const struct routes_request *r)
{
    return strcmp(strrchr(r->query->path, '/'), "/take") == 0;
}

/* Signed in the shift log, by name and token; the audit log has it with the commit. */
void routes_post_handover(struct routes_request *r)
{
    struct signed_text text = {.by = ""};
    if (!routes_read_body(r, take_members, &text))
        return;
    if (!text.by[0]) {
        routes_say(r->answer, 400, "by must say who signs", NULL);
        return;
    }
    const struct shift_book *book = &r->view.scope.centre->shifts;
    const char *why = takes(r) ? shift_book_refusal(book, r->query->who, text.by) : NULL;
    if (why) {
        routes_say(r->answer, 409, why, NULL);
        return;
    }
    struct shift_kept entry = {.kind = takes(r) ? SHIFT_TAKEN : SHIFT_GIVEN,
                               .at = r->view.scope.now,
                               .by = text.by,
                               .token = r->query->who,
                               .text = text.comment};
    routes_no_memory(r, shift_book_add(&routes_change(r)->shifts, &entry));
    struct emit e = emit_to(&r->answer->body);
    emit_object(&e, NULL);
    emit_instant(&e, "at", r->view.scope.now);
    emit_text(&e, "by", text.by);
    emit_end(&e);
}
