#include "checks/snmp/snmp_look.h"

#include "checks/snmp/snmp_meaning.h"

#include <math.h>
#include <stdio.h>

enum { NAME_MAX = PACK_PART_MAX + 1, NOBODY = SNMP_LOOK_NAMED_MAX, SUMS = 3 };

void snmp_look_init(struct snmp_look *look, const struct snmp_profile *profile,
                    const struct field_texts *instances, int64_t together_ms)
{
    *look = (struct snmp_look){.profile = profile, .n_named = instances->len};
    for (size_t i = 0; i < look->n_named; i++) {
        look->named[i].name = instances->text[i];
        look->named[i].found =
            snmp_oid_read(slice_of(instances->text[i]), &look->named[i].index) == 0;
    }
    snmp_join_init(&look->join);
    snmp_pon_init(&look->pon, together_ms);
}

void snmp_look_done(struct snmp_look *look)
{
    snmp_join_done(&look->join);
    snmp_pon_done(&look->pon);
}

void snmp_look_begin(struct snmp_look *look, struct check_report *report, struct mono_ms now)
{
    look->report = report;
    look->now = now;
    look->n_extra = look->skipped = 0;
    look->restarted = false;
    look->up_s = NAN;
    memset(look->summed, 0, sizeof look->summed);
    for (size_t i = 0; i < look->n_named; i++)
        look->named[i].met = false;
    snmp_join_clear(&look->join);
    snmp_pon_begin(&look->pon);
    snmp_battery_begin(&look->battery);
}

/* ---- whose value it is ---- */

/* Place in named, or NOBODY. */
static size_t named_at(const struct snmp_look *look, const struct snmp_oid *index, uint32_t len)
{
    struct snmp_oid part = *index;
    part.len = len < part.len ? len : part.len;
    for (size_t i = 0; i < look->n_named; i++) {
        if (look->named[i].found && snmp_oid_order(&look->named[i].index, &part) == 0)
            return i;
    }
    return NOBODY;
}

static void take_label(struct snmp_look *look, const struct snmp_found *found)
{
    for (size_t i = 0; i < look->n_named; i++) {
        if (found->value.kind == SNMP_KIND_TEXT &&
            slice_is(found->value.text, look->named[i].name)) {
            look->named[i].found = true;
            look->named[i].index = found->index;
        }
    }
}

static const char *instance_of(const struct snmp_look *look, const struct snmp_found *found,
                               size_t named, char text[SNMP_OID_TEXT_MAX])
{
    if (named != NOBODY)
        return look->named[named].name;
    snmp_oid_write(&found->index, text);
    return text;
}

/* ---- numbers ---- */

/* "row.instance", with what a name may not have replaced. */
static void name_of(char name[NAME_MAX], const char *row, const char *behind)
{
    snprintf(name, NAME_MAX, behind[0] ? "%s.%s" : "%s", row, behind);
    for (char *at = name; *at; at++) {
        if (!pack_part_ok((struct slice){at, 1}) && !strchr("-:._", *at))
            *at = '_';
    }
}

static void put_extra(struct snmp_look *look, const char *row, const char *behind, const char *unit,
                      double number)
{
    char name[NAME_MAX];
    if (isnan(number))
        return;
    name_of(name, row, behind);
    bool taken = look->n_extra == CHECK_EXTRA_MAX || !pack_metric_ok(slice_of(name));
    for (size_t i = 0; i < look->n_extra && !taken; i++)
        taken = strcmp(look->extra[i].name, name) == 0;
    if (taken) {
        look->skipped++;
        return;
    }
    struct check_extra *extra = &look->extra[look->n_extra++];
    memcpy(extra->name, name, sizeof name);
    extra->unit = unit;
    extra->number = number;
}

static void sum_up(struct snmp_summed *sum, double number, enum verdict verdict)
{
    sum->bad += verdict != VERDICT_OK;
    if (isnan(number))
        return;
    sum->low = sum->n == 0 || number < sum->low ? number : sum->low;
    sum->high = sum->n == 0 || number > sum->high ? number : sum->high;
    sum->n++;
}

