#include "checks/check_common.h"

#include "checks/check_keys.h"
#include "wire/checklist.h"
#include "wire/pack.h"

#include <inttypes.h>
#include <stdio.h>

#define KEY(member) CHECK_KEY(struct check_common, member)

static const char *const role_words[] = {"required", "optional", "info", NULL};

/* In the order of enum cause; the last stands for CAUSE_NONE. */
static const char *const cause_words[] = {"fault",         "power", "transport",   "manual",
                                          "energy_saving", "probe", "third_party", "unknown",
                                          "by_type",       NULL};

static const struct field fields[] = {
    {"name", FIELD_TEXT, KEY(name), 0, 0, NULL, NULL,
     "Name of this check, unique within its type and site.", NULL},
    {"target", FIELD_TEXT, KEY(target), 0, 0, "", NULL,
     "What the check looks at; see the check's own page.", NULL},
    {"site", FIELD_TEXT, KEY(site), 0, 0, "", NULL,
     "Site the result is evidence for; empty is the probe's own site.", NULL},
    {"units", FIELD_TEXTS, KEY(units), 0, 0, "", NULL,
     "Units of the site that the result is evidence for, such as 5g@a or link.", NULL},
    {"role", FIELD_WORD, KEY(role), 0, 0, "required", NULL,
     "What the result is for those units: required can take them down, optional can only degrade "
     "them, info never counts.",
     role_words},
    {"cause", FIELD_WORD, KEY(cause), 0, 0, "by_type", NULL,
     "Cause a failure of this check stands for; by_type is transport for iface, else fault.",
     cause_words},
    {"interval", FIELD_DURATION, KEY(interval_ms), 1000, 86400e3, "30s", NULL,
     "Time from the start of one run to the start of the next.", NULL},
    {"timeout", FIELD_DURATION, KEY(timeout_ms), 100, 300e3, "5s", NULL,
     "Longest duration of one run, looking up names included; at most the interval.", NULL},
    {"ttl", FIELD_DURATION, KEY(ttl_ms), 0, 31 * 86400e3, "0s", NULL,
     "How long a result stands without a newer one; 0s is the least, 2 x interval + timeout.",
     NULL},
};

const struct field *check_common_fields(size_t *ret_n)
{
    *ret_n = sizeof fields / sizeof *fields;
    return fields;
}

static bool units_ok(const struct field_texts *units, char ret_why[FIELD_WHY_MAX])
{
    for (size_t i = 0; i < units->len; i++) {
        if (!checklist_unit_ok(slice_of(units->text[i]))) {
            snprintf(ret_why, FIELD_WHY_MAX, "unit \"%s\" is not of the form service@operator",
                     units->text[i]);
            return false;
        }
    }
    return true;
}

static bool spans_ok(const struct check_common *c, char ret_why[FIELD_WHY_MAX])
{
    int64_t least_ms = 2 * c->interval_ms + c->timeout_ms;
    if (c->timeout_ms > c->interval_ms) {
        snprintf(ret_why, FIELD_WHY_MAX, "timeout is longer than the interval");
        return false;
    }
    if (c->ttl_ms != 0 && c->ttl_ms < least_ms) {
        snprintf(ret_why, FIELD_WHY_MAX,
                 "ttl must be at least 2 x interval + timeout, here %" PRId64 "ms", least_ms);
        return false;
    }
    return true;
}

bool check_common_ok(const struct check_common *common, char ret_why[FIELD_WHY_MAX])
{
    if (!pack_part_ok(slice_of(common->name))) {
        snprintf(ret_why, FIELD_WHY_MAX,
                 "name: letters, digits and - : . _ only, the first a letter or digit");
        return false;
    }
    if (common->site[0] && !pack_part_ok(slice_of(common->site))) {
        snprintf(ret_why, FIELD_WHY_MAX, "site \"%s\" cannot be a site's id", common->site);
        return false;
    }
    return units_ok(&common->units, ret_why) && spans_ok(common, ret_why);
}

int64_t check_common_ttl_ms(const struct check_common *common)
{
    return common->ttl_ms ? common->ttl_ms : 2 * common->interval_ms + common->timeout_ms;
}
