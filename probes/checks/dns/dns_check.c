#include "checks/dns/dns_check.h"

#include "base/err.h"
#include "checks/check_resolve.h"
#include "checks/dns/dns_machine.h"
#include "checks/target.h"

#include <stdio.h>

enum { RTT, RCODE, ANSWERS, TTL, ANSWER };

static const struct check_metric metrics[] = {
    [RTT] = {"rtt", READING_NUMBER, "ms",
             "Time from the question to the reply; absent without "
             "one."},
    [RCODE] = {"rcode", READING_NUMBER, NULL,
               "Response code (RFC 1035): 0 no error, 3 no such name; absent without a reply."},
    [ANSWERS] = {"answers", READING_NUMBER, "count",
                 "Records of the type asked for; absent without a reply."},
    [TTL] = {"ttl", READING_NUMBER, "s",
             "Shortest time to live among them; absent without an answer."},
    [ANSWER] = {"answer", READING_TEXT, NULL, "The first of them; absent without an answer."},
};

#define KEY(member) CHECK_KEY(struct dns_config, member)

static const struct field fields[] = {
    {"query", FIELD_TEXT, KEY(query), 0, 0, NULL, NULL, "Name to ask for.", NULL},
    {"record", FIELD_WORD, KEY(record), 0, 0, "A", NULL, "Type of record to ask for.",
     dns_machine_records},
    {"expect", FIELD_TEXTS, KEY(expect), 0, 0, "", NULL,
     "Answers one of which must come, as text: an address, a name, \"10 mx.example\"; empty is any "
     "answer.",
     NULL},
    {"tries", FIELD_I64, KEY(tries), 1, 5, "2", "questions",
     "Questions before the server counts as silent; they share the timeout.", NULL},
    {"degraded_rtt_ms", FIELD_F64, KEY(degraded_rtt_ms), 0, 300e3, "0", "ms",
     "Degraded from this time to the reply on; 0 is no limit.", NULL},
    {"failed_rtt_ms", FIELD_F64, KEY(failed_rtt_ms), 0, 300e3, "0", "ms",
     "Failed from this time to the reply on; 0 is no limit.", NULL},
};

#undef KEY

static const struct threshold limits[] = {
    {"rtt", THRESHOLD_ABOVE, offsetof(struct dns_config, degraded_rtt_ms),
     offsetof(struct dns_config, failed_rtt_ms), 0},
};

struct dns_state {
    struct dns_request *request; /* NULL while none is under way */
    bool resolved;               /* server is known */
    struct dns_address server;
    int64_t tried; /* questions asked */
};

static bool dns_verify(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct dns_config *config = object;
    struct target server;
    if (!check_common_ok(&config->common, ret_why))
        return false;
    if (target_read(slice_of(config->common.target), &server) != 0) {
        snprintf(ret_why, FIELD_WHY_MAX,
                 "target must be a name server: an address or name, perhaps with a port");
        return false;
    }
    if (target_is_name(slice_of(config->query)))
        return true;
    snprintf(ret_why, FIELD_WHY_MAX, "query \"%.64s\" is not a domain name", config->query);
    return false;
}

static void dns_judge_reply(struct check *check, const struct dns_reply *reply)
{
    const struct dns_config *config = check_config(check);
    struct check_report *draft = check_draft(check);
    struct dns_records records = {0};
    check_report_number(draft, RTT, (double)reply->elapsed_us / 1e3);
    check_report_number(draft, RCODE, reply->rcode);
    if (reply->rcode != 0) {
        check_report_judge(draft, VERDICT_FAILED, "%s", dns_machine_rcode(reply->rcode));
        return;
    }
    if (dns_records(reply->bytes, &records) != 0) {
        check_report_judge(draft, VERDICT_FAILED, "the reply cannot be read");
        return;
    }
    struct dns_finding finding =
        dns_machine_find(&records, dns_machine_type(config->record), &config->expect);
    check_report_number(draft, ANSWERS, (double)finding.answers);
    if (finding.answers == 0) {
        check_report_judge(draft, VERDICT_FAILED, "the reply holds no %s record",
                           dns_machine_records[config->record]);
        return;
    }
    check_report_number(draft, TTL, (double)finding.ttl_s);
    check_report_text(draft, ANSWER, slice_of(finding.first));
    if (!finding.expected)
        check_report_judge(draft, VERDICT_FAILED, "%.64s is not an expected answer", finding.first);
}