static struct snmp_counter *counter_of(struct snmp_look *look, size_t place, size_t named)
{
    for (size_t i = 0; i < look->n_slots; i++) {
        if (look->slot[i].place == place && look->slot[i].named == named)
            return &look->slot[i].counter;
    }
    if (look->n_slots == CHECK_EXTRA_MAX)
        return NULL;
    struct snmp_slot *slot = &look->slot[look->n_slots++];
    slot->place = (uint8_t)place;
    slot->named = (uint8_t)named;
    return &slot->counter;
}

static double rate_of(struct snmp_look *look, const struct snmp_found *found, size_t named,
                      const struct snmp_joined *joined)
{
    struct snmp_counter *counter = counter_of(look, found->place, named);
    if (!counter)
        return NAN;
    double rate =
        snmp_counter_look(counter, &found->value, joined->broken_at, look->restarted, look->now);
    return isnan(rate) ? NAN : snmp_meaning_scaled(found->row, rate);
}

/* ---- verdicts ---- */

/* "eth0: link down"; "dc_voltage 46.2 V is at or below its limit 47 V" */
static void judge_state(struct snmp_look *look, const struct check_seen *seen)
{
    const char *colon = seen->instance[0] ? ": " : "";
    check_report_judge(look->report, seen->verdict, "%.48s%s%s", seen->instance, colon,
                       seen->words[0] ? seen->words : seen->name);
}

static void judge_number(struct snmp_look *look, const struct check_seen *seen,
                         const struct snmp_limit *limit)
{
    const char *space = seen->unit && strcmp(seen->unit, "/") != 0 ? " " : "";
    const char *unit = *space ? seen->unit : "";
    const char *colon = seen->instance[0] ? ": " : "";
    check_report_judge(look->report, limit->verdict,
                       "%.24s%s%s %.4g%s%s is at or %s its limit %.4g%s%s", seen->instance, colon,
                       seen->name, seen->number, space, unit, limit->below ? "below" : "above",
                       limit->limit, space, unit);
}

static void tell(const struct snmp_look *look, const struct check_seen *seen)
{
    if (look->seen)
        look->seen(look->arg, seen);
}

static bool counts(const struct snmp_look *look, const struct snmp_row *row, size_t named)
{
    if (row->judge == SNMP_JUDGE_NAMED)
        return row->fixed || named != NOBODY;
    return row->judge == SNMP_JUDGE_ALL && (look->n_named == 0 || named != NOBODY);
}

/* ---- values ---- */

static void place_number(struct snmp_look *look, const struct snmp_found *found, size_t named,
                         const struct check_seen *seen)
{
    const struct snmp_row *row = found->row;
    if (row->fixed)
        put_extra(look, row->name, "", row->unit, seen->number);
    else if (named != NOBODY)
        put_extra(look, row->name, look->named[named].name, row->unit, seen->number);
    else if (look->n_named == 0)
        sum_up(&look->summed[found->place], seen->number, seen->verdict);
}

static void take_state(struct snmp_look *look, const struct snmp_found *found, size_t named,
                       struct check_seen *seen)
{
    const struct snmp_state *state = snmp_meaning_state(found->row, &found->value);
    seen->number = snmp_value_number(&found->value);
    seen->verdict = state ? snmp_meaning_verdict(state->level) : VERDICT_OK;
    seen->words = state ? state->words : "";
    tell(look, seen);
    place_number(look, found, named, seen);
    if (state)
        snmp_battery_state(&look->battery, found->row, state->level);
    if (isnan(seen->number))
        look->skipped++;
    else if (counts(look, found->row, named) && seen->verdict != VERDICT_OK)
        judge_state(look, seen);
}

