#include "base/err.h"
#include "codec/emit.h"
#include "shell/notify_own.h"

#include <stdio.h>

/* An alert that nobody repeats is ended by Alertmanager itself, which people take for a recovery: a
 * day after this collector has fallen silent, not the minutes that Prometheus gives. */
static const int64_t LASTS_MS = INT64_C(24) * 3600 * 1000;

void notify_write_json(const struct notify_flight *flight, struct buf *out)
{
    const struct page *p = &flight->page;
    struct emit e = emit_to(out);
    emit_object(&e, NULL);
    emit_int(&e, "id", (int64_t)p->id);
    emit_text(&e, "centre", flight->centre);
    emit_text(&e, "transition", page_transition_word((int)p->transition));
    emit_text(&e, "severity", severity_word((int)p->severity));
    emit_text(&e, "rule", p->rule);
    emit_int(&e, "number", (int64_t)p->number);
    emit_int(&e, "alert", p->alert);
    emit_text(&e, "place", p->place);
    emit_text(&e, "area", p->area);
    emit_instant(&e, "began", p->began);
    emit_instant(&e, "ended", p->ended.ms ? p->ended : (struct wall_ms){WALL_NEVER_MS});
    emit_instant(&e, "made", p->made);
    emit_int(&e, "others", p->others);
    emit_text(&e, "sms", p->sms);
    emit_text(&e, "vi", p->vi);
    emit_text(&e, "en", p->en);
    if (flight->link[0])
        emit_text(&e, "link", flight->link);
    emit_end(&e);
}

static void put_labels(const struct notify_flight *flight, const struct page *p, struct emit *e)
{
    char alert[32];
    snprintf(alert, sizeof alert, "%u", p->alert);
    emit_object(e, "labels");
    emit_text(e, "alertname", p->rule);
    emit_text(e, "severity", severity_word((int)p->severity));
    emit_text(e, "alert", alert);
    emit_text(e, "place", p->place[0] ? p->place : flight->centre);
    if (p->area[0])
        emit_text(e, "area", p->area);
    emit_text(e, "centre", flight->centre);
    emit_end(e);
}

static void put_alert(const struct notify_flight *flight, const struct page *p, struct emit *e)
{
    emit_object(e, NULL);
    put_labels(flight, p, e);
    emit_object(e, "annotations");
    emit_text(e, "summary", p->vi);
    emit_text(e, "description", p->en);
    emit_text(e, "sms", p->sms);
    emit_end(e);
    emit_instant(e, "startsAt", p->began);
    emit_instant(e, "endsAt", p->ended.ms ? p->ended : wall_add(flight->left, LASTS_MS));
    emit_end(e);
}

void notify_write_alert(const struct notify_flight *flight, struct buf *out)
{
    struct emit e = emit_to(out);
    emit_array(&e, NULL);
    put_alert(flight, &flight->page, &e);
    emit_end(&e);
}

int notify_write_standing(struct notify_flight *flight, struct pager *pager, uint32_t *ret_at,
                          size_t *ret_len)
{
    int err = 0;
    struct emit e = emit_to(&flight->body);
    emit_array(&e, NULL);
    for (*ret_len = 0; !err && *ret_len < NOTIFY_REPEAT_MAX;) {
        struct page page;
        err = pager_standing(pager, flight->target, ret_at, &page);
        if (!err)
            put_alert(flight, &page, &e);
        *ret_len += !err;
    }
    emit_end(&e);
    if (err == ERR_NOT_FOUND)
        *ret_at = 0;
    return err == ERR_NOT_FOUND ? 0 : err;
}

/* The severities of PagerDuty, by ours. */
static const char *const EVENT_SEVERITIES[] = {
    [SEVERITY_CRITICAL] = "critical",  [SEVERITY_MAJOR] = "error",
    [SEVERITY_MINOR] = "warning",      [SEVERITY_WARNING] = "warning",
    [SEVERITY_INDETERMINATE] = "info",
};

void notify_write_event(const struct notify_flight *flight, struct buf *out)
{
    const struct page *p = &flight->page;
    char key[128];
    struct emit e = emit_to(out);
    snprintf(key, sizeof key, "%s-%u-%s", flight->centre, p->alert, p->rule);
    emit_object(&e, NULL);
    emit_text(&e, "routing_key", flight->secret);
    emit_text(&e, "event_action", p->ended.ms ? "resolve" : "trigger");
    emit_text(&e, "dedup_key", key);
    emit_object(&e, "payload");
    emit_text(&e, "summary", p->vi);
    emit_text(&e, "source", p->place[0] ? p->place : flight->centre);
    emit_text(&e, "severity", EVENT_SEVERITIES[p->severity]);
    emit_instant(&e, "timestamp", p->began);
    emit_object(&e, "custom_details");
    emit_text(&e, "en", p->en);
    emit_text(&e, "sms", p->sms);
    emit_end(&e);
    emit_end(&e);
    emit_end(&e);
}

void notify_write_message(const struct notify_flight *flight, struct buf *out)
{
    char text[PAGE_TEXT_MAX + NOTIFY_LINK_MAX];
    struct emit e = emit_to(out);
    snprintf(text, sizeof text, "%s%s%s", flight->page.vi, flight->link[0] ? "\n" : "",
             flight->link);
    emit_object(&e, NULL);
    emit_text(&e, "chat_id", flight->conf.chat);
    emit_text(&e, "text", text);
    emit_end(&e);
}
