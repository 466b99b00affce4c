/* People work on site: they say so through the socket, the centre hears it through the stream. */
#include "shell/agent_own.h"

#include "io/log.h"
#include "io/loop.h"

#include <stdio.h>

static void start(struct agent *a, const struct work_request *request)
{
    a->work_until = mono_add(loop_now(a->loop).mono, request->ms);
    snprintf(a->work_reason, sizeof a->work_reason, "%s", request->reason);
    log_event(LOG_NOTE, "work.start", "ms=%lld reason=%s", (long long)request->ms, request->reason);
    agent_packs_work(a, request->ms, request->reason);
}

/* Also of what another life of the program announced: the centre knows what lasts. */
static void end(struct agent *a)
{
    a->work_until = (struct mono_ms){0};
    log_event(LOG_NOTE, "work.end", "reason=%s", a->work_reason);
    agent_packs_work(a, 0, "");
}

static int64_t left_ms(const struct agent *a)
{
    int64_t ms = mono_since(a->work_until, loop_now(a->loop).mono);
    return ms > 0 ? ms : 0;
}

void agent_work_report(const struct agent *a, enum status_language language, struct buf *out)
{
    buf_printf(out, "%s ", status_text(language, TEXT_WORK_LEFT));
    status_text_duration(out, left_ms(a));
    buf_printf(out, ": %s\n", a->work_reason);
}

bool agent_works(const struct agent *a)
{
    return left_ms(a) > 0;
}

void agent_work_stored(struct agent *a)
{
    if (!a->work_put || a->stored + outbox_view(a->outbox).unstored < a->work_put)
        return;
    bool lost = outbox_view(a->outbox).unstored > a->work_unstored;
    a->work_put = 0;
    if (!lost) /* else whoever waits is told so in time */
        a->work_stored(a->work_arg);
}

bool agent_work(struct agent *a, const struct work_request *request, enum status_language language,
                struct buf *out, loop_fn *stored, void *arg)
{
    if (a->stopping || !a->outbox)
        return true;
    if (request->deed == WORK_START)
        start(a, request);
    else if (request->deed == WORK_END)
        end(a);
    if (agent_works(a))
        agent_work_report(a, language, out);
    else
        buf_printf(
            out, "%s\n",
            status_text(language, request->deed == WORK_END ? TEXT_WORK_ENDED : TEXT_WORK_NONE));
    if (request->deed == WORK_STATUS)
        return true;
    a->work_put = a->puts;
    a->work_unstored = outbox_view(a->outbox).unstored;
    a->work_stored = stored;
    a->work_arg = arg;
    return false;
}
