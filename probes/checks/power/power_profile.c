#include "checks/power/power_profile.h"

#include "base/err.h"
#include "base/num.h"
#include "checks/check_keys.h"
#include "checks/profile.h"
#include "io/conf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const meanings[] = {[POWER_MAINS] = "mains",
                                       [POWER_MAINS_V] = "mains_v",
                                       [POWER_RECTIFIER] = "rectifier",
                                       [POWER_BATTERY_V] = "battery_v",
                                       [POWER_BATTERY_A] = "battery_a",
                                       [POWER_SOC] = "soc",
                                       [POWER_LVD] = "lvd",
                                       [POWER_GENERATOR] = "generator",
                                       [POWER_DOOR] = "door",
                                       [POWER_TEMPERATURE] = "temperature",
                                       [POWER_SMOKE] = "smoke",
                                       [POWER_FLOOD] = "flood",
                                       [POWER_LOAD_A] = "load_a",
                                       [POWER_MINUTES_LEFT] = "minutes_left",
                                       [POWER_MEANINGS] = NULL};

/* How several rows of one meaning become one value. */
enum joining { LOWEST, HIGHEST, SUM };

static const struct {
    bool flag;
    enum joining joining;
} kinds[POWER_MEANINGS] = {
    [POWER_MAINS] = {true, HIGHEST},    [POWER_MAINS_V] = {false, HIGHEST},
    [POWER_RECTIFIER] = {true, LOWEST}, [POWER_BATTERY_V] = {false, HIGHEST},
    [POWER_BATTERY_A] = {false, SUM},   [POWER_SOC] = {false, LOWEST},
    [POWER_LVD] = {true, HIGHEST},      [POWER_GENERATOR] = {true, HIGHEST},
    [POWER_DOOR] = {true, HIGHEST},     [POWER_TEMPERATURE] = {false, HIGHEST},
    [POWER_SMOKE] = {true, HIGHEST},    [POWER_FLOOD] = {true, HIGHEST},
    [POWER_LOAD_A] = {false, SUM},      [POWER_MINUTES_LEFT] = {false, LOWEST},
};

static const char *const tables[] = {"coil", "discrete", "holding", "input", NULL};
static const char *const numbers[] = {
    [POWER_NUMBER_U16] = "u16", [POWER_NUMBER_S16] = "s16", [POWER_NUMBER_U32] = "u32",
    [POWER_NUMBER_S32] = "s32", [POWER_NUMBER_F32] = "f32", NULL};
static const char *const orders[] = {"high_first", "low_first", NULL};

/* ---- the file ---- */

struct text_row {
    int meaning, table, number, order;
    int64_t address, bit;
    double scale, offset;
    char true_at[32];
    struct field_texts invalid;
};

struct text_about {
    char about[256];
};

struct text_file {
    struct text_about profile;
    struct conf_list registers;
};

#define KEY(member) CHECK_KEY(struct text_row, member)

static const struct field row_fields[] = {
    {"means", FIELD_WORD, KEY(meaning), 0, 0, NULL, NULL, "What the value is.", meanings},
    {"table", FIELD_WORD, KEY(table), 0, 0, "holding", NULL, "Where it stands.", tables},
    {"address", FIELD_I64, KEY(address), 0, 65535, NULL, NULL, "Address, counted from 0.", NULL},
    {"as", FIELD_WORD, KEY(number), 0, 0, "u16", NULL, "How registers make a number.", numbers},
    {"order", FIELD_WORD, KEY(order), 0, 0, "high_first", NULL, "Of two registers.", orders},
    {"bit", FIELD_I64, KEY(bit), -1, 31, "-1", NULL, "The only bit that counts.", NULL},
    {"scale", FIELD_F64, KEY(scale), -1e9, 1e9, "1", NULL, "Value = raw x scale + offset.", NULL},
    {"offset", FIELD_F64, KEY(offset), -1e9, 1e9, "0", NULL, "See scale.", NULL},
    {"true_at", FIELD_TEXT, KEY(true_at), 0, 0, "", NULL, "Raw value that means yes.", NULL},
    {"invalid", FIELD_TEXTS, KEY(invalid), 0, 0, "", NULL, "Raw values that mean none.", NULL},
};

#undef KEY

static const struct field about_fields[] = {
    {"about", FIELD_TEXT, CHECK_KEY(struct text_about, about), 0, 0, NULL, NULL,
     "Which equipment this is, and where its registers are documented.", NULL},
};

static bool row_ok(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct text_row *row = object;
    double number = 0;
    bool ok = !row->true_at[0] || num_parse(slice_of(row->true_at), &number) == 0;
    for (size_t i = 0; i < row->invalid.len; i++)
        ok = ok && num_parse(slice_of(row->invalid.text[i]), &number) == 0;
    if (!ok)
        snprintf(ret_why, FIELD_WHY_MAX, "true_at and invalid are numbers");
    else if (row->invalid.len > POWER_PROFILE_INVALID_MAX)
        snprintf(ret_why, FIELD_WHY_MAX, "at most %d invalid values", POWER_PROFILE_INVALID_MAX);
    else if (row->bit >= 0 && row->number == POWER_NUMBER_F32)
        snprintf(ret_why, FIELD_WHY_MAX, "f32 has no bits");
    else if (row->true_at[0] && !kinds[row->meaning].flag)
        snprintf(ret_why, FIELD_WHY_MAX, "true_at is for flags, %s is a number",
                 meanings[row->meaning]);
    else
        return true;
    return false;
}

static const struct conf_kind row_kind = {
    .size = sizeof(struct text_row), .check = row_ok, .about = "A register."};

