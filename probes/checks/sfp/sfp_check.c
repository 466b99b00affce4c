#include "checks/sfp/sfp_check.h"

#include "base/err.h"
#include "checks/check_file.h"
#include "checks/check_port.h"
#include "checks/sfp/sfp_baseline.h"
#include "checks/sfp/sfp_port.h"
#include "io/loop.h"

#include <errno.h>
#include <math.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>

enum { RX_POWER, TX_POWER, BIAS, TEMPERATURE, VCC, RX_DROP, LOS, DIAGNOSTICS, MODULE };

static const struct check_metric metrics[] = {
    [RX_POWER] = {"rx_power", READING_NUMBER, "dBm",
                  "Light that comes in, of several lanes the least; -40 is none; absent if the "
                  "module does not measure it."},
    [TX_POWER] = {"tx_power", READING_NUMBER, "dBm",
                  "Light that goes out, of several lanes the least; absent if not measured."},
    [BIAS] = {"bias", READING_NUMBER, "mA",
              "Current of the laser, of several lanes the highest; absent if not measured."},
    [TEMPERATURE] = {"temperature", READING_NUMBER, "Cel",
                     "Of the module; absent if not measured."},
    [VCC] = {"vcc", READING_NUMBER, "V", "Supply of the module; absent if not measured."},
    [RX_DROP] = {"rx_drop", READING_NUMBER, "dB",
                 "How far rx_power is below its level of the last seven days; absent in the first "
                 "hour that the probe looks."},
    [LOS] = {"los", READING_FLAG, NULL, "The module sees no light; absent if it does not say."},
    [DIAGNOSTICS] = {"diagnostics", READING_FLAG, NULL,
                     "The module measures at all; absent if its memory could not be read."},
    [MODULE] = {"module", READING_TEXT, NULL,
                "Maker and part; absent if its memory could not be read."},
};

/* The metric of each quantity. */
static const int metric_of[SFP_QUANTITIES] = {[SFP_TEMPERATURE] = TEMPERATURE,
                                              [SFP_VCC] = VCC,
                                              [SFP_BIAS] = BIAS,
                                              [SFP_TX] = TX_POWER,
                                              [SFP_RX] = RX_POWER};

#define KEY(member) CHECK_KEY(struct sfp_config, member)

static const struct field fields[] = {
    {"degraded_rx_power_dbm", FIELD_F64, KEY(degraded_rx_power_dbm), -60, 10, "-25", "dBm",
     "Degraded at or below this received power, whatever the module's own limits say; 0 is no "
     "limit.",
     NULL},
    {"failed_rx_power_dbm", FIELD_F64, KEY(failed_rx_power_dbm), -60, 10, "0", "dBm",
     "Failed at or below this received power; 0 is no limit: only a link that is down and loss of "
     "signal are failed.",
     NULL},
    {"degraded_rx_drop_db", FIELD_F64, KEY(degraded_rx_drop_db), 0, 60, "3", "dB",
     "Degraded from this loss against the level of the last seven days on; 0 is no limit.", NULL},
    {"failed_rx_drop_db", FIELD_F64, KEY(failed_rx_drop_db), 0, 60, "0", "dB",
     "Failed from this loss against the level of the last seven days on; 0 is no limit.", NULL},
};

#undef KEY

#define AT(member) offsetof(struct sfp_config, member)

static const struct threshold limits[] = {
    {"rx_drop", THRESHOLD_ABOVE, AT(degraded_rx_drop_db), AT(failed_rx_drop_db), 0},
    {"rx_power", THRESHOLD_BELOW, AT(degraded_rx_power_dbm), AT(failed_rx_power_dbm), 0},
};

#undef AT

/* One reading on a worker; freed when that is done, whether or not anybody still waits for it. */
struct sfp_job {
    struct check *check; /* NULL once its run is over */
    char name[IF_NAMESIZE];
    int error;
    size_t len;
    uint8_t bytes[SFP_MODULE_MAX];
};

struct sfp_state {
    struct sfp_job *job; /* NULL unless a reading is under way */
    struct sfp_baseline baseline;
};

static bool sfp_verify(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct sfp_config *config = object;
    return check_common_ok(&config->common, ret_why) &&
           check_port_name_ok(&config->common, ret_why);
}

/* By the module's own limits: beyond an alarm limit first, then beyond a warning's. */
static void sfp_judge_limits(struct check_report *draft, const struct sfp_module *m)
{
    for (int step = 0; step < 2; step++) {
        for (int q = 0; q < SFP_QUANTITIES; q++) {
            const struct sfp_limits *own = &m->limits[q];
            double high = step ? own->high_warn : own->high_alarm;
            double low = step ? own->low_warn : own->low_alarm;
            double value = m->value[q];
            if (!own->given || isnan(value) || (value <= high && value >= low))
                continue;
            check_report_judge(draft, VERDICT_DEGRADED, "%s %.4g is %s the module's %s limit %.4g",
                               sfp_module_word((enum sfp_quantity)q), value,
                               value > high ? "above" : "below", step ? "warning" : "alarm",
                               value > high ? high : low);
        }
    }
}

