/* What an agent answers: the first byte chooses the row's kind, the rest is read as variables of
 * one walk after the other. Whatever comes, a walk ends, and the report can be packed. */
#include "check.h"
#include "checks/snmp/snmp_look.h"
#include "checks/snmp/snmp_state.h"

#include "base/cursor.h"

#include <math.h>

enum { ANSWERS_MAX = 64, VARIABLES_MAX = 16 };

static const char profile_text[] =
    "profile: {about: fuzz}\nvalues:\n"
    "  - {name: up, oid: 1.5.1, index: '0', degraded_above: 10}\n"
    "  - {name: count, oid: 1.5.2, index: '0', means: counter}\n"
    "  - {name: label, oid: 1.5.3, means: label}\n"
    "  - {name: kind, oid: 1.5.4, means: class}\n"
    "  - {name: scale, oid: 1.5.5, means: scale}\n"
    "  - {name: rows, oid: 1.5.6, only: 1, negative_above: 100, invalid: [7], least: -50}\n"
    "  - {name: states, oid: 1.5.7, means: state, judge: all, states: [1=ok, 2=failed gone]}\n"
    "  - {name: ont, oid: 1.5.8, means: ont, states: [1=online, 2=los, 3=gasp]}\n"
    "  - {name: why, oid: 1.5.9, means: ont_cause, states: [1=los, 13=gasp]}\n"
    "  - {name: more, oid: 1.5.10, means: counter, scale: 8}\n";

static struct snmp_oid oid_from(struct cursor *c, const struct snmp_oid *root)
{
    struct snmp_oid oid = *root;
    uint8_t shape = cursor_u8(c);
    if (shape & 0x80)
        oid.len = oid.len > 2 ? 2 : oid.len; /* elsewhere */
    for (unsigned i = 0; i < (shape & 3U) && oid.len < SNMP_OID_MAX; i++)
        oid.id[oid.len++] = shape & 4 ? cursor_le32(c) : cursor_u8(c);
    return oid;
}

static struct snmp_value value_from(struct cursor *c)
{
    struct snmp_value value = {.kind = (enum snmp_kind)(cursor_u8(c) % (SNMP_KIND_OTHER + 1))};
    uint64_t bits = value.kind == SNMP_KIND_TEXT ? 0 : cursor_le64(c);
    value.integer = (int32_t)bits;
    value.count = bits;
    memcpy(&value.real, &bits, sizeof bits);
    if (value.kind == SNMP_KIND_TEXT)
        value.text = cursor_bytes(c, cursor_u8(c) % (cursor_left(c) + 1));
    return value;
}

static void answer(struct cursor *c, struct snmp_poll *poll, struct snmp_look *look,
                   const struct snmp_request *request)
{
    unsigned n = cursor_u8(c) % VARIABLES_MAX;
    for (unsigned i = 0; i < n; i++) {
        struct snmp_oid oid = oid_from(c, &request->oid[request->bulk ? 0 : i % request->n]);
        struct snmp_value value = value_from(c);
        struct snmp_found found;
        if (snmp_poll_take(poll, &oid, &value, &found))
            snmp_look_take(look, &found);
    }
}

static void expect_packable(const struct check_report *report)
{
    check(report->n_extra <= CHECK_EXTRA_MAX, "no more numbers than there is room for");
    for (size_t i = 0; i < report->n_extra; i++) {
        struct slice name = slice_of(report->extra[i].name);
        check(pack_part_ok(name) && pack_metric_ok(name), "names can be packed");
        check(isfinite(report->extra[i].number), "numbers are finite");
    }
    check((report->verdict == VERDICT_OK) == (report->reason[0] == 0), "a verdict has its reason");
}

static void run(struct cursor *c, const struct snmp_profile *profile, struct snmp_look *look,
                int64_t now_ms)
{
    struct snmp_poll poll;
    struct snmp_request request;
    struct check_report report;
    int answers = 0;
    check_report_clear(&report);
    snmp_poll_init(&poll, profile, 10);
    snmp_look_begin(look, &report, (struct mono_ms){now_ms});
    while (answers++ < ANSWERS_MAX && snmp_poll_next(&poll, &request)) {
        uint8_t status = cursor_u8(c);
        if (status < 8) {
            snmp_poll_refused(&poll, status);
            continue;
        }
        answer(c, &poll, look, &request);
        snmp_poll_answered(&poll);
    }
    struct snmp_pon_sum sum = snmp_look_end(look, poll.odd == 0);
    check(sum.online + sum.los + sum.gasp <= sum.onts && sum.down <= sum.ports, "sums hold");
    expect_packable(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct snmp_profile profile;
    struct snmp_look look;
    struct snmp_state state;
    struct snmp_oid oid;
    struct cursor c;
    struct field_texts instances = {.len = 2, .text = {"5", "a/b"}};
    char why[FIELD_WHY_MAX], text[SNMP_OID_TEXT_MAX];
    struct slice all = {(const char *)data, size};
    if (snmp_oid_read(all, &oid) == 0) {
        struct snmp_oid back;
        snmp_oid_write(&oid, text);
        check(snmp_oid_read(slice_of(text), &back) == 0 && snmp_oid_order(&oid, &back) == 0,
              "an identifier reads back as it was written");
    }
    if (snmp_state_read(all, &state) == 0)
        check(state.level <= SNMP_LEVEL_OFFLINE, "a state has a level");
    if (snmp_profile_read_text(slice_of(profile_text), &profile, why) != 0)
        abort();
    cursor_init(&c, data, size);
    instances.len = cursor_u8(&c) & 1 ? 2 : 0;
    snmp_look_init(&look, &profile, &instances, 300000);
    for (int turn = 0; turn < 3; turn++)
        run(&c, &profile, &look, 60000 * turn);
    snmp_look_done(&look);
    snmp_profile_done(&profile);
    return 0;
}
