#include "checks/modem/modem_check.h"

#include "base/err.h"
#include "checks/dial.h"
#include "checks/modem/modem_answer.h"
#include "checks/modem/modem_bus.h"
#include "io/loop.h"
#include "io/serial.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum { RSRP, RSRQ, SINR, RSSI, ECNO, TECHNOLOGY, NR_MODE, OPERATOR, CELL, TAC, REGISTERED };

static const struct check_metric metrics[] = {
    [RSRP] = {"rsrp", READING_NUMBER, "dBm",
              "Power of the reference signal: RSRP in 4G, SS-RSRP in 5G, RSCP in 3G, RxLev in 2G; "
              "absent without a signal."},
    [RSRQ] = {"rsrq", READING_NUMBER, "dB", "Its quality in 4G and 5G; absent if not told."},
    [SINR] =
        {"sinr", READING_NUMBER, "dB",
         "Signal to interference and noise in 5G, through ModemManager in 4G too; absent if not "
         "told."},
    [RSSI] = {"rssi", READING_NUMBER, "dBm", "Power of the whole channel; absent if not told."},
    [ECNO] = {"ecno", READING_NUMBER, "dB", "Quality in 3G; absent in others."},
    [TECHNOLOGY] = {"technology", READING_TEXT, NULL,
                    "The network, 2g to 5g; absent without service, unless one is configured."},
    [NR_MODE] = {"nr_mode", READING_TEXT, NULL, "In 5G: sa, or nsa beside 4G; absent in others."},
    [OPERATOR] =
        {"operator", READING_TEXT, NULL,
         "Operator in service, by its id where configured, else as the modem tells; absent "
         "without service."},
    [CELL] = {"cell", READING_TEXT, NULL, "Cell in service, hexadecimal; absent if not told."},
    [TAC] = {"tac", READING_TEXT, NULL, "Its tracking or location area; absent if not told."},
    [REGISTERED] = {"registered", READING_FLAG, NULL,
                    "The network has taken the modem in; absent if not told."},
};

static const char *const no_answers[] = {"unknown", "degraded", "failed", NULL};
static const char *const technologies[] = {"any", "2g", "3g", "4g", "5g", NULL};

#define KEY(member) CHECK_KEY(struct modem_config, member)

static const struct field fields[] = {
    {"baud", FIELD_I64, KEY(baud), 1200, 921600, "115200", "bit/s", "Speed of the line.", NULL},
    {"no_answer", FIELD_WORD, KEY(no_answer), 0, 0, "unknown", NULL,
     "Verdict while the modem does not answer: that is no proof of a missing signal.", no_answers},
    {"technology", FIELD_WORD, KEY(technology), 0, 0, "any", NULL,
     "What the modem is locked to: where it has no service, that is measured as without signal.",
     technologies},
    {"operators", FIELD_TEXTS, KEY(operators), 0, 0,
     "45201=mobifone,45202=vinaphone,45204=viettel,45205=vietnamobile", NULL,
     "Networks (country and network code) and the inventory's ids of their operators.", NULL},
    {"degraded_rsrp_dbm", FIELD_F64, KEY(degraded_rsrp_dbm), -160, 0, "-115", "dBm",
     "Degraded at or below this power; 0 is no limit.", NULL},
    {"failed_rsrp_dbm", FIELD_F64, KEY(failed_rsrp_dbm), -160, 0, "0", "dBm",
     "Failed at or below this power; 0 is no limit.", NULL},
    {"degraded_sinr_db", FIELD_F64, KEY(degraded_sinr_db), -100, 50, "-100", "dB",
     "Degraded at or below this ratio; -100 is no limit.", NULL},
    {"failed_sinr_db", FIELD_F64, KEY(failed_sinr_db), -100, 50, "-100", "dB",
     "Failed at or below this ratio; -100 is no limit.", NULL},
};

#undef KEY

#define AT(member) offsetof(struct modem_config, member)

static const struct threshold limits[] = {
    {"rsrp", THRESHOLD_BELOW, AT(degraded_rsrp_dbm), AT(failed_rsrp_dbm), 0},
    {"sinr", THRESHOLD_BELOW, AT(degraded_sinr_db), AT(failed_sinr_db), -100},
};

#undef AT

/* Registration reports with cell and area are asked for, operators by number. What a modem does not
 * know it refuses, which is fine. */
static const char *const commands[] = {"ATE0\r",        "AT+CESQ\r",  "AT+CSQ\r",
                                       "AT+COPS=3,2\r", "AT+COPS?\r", "AT+CEREG=2\r",
                                       "AT+CEREG?\r",   "AT+CREG?\r", "AT+C5GREG?\r"};

enum { BUSY_MS = 50 };

/* The target that is no serial device; behind a colon may stand which modem. */
static const char by_manager[] = "modemmanager";

struct modem_state {
    bool open; /* line is in use */
    int line;
    size_t command; /* the one in hand */
    struct loop_timer *again;
    struct loop_poll *poll;
    struct modem_answer answer;
    struct modem_bus *bus; /* of ModemManager, else NULL */
};

