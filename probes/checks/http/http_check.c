#include "checks/http/http_check.h"

#include "base/err.h"
#include "checks/http/http_machine.h"
#include "checks/match.h"
#include "checks/target.h"
#include "io/http_client.h"
#include "io/loop.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* Bytes of the body that are looked through for the expected text. */
#define BODY_MAX ((size_t)256 * 1024)

enum { STATUS, RESOLVE, CONNECT, TLS, WAIT, TRANSFER, TOTAL, SIZE, CERT_DAYS };

static const struct check_metric metrics[] = {
    [STATUS] = {"status", READING_NUMBER, NULL, "Status of the response; absent without one."},
    [RESOLVE] = {"resolve", READING_NUMBER, "ms",
                 "Time to look up the name; absent if it did not happen."},
    [CONNECT] = {"connect", READING_NUMBER, "ms", "Time to connect; absent if it did not happen."},
    [TLS] = {"tls", READING_NUMBER, "ms",
             "Time of the TLS handshake; absent for http:// and if it did not happen."},
    [WAIT] = {"wait", READING_NUMBER, "ms",
              "Time from there to the first byte of the response; absent without one."},
    [TRANSFER] = {"transfer", READING_NUMBER, "ms",
                  "Time from there to the end; absent without a response."},
    [TOTAL] = {"total", READING_NUMBER, "ms", "Time of it all; absent without a response."},
    [SIZE] = {"size", READING_NUMBER, "B", "Size of the body; absent without a response."},
    [CERT_DAYS] = {"cert_days", READING_NUMBER, NULL,
                   "Days until the server's certificate expires; absent if none was seen."},
};

static const char *const methods[] = {"GET", "HEAD", NULL};

#define KEY(member) CHECK_KEY(struct http_config, member)

static const struct field fields[] = {
    {"method", FIELD_WORD, KEY(method), 0, 0, "GET", NULL, "How to ask.", methods},
    {"family", FIELD_WORD, KEY(family), 0, 0, "any", NULL, "Which addresses of a name are used.",
     target_families},
    {"status", FIELD_TEXTS, KEY(status), 0, 0, "2xx", NULL,
     "Statuses that are fine, such as 200, 30x or 4xx; any other is failed. Redirects are not "
     "followed.",
     NULL},
    {"expect", FIELD_TEXT, KEY(expect), 0, 0, "", NULL,
     "Text that must stand within the first 256 KiB of the body.", NULL},
    {"ca_file", FIELD_TEXT, KEY(ca_file), 0, 0, "", NULL,
     "PEM file of the authorities to trust; empty is the system's. Certificates are always "
     "verified.",
     NULL},
    {"degraded_total_ms", FIELD_F64, KEY(degraded_total_ms), 0, 300e3, "0", "ms",
     "Degraded from this total time on; 0 is no limit.", NULL},
    {"failed_total_ms", FIELD_F64, KEY(failed_total_ms), 0, 300e3, "0", "ms",
     "Failed from this total time on; 0 is no limit.", NULL},
    {"degraded_cert_days", FIELD_F64, KEY(degraded_cert_days), -1, 10000, "14", "d",
     "Degraded at or below this many days of the certificate left; -1 is no limit.", NULL},
    {"failed_cert_days", FIELD_F64, KEY(failed_cert_days), -1, 10000, "-1", "d",
     "Failed at or below this many days of the certificate left; -1 is no limit, but an expired "
     "certificate is always failed.",
     NULL},
};

#undef KEY

#define AT(member) offsetof(struct http_config, member)

static const struct threshold limits[] = {
    {"total", THRESHOLD_ABOVE, AT(degraded_total_ms), AT(failed_total_ms), 0},
    {"cert_days", THRESHOLD_BELOW, AT(degraded_cert_days), AT(failed_cert_days), -1},
};

#undef AT

struct http_state {
    struct http_call *call; /* NULL once answered */
};

static bool http_verify(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct http_config *config = object;
    if (!http_client_is_built_in()) {
        snprintf(ret_why, FIELD_WHY_MAX, "this program was built without the http check");
        return false;
    }
    if (!check_common_ok(&config->common, ret_why))
        return false;
    if (!http_machine_url_ok(slice_of(config->common.target))) {
        snprintf(ret_why, FIELD_WHY_MAX,
                 "target must be a URL that begins with http:// or "
                 "https://");
        return false;
    }
    for (size_t i = 0; i < config->status.len; i++) {
        if (http_machine_status_text_ok(slice_of(config->status.text[i])))
            continue;
        snprintf(ret_why, FIELD_WHY_MAX, "status \"%s\" is not of the form 200, 30x or 2xx",
                 config->status.text[i]);
        return false;
    }
    return true;
}

