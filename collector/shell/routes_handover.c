/* From one shift to the next: what is handed over, and that both have signed it. */
#include "shell/routes_own.h"

#include "base/err.h"

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

/* The signature is the row of the audit log, which follows with the commit. */
void routes_post_handover(struct routes_request *r)
{
    struct signed_text text = {.by = ""};
    if (!routes_read_body(r, take_members, &text))
        return;
    if (!text.by[0]) {
        routes_say(r->answer, 400, "by must say who signs", NULL);
        return;
    }
    (void)routes_change(r);
    struct emit e = emit_to(&r->answer->body);
    emit_object(&e, NULL);
    emit_instant(&e, "at", r->view.scope.now);
    emit_text(&e, "by", text.by);
    emit_end(&e);
}
