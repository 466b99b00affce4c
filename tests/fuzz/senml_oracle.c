#include "senml_oracle.h"

#include "check.h"
#include "wire/seconds.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

enum { TEXT, NUMBER, BOOL };

static const struct {
    const char *label;
    int type;
} LABELS[] = {{"bn", TEXT}, {"bt", NUMBER}, {"bu", TEXT},  {"bv", NUMBER}, {"bs", NUMBER},
              {"n", TEXT},  {"u", TEXT},    {"v", NUMBER}, {"vs", TEXT},   {"vb", BOOL},
              {"vd", TEXT}, {"s", NUMBER},  {"t", NUMBER}, {"ut", NUMBER}, {"bver", NUMBER}};

enum { N_LABELS = sizeof LABELS / sizeof *LABELS };

struct bases {
    const char *name, *unit;
    double time, value;
};

static int label_of(const char *key)
{
    for (int i = 0; i < N_LABELS; i++)
        if (strcmp(LABELS[i].label, key) == 0)
            return i;
    return -1;
}

static bool type_fits(const cJSON *item, int type)
{
    if (type == TEXT)
        return cJSON_IsString(item);
    return type == BOOL ? cJSON_IsBool(item) : cJSON_IsNumber(item) && isfinite(item->valuedouble);
}

/* Every member is known with its type, once, or may be ignored. */
static bool members_ok(const cJSON *record)
{
    if (!cJSON_IsObject(record))
        return false;
    unsigned seen = 0;
    for (const cJSON *item = record->child; item; item = item->next) {
        size_t len = strlen(item->string);
        int label = label_of(item->string);
        if (label < 0 && len && item->string[len - 1] == '_')
            return false;
        if (label < 0)
            continue;
        if (!type_fits(item, LABELS[label].type) || seen & 1u << label)
            return false;
        seen |= 1u << label;
    }
    return true;
}

static const cJSON *get(const cJSON *record, const char *label)
{
    return cJSON_GetObjectItemCaseSensitive(record, label);
}

static double number(const cJSON *record, const char *label)
{
    const cJSON *item = get(record, label);
    return item ? item->valuedouble : 0;
}

static const char *text(const cJSON *record, const char *label, const char *otherwise)
{
    const cJSON *item = get(record, label);
    return item ? item->valuestring : otherwise;
}

/* "site/type/name/metric", cut at its slashes. */
static bool cut_name(const char *name, struct reading *r)
{
    const char *at[5] = {name};
    int n = 1;
    for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
        if (n == 4)
            return false;
        at[n++] = slash + 1;
    }
    if (n != 4)
        return false;
    r->site = (struct slice){name, (size_t)(at[1] - name - 1)};
    r->check = (struct slice){at[1], (size_t)(at[3] - at[1] - 1)};
    r->metric = slice_of(at[3]);
    return true;
}

static bool near(double a, double b, double size)
{
    return fabs(a - b) <= 2e-6 + size * 1e-15;
}

static bool resolve_time(struct oracle *o, struct reading *r, const cJSON *record, double base,
                         enum pack_origin origin, struct wall_ms received)
{
    double t = number(record, "t");
    double limit = (double)SECONDS_MAX_US / 1e6;
    double size = fabs(t) + fabs(base);
    double seconds = base + t;
    double now = (double)received.ms / 1e3;
    o->edge |= near(seconds, 268435456, size);
    if (seconds < 268435456) {
        if (origin == PACK_STREAM)
            return false;
        seconds += now;
    }
    double latest = now + (double)PACK_AHEAD_MAX_MS / 1e3;
    o->edge |= near(seconds, latest, size) || near(seconds, 268435456, size);
    o->edge |= near(fabs(t), limit, limit) || near(fabs(base), limit, limit);
    return seconds <= latest && !seconds_from_double(seconds, &r->time_us);
}

static void resolve_value(struct reading *r, const cJSON *record, const struct bases *bases)
{
    if (get(record, "v")) {
        r->kind = READING_NUMBER;
        r->number = bases->value + number(record, "v");
    } else if (get(record, "vb")) {
        r->kind = READING_FLAG;
        r->flag = cJSON_IsTrue(get(record, "vb"));
    } else {
        r->kind = READING_TEXT;
        r->text = slice_of(text(record, "vs", ""));
    }
}

static bool resolve(struct oracle *o, const cJSON *record, const struct bases *bases,
                    enum pack_origin origin, struct wall_ms received)
{
    const char *name = text(record, "n", "");
    size_t size = strlen(bases->name) + strlen(name) + 1;
    char *joined = malloc(size);
    check(joined, "memory for a name");
    snprintf(joined, size, "%s%s", bases->name, name);
    o->names[o->len] = joined;
    struct reading *r = &o->readings[o->len++];
    *r = (struct reading){.unit = slice_of(text(record, "u", bases->unit))};
    if (!cut_name(joined, r) || !resolve_time(o, r, record, bases->time, origin, received))
        return false;
    resolve_value(r, record, bases);
    return pack_reading_check(r, NULL) == 0;
}

static bool take_bases(const cJSON *record, struct bases *bases)
{
    bases->name = text(record, "bn", bases->name);
    bases->unit = text(record, "bu", bases->unit);
    bases->time = get(record, "bt") ? number(record, "bt") : bases->time;
    bases->value = get(record, "bv") ? number(record, "bv") : bases->value;
    int64_t us;
    if (seconds_from_double(bases->time, &us) || seconds_from_double(number(record, "t"), &us))
        return false;
    const cJSON *version = get(record, "bver");
    return !version || (version->valuedouble >= 1 && version->valuedouble <= 10);
}

static bool read_record(struct oracle *o, const cJSON *record, struct bases *bases,
                        enum pack_origin origin, struct wall_ms received)
{
    if (!members_ok(record) || !take_bases(record, bases))
        return false;
    int values = !!get(record, "v") + !!get(record, "vs") + !!get(record, "vb");
    int binary = !!get(record, "vd");
    if (values + binary > 1)
        return false;
    if (values)
        return resolve(o, record, bases, origin, received);
    if (binary || get(record, "s")) {
        o->skipped++;
        return true;
    }
    bool any_base = false;
    for (const cJSON *item = record->child; item; item = item->next) {
        if (item->string[0] == 'b' && label_of(item->string) >= 0)
            any_base = true;
        else if (label_of(item->string) >= 0)
            return false;
    }
    return any_base;
}

struct oracle oracle_read(struct slice bytes, enum pack_origin origin, struct wall_ms received)
{
    struct oracle o = {.root = cJSON_ParseWithLength(bytes.at, bytes.len)};
    if (!cJSON_IsArray(o.root))
        return o;
    size_t n = (size_t)cJSON_GetArraySize(o.root);
    o.readings = calloc(n + 1, sizeof *o.readings);
    o.names = calloc(n + 1, sizeof *o.names);
    check(o.readings && o.names, "memory for the oracle");
    struct bases bases = {.name = "", .unit = ""};
    o.accepted = true;
    for (const cJSON *record = o.root->child; record && o.accepted; record = record->next)
        o.accepted = read_record(&o, record, &bases, origin, received);
    return o;
}

void oracle_done(struct oracle *o)
{
    for (size_t i = 0; o->names && i < o->len; i++)
        free(o->names[i]);
    free(o->names);
    free(o->readings);
    cJSON_Delete(o->root);
}
