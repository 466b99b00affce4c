#include "checks/snmp/snmp_check.h"

#include "base/err.h"
#include "checks/snmp/snmp_link.h"
#include "checks/snmp/snmp_look.h"
#include "checks/snmp/snmp_pon_kept.h"
#include "checks/target.h"
#include "io/loop.h"

#include <stdio.h>

enum {
    RESPONSE,
    UPTIME,
    RESTARTED,
    VALUES,
    SKIPPED,
    ONTS,
    ONLINE,
    LOS,
    GASP,
    PORTS,
    DARK,
    ON_BATTERY,
    ON_BATTERY_FOR,
    MINUTES_LEFT
};

static const struct check_metric metrics[] = {
    [RESPONSE] = {"response", READING_NUMBER, "ms",
                  "From the first request to the last answer; absent if not all was answered."},
    [UPTIME] = {"uptime", READING_NUMBER, "s",
                "Since the agent began, modulo 497 days; absent if it does not say."},
    [RESTARTED] = {"restarted", READING_FLAG, NULL,
                   "The agent began anew since the run before; absent if it does not say."},
    [VALUES] = {"values", READING_NUMBER, "count", "Values the agent gave."},
    [SKIPPED] = {"skipped", READING_NUMBER, "count",
                 "Values not taken: missing, of a wrong type, invalid, not asked for or beyond the "
                 "bounds."},
    [ONTS] = {"onts", READING_NUMBER, "count", "Optical terminals; absent unless an OLT's."},
    [ONLINE] = {"onts_online", READING_NUMBER, "count", "Of them serve; absent likewise."},
    [LOS] = {"onts_los", READING_NUMBER, "count", "Of them without light; absent likewise."},
    [GASP] = {"onts_gasp", READING_NUMBER, "count",
              "Of them down after a dying gasp: their power is gone; absent likewise."},
    [PORTS] = {"ports", READING_NUMBER, "count", "PON ports with terminals; absent likewise."},
    [DARK] = {"ports_down", READING_NUMBER, "count",
              "Of them down: most terminals vanished together without light; absent likewise."},
    [ON_BATTERY] =
        {"on_battery", READING_FLAG, NULL,
         "The plant runs on its battery; absent unless the profile says how that shows."},
    [ON_BATTERY_FOR] = {"on_battery_for", READING_NUMBER, "s", "Since when; only on battery."},
    [MINUTES_LEFT] = {"minutes_left", READING_NUMBER, "min",
                      "Until the load is switched off, measured or else as the plant reckons; only "
                      "on battery."},
};

static const char *const versions[] = {"v2c", "v3", NULL};
static const char *const no_answers[] = {"unknown", "degraded", "failed", NULL};

#define KEY(member) CHECK_KEY(struct snmp_config, member)

static const struct field fields[] = {
    {"profile", FIELD_TEXT, KEY(profile), 0, 0, NULL, NULL,
     "What is read: name of a shipped profile, or absolute path of one's own.", NULL},
    {"version", FIELD_WORD, KEY(version), 0, 0, "v2c", NULL, "Version of the protocol.", versions},
    {"community_file", FIELD_TEXT, KEY(community_file), 0, 0, "", NULL,
     "File with the community of v2c in its first line; empty: public.", NULL},
    {"user", FIELD_TEXT, KEY(user), 0, 0, "", NULL, "User of v3.", NULL},
    {"auth", FIELD_WORD, KEY(auth), 0, 0, "sha256", NULL, "How a user of v3 proves who he is.",
     snmp_secret_auths},
    {"auth_file", FIELD_TEXT, KEY(auth_file), 0, 0, "", NULL,
     "File with the user's password, at least 8 characters, in its first line.", NULL},
    {"privacy", FIELD_WORD, KEY(privacy), 0, 0, "aes", NULL,
     "How what a user of v3 says is encrypted.", snmp_secret_privacies},
    {"privacy_file", FIELD_TEXT, KEY(privacy_file), 0, 0, "", NULL,
     "File with the password of the encryption; empty: that of auth_file.", NULL},
    {"instances", FIELD_TEXTS, KEY(instances), 0, 0, "", NULL,
     "Rows of tables that are reported one by one, by index or by the profile's label, such as "
     "eth0; empty: each column is summed up.",
     NULL},
    {"retries", FIELD_I64, KEY(retries), 0, 10, "2", "times",
     "How often a request without answer is repeated.", NULL},
    {"retry_after", FIELD_DURATION, KEY(retry_after_ms), 100, 60e3, "1s", NULL,
     "Time until a request is repeated.", NULL},
    {"bulk", FIELD_I64, KEY(bulk), 1, 200, "40", "rows", "Rows asked for in one request.", NULL},
    {"together", FIELD_DURATION, KEY(together_ms), 10e3, 3600e3, "5min", NULL,
     "Optical terminals that vanish within this have vanished together.", NULL},
    {"no_answer", FIELD_WORD, KEY(no_answer), 0, 0, "unknown", NULL,
     "Verdict while the agent does not answer: it is how we look, not what we look at.",
     no_answers},
    {"empty_soc_ratio", FIELD_F64, KEY(empty_soc_ratio), 0, 1, "0.2", "/",
     "State of charge at which minutes_left ends.", NULL},
    {"disconnect_battery_v", FIELD_F64, KEY(disconnect_battery_v), 0, 1000, "43", "V",
     "Voltage at which minutes_left ends, where the plant tells no state of charge.", NULL},
};