/* Which modem of ModemManager the target means, "" = the first; NULL for a serial device. */
static const char *modem_managed(const char *target)
{
    size_t len = sizeof by_manager - 1;
    if (strncmp(target, by_manager, len) != 0 || (target[len] && target[len] != ':'))
        return NULL;
    return target[len] ? target + len + 1 : "";
}

static bool modem_operators_ok(const struct field_texts *operators, char ret_why[FIELD_WHY_MAX])
{
    for (size_t i = 0; i < operators->len; i++) {
        const char *text = operators->text[i];
        size_t digits = strspn(text, "0123456789");
        if ((digits == 5 || digits == 6) && text[digits] == '=' && text[digits + 1])
            continue;
        snprintf(ret_why, FIELD_WHY_MAX, "operators: \"%s\" is not of the form 45204=id", text);
        return false;
    }
    return true;
}

static bool modem_verify(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct modem_config *config = object;
    if (!check_common_ok(&config->common, ret_why) ||
        !modem_operators_ok(&config->operators, ret_why))
        return false;
    const char *managed = modem_managed(config->common.target);
    if (!managed && config->common.target[0] != '/')
        snprintf(ret_why, FIELD_WHY_MAX,
                 "target must be the path of a serial device, or modemmanager[:IMEI]");
    else if (managed && strspn(managed, "0123456789") != strlen(managed))
        snprintf(ret_why, FIELD_WHY_MAX, "an IMEI is of digits");
    else if (managed && strlen(managed) >= MODEM_ANSWER_TEXT_MAX)
        snprintf(ret_why, FIELD_WHY_MAX, "an IMEI has 15 digits");
    else if (managed && !modem_bus_built())
        snprintf(ret_why, FIELD_WHY_MAX, "this program was built without ModemManager");
    else if (!serial_baud_ok(config->baud))
        snprintf(ret_why, FIELD_WHY_MAX, "baud is no rate of a serial device");
    else
        return true;
    return false;
}

static void modem_silent(struct check *check, const char *why)
{
    static const enum verdict verdicts[] = {VERDICT_UNKNOWN, VERDICT_DEGRADED, VERDICT_FAILED};

    const struct modem_config *config = check_config(check);
    check_conclude(check, verdicts[config->no_answer], why);
}

/* ---- what it amounts to ---- */

/* 5G beside 4G whose own signal is not told is measured as the 4G that is. */
static const char *modem_technology(const struct modem_facts *f)
{
    bool beside = f->access == 13;
    return beside && isnan(f->ss_rsrp_dbm) ? "4g" : modem_answer_generation(f->access);
}

static void modem_report_signal(struct check_report *draft, const struct modem_facts *f,
                                const char *technology)
{
    const struct {
        const char *technology;
        double rsrp, rsrq, sinr, ecno;
    } rows[] = {
        {"2g", f->rxlev_dbm, NAN, NAN, NAN},
        {"3g", f->rscp_dbm, NAN, NAN, f->ecno_db},
        {"4g", f->rsrp_dbm, f->rsrq_db, f->sinr_db, NAN},
        {"5g", f->ss_rsrp_dbm, f->ss_rsrq_db, f->ss_sinr_db, NAN},
    };

    for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
        if (strcmp(rows[i].technology, technology) != 0)
            continue;
        check_report_number(draft, RSRP, rows[i].rsrp);
        check_report_number(draft, RSRQ, rows[i].rsrq);
        check_report_number(draft, SINR, rows[i].sinr);
        check_report_number(draft, ECNO, rows[i].ecno);
    }
    check_report_text(draft, TECHNOLOGY, slice_of(technology));
    if (strcmp(technology, "5g") == 0)
        check_report_text(draft, NR_MODE, slice_of(f->access == 13 ? "nsa" : "sa"));
}

static const char *modem_operator(const struct modem_config *config, const char *plmn)
{
    size_t len = strlen(plmn);
    for (size_t i = 0; i < config->operators.len; i++) {
        const char *text = config->operators.text[i];
        if (strncmp(text, plmn, len) == 0 && text[len] == '=')
            return text + len + 1;
    }
    return plmn;
}

static void modem_report_service(struct check_report *draft, const struct modem_config *config,
                                 const struct modem_facts *f)
{
    const struct {
        int metric;
        const char *text;
    } rows[] = {{OPERATOR, modem_operator(config, f->plmn)}, {CELL, f->cell}, {TAC, f->area}};

    for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
        if (rows[i].text[0])
            check_report_text(draft, rows[i].metric, slice_of(rows[i].text));
    }
    check_report_number(draft, RSSI, f->rssi_dbm);
}