static const struct conf_section sections[] = {
    {.name = "profile",
     .about = "What this is.",
     .fields = about_fields,
     .len = CHECK_COUNT(about_fields),
     .offset = offsetof(struct text_file, profile),
     .required = true},
    {.name = "registers",
     .about = "What to read.",
     .fields = row_fields,
     .len = CHECK_COUNT(row_fields),
     .offset = offsetof(struct text_file, registers),
     .required = true,
     .kinds = &row_kind,
     .kinds_len = 1,
     .max = POWER_PROFILE_ROWS_MAX},
};

static struct power_row row_of(const struct text_row *text)
{
    struct power_row row = {
        .meaning = (enum power_meaning)text->meaning,
        .table = (enum power_table)(text->table + 1),
        .address = (uint16_t)text->address,
        .number = (enum power_number)text->number,
        .low_first = text->order == 1,
        .bit = (int)text->bit,
        .scale = text->scale,
        .offset = text->offset,
        .true_at = NAN,
        .n_invalid = text->invalid.len,
    };
    int err = text->true_at[0] ? num_parse(slice_of(text->true_at), &row.true_at) : 0;
    for (size_t i = 0; i < row.n_invalid && !err; i++)
        err = num_parse(slice_of(text->invalid.text[i]), &row.invalid[i]);
    return row; /* row_ok() has seen to the numbers */
}

static int by_address(const void *a, const void *b)
{
    const struct power_row *x = a, *y = b;
    if (x->table != y->table)
        return x->table < y->table ? -1 : 1;
    return (x->address > y->address) - (x->address < y->address);
}

static int take(const void *object, void *ret_profile)
{
    const struct text_file *file = object;
    struct power_profile *profile = ret_profile;
    if (file->registers.len == 0)
        return ERR_MISSING;
    profile->len = file->registers.len;
    for (size_t i = 0; i < profile->len; i++)
        profile->row[i] = row_of(file->registers.items[i].object);
    qsort(profile->row, profile->len, sizeof *profile->row, by_address);
    return 0;
}

static const struct profile_reader reader = {"power", sections, CHECK_COUNT(sections),
                                             sizeof(struct text_file), take};

int power_profile_read(const char *name, struct power_profile *ret_profile,
                       char ret_why[FIELD_WHY_MAX])
{
    return profile_read(&reader, name, ret_profile, ret_why);
}

int power_profile_read_text(struct slice text, struct power_profile *ret_profile,
                            char ret_why[FIELD_WHY_MAX])
{
    return profile_read_text(&reader, text, ret_profile, ret_why);
}

/* ---- registers ---- */

static bool is_bits(enum power_table table)
{
    return table == POWER_TABLE_COIL || table == POWER_TABLE_DISCRETE;
}

static unsigned width_of(const struct power_row *row)
{
    return is_bits(row->table) || row->number < POWER_NUMBER_U32 ? 1 : 2;
}

size_t power_profile_next(const struct power_profile *profile, size_t row,
                          struct power_request *request)
{
    unsigned first = profile->row[row].address, end = first;
    request->table = profile->row[row].table;
    for (; row < profile->len; row++) {
        const struct power_row *r = &profile->row[row];
        unsigned behind = r->address + width_of(r);
        if (r->table != request->table || r->address > end ||
            behind - first > POWER_MODBUS_REGISTERS_MAX)
            break;
        end = behind > end ? behind : end;
    }
    request->first = (uint16_t)first;
    request->count = (uint16_t)(end - first);
    return row;
}

static double pair_of(const struct power_row *row, uint32_t first, uint32_t second)
{
    uint32_t whole = row->low_first ? second << 16 | first : first << 16 | second;
    float real;
    memcpy(&real, &whole, sizeof real);
    if (row->number == POWER_NUMBER_F32)
        return (double)real;
    return row->number == POWER_NUMBER_S32 ? (double)(int32_t)whole : (double)whole;
}

static double number_of(const struct power_row *row, const unsigned char *at)
{
    uint32_t first = (uint32_t)at[0] << 8 | at[1];
    if (width_of(row) == 2)
        return pair_of(row, first, (uint32_t)at[2] << 8 | at[3]);
    return row->number == POWER_NUMBER_S16 ? (double)(int16_t)first : (double)first;
}

static double raw_of(const struct power_row *row, unsigned place, const unsigned char *data)
{
    if (is_bits(row->table))
        return data[place / 8] >> place % 8 & 1;
    double raw = number_of(row, data + 2 * (size_t)place);
    for (size_t i = 0; i < row->n_invalid; i++) {
        if (raw == row->invalid[i])
            return NAN;
    }
    if (row->bit < 0)
        return raw;
    return (double)((uint64_t)(int64_t)raw >> row->bit & 1);
}

static double value_of(const struct power_row *row, double raw)
{
    if (!isfinite(raw))
        return NAN;
    if (!kinds[row->meaning].flag)
        return raw * row->scale + row->offset;
    return isnan(row->true_at) ? raw != 0 : raw == row->true_at;
}

static double join(enum joining joining, double old, double value)
{
    if (isnan(old) || isnan(value))
        return isnan(old) ? value : old;
    if (joining == SUM)
        return old + value;
    return (joining == LOWEST) == (value < old) ? value : old;
}

void power_profile_clear(struct power_values *values)
{
    for (int i = 0; i < POWER_MEANINGS; i++)
        values->of[i] = NAN;
}

void power_profile_take(const struct power_profile *profile, size_t row,
                        const struct power_request *request, struct slice data,
                        struct power_values *values)
{
    struct power_request same;
    size_t end = power_profile_next(profile, row, &same);
    for (; row < end; row++) {
        const struct power_row *r = &profile->row[row];
        double raw =
            raw_of(r, r->address - (unsigned)request->first, (const unsigned char *)data.at);
        double *value = &values->of[r->meaning];
        *value = join(kinds[r->meaning].joining, *value, value_of(r, raw));
    }
}
