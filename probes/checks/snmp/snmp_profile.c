#include "checks/snmp/snmp_profile.h"

#include "base/err.h"
#include "base/num.h"
#include "checks/check_keys.h"
#include "checks/profile.h"
#include "checks/snmp/snmp_state.h"
#include "checks/unit_words.h"
#include "io/conf.h"
#include "wire/pack.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const means[] = {[SNMP_MEANS_NUMBER] = "number",
                                    [SNMP_MEANS_COUNTER] = "counter",
                                    [SNMP_MEANS_STATE] = "state",
                                    [SNMP_MEANS_LABEL] = "label",
                                    [SNMP_MEANS_CLASS] = "class",
                                    [SNMP_MEANS_BREAK] = "break",
                                    [SNMP_MEANS_SCALE] = "scale",
                                    [SNMP_MEANS_PRECISION] = "precision",
                                    [SNMP_MEANS_ONT] = "ont",
                                    [SNMP_MEANS_ONT_CAUSE] = "ont_cause",
                                    NULL};
static const char *const judges[] = {
    [SNMP_JUDGE_NAMED] = "named", [SNMP_JUDGE_ALL] = "all", [SNMP_JUDGE_NONE] = "none", NULL};

static const char *const roles[] = {
    [SNMP_ROLE_NONE] = "none",       [SNMP_ROLE_CHARGE] = "charge", [SNMP_ROLE_VOLTAGE] = "voltage",
    [SNMP_ROLE_MINUTES] = "minutes", [SNMP_ROLE_MAINS] = "mains",   NULL};

/* ---- the file ---- */

struct text_row {
    char name[SNMP_PROFILE_NAME_MAX], oid[SNMP_OID_TEXT_MAX], index[64];
    int means, unit, judge, battery;
    double scale, offset, negative_above, least, most;
    struct field_texts invalid, states;
    char degraded_below[24], failed_below[24], degraded_above[24], failed_above[24];
    int64_t only;
};

struct text_about {
    char about[256];
    int64_t pon_index;
};

struct text_file {
    struct text_about profile;
    struct conf_list values;
};

#define KEY(member) CHECK_KEY(struct text_row, member)

static const struct field row_fields[] = {
    {"name", FIELD_TEXT, KEY(name), 0, 0, NULL, NULL, "Name of the value.", NULL},
    {"oid", FIELD_TEXT, KEY(oid), 0, 0, NULL, NULL, "Of the column or value, in numbers.", NULL},
    {"index", FIELD_TEXT, KEY(index), 0, 0, "", NULL, "Behind oid; empty walks all.", NULL},
    {"means", FIELD_WORD, KEY(means), 0, 0, "number", NULL, "What it is for.", means},
    {"unit", FIELD_WORD, KEY(unit), 0, 0, "none", NULL, "SenML unit.", unit_words},
    {"scale", FIELD_F64, KEY(scale), -1e12, 1e12, "1", NULL, "Value = raw x scale + offset.", NULL},
    {"offset", FIELD_F64, KEY(offset), -1e12, 1e12, "0", NULL, "See scale.", NULL},
    {"negative_above", FIELD_F64, KEY(negative_above), 0, 65535, "0", NULL,
     "Raw values above it are 65536 less; 0 is never.", NULL},
    {"least", FIELD_F64, KEY(least), -1e18, 1e18, "-1e18", NULL, "Values below are none.", NULL},
    {"most", FIELD_F64, KEY(most), -1e18, 1e18, "1e18", NULL, "Values above are none.", NULL},
    {"invalid", FIELD_TEXTS, KEY(invalid), 0, 0, "", NULL, "Raw values that mean none.", NULL},
    {"states", FIELD_TEXTS, KEY(states), 0, 0, "", NULL, "What raw values mean.", NULL},
    {"degraded_below", FIELD_TEXT, KEY(degraded_below), 0, 0, "", NULL, "Limit.", NULL},
    {"failed_below", FIELD_TEXT, KEY(failed_below), 0, 0, "", NULL, "Limit.", NULL},
    {"degraded_above", FIELD_TEXT, KEY(degraded_above), 0, 0, "", NULL, "Limit.", NULL},
    {"failed_above", FIELD_TEXT, KEY(failed_above), 0, 0, "", NULL, "Limit.", NULL},
    {"only", FIELD_I64, KEY(only), -1, 4294967295.0, "-1", NULL, "Where the class is this.", NULL},
    {"judge", FIELD_WORD, KEY(judge), 0, 0, "named", NULL, "Which instances count.", judges},
    {"battery", FIELD_WORD, KEY(battery), 0, 0, "none", NULL, "What it says of it.", roles},
};

#undef KEY

static const struct field about_fields[] = {
    {"about", FIELD_TEXT, CHECK_KEY(struct text_about, about), 0, 0, NULL, NULL,
     "Which equipment this is, and where its identifiers are documented.", NULL},
    {"pon_index", FIELD_I64, CHECK_KEY(struct text_about, pon_index), 1, SNMP_OID_MAX, "1", NULL,
     "Numbers of a terminal's index that name its port.", NULL},
};

static int number_or_none(const char *text, double *ret_number)
{
    double number = NAN;
    int err = text[0] ? num_parse(slice_of(text), &number) : 0;
    if (!err)
        *ret_number = number;
    return err;
}

static int limits_of(const struct text_row *text, struct snmp_row *row)
{
    int err = number_or_none(text->degraded_below, &row->degraded_below);
    if (!err)
        err = number_or_none(text->failed_below, &row->failed_below);
    if (!err)
        err = number_or_none(text->degraded_above, &row->degraded_above);
    if (!err)
        err = number_or_none(text->failed_above, &row->failed_above);
    return err;
}

