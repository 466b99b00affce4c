#include "base/field.h"

#include "base/err.h"
#include "base/num.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

enum { NAME_MAX_COMPARED = 64 };

/* 2^53: beyond it a double no longer counts every whole number. */
static const double EXACT_LIMIT = 9007199254740992.0;

struct unit {
    const char *word;
    double factor;
};

static const struct unit DURATION_UNITS[] = {
    {"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}, {"d", 86400000}, {NULL, 0},
};

static const struct unit BYTE_UNITS[] = {
    {"GiB", 1073741824.0}, {"MiB", 1048576}, {"KiB", 1024}, {"GB", 1e9}, {"MB", 1e6},
    {"kB", 1e3},           {"KB", 1e3},      {"", 1},       {NULL, 0},
};

const struct field *field_find(const struct field *fields, size_t n, struct slice name)
{
    for (size_t i = 0; i < n; i++)
        if (slice_is(name, fields[i].name))
            return &fields[i];
    return NULL;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Levenshtein's distance with the swap of two neighbours as one mistake. */
static size_t distance(struct slice a, struct slice b)
{
    size_t rows[3][NAME_MAX_COMPARED + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.len; j++)
        last[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = a.at[i - 1] != b.at[j - 1];
            row[j] = smallest(last[j] + 1, row[j - 1] + 1, last[j - 1] + change);
            bool swapped =
                i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1];
            if (swapped && before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
        size_t *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[b.len];
}

/* How unlike the names are; 0 for names of which one begins the other, as in password_file. */
static size_t unlikeness(struct slice a, struct slice b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    if (common >= 3 && memcmp(a.at, b.at, common) == 0)
        return 0;
    return distance(a, b);
}

const char *field_suggest(const struct field *fields, size_t n, struct slice name)
{
    if (name.len == 0 || name.len > NAME_MAX_COMPARED)
        return NULL;
    const char *nearest = NULL;
    size_t least = name.len < 4 ? 2 : name.len / 3 + 1;
    for (size_t i = 0; i < n; i++) {
        struct slice known = slice_of(fields[i].name);
        if (known.len > NAME_MAX_COMPARED)
            continue;
        size_t unlike = unlikeness(name, known);
        if (unlike < least) {
            least = unlike;
            nearest = fields[i].name;
        }
    }
    return nearest;
}

static void *member(const struct field *row, void *object)
{
    return (char *)object + row->offset;
}

static void say(char why[FIELD_WHY_MAX], const char *text)
{
    snprintf(why, FIELD_WHY_MAX, "%s", text);
}

/* A quantity as people write it: the largest unit that leaves a whole number. */
static void print_quantity(char *to, size_t size, const struct field *row, double value)
{
    const struct unit *best = NULL;
    const struct unit *units = row->type == FIELD_DURATION ? DURATION_UNITS
                               : row->type == FIELD_BYTES  ? BYTE_UNITS
                                                           : NULL;
    for (const struct unit *u = units; u && u->word; u++)
        if (fmod(value, u->factor) == 0 && (!best || u->factor > best->factor))
            best = u;
    char number[NUM_TEXT_MAX];
    num_format(best ? value / best->factor : value, number);
    const char *unit = best ? best->word : row->unit ? row->unit : "";
    snprintf(to, size, "%s%s%s", number, best || !*unit ? "" : " ", unit);
}

static int check_range(const struct field *row, double value, char why[FIELD_WHY_MAX])
{
    bool limited = row->min != 0 || row->max != 0;
    if (!limited || (value >= row->min && value <= row->max))
        return 0;
    char min[48], max[48];
    print_quantity(min, sizeof min, row, row->min);
    print_quantity(max, sizeof max, row, row->max);
    snprintf(why, FIELD_WHY_MAX, "must be between %s and %s", min, max);
    return ERR_RANGE;
}

static int set_bool(const struct field *row, void *object, struct slice text,
                    char why[FIELD_WHY_MAX])
{
    bool yes = slice_is(text, "true");
    if (!yes && !slice_is(text, "false")) {
        say(why, "must be true or false");
        return ERR_SYNTAX;
    }
    memcpy(member(row, object), &yes, sizeof yes);
    return 0;
}

static int set_i64(const struct field *row, void *object, struct slice text,
                   char why[FIELD_WHY_MAX])
{
    int64_t value = 0;
    int err = num_parse_i64(text, &value);
    if (err) {
        say(why, err == ERR_RANGE ? "is too large" : "must be a whole number");
        return err;
    }
    err = check_range(row, (double)value, why);
    if (!err)
        memcpy(member(row, object), &value, sizeof value);
    return err;
}

static int set_f64(const struct field *row, void *object, struct slice text,
                   char why[FIELD_WHY_MAX])
{
    double value = 0;
    int err = num_parse(text, &value);
    if (err) {
        say(why, err == ERR_RANGE ? "is too large" : "must be a number");
        return err;
    }
    err = check_range(row, value, why);
    if (!err)
        memcpy(member(row, object), &value, sizeof value);
    return err;
}

/* Splits "1.5min" and multiplies; false if the number or the unit is none. */
static bool read_quantity(const struct unit *units, struct slice text, double *ret_value)
{
    size_t digits = 0;
    while (digits < text.len && (strchr("0123456789.-", text.at[digits]) && text.at[digits]))
        digits++;
    double number = 0;
    if (num_parse((struct slice){text.at, digits}, &number) != 0)
        return false;
    struct slice word = {text.at + digits, text.len - digits};
    for (const struct unit *u = units; u->word; u++)
        if (slice_is(word, u->word)) {
            *ret_value = number * u->factor;
            return true;
        }
    return false;
}

static int set_quantity(const struct field *row, void *object, struct slice text,
                        char why[FIELD_WHY_MAX])
{
    bool duration = row->type == FIELD_DURATION;
    double value = 0;
    if (!read_quantity(duration ? DURATION_UNITS : BYTE_UNITS, text, &value)) {
        say(why, duration ? "must be a duration with its unit, such as 500ms, 5s, 2min, 1h or 7d"
                          : "must be a size, such as 65536, 64KiB, 64MB or 1GiB");
        return ERR_SYNTAX;
    }
    if (value != nearbyint(value) || fabs(value) >= EXACT_LIMIT) {
        say(why, duration ? "must be whole milliseconds" : "must be whole bytes");
        return ERR_RANGE;
    }
    int err = check_range(row, value, why);
    int64_t whole = (int64_t)value;
    if (!err)
        memcpy(member(row, object), &whole, sizeof whole);
    return err;
}

static int copy_text(char *to, size_t size, struct slice text, char why[FIELD_WHY_MAX])
{
    if (text.len > 0 && memchr(text.at, '\0', text.len)) {
        say(why, "must not contain a NUL");
        return ERR_SYNTAX;
    }
    if (text.len >= size) {
        snprintf(why, FIELD_WHY_MAX, "is longer than %zu bytes", size - 1);
        return ERR_TOO_LONG;
    }
    if (text.len > 0)
        memcpy(to, text.at, text.len);
    to[text.len] = '\0';
    return 0;
}

static int set_text(const struct field *row, void *object, struct slice text,
                    char why[FIELD_WHY_MAX])
{
    return copy_text(member(row, object), row->size, text, why);
}

static void list_words(const struct field *row, char why[FIELD_WHY_MAX])
{
    size_t len = (size_t)snprintf(why, FIELD_WHY_MAX, "must be one of");
    for (size_t i = 0; row->words[i] && len < FIELD_WHY_MAX; i++)
        len +=
            (size_t)snprintf(why + len, FIELD_WHY_MAX - len, "%s %s", i ? "," : "", row->words[i]);
}

static int set_word(const struct field *row, void *object, struct slice text,
                    char why[FIELD_WHY_MAX])
{
    for (int i = 0; row->words[i]; i++)
        if (slice_is(text, row->words[i])) {
            memcpy(member(row, object), &i, sizeof i);
            return 0;
        }
    list_words(row, why);
    return ERR_UNKNOWN;
}

static int set_texts(const struct field *row, void *object, struct slice text,
                     char why[FIELD_WHY_MAX])
{
    struct field_texts *texts = member(row, object);
    if (texts->len == sizeof texts->text / sizeof *texts->text) {
        snprintf(why, FIELD_WHY_MAX, "has more than %zu entries", texts->len);
        return ERR_FULL;
    }
    int err = copy_text(texts->text[texts->len], sizeof *texts->text, text, why);
    if (!err)
        texts->len++;
    return err;
}

typedef int setter(const struct field *row, void *object, struct slice text,
                   char why[FIELD_WHY_MAX]);

/* How each type is read, how large its member is (0 = free) and how people call it. */
static const struct {
    setter *set;
    size_t size;
    const char *name;
} TYPES[] = {
    [FIELD_BOOL] = {set_bool, sizeof(bool), "true or false"},
    [FIELD_I64] = {set_i64, sizeof(int64_t), "whole number"},
    [FIELD_F64] = {set_f64, sizeof(double), "number"},
    [FIELD_DURATION] = {set_quantity, sizeof(int64_t), "duration"},
    [FIELD_BYTES] = {set_quantity, sizeof(int64_t), "size"},
    [FIELD_TEXT] = {set_text, 0, "text"},
    [FIELD_WORD] = {set_word, sizeof(int), "word"},
    [FIELD_TEXTS] = {set_texts, sizeof(struct field_texts), "list of texts"},
};

int field_set(const struct field *row, void *object, struct slice text, char ret_why[FIELD_WHY_MAX])
{
    assert(TYPES[row->type].size == 0 || TYPES[row->type].size == row->size);
    return TYPES[row->type].set(row, object, text, ret_why);
}

/* The default of a list is its texts with commas between. */
static int set_default(const struct field *row, void *object, char why[FIELD_WHY_MAX])
{
    if (row->type != FIELD_TEXTS)
        return field_set(row, object, slice_of(row->fallback), why);
    int err = 0;
    for (const char *at = row->fallback; *at && !err; at += *at == ',') {
        size_t len = strcspn(at, ",");
        err = field_set(row, object, (struct slice){at, len}, why);
        at += len;
    }
    return err;
}

void field_defaults(const struct field *fields, size_t n, void *object)
{
    for (size_t i = 0; i < n; i++) {
        char why[FIELD_WHY_MAX];
        memset(member(&fields[i], object), 0, fields[i].size);
        int err = fields[i].fallback ? set_default(&fields[i], object, why) : 0;
        assert(!err && "a table's default must satisfy its own row");
        (void)err;
    }
}

static void describe_values(const struct field *row, struct buf *out)
{
    buf_str(out, TYPES[row->type].name);
    for (size_t i = 0; row->type == FIELD_WORD && row->words[i]; i++)
        buf_printf(out, "%s %s", i ? "," : ":", row->words[i]);
    if (row->min != 0 || row->max != 0) {
        char min[48], max[48];
        print_quantity(min, sizeof min, row, row->min);
        print_quantity(max, sizeof max, row, row->max);
        buf_printf(out, ", %s to %s", min, max);
    } else if (row->unit) {
        buf_printf(out, " in %s", row->unit);
    }
}

void field_troff(const char *text, struct buf *out)
{
    if (*text == '.' || *text == '\'')
        buf_str(out, "\\&");
    for (; *text; text++) {
        if (*text == '\\')
            buf_str(out, "\\e");
        else
            buf_char(out, *text);
    }
}

void field_manual(const struct field *fields, size_t n, struct buf *out)
{
    for (size_t i = 0; i < n; i++) {
        const struct field *row = &fields[i];
        buf_printf(out, ".TP\n.B %s\n", row->name);
        field_troff(row->about, out);
        buf_str(out, "\n(");
        describe_values(row, out);
        if (!row->fallback)
            buf_str(out, "; required");
        else if (*row->fallback)
            buf_printf(out, "; default %s", row->fallback);
        buf_str(out, ")\n");
    }
}
