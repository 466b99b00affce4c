#include "shell/app_own.h"

#include "base/err.h"
#include "codec/derived_render.h"
#include "io/log.h"

enum { SPANS_MAX = 1024, POINTS_MAX = 5000, TEXT_BYTES_MAX = 24 << 20 };

/* Written, or to be handed out again; either is state, so it goes with the next commit. */
static void on_put(void *arg, int err)
{
    struct app *app = arg;
    if (err == ERR_SYNTAX)
        log_event(LOG_ERROR, "derived.refused",
                  "url=%s do=\"report this: a derived line was not understood\"",
                  app->config.sink.url);
    if (derived_settle(app->centre->derived, err == 0 || err == ERR_SYNTAX) != 0)
        log_event(LOG_ERROR, "derived.settle_failed", "why=%s", err_text(ERR_NOMEM));
    keeper_kick(app->keeper);
}

void app_derived_send(struct app *app)
{
    struct wall_ms now = loop_now(app->loop).wall;
    struct derived_span spans[SPANS_MAX];
    if (!keeper_settled(app->keeper) || !sink_can_put(app->sink))
        return;
    size_t n = derived_take(app->centre->derived, now, POINTS_MAX, spans, SPANS_MAX);
    if (n == 0)
        return;
    struct buf text;
    buf_init(&text, TEXT_BYTES_MAX);
    int err = derived_render(app->centre, app->config.centre.utc_offset_ms, now, spans, n, &text);
    bool sent = false;
    if (!err && text.len > 0) {
        err = sink_put(app->sink, (struct slice){text.data, text.len}, on_put, app);
        sent = err == 0;
    }
    if (!sent)
        on_put(app, err);
    buf_done(&text);
}
