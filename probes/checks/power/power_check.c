#include "checks/power/power_check.h"

#include "base/err.h"
#include "checks/power/power_line.h"
#include "checks/power/power_machine.h"
#include "checks/target.h"
#include "io/loop.h"

#include <math.h>
#include <stdio.h>

/* The metrics of enum power_meaning come first, in its order. */
enum { ON_BATTERY = POWER_MEANINGS, ON_BATTERY_FOR };

static const struct check_metric metrics[] = {
    [POWER_MAINS] =
        {"mains", READING_FLAG, NULL,
         "Mains are present; absent if the profile has neither them nor their voltage."},
    [POWER_MAINS_V] = {"mains_v", READING_NUMBER, "V", "Voltage of the mains; absent if not read."},
    [POWER_RECTIFIER] = {"rectifier", READING_FLAG, NULL,
                         "All rectifiers are well; absent if not read."},
    [POWER_BATTERY_V] = {"battery_v", READING_NUMBER, "V",
                         "Voltage of the battery, without sign; absent if not read."},
    [POWER_BATTERY_A] = {"battery_a", READING_NUMBER, "A",
                         "Current of the battery, negative while discharging; absent if not read."},
    [POWER_SOC] = {"soc", READING_NUMBER, "/", "State of charge, 0 to 1; absent if not read."},
    [POWER_LVD] = {"lvd", READING_FLAG, NULL,
                   "The load is switched off (low-voltage disconnect); absent if neither that nor "
                   "the battery's voltage is read."},
    [POWER_GENERATOR] = {"generator", READING_FLAG, NULL,
                         "The generator runs; absent if not read."},
    [POWER_DOOR] = {"door", READING_FLAG, NULL, "The door is open; absent if not read."},
    [POWER_TEMPERATURE] = {"temperature", READING_NUMBER, "Cel",
                           "The hottest place that is read; absent if none is."},
    [POWER_SMOKE] = {"smoke", READING_FLAG, NULL, "Smoke is detected; absent if not read."},
    [POWER_FLOOD] = {"flood", READING_FLAG, NULL, "Water is detected; absent if not read."},
    [POWER_LOAD_A] = {"load_a", READING_NUMBER, "A", "Current of the load; absent if not read."},
    [POWER_MINUTES_LEFT] = {"minutes_left", READING_NUMBER, "min",
                            "Minutes until the load is switched off, from the discharge since "
                            "mains were lost; absent unless on battery, and while it cannot be "
                            "told."},
    [ON_BATTERY] = {"on_battery", READING_FLAG, NULL,
                    "Neither mains nor a generator feed the plant; absent where mains is."},
    [ON_BATTERY_FOR] = {"on_battery_for", READING_NUMBER, "s",
                        "Since when; absent unless on battery."},
};

static const char *const no_answers[] = {"unknown", "degraded", "failed", NULL};

#define KEY(member) CHECK_KEY(struct power_config, member)

static const struct field fields[] = {
    {"profile", FIELD_TEXT, KEY(profile), 0, 0, NULL, NULL,
     "What the registers mean: name of a shipped profile, or absolute path of one's own.", NULL},
    {"unit", FIELD_I64, KEY(unit), 0, 247, "1", "address", "Modbus unit of the device.", NULL},
    {"baud", FIELD_I64, KEY(baud), 1200, 921600, "9600", "bit/s", "Speed of a serial line.", NULL},
    {"parity", FIELD_WORD, KEY(parity), 0, 0, "none", NULL, "Parity of a serial line.",
     serial_parities},
    {"no_answer", FIELD_WORD, KEY(no_answer), 0, 0, "unknown", NULL,
     "Verdict while the device does not answer: a silent controller is no proof of lost power.",
     no_answers},
    {"mains_min_v", FIELD_F64, KEY(mains_min_v), 0, 1000, "170", "V",
     "Mains are present from this voltage on, where only the voltage is read.", NULL},
    {"low_battery_v", FIELD_F64, KEY(low_battery_v), 0, 1000, "47", "V",
     "Degraded at or below this voltage of the battery; 0 is no limit.", NULL},
    {"disconnect_battery_v", FIELD_F64, KEY(disconnect_battery_v), 0, 1000, "43", "V",
     "Voltage at which the plant switches the load off: failed, and where minutes_left ends.",
     NULL},
    {"reconnect_battery_v", FIELD_F64, KEY(reconnect_battery_v), 0, 1000, "47", "V",
     "Voltage from which on it switches the load on again.", NULL},
    {"high_battery_v", FIELD_F64, KEY(high_battery_v), 0, 1000, "57", "V",
     "Degraded from this voltage of the battery on; 0 is no limit.", NULL},
    {"empty_soc_ratio", FIELD_F64, KEY(empty_soc_ratio), 0, 1, "0.2", "ratio",
     "State of charge at which minutes_left ends, where it is read.", NULL},
    {"degraded_soc_ratio", FIELD_F64, KEY(degraded_soc_ratio), 0, 1, "0", "ratio",
     "Degraded at or below this state of charge; 0 is no limit.", NULL},
    {"failed_soc_ratio", FIELD_F64, KEY(failed_soc_ratio), 0, 1, "0", "ratio",
     "Failed at or below this state of charge; 0 is no limit.", NULL},
    {"degraded_temperature_cel", FIELD_F64, KEY(degraded_temperature_cel), 0, 200, "35", "Cel",
     "Degraded from this temperature on; 0 is no limit.", NULL},
    {"failed_temperature_cel", FIELD_F64, KEY(failed_temperature_cel), 0, 200, "0", "Cel",
     "Failed from this temperature on; 0 is no limit.", NULL},
};