static void take_number(struct snmp_look *look, const struct snmp_found *found, size_t named,
                        struct check_seen *seen)
{
    struct snmp_joined joined = snmp_join_of(&look->join, &found->index);
    bool counter = found->row->means == SNMP_MEANS_COUNTER;
    if (counter && !found->row->fixed && named == NOBODY)
        return; /* a rate needs a memory, which unnamed ones have not */
    double factor = snmp_meaning_factor(joined.scale, joined.precision);
    seen->number = counter ? rate_of(look, found, named, &joined)
                           : snmp_meaning_number(found->row, &found->value, factor);
    struct snmp_limit limit = snmp_meaning_judge(found->row, seen->number);
    seen->verdict = limit.verdict;
    tell(look, seen);
    place_number(look, found, named, seen);
    snmp_battery_number(&look->battery, found->row, seen->number);
    if (isnan(seen->number) && !counter)
        look->skipped++;
    else if (counts(look, found->row, named) && limit.verdict != VERDICT_OK)
        judge_number(look, seen, &limit);
}

static void take_ont(struct snmp_look *look, const struct snmp_found *found,
                     const struct check_seen *seen)
{
    uint32_t port_len = look->profile->pon_index;
    const struct snmp_state *state = snmp_meaning_state(found->row, &found->value);
    enum snmp_level level = state ? state->level : SNMP_LEVEL_OFFLINE;
    if (look->n_named > 0) {
        size_t named = named_at(look, &found->index, port_len);
        if (named == NOBODY)
            return;
        look->named[named].met = true;
    }
    struct check_seen said = *seen;
    said.number = snmp_value_number(&found->value);
    said.words = state ? state->words : "";
    tell(look, &said);
    if (found->row->means == SNMP_MEANS_ONT)
        snmp_pon_state(&look->pon, &found->index, port_len, level);
    else
        snmp_pon_cause(&look->pon, &found->index, port_len, level);
}

static void take_uptime(struct snmp_look *look, const struct snmp_value *value)
{
    if (value->kind != SNMP_KIND_UNSIGNED) {
        look->skipped++;
        return;
    }
    look->restarted = snmp_uptime_look(&look->uptime, (uint32_t)value->count, look->now);
    look->up_s = (double)(uint32_t)value->count / 100;
}

/* The column of causes begins at the first terminal again. */
static void enter_column(struct snmp_look *look, const struct snmp_found *found)
{
    struct snmp_summed *sum = &look->summed[found->place];
    if (found->row->means == SNMP_MEANS_ONT_CAUSE && sum->n == 0)
        snmp_pon_rewind(&look->pon);
    sum->n += found->row->means == SNMP_MEANS_ONT_CAUSE;
}

static void take_by_means(struct snmp_look *look, const struct snmp_found *found, size_t named,
                          struct check_seen *seen)
{
    switch (found->row->means) {
    case SNMP_MEANS_NUMBER:
    case SNMP_MEANS_COUNTER:
        take_number(look, found, named, seen);
        break;
    case SNMP_MEANS_STATE:
        take_state(look, found, named, seen);
        break;
    case SNMP_MEANS_ONT:
    case SNMP_MEANS_ONT_CAUSE:
        enter_column(look, found);
        take_ont(look, found, seen);
        break;
    case SNMP_MEANS_LABEL:
        take_label(look, found);
        break;
    default:
        snmp_join_take(&look->join, found->row, &found->index, &found->value);
        break;
    }
}

void snmp_look_take(struct snmp_look *look, const struct snmp_found *found)
{
    char text[SNMP_OID_TEXT_MAX];
    if (!found->row) {
        take_uptime(look, &found->value);
        return;
    }
    const struct snmp_row *row = found->row;
    if (!snmp_value_is_there(&found->value)) {
        look->skipped++;
        return;
    }
    if (row->only >= 0 && snmp_join_of(&look->join, &found->index).class != row->only)
        return;
    size_t named = row->fixed ? NOBODY : named_at(look, &found->index, found->index.len);
    bool value = row->means <= SNMP_MEANS_STATE;
    if (value && look->n_named > 0 && !row->fixed && named == NOBODY)
        return; /* the configuration looks at others only */
    if (value && named != NOBODY)
        look->named[named].met = true;
    struct check_seen seen = {.name = row->name,
                              .instance = instance_of(look, found, named, text),
                              .number = NAN,
                              .unit = row->unit,
                              .verdict = VERDICT_OK,
                              .words = ""};
    take_by_means(look, found, named, &seen);
}