#undef KEY

struct snmp_run_state {
    struct dns_request *request;
    struct snmp_link link;
    struct snmp_poll poll;
    struct snmp_look look;
    int64_t started_us;
    bool loaded; /* profile, secret and look are kept between runs */
    struct snmp_profile profile;
    struct snmp_secret secret;
};

/* ---- configuration ---- */

static bool snmp_user_ok(const struct snmp_config *config, char ret_why[FIELD_WHY_MAX])
{
    if (config->version == 0)
        return true;
    if (!config->user[0])
        snprintf(ret_why, FIELD_WHY_MAX, "v3 needs user");
    else if (config->auth == 0 && config->privacy > 0)
        snprintf(ret_why, FIELD_WHY_MAX, "privacy needs auth (RFC 3414 section 1.4.3)");
    else if (config->auth > 0 && !config->auth_file[0])
        snprintf(ret_why, FIELD_WHY_MAX, "auth needs auth_file");
    else
        return true;
    return false;
}

static bool snmp_profile_ok(const struct snmp_config *config, const struct snmp_profile *profile,
                            char ret_why[FIELD_WHY_MAX])
{
    for (size_t i = 0; i < profile->len; i++) {
        for (size_t j = 0; j < CHECK_COUNT(metrics); j++) {
            if (strcmp(profile->row[i].name, metrics[j].name) == 0) {
                snprintf(ret_why, FIELD_WHY_MAX, "profile: the name %s is the check's own",
                         metrics[j].name);
                return false;
            }
        }
    }
    size_t extras = snmp_look_extras(profile, config->instances.len);
    if (extras <= CHECK_EXTRA_MAX)
        return true;
    snprintf(ret_why, FIELD_WHY_MAX,
             "the profile's values of so many instances are %zu, at most %d go into a report",
             extras, CHECK_EXTRA_MAX);
    return false;
}

static bool snmp_verify(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct snmp_config *config = object;
    struct snmp_profile profile = {.len = 0};
    struct target target;
    if (!check_common_ok(&config->common, ret_why) || !snmp_user_ok(config, ret_why))
        return false;
    if (target_read(slice_of(config->common.target), &target) != 0) {
        snprintf(ret_why, FIELD_WHY_MAX, "target must be an agent: host or host:port");
        return false;
    }
    bool ok = snmp_profile_read(config->profile, &profile, ret_why) == 0 &&
              snmp_profile_ok(config, &profile, ret_why);
    snmp_profile_done(&profile);
    return ok;
}

/* ---- judging ---- */

static void snmp_silent(struct check *check, const char *why)
{
    static const enum verdict verdicts[] = {VERDICT_UNKNOWN, VERDICT_DEGRADED, VERDICT_FAILED};

    const struct snmp_config *config = check_config(check);
    check_conclude(check, verdicts[config->no_answer], why);
}

static void snmp_report_ports(struct check_report *draft, const struct snmp_pon_sum *sum)
{
    check_report_number(draft, ONTS, sum->onts);
    check_report_number(draft, ONLINE, sum->online);
    check_report_number(draft, LOS, sum->los);
    check_report_number(draft, GASP, sum->gasp);
    check_report_number(draft, PORTS, sum->ports);
    check_report_number(draft, DARK, sum->down);
}