static void modem_end_run(struct check *check, const struct modem_facts *f)
{
    const struct modem_config *config = check_config(check);
    struct check_report *draft = check_draft(check);
    bool in = f->registration == 1 || f->registration == 5;
    const char *technology = modem_technology(f);
    if (f->registration >= 0)
        check_report_flag(draft, REGISTERED, in);
    if (technology && (in || f->registration < 0)) {
        modem_report_signal(draft, f, technology);
        modem_report_service(draft, config, f);
    } else if (f->registration >= 0 && !in && config->technology > 0) {
        check_report_text(draft, TECHNOLOGY, slice_of(technologies[config->technology]));
    }
    if (f->registration == 3)
        check_report_judge(draft, VERDICT_FAILED, "the network refuses this modem or its card");
    else if (f->registration >= 0 && !in)
        check_report_judge(draft, VERDICT_FAILED, "no service");
    else if (!technology)
        check_report_judge(draft, VERDICT_UNKNOWN, "the modem does not tell its network");
    check_finish(check);
}

/* ---- the run ---- */

static void modem_say(struct check *check)
{
    struct modem_state *state = check_state(check);
    const char *command = commands[state->command];
    if (write(state->line, command, strlen(command)) != (ssize_t)strlen(command))
        modem_silent(check, "the modem takes no command");
}

/* What stands behind the end of a command is no answer to the next. */
static void modem_take(struct check *check, struct slice bytes)
{
    struct modem_state *state = check_state(check);
    if (modem_answer_feed(&state->answer, &bytes) == AT_END_NONE)
        return;
    if (++state->command == CHECK_COUNT(commands))
        modem_end_run(check, &state->answer.facts);
    else
        modem_say(check);
}

static void modem_on_event(void *arg, int events)
{
    (void)events;
    struct check *check = arg;
    struct modem_state *state = check_state(check);
    char bytes[512];
    ssize_t len = read(state->line, bytes, sizeof bytes);
    if (len > 0)
        modem_take(check, (struct slice){bytes, (size_t)len});
    else if (len == 0 || (errno != EAGAIN && errno != EINTR))
        modem_silent(check, "the modem is gone");
}

static void modem_talk(struct check *check)
{
    struct modem_state *state = check_state(check);
    struct loop *loop = check_env(check)->loop;
    int err = loop_poll_open(loop, state->line, modem_on_event, check, &state->poll);
    if (!err)
        err = loop_poll_want(state->poll, LOOP_READ);
    if (err)
        check_conclude(check, VERDICT_UNKNOWN, "the line cannot be watched");
    else
        modem_say(check);
}

static void modem_try(void *arg)
{
    struct check *check = arg;
    struct modem_state *state = check_state(check);
    const struct modem_config *config = check_config(check);
    const struct serial_line line = {.baud = config->baud, .parity = 0};
    int error = serial_open(config->common.target, &line, &state->line);
    if (error == EAGAIN) {
        loop_timer_after(state->again, BUSY_MS);
        return;
    }
    state->open = error == 0;
    if (!error)
        modem_talk(check);
    else if (dial_is_own(error))
        check_conclude(check, VERDICT_UNKNOWN, strerror(error));
    else
        modem_silent(check, strerror(error));
}

static void modem_on_told(void *arg, const struct modem_facts *facts, const char *why)
{
    struct check *check = arg;
    if (why)
        modem_silent(check, why);
    else
        modem_end_run(check, facts);
}

static void modem_ask_manager(struct check *check, const char *identifier)
{
    struct modem_state *state = check_state(check);
    int err =
        modem_bus_start(check_env(check)->loop, identifier, modem_on_told, check, &state->bus);
    if (err == ERR_IO)
        modem_silent(check, "this machine has no system bus");
    else if (err)
        check_conclude(check, VERDICT_UNKNOWN, err_text(err));
}

static void modem_start(struct check *check)
{
    struct modem_state *state = check_state(check);
    const char *managed = modem_managed(check_common_of(check)->target);
    if (managed) {
        modem_ask_manager(check, managed);
        return;
    }
    modem_answer_init(&state->answer);
    int err = loop_timer_open(check_env(check)->loop, modem_try, check, &state->again);
    if (err)
        check_conclude(check, VERDICT_UNKNOWN, err_text(err));
    else
        loop_timer_after(state->again, 0);
}

static void modem_expire(struct check *check)
{
    modem_silent(check, "no answer in time");
}

static void modem_release(struct check *check)
{
    struct modem_state *state = check_state(check);
    modem_bus_end(state->bus);
    loop_timer_close(state->again);
    loop_poll_close(state->poll);
    if (state->open)
        close(state->line);
    memset(state, 0, sizeof *state);
}

const struct check_type modem_check = {
    .name = "modem",
    .about = "A cellular modem: signal, technology, operator, cell.",
    .target_about = "Path of the serial device that takes AT commands; or modemmanager for the "
                    "first modem of ModemManager, modemmanager:IMEI for another.",
    .fields = fields,
    .n_fields = CHECK_COUNT(fields),
    .config_size = sizeof(struct modem_config),
    .metrics = metrics,
    .n_metrics = CHECK_COUNT(metrics),
    .limits = limits,
    .n_limits = CHECK_COUNT(limits),
    .cause = CAUSE_FAULT,
    .state_size = sizeof(struct modem_state),
    .verify = modem_verify,
    .start = modem_start,
    .expire = modem_expire,
    .release = modem_release,
};