#undef KEY

#define AT(member) offsetof(struct power_config, member)

static const struct threshold limits[] = {
    {"soc", THRESHOLD_BELOW, AT(degraded_soc_ratio), AT(failed_soc_ratio), 0},
    {"temperature", THRESHOLD_ABOVE, AT(degraded_temperature_cel), AT(failed_temperature_cel), 0},
};

#undef AT

struct power_run_state {
    struct power_line line;
    struct power_values values;
    size_t row;  /* first row of the request in hand */
    size_t next; /* the row behind it */
    struct power_request request;
    bool loaded; /* profile and machine are kept between runs */
    struct power_profile profile;
    struct power_machine machine;
};

/* ---- configuration ---- */

static bool power_target_ok(const struct power_config *config, char ret_why[FIELD_WHY_MAX])
{
    struct target target;
    if (power_line_is_serial(config->common.target) ||
        target_read(slice_of(config->common.target), &target) == 0)
        return true;
    snprintf(ret_why, FIELD_WHY_MAX,
             "target must be host:port of a Modbus server or the path of a serial device");
    return false;
}

static bool power_keys_fit(const struct power_config *config, char ret_why[FIELD_WHY_MAX])
{
    if (!serial_baud_ok(config->baud))
        snprintf(ret_why, FIELD_WHY_MAX, "baud is no rate of a serial device");
    else if (config->disconnect_battery_v > config->reconnect_battery_v)
        snprintf(ret_why, FIELD_WHY_MAX, "disconnect_battery_v is above reconnect_battery_v");
    else
        return true;
    return false;
}

static bool power_verify(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct power_config *config = object;
    struct power_profile profile;
    return check_common_ok(&config->common, ret_why) && power_target_ok(config, ret_why) &&
           power_keys_fit(config, ret_why) &&
           power_profile_read(config->profile, &profile, ret_why) == 0;
}

/* ---- judging ---- */

static void power_silent(struct check *check, const char *why)
{
    static const enum verdict verdicts[] = {VERDICT_UNKNOWN, VERDICT_DEGRADED, VERDICT_FAILED};

    const struct power_config *config = check_config(check);
    check_conclude(check, verdicts[config->no_answer], why);
}

static void power_report_values(struct check *check, const struct power_values *values,
                                const struct power_state *state)
{
    struct check_report *draft = check_draft(check);
    for (int i = 0; i < POWER_MEANINGS; i++)
        check_report_number(draft, i, values->of[i]);
    check_report_number(draft, POWER_MAINS, state->mains);
    check_report_number(draft, POWER_MINUTES_LEFT, state->minutes_left);
    if (!isnan(values->of[POWER_LVD]) || !isnan(values->of[POWER_BATTERY_V]))
        check_report_flag(draft, POWER_LVD, state->off);
    if (state->known_battery)
        check_report_flag(draft, ON_BATTERY, state->on_battery);
    if (state->on_battery)
        check_report_number(draft, ON_BATTERY_FOR, state->for_s);
}

static void power_judge_battery(struct check_report *draft, const struct power_state *state)
{
    if (state->on_battery && isnan(state->minutes_left))
        check_report_judge(draft, VERDICT_DEGRADED, "mains lost: on battery for %.0f min",
                           state->for_s / 60);
    else if (state->on_battery)
        check_report_judge(draft, VERDICT_DEGRADED, "mains lost: on battery, about %.0f min left",
                           state->minutes_left);
}

static void power_judge(struct check *check, const struct power_values *values,
                        const struct power_state *state)
{
    struct check_report *draft = check_draft(check);
    double volts = values->of[POWER_BATTERY_V];
    if (state->off)
        check_report_judge(draft, VERDICT_FAILED, "low-voltage disconnect: the load is off");
    power_judge_battery(draft, state);
    if (state->on_generator)
        check_report_judge(draft, VERDICT_DEGRADED, "mains lost: the generator runs");
    if (state->low)
        check_report_judge(draft, VERDICT_DEGRADED, "battery low at %.4g V", volts);
    if (state->high)
        check_report_judge(draft, VERDICT_DEGRADED, "battery voltage too high at %.4g V", volts);
    if (values->of[POWER_SMOKE] == 1)
        check_report_judge(draft, VERDICT_DEGRADED, "smoke is detected");
    if (values->of[POWER_FLOOD] == 1)
        check_report_judge(draft, VERDICT_DEGRADED, "water is detected");
    if (values->of[POWER_RECTIFIER] == 0 && state->mains != 0)
        check_report_judge(draft, VERDICT_DEGRADED, "a rectifier has failed");
}