static void snmp_report_battery(struct check *check)
{
    const struct snmp_config *config = check_config(check);
    const struct discharge_floor floor = {config->empty_soc_ratio, config->disconnect_battery_v};
    struct snmp_run_state *state = check_state(check);
    struct check_report *draft = check_draft(check);
    struct snmp_battery_view view = snmp_battery_end(&state->look.battery, state->look.now, floor);
    if (view.known)
        check_report_flag(draft, ON_BATTERY, view.on);
    check_report_number(draft, ON_BATTERY_FOR, view.for_s);
    check_report_number(draft, MINUTES_LEFT, view.minutes);
}

static void snmp_end(struct check *check)
{
    struct snmp_run_state *state = check_state(check);
    struct check_report *draft = check_draft(check);
    bool whole = state->poll.odd == 0;
    struct snmp_pon_sum sum = snmp_look_end(&state->look, whole);
    check_report_number(draft, RESPONSE, (double)(loop_stopwatch_us() - state->started_us) / 1e3);
    check_report_number(draft, UPTIME, state->look.up_s);
    if (draft->values[UPTIME].known)
        check_report_flag(draft, RESTARTED, state->look.restarted);
    check_report_number(draft, VALUES, (double)state->poll.values);
    check_report_number(draft, SKIPPED, (double)(state->look.skipped + state->poll.odd));
    if (whole && snmp_profile_has(&state->profile, SNMP_MEANS_ONT))
        snmp_report_ports(draft, &sum);
    if (whole)
        snmp_report_battery(check);
    if (state->poll.values == state->poll.uptime * draft->values[UPTIME].known)
        check_report_judge(draft, VERDICT_UNKNOWN, "the agent has none of the profile's values");
    if (!whole)
        check_report_judge(draft, VERDICT_UNKNOWN,
                           "%zu of the agent's answers were refused or out of order",
                           state->poll.odd);
    check_finish(check);
}

/* ---- the run ---- */

static void snmp_ask(struct check *check)
{
    struct snmp_run_state *state = check_state(check);
    struct snmp_request request;
    if (!snmp_poll_next(&state->poll, &request))
        snmp_end(check);
    else if (snmp_link_ask(&state->link, &request) != 0)
        check_conclude(check, VERDICT_UNKNOWN, "the request cannot be sent");
}

static void snmp_on_value(void *arg, const struct snmp_oid *oid, const struct snmp_value *value)
{
    struct snmp_run_state *state = check_state(arg);
    struct snmp_found found;
    if (snmp_poll_take(&state->poll, oid, value, &found))
        snmp_look_take(&state->look, &found);
}

static void snmp_on_event(void *arg, enum snmp_event event, int status)
{
    struct check *check = arg;
    struct snmp_run_state *state = check_state(check);
    switch (event) {
    case SNMP_EVENT_SILENT:
        snmp_silent(check, "no answer in time");
        return;
    case SNMP_EVENT_DENIED:
        check_conclude(check, VERDICT_UNKNOWN, state->link.why);
        return;
    case SNMP_EVENT_ANSWERED:
        snmp_poll_answered(&state->poll);
        break;
    case SNMP_EVENT_REFUSED:
        snmp_poll_refused(&state->poll, status);
        break;
    case SNMP_EVENT_READY:
        break;
    }
    snmp_ask(check);
}

static void snmp_on_resolved(void *arg, int err, const struct dns_address *addresses, size_t n)
{
    struct check *check = arg;
    const struct snmp_config *config = check_config(check);
    struct snmp_run_state *state = check_state(check);
    state->request = NULL;
    if (err || n == 0) {
        check_report_judge(check_draft(check), VERDICT_UNKNOWN, "the name gives no address");
        check_finish(check);
        return;
    }
    const struct snmp_way way = {
        .address = addresses[0],
        .secret = &state->secret,
        .retry_after_ms = config->retry_after_ms,
        .retries = config->retries,
        .event = snmp_on_event,
        .value = snmp_on_value,
        .arg = check,
    };
    state->started_us = loop_stopwatch_us();
    if (snmp_link_start(&state->link, check_env(check)->loop, &way) != 0)
        check_conclude(check, VERDICT_UNKNOWN, "this machine cannot open the session");
}

