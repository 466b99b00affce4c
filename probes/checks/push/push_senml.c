#include "checks/push/push_senml.h"

#include "base/buf.h"
#include "checks/unit_words.h"
#include "wire/tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>

enum { TEXT_MAX = 65536, ROUND = 16 };

/* What base fields say from their record on (RFC 8428 section 4.1). */
struct base {
    const char *name, *unit; /* the tree's; NULL = none */
    double value;
};

static const char *text_of(const cJSON *record, const char *key)
{
    const cJSON *item = tree_find(record, key);
    return cJSON_IsString(item) ? item->valuestring : NULL;
}

static double number_of(const cJSON *record, const char *key)
{
    const cJSON *item = tree_find(record, key);
    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

static void take_base(const cJSON *record, struct base *base)
{
    const char *name = text_of(record, "bn"), *unit = text_of(record, "bu");
    double value = number_of(record, "bv");
    base->name = name ? name : base->name;
    base->unit = unit ? unit : base->unit;
    base->value = isnan(value) ? base->value : value;
}

/* An unknown label that ends in `_` has to be understood, and is not (section 4.4). */
static bool is_understood(const cJSON *record)
{
    for (const cJSON *item = tree_first(record); item; item = tree_next(item)) {
        size_t len = item->string ? strlen(item->string) : 0;
        if (len > 0 && item->string[len - 1] == '_')
            return false;
    }
    return cJSON_IsObject(record);
}

static bool name_of(const cJSON *record, const struct base *base, struct push_item *item)
{
    char whole[4 * PACK_PART_MAX];
    const char *name = text_of(record, "n");
    int len = snprintf(whole, sizeof whole, "%s%s", base->name ? base->name : "", name ? name : "");
    if (len < 0 || (size_t)len >= sizeof whole)
        return false;
    return push_item_name(item->name, (struct slice){whole, (size_t)len}) &&
           push_item_name_ok(item->name);
}

static void read_record(const cJSON *record, const struct base *base, struct push_count *count,
                        push_item_fn *fn, void *arg)
{
    struct push_item item = {.number = NAN};
    const cJSON *flag = tree_find(record, "vb");
    const char *unit = text_of(record, "u");
    bool base_only = !tree_find(record, "n") && !tree_find(record, "v") && !flag &&
                     !tree_find(record, "vs") && !tree_find(record, "vd");
    if (base_only)
        return;
    if (text_of(record, "vs")) {
        count->texts++;
        return;
    }
    item.number = cJSON_IsBool(flag) ? cJSON_IsTrue(flag) : number_of(record, "v") + base->value;
    unit = unit ? unit : base->unit;
    item.unit = unit ? unit_words_find(slice_of(unit)) : NULL;
    if (!name_of(record, base, &item) || !isfinite(item.number)) {
        count->refused++;
        return;
    }
    fn(arg, &item);
    count->taken++;
}

struct push_count push_senml_read(struct slice text, push_item_fn *fn, void *arg)
{
    struct push_count count = {0};
    struct base base = {NULL, NULL, 0};
    struct tree *tree = NULL;
    struct reason why;
    struct buf whole;
    buf_init(&whole, TEXT_MAX + ROUND);
    buf_str(&whole, "{\"e\":");
    buf_put(&whole, text.at, text.len);
    buf_char(&whole, '}');
    int err = whole.err;
    if (!err)
        err = tree_new((struct slice){whole.data, whole.len}, &tree, &why);
    const cJSON *list = err ? NULL : tree_find(tree->root, "e");
    count.refused += !cJSON_IsArray(list);
    const cJSON *record = cJSON_IsArray(list) ? tree_first(list) : NULL;
    for (; record; record = tree_next(record)) {
        if (!is_understood(record)) {
            count.refused++;
            continue;
        }
        take_base(record, &base);
        read_record(record, &base, &count, fn, arg);
    }
    tree_free(tree);
    buf_done(&whole);
    return count;
}