/* ---- the end of a look ---- */

static bool may_be_bad(const struct snmp_row *row)
{
    return row->n_states > 0 || !isnan(row->degraded_below) || !isnan(row->degraded_above) ||
           !isnan(row->failed_below) || !isnan(row->failed_above);
}

static void put_sums(struct snmp_look *look)
{
    for (size_t i = 0; i < look->profile->len; i++) {
        const struct snmp_row *row = &look->profile->row[i];
        const struct snmp_summed *sum = &look->summed[i];
        bool states = row->means == SNMP_MEANS_STATE;
        if (sum->n == 0 || (row->means != SNMP_MEANS_NUMBER && !states))
            continue;
        if (!states) {
            put_extra(look, row->name, "min", row->unit, sum->low);
            put_extra(look, row->name, "max", row->unit, sum->high);
        }
        if (may_be_bad(row))
            put_extra(look, row->name, "bad", "count", sum->bad);
    }
}

static void tell_ports(const struct snmp_look *look)
{
    const struct snmp_port *ports = look->pon.ports.items;
    for (size_t i = 0; i < look->pon.ports.len && look->seen; i++) {
        char number[16], words[96];
        snprintf(number, sizeof number, "%u", (unsigned)ports[i].number);
        snprintf(words, sizeof words, "of %u online; %u without light, %u without power",
                 (unsigned)ports[i].onts, (unsigned)ports[i].los, (unsigned)ports[i].gasp);
        struct check_seen seen = {.name = "port",
                                  .instance = number,
                                  .number = ports[i].online,
                                  .verdict = ports[i].down ? VERDICT_FAILED : VERDICT_OK,
                                  .words = words};
        tell(look, &seen);
    }
}

/* One cable gone degrades the OLT, all of them are its failure. */
static void judge_ports(struct snmp_look *look, const struct snmp_pon_sum *sum)
{
    const struct snmp_port *ports = look->pon.ports.items;
    for (size_t i = 0; i < look->pon.ports.len; i++) {
        if (!ports[i].down)
            continue;
        enum verdict verdict = sum->down == sum->ports ? VERDICT_FAILED : VERDICT_DEGRADED;
        check_report_judge(look->report, verdict,
                           "%u of %u ports dark: port %u has %u of %u terminals without light",
                           (unsigned)sum->down, (unsigned)sum->ports, (unsigned)ports[i].number,
                           (unsigned)ports[i].los, (unsigned)ports[i].onts);
    }
}

static void judge_missing(struct snmp_look *look)
{
    for (size_t i = 0; i < look->n_named; i++) {
        if (!look->named[i].met)
            check_report_judge(look->report, VERDICT_FAILED, "%.64s is not there",
                               look->named[i].name);
    }
}

struct snmp_pon_sum snmp_look_end(struct snmp_look *look, bool whole)
{
    struct snmp_pon_sum sum = {0};
    put_sums(look);
    if (whole && snmp_profile_has(look->profile, SNMP_MEANS_ONT)) {
        sum = snmp_pon_end(&look->pon, look->now);
        look->skipped += look->pon.left_out;
        tell_ports(look);
        judge_ports(look, &sum);
    }
    if (whole)
        judge_missing(look);
    look->report->extra = look->extra;
    look->report->n_extra = look->n_extra;
    return sum;
}

size_t snmp_look_extras(const struct snmp_profile *profile, size_t n_instances)
{
    size_t extras = 0;
    for (size_t i = 0; i < profile->len; i++) {
        const struct snmp_row *row = &profile->row[i];
        size_t summed = row->means == SNMP_MEANS_NUMBER ? SUMS : row->means == SNMP_MEANS_STATE;
        if (row->means <= SNMP_MEANS_STATE)
            extras += row->fixed ? 1 : n_instances > 0 ? n_instances : summed;
    }
    return extras;
}