static void dns_judge_silence(struct check_report *draft, int err)
{
    static const struct {
        int err;
        const char *why;
    } failures[] = {
        {ERR_TIMEOUT, "no reply in time"},
        {ERR_CLOSED, "refused: nobody listens there"},
        {ERR_SYNTAX, "the reply cannot be read"},
    };

    for (size_t i = 0; i < CHECK_COUNT(failures); i++) {
        if (failures[i].err == err)
            check_report_judge(draft, VERDICT_FAILED, "%s", failures[i].why);
    }
    /* Anything else kept us from asking; a failure judged above is worse and stays. */
    check_report_judge(draft, VERDICT_UNKNOWN, "%s", err_text(err));
}

static void dns_ask(struct check *check);

static void dns_on_reply(void *arg, const struct dns_reply *reply)
{
    struct check *check = arg;
    const struct dns_config *config = check_config(check);
    struct dns_state *state = check_state(check);
    struct check_report *draft = check_draft(check);
    state->request = NULL;
    if (reply->err == ERR_TIMEOUT && state->tried < config->tries) {
        dns_ask(check);
        return;
    }
    if (reply->err)
        dns_judge_silence(draft, reply->err);
    else
        dns_judge_reply(check, reply);
    check_finish(check);
}

static void dns_ask(struct check *check)
{
    const struct dns_config *config = check_config(check);
    struct dns_state *state = check_state(check);
    state->tried++;
    int err = dns_query(check_env(check)->dns, &state->server, config->query,
                        dns_machine_type(config->record), config->common.timeout_ms / config->tries,
                        dns_on_reply, check, &state->request);
    if (err)
        check_conclude(check, VERDICT_UNKNOWN, err_text(err));
}

static void dns_on_resolved(void *arg, int err, const struct dns_address *addresses, size_t n)
{
    struct check *check = arg;
    struct dns_state *state = check_state(check);
    state->request = NULL;
    if (err || n == 0) {
        check_resolve_failed(check, check_common_of(check)->target, err ? err : ERR_NOT_FOUND);
        return;
    }
    state->server = addresses[0];
    state->resolved = true;
    dns_ask(check);
}

static void dns_start(struct check *check)
{
    const struct dns_config *config = check_config(check);
    struct dns_state *state = check_state(check);
    struct target server = {0};
    int err = target_read(slice_of(config->common.target), &server);
    if (!err)
        err = dns_resolve(check_env(check)->dns, server.host, server.port ? server.port : 53,
                          AF_UNSPEC, config->common.timeout_ms, dns_on_resolved, check,
                          &state->request);
    if (err)
        check_conclude(check, VERDICT_UNKNOWN, err_text(err));
}

static void dns_expire(struct check *check)
{
    const struct dns_state *state = check_state(check);
    if (state->resolved)
        check_report_judge(check_draft(check), VERDICT_FAILED, "no reply in time");
    else
        check_resolve_failed(check, check_common_of(check)->target, ERR_TIMEOUT);
}

static void dns_release(struct check *check)
{
    struct dns_state *state = check_state(check);
    dns_cancel(state->request);
    memset(state, 0, sizeof *state);
}

const struct check_type dns_check = {
    .name = "dns",
    .about = "A name server: does it answer a question, how fast, and with what.",
    .target_about = "The name server: an address or name, perhaps with a port (53 otherwise).",
    .fields = fields,
    .n_fields = CHECK_COUNT(fields),
    .config_size = sizeof(struct dns_config),
    .metrics = metrics,
    .n_metrics = CHECK_COUNT(metrics),
    .limits = limits,
    .n_limits = CHECK_COUNT(limits),
    .cause = CAUSE_FAULT,
    .state_size = sizeof(struct dns_state),
    .verify = dns_verify,
    .start = dns_start,
    .expire = dns_expire,
    .release = dns_release,
};