static int lists_of(const struct text_row *text, struct snmp_row *row)
{
    int err = text->invalid.len > SNMP_PROFILE_INVALID_MAX ? ERR_FULL : 0;
    for (size_t i = 0; i < text->invalid.len && !err; i++)
        err = num_parse(slice_of(text->invalid.text[i]), &row->invalid[i]);
    row->n_invalid = text->invalid.len;
    for (size_t i = 0; i < text->states.len && !err; i++)
        err = snmp_state_read(slice_of(text->states.text[i]), &row->state[i]);
    row->n_states = text->states.len;
    return err;
}

static int oid_of(const struct text_row *text, struct snmp_row *row)
{
    struct snmp_oid index = {0};
    int err = snmp_oid_read(slice_of(text->oid), &row->oid);
    row->fixed = text->index[0] != 0;
    if (!err && row->fixed)
        err = snmp_oid_read(slice_of(text->index), &index);
    return err ? err : snmp_oid_join(&row->oid, &index, &row->oid);
}

static int row_of(const struct text_row *text, struct snmp_row *row, const char **ret_what)
{
    *row = (struct snmp_row){
        .means = (enum snmp_means)text->means,
        .unit = text->unit > 0 ? unit_words[text->unit] : NULL,
        .scale = text->scale,
        .offset = text->offset,
        .negative_above = text->negative_above,
        .least = text->least,
        .most = text->most,
        .only = text->only,
        .judge = (enum snmp_judge)text->judge,
        .battery = (enum snmp_role)text->battery,
    };
    memcpy(row->name, text->name, sizeof row->name);
    *ret_what = "oid and index must be numbers with dots between";
    int err = oid_of(text, row);
    if (!err) {
        *ret_what = "invalid must be at most 4 numbers, states NUMBER=LEVEL WORDS";
        err = lists_of(text, row);
    }
    if (!err) {
        *ret_what = "limits must be numbers";
        err = limits_of(text, row);
    }
    return err;
}

static bool row_ok(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct text_row *text = object;
    struct snmp_row row;
    const char *what = NULL;
    bool states = text->means == SNMP_MEANS_STATE || text->means == SNMP_MEANS_ONT ||
                  text->means == SNMP_MEANS_ONT_CAUSE;
    if (!pack_part_ok(slice_of(text->name)) || !pack_metric_ok(slice_of(text->name)) ||
        strcmp(text->name, "state") == 0) /* is the check's verdict */
        snprintf(ret_why, FIELD_WHY_MAX, "name: letters, digits and - : . _ only, not state");
    else if (row_of(text, &row, &what) != 0)
        snprintf(ret_why, FIELD_WHY_MAX, "%s", what);
    else if (states && row.n_states == 0)
        snprintf(ret_why, FIELD_WHY_MAX, "%s needs states", means[text->means]);
    else if (row.battery != SNMP_ROLE_NONE && row.means != SNMP_MEANS_NUMBER)
        snprintf(ret_why, FIELD_WHY_MAX, "battery is of a number");
    else if (row.battery == SNMP_ROLE_MAINS && isnan(row.degraded_below))
        snprintf(ret_why, FIELD_WHY_MAX, "battery: mains needs degraded_below");
    else if (row.fixed && text->means > SNMP_MEANS_STATE)
        snprintf(ret_why, FIELD_WHY_MAX, "%s is of a column: it has no index", means[text->means]);
    else
        return true;
    return false;
}

static const struct conf_kind row_kind = {
    .size = sizeof(struct text_row), .check = row_ok, .about = "A value."};

static const struct conf_section sections[] = {
    {.name = "profile",
     .about = "What this is.",
     .fields = about_fields,
     .len = CHECK_COUNT(about_fields),
     .offset = offsetof(struct text_file, profile),
     .required = true},
    {.name = "values",
     .about = "What to read.",
     .fields = row_fields,
     .len = CHECK_COUNT(row_fields),
     .offset = offsetof(struct text_file, values),
     .required = true,
     .kinds = &row_kind,
     .kinds_len = 1,
     .max = SNMP_PROFILE_ROWS_MAX},
};

static int take(const void *object, void *ret_profile)
{
    const struct text_file *file = object;
    struct snmp_profile profile = {.len = file->values.len,
                                   .pon_index = (uint32_t)file->profile.pon_index};
    const char *what = NULL;
    int err = 0;
    if (profile.len == 0)
        return ERR_MISSING;
    profile.row = calloc(profile.len, sizeof *profile.row);
    if (!profile.row)
        return ERR_NOMEM;
    for (size_t i = 0; i < profile.len && !err; i++)
        err = row_of(file->values.items[i].object, &profile.row[i], &what);
    if (err)
        snmp_profile_done(&profile);
    else
        *(struct snmp_profile *)ret_profile = profile;
    return err;
}

static const struct profile_reader reader = {"snmp", sections, CHECK_COUNT(sections),
                                             sizeof(struct text_file), take};

int snmp_profile_read(const char *name, struct snmp_profile *ret_profile,
                      char ret_why[FIELD_WHY_MAX])
{
    return profile_read(&reader, name, ret_profile, ret_why);
}

int snmp_profile_read_text(struct slice text, struct snmp_profile *ret_profile,
                           char ret_why[FIELD_WHY_MAX])
{
    return profile_read_text(&reader, text, ret_profile, ret_why);
}

void snmp_profile_done(struct snmp_profile *profile)
{
    free(profile->row);
    *profile = (struct snmp_profile){.row = NULL};
}

bool snmp_profile_has(const struct snmp_profile *profile, enum snmp_means what)
{
    for (size_t i = 0; i < profile->len; i++) {
        if (profile->row[i].means == what)
            return true;
    }
    return false;
}
