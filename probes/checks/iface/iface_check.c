#include "checks/iface/iface_check.h"

#include "base/err.h"
#include "checks/check_file.h"
#include "checks/check_port.h"
#include "checks/iface/iface_machine.h"
#include "io/file.h"
#include "io/loop.h"

#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>

enum { CARRIER, SPEED, RX_RATE, TX_RATE, RX_ERRORS, TX_ERRORS, RX_DROPS, TX_DROPS };

#define SINCE "since the run before; absent in the first run and after a counter was reset."

static const struct check_metric metrics[] = {
    [CARRIER] = {"carrier", READING_FLAG, NULL,
                 "The link is there; absent if there is no such interface."},
    [SPEED] = {"speed", READING_NUMBER, "Mbit/s",
               "Negotiated speed; absent if the driver does not say."},
    [RX_RATE] = {"rx_rate", READING_NUMBER, "bit/s", "Received " SINCE},
    [TX_RATE] = {"tx_rate", READING_NUMBER, "bit/s", "Sent " SINCE},
    [RX_ERRORS] = {"rx_errors", READING_NUMBER, "1/s", "Damaged frames received " SINCE},
    [TX_ERRORS] = {"tx_errors", READING_NUMBER, "1/s", "Frames that could not be sent " SINCE},
    [RX_DROPS] = {"rx_drops", READING_NUMBER, "1/s", "Received frames thrown away " SINCE},
    [TX_DROPS] = {"tx_drops", READING_NUMBER, "1/s", "Frames thrown away before sending " SINCE},
};

#undef SINCE

#define KEY(member) CHECK_KEY(struct iface_config, member)

static const struct field fields[] = {
    {"degraded_speed_mbit_s", FIELD_F64, KEY(degraded_speed_mbit_s), 0, 1e7, "0", "Mbit/s",
     "Degraded at or below this speed: 100 finds a gigabit port that fell back; 0 is no limit.",
     NULL},
    {"failed_speed_mbit_s", FIELD_F64, KEY(failed_speed_mbit_s), 0, 1e7, "0", "Mbit/s",
     "Failed at or below this speed; 0 is no limit.", NULL},
    {"degraded_rx_bit_s", FIELD_F64, KEY(degraded_rx_bit_s), 0, 1e13, "0", "bit/s",
     "Degraded from this rate of receiving on; 0 is no limit.", NULL},
    {"failed_rx_bit_s", FIELD_F64, KEY(failed_rx_bit_s), 0, 1e13, "0", "bit/s",
     "Failed from this rate of receiving on; 0 is no limit.", NULL},
    {"degraded_tx_bit_s", FIELD_F64, KEY(degraded_tx_bit_s), 0, 1e13, "0", "bit/s",
     "Degraded from this rate of sending on; 0 is no limit.", NULL},
    {"failed_tx_bit_s", FIELD_F64, KEY(failed_tx_bit_s), 0, 1e13, "0", "bit/s",
     "Failed from this rate of sending on; 0 is no limit.", NULL},
    {"degraded_errors_per_s", FIELD_F64, KEY(degraded_errors_per_s), 0, 1e9, "1", "1/s",
     "Degraded from this rate of errors, in either direction, on; 0 is no limit.", NULL},
    {"failed_errors_per_s", FIELD_F64, KEY(failed_errors_per_s), 0, 1e9, "0", "1/s",
     "Failed from this rate of errors, in either direction, on; 0 is no limit.", NULL},
    {"degraded_drops_per_s", FIELD_F64, KEY(degraded_drops_per_s), 0, 1e9, "0", "1/s",
     "Degraded from this rate of drops, in either direction, on; 0 is no limit.", NULL},
    {"failed_drops_per_s", FIELD_F64, KEY(failed_drops_per_s), 0, 1e9, "0", "1/s",
     "Failed from this rate of drops, in either direction, on; 0 is no limit.", NULL},
};

#undef KEY

#define AT(member) offsetof(struct iface_config, member)

static const struct threshold limits[] = {
    {"speed", THRESHOLD_BELOW, AT(degraded_speed_mbit_s), AT(failed_speed_mbit_s), 0},
    {"rx_rate", THRESHOLD_ABOVE, AT(degraded_rx_bit_s), AT(failed_rx_bit_s), 0},
    {"tx_rate", THRESHOLD_ABOVE, AT(degraded_tx_bit_s), AT(failed_tx_bit_s), 0},
    {"rx_errors", THRESHOLD_ABOVE, AT(degraded_errors_per_s), AT(failed_errors_per_s), 0},
    {"tx_errors", THRESHOLD_ABOVE, AT(degraded_errors_per_s), AT(failed_errors_per_s), 0},
    {"rx_drops", THRESHOLD_ABOVE, AT(degraded_drops_per_s), AT(failed_drops_per_s), 0},
    {"tx_drops", THRESHOLD_ABOVE, AT(degraded_drops_per_s), AT(failed_drops_per_s), 0},
};

