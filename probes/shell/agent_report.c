#include "shell/agent_own.h"

#include "base/err.h"
#include "checks/check_table.h"
#include "io/loop.h"
#include "shell/certificate.h"
#include "shell/status_reason.h"

#include <stdio.h>

enum { LABEL_COLUMNS = 14, NAME_COLUMNS = 24, STATE_COLUMNS = 10, AGE_COLUMNS = 16 };

static void label(struct buf *out, enum status_language language, enum status_text text)
{
    status_text_padded(out, status_text(language, text), LABEL_COLUMNS);
    buf_char(out, ' ');
}

static void report_broker(const struct agent *a, enum status_language language, struct buf *out)
{
    bool up = mqtt_is_up(a->mqtt);
    label(out, language, TEXT_BROKER);
    buf_printf(out, "%s: %s ", a->config.broker.host,
               status_text(language, up ? TEXT_CONNECTED : TEXT_DISCONNECTED));
    status_text_duration(out, mono_since(loop_now(a->loop).mono, a->up_since));
    if (!up) {
        buf_str(out, ": ");
        status_reason(out, language, a->why_down);
    }
    buf_char(out, '\n');
}

static void report_centre(const struct agent *a, enum status_language language, struct buf *out)
{
    const struct window *w = &a->window;
    label(out, language, TEXT_CENTRE);
    if (w->held) {
        buf_printf(out, "%s ", status_text(language, TEXT_HOLD));
        status_reason(out, language, w->hold);
        buf_char(out, '\n');
    } else if (a->centre_seen && !a->centre_online) {
        buf_printf(out, "%s\n", status_text(language, TEXT_OFFLINE));
    } else if (!a->ack_known) {
        buf_printf(out, "%s\n", status_text(language, TEXT_SILENT));
    }
    if (!w->held && a->ack_known) {
        if (a->centre_seen && !a->centre_online)
            status_text_padded(out, "", LABEL_COLUMNS + 1);
        buf_printf(out, "%s %llu / %llu, ", status_text(language, TEXT_ACKED),
                   (unsigned long long)w->upto, (unsigned long long)w->high);
        status_text_duration(out, mono_since(loop_now(a->loop).mono, a->ack_at));
        buf_printf(out, " %s\n", status_text(language, TEXT_AGO));
    }
    if (w->refused_count > 0) {
        status_text_padded(out, "", LABEL_COLUMNS + 1);
        buf_printf(out, "%llu %s %llu: %s\n", (unsigned long long)w->refused_count,
                   status_text(language, TEXT_REFUSED), (unsigned long long)w->refused_seq,
                   w->refused);
    }
}

static void report_count(struct buf *out, enum status_language language, uint64_t count,
                         enum status_text text)
{
    if (count == 0)
        return;
    status_text_padded(out, "", LABEL_COLUMNS + 1);
    buf_printf(out, "%llu %s\n", (unsigned long long)count, status_text(language, text));
}

static void report_outbox(const struct agent *a, enum status_language language, struct buf *out)
{
    struct outbox_view view = outbox_view(a->outbox);
    uint64_t backlog = window_backlog(&a->window);
    label(out, language, TEXT_OUTBOX);
    buf_printf(out, "%llu %s ", (unsigned long long)backlog, status_text(language, TEXT_WAITING));
    status_text_bytes(out, view.bytes);
    if (backlog > 0) {
        buf_printf(out, ", %s ", status_text(language, TEXT_OLDEST));
        status_text_duration(out, outbox_oldest_ms(a->outbox));
    }
    buf_char(out, '\n');
    report_count(out, language, view.dropped, TEXT_DROPPED);
    report_count(out, language, view.unwritten, TEXT_UNSTORED);
    if (view.disk_err) {
        status_text_padded(out, "", LABEL_COLUMNS + 1);
        buf_printf(out, "%s ", status_text(language, TEXT_DISK));
        status_reason(out, language, err_text(view.disk_err));
        buf_char(out, '\n');
    }
}

