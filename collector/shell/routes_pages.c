/* Pages to people: what became of each; and what they answer. */
#include "shell/routes_own.h"

#include <stdio.h>

void routes_get_pages(struct routes_request *r)
{
    if (routes_read_page(r))
        api_pages(&r->view.scope, pager_box(r->view.pager), r->page, &r->answer->body);
}

/* An SMS as a gateway hands it on. */
struct asked {
    char number[SMS_NUMBER_MAX];
    char text[SMS_TEXT_MAX];
};

static void take_members(struct tree *t, void *into)
{
    struct asked *asked = into;
    (void)tree_need(t, t->root, "number");
    (void)tree_need(t, t->root, "text");
    routes_body_text(t, "number", asked->number, sizeof asked->number - 1);
    routes_body_text(t, "text", asked->text, sizeof asked->text - 1);
}

/* A stranger is answered like everybody, so that the gateway does not try again; it is recorded
 * with the request. */
void routes_post_reply(struct routes_request *r)
{
    struct asked asked = {.number = ""};
    struct reply reply;
    char outage[32];
    if (!routes_read_body(r, take_members, &asked))
        return;
    (void)routes_change(r);
    int err = replies_take(r->view.replies, asked.number, slice_of(asked.text), &reply);
    if (err) {
        routes_no_memory(r, err);
        return;
    }
    snprintf(outage, sizeof outage, "SC%llu", (unsigned long long)reply.number);
    struct emit e = emit_to(&r->answer->body);
    emit_object(&e, NULL);
    emit_text(&e, "result", reply_result_word((int)reply.result));
    emit_text(&e, "outage", reply.number ? outage : "");
    emit_text(&e, "by", reply.person);
    emit_end(&e);
}
