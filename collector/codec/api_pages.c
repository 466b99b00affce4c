#include "codec/api.h"
#include "codec/emit.h"

static void put_page(const struct page *p, struct emit *e)
{
    emit_object(e, NULL);
    emit_int(e, "id", (int64_t)p->id);
    emit_int(e, "number", (int64_t)p->number);
    emit_int(e, "alert", p->alert);
    emit_text(e, "transition", page_transition_word((int)p->transition));
    emit_int(e, "step", p->step);
    emit_text(e, "severity", severity_word((int)p->severity));
    emit_text(e, "rule", p->rule);
    emit_text(e, "target", p->target);
    emit_text(e, "place", p->place);
    emit_text(e, "state", page_state_word((int)p->state));
    emit_instant(e, "made", p->made);
    emit_instant(e, "done", p->done.ms ? p->done : (struct wall_ms){WALL_NEVER_MS});
    if (p->done.ms)
        emit_int(e, "delay_ms", p->done.ms - p->made.ms);
    else
        emit_null(e, "delay_ms");
    emit_int(e, "tries", p->tries);
    emit_int(e, "status", p->status);
    emit_text(e, "answer", p->answer);
    emit_int(e, "others", p->others);
    emit_text(e, "told", p->told);
    emit_text(e, "sms", p->sms);
    emit_text(e, "vi", p->vi);
    emit_text(e, "en", p->en);
    emit_end(e);
}

void api_pages(const struct api_scope *scope, const struct page_box *box, struct api_page page,
               struct buf *out)
{
    struct emit e = emit_to(out);
    size_t len = box->pages.len;
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    emit_array(&e, "pages");
    for (size_t i = page.offset; i < len && api_page_has(page, i); i++)
        put_page(vec_at(&box->pages, len - 1 - i), &e);
    api_page_end(page, len, &e);
    emit_end(&e);
}
