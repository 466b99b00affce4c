#include "checks/snmp/snmp_poll.h"

enum { TOO_BIG = 1 };

static const struct snmp_oid sys_uptime = {9, {1, 3, 6, 1, 2, 1, 1, 3, 0}};

void snmp_poll_init(struct snmp_poll *poll, const struct snmp_profile *profile,
                    uint32_t repetitions)
{
    *poll =
        (struct snmp_poll){.profile = profile, .repetitions = repetitions, .gets = SNMP_POLL_GETS};
}

/* Single values: the uptime first, then each fixed row. */
static bool next_gets(struct snmp_poll *poll, struct snmp_request *request)
{
    size_t row = poll->row;
    poll->n_asked = 0;
    if (!poll->uptime) {
        request->oid[poll->n_asked] = sys_uptime;
        poll->asked[poll->n_asked++] = SIZE_MAX;
    }
    for (; row < poll->profile->len && poll->n_asked < poll->gets; row++) {
        if (!poll->profile->row[row].fixed)
            continue;
        request->oid[poll->n_asked] = poll->profile->row[row].oid;
        poll->asked[poll->n_asked++] = row;
    }
    request->n = poll->n_asked;
    return poll->n_asked > 0;
}

static bool next_column(struct snmp_poll *poll, struct snmp_request *request)
{
    while (poll->row < poll->profile->len && poll->profile->row[poll->row].fixed)
        poll->row++;
    if (poll->row == poll->profile->len)
        return false;
    if (poll->column_len == 0)
        poll->last = poll->profile->row[poll->row].oid;
    poll->ended = false;
    request->bulk = true;
    request->repetitions = poll->repetitions;
    request->n = 1;
    request->oid[0] = poll->last;
    return true;
}

bool snmp_poll_next(struct snmp_poll *poll, struct snmp_request *ret_request)
{
    ret_request->bulk = false;
    poll->taken = 0;
    if (!poll->columns && next_gets(poll, ret_request))
        return true;
    if (!poll->columns) {
        poll->columns = true;
        poll->row = 0;
    }
    return next_column(poll, ret_request);
}

static bool take_get(struct snmp_poll *poll, const struct snmp_oid *oid, struct snmp_found *found)
{
    if (poll->taken == poll->n_asked) {
        poll->odd++;
        return false;
    }
    size_t row = poll->asked[poll->taken++];
    const struct snmp_row *of = row == SIZE_MAX ? NULL : &poll->profile->row[row];
    if (snmp_oid_order(oid, of ? &of->oid : &sys_uptime) != 0) {
        poll->odd++;
        return false;
    }
    found->row = of;
    found->place = row;
    found->index.len = 0;
    return true;
}

static bool take_column(struct snmp_poll *poll, const struct snmp_oid *oid,
                        const struct snmp_value *value, struct snmp_found *found)
{
    const struct snmp_row *row = &poll->profile->row[poll->row];
    if (poll->ended)
        return false;
    if (value->kind == SNMP_KIND_END || !snmp_oid_below(&row->oid, oid, &found->index)) {
        poll->ended = true;
        return false;
    }
    if (snmp_oid_order(oid, &poll->last) <= 0 || poll->column_len == SNMP_POLL_COLUMN_MAX) {
        poll->ended = true;
        poll->odd++;
        return false;
    }
    poll->last = *oid;
    poll->column_len++;
    poll->taken++;
    found->row = row;
    found->place = poll->row;
    return true;
}

bool snmp_poll_take(struct snmp_poll *poll, const struct snmp_oid *oid,
                    const struct snmp_value *value, struct snmp_found *ret_found)
{
    bool found =
        poll->columns ? take_column(poll, oid, value, ret_found) : take_get(poll, oid, ret_found);
    if (!found)
        return false;
    ret_found->value = *value;
    poll->values += snmp_value_is_there(value);
    return true;
}

static void column_done(struct snmp_poll *poll)
{
    poll->row++;
    poll->column_len = 0;
}

/* Behind the last row that was asked for. */
static void gets_done(struct snmp_poll *poll)
{
    size_t last = poll->asked[poll->n_asked - 1];
    poll->uptime = true;
    if (last != SIZE_MAX)
        poll->row = last + 1;
}

void snmp_poll_answered(struct snmp_poll *poll)
{
    if (!poll->columns)
        gets_done(poll);
    else if (poll->ended || poll->taken == 0)
        column_done(poll);
}

void snmp_poll_refused(struct snmp_poll *poll, int status)
{
    if (status == TOO_BIG && poll->columns && poll->repetitions > 1) {
        poll->repetitions /= 2;
    } else if (status == TOO_BIG && !poll->columns && poll->n_asked > 1) {
        poll->gets = poll->n_asked / 2;
    } else {
        poll->odd++;
        if (poll->columns)
            column_done(poll);
        else
            gets_done(poll);
    }
}