static void report_clock(const struct agent *a, enum status_language language, struct buf *out)
{
    static const enum status_text texts[] = {[CLOCK_UNTRUSTED] = TEXT_CLOCK_NONE,
                                             [CLOCK_SYSTEM] = TEXT_CLOCK_SYSTEM,
                                             [CLOCK_CENTRE] = TEXT_CLOCK_CENTRE};

    label(out, language, TEXT_CLOCK);
    buf_printf(out, "%s\n", status_text(language, texts[a->trust.source]));
}

static void report_certificate(const struct agent *a, enum status_language language,
                               struct buf *out)
{
    const char *path = a->config.broker.cert_file;
    int days = 0;
    if (!path[0])
        return;
    int err = certificate_days(path, &days);
    label(out, language, TEXT_CERTIFICATE);
    if (err)
        buf_printf(out, "%s %s: %s\n", status_text(language, TEXT_CERTIFICATE_BAD), path,
                   err_text(err));
    else
        buf_printf(out, "%d %s\n", days, status_text(language, TEXT_CERTIFICATE_DAYS));
}

static void report_check(const struct agent *a, size_t i, enum status_language language,
                         struct buf *out)
{
    const struct result *result = &a->results.result[i];
    const struct conf_item *item = &a->config.checks.items[i];
    char name[PROBE_CONFIG_TEXT_MAX];
    snprintf(name, sizeof name, "%s/%s", item->kind->word, probe_config_check(&a->config, i)->name);
    buf_str(out, "  ");
    status_text_padded(out, name, NAME_COLUMNS);
    buf_char(out, ' ');
    if (!result->known) {
        buf_printf(out, "%s\n", status_text(language, TEXT_NOT_YET));
        return;
    }
    struct buf age;
    buf_init(&age, PROBE_CONFIG_TEXT_MAX);
    status_text_duration(&age, mono_since(loop_now(a->loop).mono, result->started));
    buf_printf(&age, " %s", status_text(language, TEXT_AGO));
    status_text_padded(out, status_text_verdict(language, result->verdict), STATE_COLUMNS);
    buf_char(out, ' ');
    status_text_padded(out, age.data, AGE_COLUMNS);
    buf_char(out, ' ');
    status_reason(out, language, result->reason);
    buf_printf(out, "%s%s\n", result->reason[0] && result->values[0] ? "; " : "", result->values);
    buf_done(&age);
}

int agent_health(const struct agent *a)
{
    enum verdict worst = results_worst(&a->results);
    struct outbox_view view = {0};
    if (a->outbox)
        view = outbox_view(a->outbox);
    if (worst == VERDICT_FAILED || a->gasping || view.disk_err)
        return 2;
    if (worst == VERDICT_DEGRADED || !mqtt_is_up(a->mqtt) || a->window.held || view.dropped)
        return 1;
    return worst == VERDICT_UNKNOWN ? 3 : 0;
}

void agent_report(const struct agent *a, enum status_language language, struct buf *out)
{
    if (!a->outbox)
        return; /* stopping */
    label(out, language, TEXT_PROBE);
    buf_printf(out, "%s, %s %s, ioc-probe %s\n", a->config.probe.id,
               status_text(language, TEXT_SITE), a->config.probe.site, IOC_VERSION);
    report_broker(a, language, out);
    report_centre(a, language, out);
    report_outbox(a, language, out);
    report_clock(a, language, out);
    report_certificate(a, language, out);
    if (a->gasping) {
        label(out, language, TEXT_POWER);
        buf_printf(out, "%s\n", status_text(language, TEXT_POWER_LOST));
    }
    if (agent_works(a)) {
        label(out, language, TEXT_WORK);
        agent_work_report(a, language, out);
    }
    if (a->distress) {
        label(out, language, TEXT_DEADMAN);
        distress_report(a->distress, language, out);
    }
    buf_printf(out, "%s\n", status_text(language, TEXT_CHECKS));
    for (size_t i = 0; i < a->results.len; i++)
        report_check(a, i, language, out);
}