static bool power_knows_nothing(const struct power_values *values)
{
    for (int i = 0; i < POWER_MEANINGS; i++) {
        if (!isnan(values->of[i]))
            return false;
    }
    return true;
}

static void power_end(struct check *check)
{
    const struct power_config *config = check_config(check);
    struct power_run_state *state = check_state(check);
    const struct power_limits tuned = {
        .mains_min_v = config->mains_min_v,
        .low_v = config->low_battery_v,
        .disconnect_v = config->disconnect_battery_v,
        .reconnect_v = config->reconnect_battery_v,
        .high_v = config->high_battery_v,
        .empty_soc = config->empty_soc_ratio,
    };
    if (!power_knows_nothing(&state->values)) {
        struct power_state seen = power_machine_look(&state->machine, &tuned, &state->values,
                                                     loop_now(check_env(check)->loop).mono.ms);
        power_report_values(check, &state->values, &seen);
        power_judge(check, &state->values, &seen);
    } else {
        check_report_judge(check_draft(check), VERDICT_UNKNOWN, "the device gives no valid value");
    }
    check_finish(check);
}

/* ---- the run ---- */

static void power_ask(struct check *check)
{
    struct power_run_state *state = check_state(check);
    if (state->next == state->profile.len) {
        power_end(check);
        return;
    }
    state->row = state->next;
    state->next = power_profile_next(&state->profile, state->row, &state->request);
    power_line_ask(&state->line, &state->request);
}

static void power_on_answer(struct check *check, enum power_answer answer,
                            const struct power_found *found)
{
    struct power_run_state *state = check_state(check);
    if (answer == POWER_ANSWER_GARBAGE) {
        power_silent(check, "hung up, or its answer is not Modbus");
        return;
    }
    if (answer == POWER_ANSWER_DATA)
        power_profile_take(&state->profile, state->row, &state->request, found->data,
                           &state->values);
    else
        check_report_judge(check_draft(check), VERDICT_UNKNOWN, "address %u refused: %s",
                           (unsigned)state->request.first,
                           power_modbus_exception(found->exception));
    power_ask(check);
}

static void power_on_ready(struct check *check, int error)
{
    if (error == 0)
        power_ask(check);
    else if (error < 0)
        power_silent(check, "the name gives no address");
    else if (dial_is_own(error))
        check_conclude(check, VERDICT_UNKNOWN, strerror(error));
    else
        power_silent(check, strerror(error));
}

static int power_load(struct power_run_state *state, const struct power_config *config)
{
    char why[FIELD_WHY_MAX];
    int err = state->loaded ? 0 : power_profile_read(config->profile, &state->profile, why);
    state->loaded = err == 0;
    return err;
}

static void power_start(struct check *check)
{
    const struct power_config *config = check_config(check);
    struct power_run_state *state = check_state(check);
    const struct power_way way = {.target = config->common.target,
                                  .serial = {.baud = config->baud, .parity = config->parity},
                                  .unit = (uint8_t)config->unit};
    state->next = 0;
    power_profile_clear(&state->values);
    if (power_load(state, config) != 0) {
        check_conclude(check, VERDICT_UNKNOWN, "the profile cannot be read any more");
        return;
    }
    int err = power_line_start(&state->line, check, &way, power_on_ready, power_on_answer);
    if (err)
        check_conclude(check, VERDICT_UNKNOWN, err_text(err));
}

static void power_expire(struct check *check)
{
    power_silent(check, "no answer in time");
}

static void power_release(struct check *check)
{
    struct power_run_state *state = check_state(check);
    power_line_end(&state->line);
}

const struct check_type power_check = {
    .name = "power",
    .about = "A power plant over Modbus: mains, rectifiers, battery and minutes left, shelter.",
    .target_about = "host:port of a Modbus TCP server (502 if left out), or the path of a serial "
                    "device for Modbus RTU.",
    .fields = fields,
    .n_fields = CHECK_COUNT(fields),
    .config_size = sizeof(struct power_config),
    .metrics = metrics,
    .n_metrics = CHECK_COUNT(metrics),
    .limits = limits,
    .n_limits = CHECK_COUNT(limits),
    .cause = CAUSE_POWER,
    .state_size = sizeof(struct power_run_state),
    .verify = power_verify,
    .start = power_start,
    .expire = power_expire,
    .release = power_release,
};