#undef AT

/* Metric of each counter's rate, by enum iface_counter. */
static const int rate_metric[IFACE_COUNTERS] = {
    [IFACE_RX_BYTES] = RX_RATE,    [IFACE_TX_BYTES] = TX_RATE,  [IFACE_RX_ERRORS] = RX_ERRORS,
    [IFACE_TX_ERRORS] = TX_ERRORS, [IFACE_RX_DROPS] = RX_DROPS, [IFACE_TX_DROPS] = TX_DROPS,
};

struct iface_state {
    bool has_before;          /* before is of an earlier run */
    struct iface_look before; /* the last look that found the interface */
};

static bool iface_verify(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct iface_config *config = object;
    return check_common_ok(&config->common, ret_why) &&
           check_port_name_ok(&config->common, ret_why);
}

/* `flags` is the only hexadecimal file; bit 0 is IFF_UP. */
static bool iface_enabled(struct check *check, struct buf *text)
{
    char path[FILE_PATH_MAX];
    snprintf(path, sizeof path, "/sys/class/net/%.16s/flags", check_common_of(check)->target);
    if (check_file_read(check_env(check), path, text) != 0 || text->len == 0)
        return false;
    return (strtoul(text->data, NULL, 16) & IFF_UP) != 0;
}

static bool iface_look(struct check *check, struct iface_look *ret_look)
{
    struct buf text;
    int64_t value = 0;
    struct iface_look look = {.at_us = loop_stopwatch_us()};
    buf_init(&text, CHECK_FILE_MAX);
    bool found = check_port_number(check, "ifindex", &text, &look.ifindex);
    look.enabled = found && iface_enabled(check, &text);
    look.carrier = found && check_port_number(check, "carrier", &text, &value) && value == 1;
    if (look.carrier && check_port_number(check, "speed", &text, &value) && value > 0)
        look.speed_mbit = value;
    for (int i = 0; i < IFACE_COUNTERS && found; i++) {
        char file[64];
        snprintf(file, sizeof file, "statistics/%s", iface_machine_file((enum iface_counter)i));
        look.has[i] = check_port_number(check, file, &text, &value) && value >= 0;
        look.counter[i] = look.has[i] ? (uint64_t)value : 0;
    }
    buf_done(&text);
    *ret_look = look;
    return found;
}

static void iface_report(struct check *check, const struct iface_look *look)
{
    struct iface_state *state = check_state(check);
    struct check_report *draft = check_draft(check);
    struct iface_rates rates = iface_machine_rates(state->has_before ? &state->before : NULL, look);
    check_report_flag(draft, CARRIER, look->carrier);
    if (!look->enabled)
        check_report_judge(draft, VERDICT_FAILED, "switched off (ip link set %.16s up)",
                           check_common_of(check)->target);
    else if (!look->carrier)
        check_report_judge(draft, VERDICT_FAILED, "no carrier: cable, port or the other end");
    if (look->speed_mbit > 0)
        check_report_number(draft, SPEED, (double)look->speed_mbit);
    for (int i = 0; i < IFACE_COUNTERS; i++) {
        if (rates.known[i])
            check_report_number(draft, rate_metric[i], rates.per_s[i]);
    }
}

static void iface_start(struct check *check)
{
    struct iface_state *state = check_state(check);
    struct iface_look look;
    if (iface_look(check, &look)) {
        iface_report(check, &look);
        state->before = look;
        state->has_before = true;
    } else {
        check_port_missing(check);
    }
    check_finish(check);
}

static void iface_expire(struct check *check)
{
    check_conclude(check, VERDICT_UNKNOWN, "the system's files did not answer in time");
}

const struct check_type iface_check = {
    .name = "iface",
    .about = "A network interface of this machine: carrier, speed, rates, errors and drops.",
    .target_about = "Name of the interface, such as eth0.",
    .fields = fields,
    .n_fields = CHECK_COUNT(fields),
    .config_size = sizeof(struct iface_config),
    .metrics = metrics,
    .n_metrics = CHECK_COUNT(metrics),
    .limits = limits,
    .n_limits = CHECK_COUNT(limits),
    .cause = CAUSE_TRANSPORT,
    .state_size = sizeof(struct iface_state),
    .verify = iface_verify,
    .start = iface_start,
    .expire = iface_expire,
};