static void sfp_report(struct check *check, const struct sfp_module *m)
{
    struct check_report *draft = check_draft(check);
    struct sfp_state *state = check_state(check);
    char text[40];
    snprintf(text, sizeof text, "%s %s", m->vendor, m->part);
    check_report_text(draft, MODULE, slice_of(text));
    check_report_flag(draft, DIAGNOSTICS, m->diagnostics);
    for (int q = 0; q < SFP_QUANTITIES; q++)
        check_report_number(draft, metric_of[q], m->value[q]);
    if (m->has_los)
        check_report_flag(draft, LOS, m->los);
    if (m->los)
        check_report_judge(draft, VERDICT_FAILED, "no light comes in (LOS)");
    if (m->tx_fault)
        check_report_judge(draft, VERDICT_DEGRADED, "the module's laser has failed");
    sfp_judge_limits(draft, m);
    if (isnan(m->value[SFP_RX]) || m->los)
        return;
    check_report_number(draft, RX_DROP, sfp_baseline_drop(&state->baseline, m->value[SFP_RX]));
    sfp_baseline_add(&state->baseline, loop_now(check_env(check)->loop).mono, m->value[SFP_RX]);
}

/* Why there is nothing to judge by. */
static void sfp_unread(struct check *check, int error, int err)
{
    struct check_report *draft = check_draft(check);
    if (error == EOPNOTSUPP)
        check_report_judge(draft, VERDICT_UNKNOWN, "this port shows no module");
    else if (error == EPERM)
        check_report_judge(draft, VERDICT_UNKNOWN,
                           "not permitted: reading a module needs CAP_NET_ADMIN");
    else if (error)
        check_report_judge(draft, VERDICT_UNKNOWN, "no module can be read: %s", strerror(error));
    else
        check_report_judge(draft, VERDICT_UNKNOWN, "the module's memory makes no sense: %s",
                           err_text(err));
}

static void sfp_work(void *arg)
{
    struct sfp_job *job = arg;
    job->error = sfp_port_read(job->name, job->bytes, &job->len);
}

static void sfp_worked(void *arg)
{
    struct sfp_job *job = arg;
    struct check *check = job->check;
    if (check) {
        struct sfp_state *state = check_state(check);
        struct sfp_module module;
        int err = job->error ? 0 : sfp_module_read(job->bytes, job->len, &module);
        state->job = NULL;
        if (job->error || err)
            sfp_unread(check, job->error, err);
        else
            sfp_report(check, &module);
        check_finish(check);
    }
    free(job);
}

/* False if the port is not there. */
static bool sfp_look_at_link(struct check *check)
{
    struct buf text;
    int64_t value = 0;
    buf_init(&text, CHECK_FILE_MAX);
    bool found = check_port_number(check, "ifindex", &text, &value);
    bool up = found && check_port_number(check, "carrier", &text, &value) && value == 1;
    buf_done(&text);
    if (!found)
        check_port_missing(check);
    else if (!up)
        check_report_judge(check_draft(check), VERDICT_FAILED, "the link is down");
    return found;
}

static void sfp_start(struct check *check)
{
    struct sfp_state *state = check_state(check);
    if (!sfp_look_at_link(check)) {
        check_finish(check);
        return;
    }
    struct sfp_job *job = calloc(1, sizeof *job);
    int err = ERR_NOMEM;
    if (job) {
        job->check = check;
        snprintf(job->name, sizeof job->name, "%.15s", check_common_of(check)->target);
        err = loop_work(check_env(check)->loop, sfp_work, sfp_worked, job);
    }
    if (!err) {
        state->job = job;
        return;
    }
    free(job);
    check_conclude(check, VERDICT_UNKNOWN, err_text(err));
}

static void sfp_expire(struct check *check)
{
    check_conclude(check, VERDICT_UNKNOWN, "the module did not answer in time");
}

static void sfp_release(struct check *check)
{
    struct sfp_state *state = check_state(check);
    if (state->job)
        state->job->check = NULL;
    state->job = NULL;
}

static void sfp_keep(struct check *check, struct buf *out)
{
    const struct sfp_state *state = check_state(check);
    sfp_baseline_write(&state->baseline, out);
}

static int sfp_recall(struct check *check, struct slice kept)
{
    struct sfp_state *state = check_state(check);
    return sfp_baseline_read(kept, &state->baseline);
}

const struct check_type sfp_check = {
    .name = "sfp",
    .about = "The optical module in a port of this machine: light, laser, temperature, supply.",
    .target_about = "Name of the interface, such as eth1.",
    .fields = fields,
    .n_fields = CHECK_COUNT(fields),
    .config_size = sizeof(struct sfp_config),
    .metrics = metrics,
    .n_metrics = CHECK_COUNT(metrics),
    .limits = limits,
    .n_limits = CHECK_COUNT(limits),
    .cause = CAUSE_TRANSPORT,
    .state_size = sizeof(struct sfp_state),
    .verify = sfp_verify,
    .start = sfp_start,
    .expire = sfp_expire,
    .release = sfp_release,
    .keep = sfp_keep,
    .recall = sfp_recall,
};