static void http_report_times(struct check_report *draft, const struct http_phases *phases)
{
    const int64_t ends_us[HTTP_MACHINE_ENDS] = {phases->resolved_us, phases->connected_us,
                                                phases->tls_us, phases->first_byte_us,
                                                phases->total_us};
    struct http_times times = http_machine_times(ends_us);

    const struct {
        int metric;
        double ms;
    } rows[] = {{RESOLVE, times.resolve_ms},
                {CONNECT, times.connect_ms},
                {TLS, times.tls_ms},
                {WAIT, times.wait_ms},
                {TRANSFER, times.transfer_ms}};

    for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
        if (rows[i].ms >= 0)
            check_report_number(draft, rows[i].metric, rows[i].ms);
    }
    if (times.wait_ms >= 0)
        check_report_number(draft, TOTAL, times.total_ms);
}

/* No response: nearly always the server's doing. What the library refuses before it was connected
 * is this machine's lack, such as name servers; later it is garbage that the server sent. */
static void http_judge_error(struct check_report *draft, const struct http_response *response)
{
    bool own = response->err == ERR_NOMEM ||
               (response->err == ERR_LIBRARY && response->phases.connected_us == 0);
    check_report_judge(draft, own ? VERDICT_UNKNOWN : VERDICT_FAILED, "%s",
                       response->why[0] ? response->why : err_text(response->err));
}

static bool http_body_holds(struct slice body, const char *text)
{
    struct match match;
    match_init(&match, slice_of(text));
    return match_feed(&match, body.at, body.len);
}

static void http_judge_response(const struct http_config *config, struct check_report *draft,
                                const struct http_response *response)
{
    check_report_number(draft, STATUS, response->status);
    check_report_number(draft, SIZE, (double)response->body_bytes);
    if (!http_machine_status_ok(&config->status, response->status))
        check_report_judge(draft, VERDICT_FAILED, "status %d is not expected", response->status);
    if (config->expect[0] && !http_body_holds(response->body, config->expect))
        check_report_judge(draft, VERDICT_FAILED, "the body does not hold the expected text");
}

static void http_on_response(void *arg, const struct http_response *response)
{
    struct check *check = arg;
    const struct http_config *config = check_config(check);
    struct http_state *state = check_state(check);
    struct check_report *draft = check_draft(check);
    state->call = NULL;
    http_report_times(draft, &response->phases);
    if (response->cert_expiry.ms > 0)
        check_report_number(
            draft, CERT_DAYS,
            http_machine_days_left(response->cert_expiry, loop_now(check_env(check)->loop).wall));
    if (response->err)
        http_judge_error(draft, response);
    else
        http_judge_response(config, draft, response);
    check_finish(check);
}

static void http_start(struct check *check)
{
    const struct http_config *config = check_config(check);
    struct http_state *state = check_state(check);
    struct http_request request = {
        .method = methods[config->method],
        .url = config->common.target,
        .ca_file = config->ca_file[0] ? config->ca_file : NULL,
        .family = target_af(config->family),
        .connect_timeout_ms = config->common.timeout_ms,
        .timeout_ms = config->common.timeout_ms,
        .max_body = BODY_MAX,
        .fresh = true,
    };
    if (request.ca_file && access(request.ca_file, R_OK) != 0) {
        check_report_judge(check_draft(check), VERDICT_UNKNOWN, "ca_file: %s", strerror(errno));
        check_finish(check);
        return;
    }
    int err = http_send(check_env(check)->http, &request, http_on_response, check, &state->call);
    if (err)
        check_conclude(check, VERDICT_UNKNOWN, err_text(err));
}

static void http_expire(struct check *check)
{
    check_report_judge(check_draft(check), VERDICT_FAILED, "no complete answer in time");
}

static void http_release(struct check *check)
{
    struct http_state *state = check_state(check);
    http_cancel(state->call);
    state->call = NULL;
}

const struct check_type http_check = {
    .name = "http",
    .about = "A web server: status, content, time of each phase, days of the certificate left.",
    .target_about = "URL, http:// or https://.",
    .fields = fields,
    .n_fields = CHECK_COUNT(fields),
    .config_size = sizeof(struct http_config),
    .metrics = metrics,
    .n_metrics = CHECK_COUNT(metrics),
    .limits = limits,
    .n_limits = CHECK_COUNT(limits),
    .cause = CAUSE_FAULT,
    .state_size = sizeof(struct http_state),
    .verify = http_verify,
    .start = http_start,
    .expire = http_expire,
    .release = http_release,
};
