#include "wire/changes.h"

#include "base/err.h"
#include "base/field.h"
#include "wire/json.h"
#include "wire/pack.h"
#include "wire/tree.h"

#include <cjson/cJSON.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char *const common[] = {"interval", "timeout", "ttl", "target"};

enum { DURATIONS = 3 /* of common, the first ones */, QUOTED_MAX = 256 };

bool changes_allowed(const char *key)
{
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (strcmp(key, common[i]) == 0)
            return true;
    return strncmp(key, "degraded_", 9) == 0 || strncmp(key, "failed_", 7) == 0;
}

/* One message being checked; where it is looked at is found again in the text by its words. */
struct check {
    struct slice bytes;
    size_t at; /* of the check or key that is looked at */
    struct reason *why;
};

static void move_to(struct check *c, const char *word)
{
    char quoted[QUOTED_MAX];
    int len = snprintf(quoted, sizeof quoted, "\"%s\"", word);
    struct slice rest = {c->bytes.at + c->at, c->bytes.len - c->at};
    size_t n = len > 0 && (size_t)len < sizeof quoted ? (size_t)len : 0;
    for (size_t i = 0; n > 0 && i + n <= rest.len; i++)
        if (memcmp(rest.at + i, quoted, n) == 0) {
            c->at += i;
            return;
        }
}

/* "TYPE/NAME" or "SITE/TYPE/NAME". */
static bool names_check(const char *name)
{
    struct slice part[PACK_PARTS];
    size_t n = pack_split(slice_of(name), part);
    return n == 2 || n == 3;
}

static int check_duration(struct check *c, const cJSON *value)
{
    static const struct field row = {.name = "", .type = FIELD_DURATION, .size = sizeof(int64_t)};
    char why[FIELD_WHY_MAX];
    int64_t ms;
    int err =
        cJSON_IsString(value) ? field_set(&row, &ms, slice_of(value->valuestring), why) : ERR_TYPE;
    if (err)
        reason_set(c->why, "%s must be a duration with its unit, like 5s", value->string);
    return err;
}

static int check_value(struct check *c, const cJSON *value)
{
    move_to(c, value->string);
    if (!changes_allowed(value->string)) {
        reason_set(c->why, "%s cannot be changed from the centre", value->string);
        return ERR_DENIED;
    }
    for (size_t i = 0; i < DURATIONS; i++)
        if (strcmp(value->string, common[i]) == 0)
            return check_duration(c, value);
    if (cJSON_IsString(value) || cJSON_IsNumber(value))
        return 0;
    reason_set(c->why, "%s must be a text or a number", value->string);
    return ERR_TYPE;
}

static int check_item(struct check *c, const cJSON *item)
{
    int err = 0;
    move_to(c, item->string);
    if (!names_check(item->string)) {
        reason_set(c->why, "%s is no check: TYPE/NAME or SITE/TYPE/NAME", item->string);
        return ERR_SYNTAX;
    }
    if (!cJSON_IsObject(item)) {
        reason_set(c->why, "%s must be keys with values", item->string);
        return ERR_TYPE;
    }
    for (const cJSON *value = tree_first(item); value && !err; value = tree_next(value))
        err = check_value(c, value);
    return err;
}

static int check_members(struct check *c, struct tree *tree)
{
    for (const cJSON *member = tree_first(tree->root); member; member = tree_next(member)) {
        move_to(c, member->string);
        if (strcmp(member->string, "checks") == 0)
            continue;
        reason_set(c->why, "%s is not known", member->string);
        return ERR_UNKNOWN;
    }
    const cJSON *checks = tree_need(tree, tree->root, "checks");
    int err = tree_error(tree, c->why);
    if (!err && !cJSON_IsObject(checks)) {
        reason_set(c->why, "checks must be an object");
        err = ERR_TYPE;
    }
    const cJSON *item = err ? NULL : tree_first(checks);
    for (; item && !err; item = tree_next(item))
        err = check_item(c, item);
    return err;
}

/* Where text stops being JSON. */
static size_t broken_at(struct slice bytes)
{
    struct json j = json_scan(bytes);
    int err = json_skip(&j, JSON_DEPTH_MAX);
    return err || json_peek(&j) ? (size_t)(j.at - j.start) : 0;
}

int changes_check(struct slice bytes, struct reason *ret_why, size_t *ret_at)
{
    struct tree *tree = NULL;
    struct check c = {.bytes = bytes, .why = ret_why};
    int err = tree_new(bytes, &tree, ret_why);
    if (err) {
        *ret_at = broken_at(bytes);
        return err;
    }
    err = check_members(&c, tree);
    tree_free(tree);
    *ret_at = c.at;
    return err;
}