static bool snmp_load_secret(struct check *check)
{
    const struct snmp_config *config = check_config(check);
    struct snmp_run_state *state = check_state(check);
    const struct snmp_secret_files files = {
        .v3 = config->version == 1,
        .community_file = config->community_file,
        .user = config->user,
        .auth = config->auth,
        .auth_file = config->auth_file,
        .privacy = config->privacy,
        .privacy_file = config->privacy_file,
    };
    const char *file = "";
    int err = snmp_secret_read(&files, &state->secret, &file);
    if (err)
        check_report_judge(check_draft(check), VERDICT_UNKNOWN, "%.64s: %s", file,
                           err == ERR_RANGE ? "fewer than 8 characters" : err_text(err));
    return err == 0;
}

static bool snmp_load(struct check *check)
{
    const struct snmp_config *config = check_config(check);
    struct snmp_run_state *state = check_state(check);
    char why[FIELD_WHY_MAX];
    if (state->loaded)
        return true;
    if (!snmp_load_secret(check))
        return false;
    if (snmp_profile_read(config->profile, &state->profile, why) != 0) {
        check_report_judge(check_draft(check), VERDICT_UNKNOWN,
                           "the profile cannot be read any more");
        return false;
    }
    snmp_look_init(&state->look, &state->profile, &config->instances, config->together_ms);
    state->look.seen = check_env(check)->seen;
    state->look.arg = check_env(check)->seen_arg;
    state->loaded = true;
    return true;
}

static void snmp_start(struct check *check)
{
    const struct snmp_config *config = check_config(check);
    struct snmp_run_state *state = check_state(check);
    struct target target = {0};
    if (!snmp_load(check)) {
        check_finish(check);
        return;
    }
    snmp_poll_init(&state->poll, &state->profile, (uint32_t)config->bulk);
    snmp_look_begin(&state->look, check_draft(check), loop_now(check_env(check)->loop).mono);
    int err = target_read(slice_of(config->common.target), &target);
    if (!err)
        err = dns_resolve(check_env(check)->dns, target.host, target.port ? target.port : 161,
                          AF_UNSPEC, config->common.timeout_ms, snmp_on_resolved, check,
                          &state->request);
    if (err)
        check_conclude(check, VERDICT_UNKNOWN, err_text(err));
}

static void snmp_expire(struct check *check)
{
    const struct snmp_run_state *state = check_state(check);
    if (state->poll.values > 0)
        check_conclude(check, VERDICT_UNKNOWN, "the agent is too slow for the timeout");
    else
        snmp_silent(check, "no answer in time");
}

static void snmp_release(struct check *check)
{
    struct snmp_run_state *state = check_state(check);
    dns_cancel(state->request);
    state->request = NULL;
    snmp_link_end(&state->link);
}

static void snmp_done(struct check *check)
{
    struct snmp_run_state *state = check_state(check);
    snmp_link_forget(&state->link);
    snmp_look_done(&state->look);
    snmp_profile_done(&state->profile);
    explicit_bzero(&state->secret, sizeof state->secret);
}

static void snmp_keep(struct check *check, struct buf *out)
{
    const struct snmp_run_state *state = check_state(check);
    snmp_pon_kept_write(&state->look.pon, out);
}

static int snmp_recall(struct check *check, struct slice kept)
{
    struct snmp_run_state *state = check_state(check);
    return snmp_load(check) ? snmp_pon_kept_read(kept, &state->look.pon) : ERR_MISSING;
}

const struct check_type snmp_check = {
    .name = "snmp",
    .about = "Values of equipment by SNMP, as a profile says; ports of OLTs by their terminals.",
    .target_about = "host or host:port of the agent (161 if left out).",
    .fields = fields,
    .n_fields = CHECK_COUNT(fields),
    .config_size = sizeof(struct snmp_config),
    .metrics = metrics,
    .n_metrics = CHECK_COUNT(metrics),
    .cause = CAUSE_FAULT,
    .state_size = sizeof(struct snmp_run_state),
    .verify = snmp_verify,
    .start = snmp_start,
    .expire = snmp_expire,
    .release = snmp_release,
    .done = snmp_done,
    .keep = snmp_keep,
    .recall = snmp_recall,
};
