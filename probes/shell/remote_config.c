#include "shell/remote_config.h"

#include "base/err.h"
#include "base/num.h"
#include "wire/changes.h"
#include "wire/tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

enum { NAME_MAX_BYTES = 256 };

static bool is_named(const struct probe_config *config, size_t i, const char *name)
{
    char text[NAME_MAX_BYTES];
    const struct check_common *common = probe_config_check(config, i);
    const char *type = config->checks.items[i].kind->word;
    snprintf(text, sizeof text, "%s/%s/%s", common->site, type, common->name);
    if (strcmp(text, name) == 0)
        return true;
    snprintf(text, sizeof text, "%s/%s", type, common->name);
    return strcmp(text, name) == 0 && strcmp(common->site, config->probe.site) == 0;
}

static const struct field *row_of(const struct conf_item *item, const char *key)
{
    size_t n = 0;
    const struct field *common = check_common_fields(&n);
    const struct field *row = field_find(common, n, slice_of(key));
    return row ? row : field_find(item->kind->fields, item->kind->len, slice_of(key));
}

static int set_value(const struct conf_item *item, const cJSON *value, const char *name,
                     struct reason *ret_why)
{
    char number[NUM_TEXT_MAX], why[FIELD_WHY_MAX];
    struct slice text = {0};
    const struct field *row = row_of(item, value->string);
    if (!row || !changes_allowed(value->string)) {
        reason_set(ret_why, "%s: %s is %s", name, value->string,
                   row ? "the local file's alone" : "not known");
        return row ? ERR_DENIED : ERR_UNKNOWN;
    }
    if (cJSON_IsString(value))
        text = slice_of(value->valuestring);
    else if (cJSON_IsNumber(value))
        text = (struct slice){number, num_format(value->valuedouble, number)};
    else {
        reason_set(ret_why, "%s: %s must be a text or a number", name, row->name);
        return ERR_TYPE;
    }
    int err = field_set(row, item->object, text, why);
    if (err)
        reason_set(ret_why, "%s: %s %s", name, row->name, why);
    return err;
}

static int change_check(const struct conf_item *item, const cJSON *changes, struct reason *ret_why)
{
    char why[FIELD_WHY_MAX];
    int err = 0;
    for (const cJSON *value = tree_first(changes); value && !err; value = tree_next(value))
        err = set_value(item, value, changes->string, ret_why);
    if (!err && item->kind->check && !item->kind->check(item->object, why)) {
        reason_set(ret_why, "%s: %s", changes->string, why);
        err = ERR_RANGE;
    }
    return err;
}

static int change_named(struct probe_config *config, const cJSON *changes, struct reason *ret_why)
{
    size_t i = 0;
    while (i < config->checks.len && !is_named(config, i, changes->string))
        i++;
    if (i == config->checks.len) {
        reason_set(ret_why, "the probe has no check %s", changes->string);
        return ERR_UNKNOWN;
    }
    if (!cJSON_IsObject(changes)) {
        reason_set(ret_why, "%s must be keys with values", changes->string);
        return ERR_TYPE;
    }
    return change_check(&config->checks.items[i], changes, ret_why);
}

int remote_config_apply(struct probe_config *config, struct slice bytes, struct reason *ret_why)
{
    struct tree *tree = NULL;
    int err = tree_new(bytes, &tree, ret_why);
    if (err)
        return err;
    const cJSON *checks = tree_need(tree, tree->root, "checks");
    err = tree_error(tree, ret_why);
    if (!err && !cJSON_IsObject(checks)) {
        reason_set(ret_why, "checks must be an object");
        err = ERR_TYPE;
    }
    const cJSON *changes = err ? NULL : tree_first(checks);
    for (; changes && !err; changes = tree_next(changes))
        err = change_named(config, changes, ret_why);
    tree_free(tree);
    return err;
}
