/* The file of what checks remember, and what each type makes of its line: what is taken is written
 * again as it was. */
#include "check.h"
#include "checks/sfp/sfp_baseline.h"
#include "checks/snmp/snmp_pon_kept.h"
#include "core/deadman.h"
#include "core/kept.h"

#include <string.h>

static void read_baseline(struct slice text)
{
    struct sfp_baseline baseline = {.n = 0};
    struct buf out;
    buf_init(&out, KEPT_MAX);
    if (sfp_baseline_read(text, &baseline) == 0) {
        struct sfp_baseline again = {.n = 0};
        sfp_baseline_write(&baseline, &out);
        check(sfp_baseline_read((struct slice){out.data, out.len}, &again) == 0,
              "it is read again");
        bool same = again.n == baseline.n;
        for (size_t i = 0; i < baseline.n; i++)
            same &= !(again.hour[i] < baseline.hour[i]) && !(again.hour[i] > baseline.hour[i]);
        check(same, "a baseline stays");
    }
    buf_done(&out);
}

static void read_ports(struct slice text)
{
    struct snmp_pon pon;
    struct buf out;
    buf_init(&out, KEPT_MAX);
    snmp_pon_init(&pon, 1);
    if (snmp_pon_kept_read(text, &pon) == 0) {
        struct snmp_pon again;
        snmp_pon_init(&again, 1);
        snmp_pon_kept_write(&pon, &out);
        check(snmp_pon_kept_read((struct slice){out.data, out.len}, &again) == 0,
              "they are read again");
        check(again.ports.len == pon.ports.len, "ports stay");
        snmp_pon_done(&again);
    } else {
        check(pon.ports.len == 0, "what is refused leaves nothing");
    }
    snmp_pon_done(&pon);
    buf_done(&out);
}

static void read_deadman(struct slice text)
{
    static const struct deadman_rules rules = {.after_ms = 1000};
    static const struct now now = {.wall = {INT64_C(1790000000000)}, .mono = {1000}};
    struct deadman deadman, again;
    struct buf out, twice;
    buf_init(&out, KEPT_MAX);
    buf_init(&twice, KEPT_MAX);
    deadman_init(&deadman, &rules);
    deadman_add(&deadman, "199");
    deadman_add(&deadman, "program");
    again = deadman;
    if (deadman_recall(&deadman, text, now) == 0) {
        deadman_keep(&deadman, &out);
        check(out.len == 0 || deadman_recall(&again, (struct slice){out.data, out.len}, now) == 0,
              "it is read again");
        deadman_keep(&again, &twice);
        check(slice_equal((struct slice){out.data, out.len}, (struct slice){twice.data, twice.len}),
              "what was told stays");
    } else {
        check(!deadman.gone && !deadman.ears[0].paced, "what is refused leaves nothing");
    }
    buf_done(&out);
    buf_done(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    struct buf again;
    read_baseline(text);
    read_ports(text);
    read_deadman(text);
    if (size > KEPT_MAX || kept_check(text) != 0)
        return 0;
    struct slice sfp = kept_find(text, slice_of("sfp/a lo"));
    struct slice snmp = kept_find(text, slice_of("snmp/a lo"));
    read_baseline(sfp);
    read_ports(snmp);
    buf_init(&again, KEPT_MAX);
    kept_begin(&again);
    if (sfp.len)
        check(kept_add(&again, slice_of("sfp/a lo"), sfp) == 0, "what was found can be kept");
    check(kept_end(&again) == 0, "there is room for the end");
    check(kept_check((struct slice){again.data, again.len}) == 0, "what is written is whole");
    check(slice_equal(kept_find((struct slice){again.data, again.len}, slice_of("sfp/a lo")), sfp),
          "it is found as it was");
    buf_done(&again);
    return 0;
}
