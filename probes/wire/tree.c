#include "wire/tree.h"

#include "base/err.h"
#include "wire/json.h"
#include "wire/pack.h"
#include "wire/seconds.h"
#include "wire/topic.h"
#include "wire/words.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static int check_bytes(struct slice bytes, struct reason *ret_why)
{
    if (bytes.len <= PACK_BYTES_MAX)
        return json_check(bytes, ret_why);
    reason_set(ret_why, "longer than %d bytes", PACK_BYTES_MAX);
    return ERR_TOO_LONG;
}

void tree_understand(struct tree *t, const cJSON *object)
{
    for (const cJSON *item = tree_first(object); item && item->string; item = item->next) {
        size_t len = strlen(item->string);
        if (len && item->string[len - 1] == '_') {
            char key[48];
            snprintf(key, sizeof key, "member %.40s", item->string);
            tree_fail(t, ERR_UNKNOWN, key, "must be understood");
        }
    }
}

int tree_new(struct slice bytes, struct tree **ret_tree, struct reason *ret_why)
{
    int err = check_bytes(bytes, ret_why);
    if (err)
        return err;
    struct tree *t = calloc(1, sizeof *t);
    if (!t)
        return ERR_NOMEM;
    t->root = cJSON_ParseWithLength(bytes.at, bytes.len);
    if (!t->root)
        tree_fail(t, ERR_NOMEM, err_text(ERR_NOMEM), "");
    else if (!cJSON_IsObject(t->root))
        tree_fail(t, ERR_TYPE, "not", "an object");
    tree_understand(t, t->root);
    err = tree_error(t, ret_why);
    if (err)
        tree_free(t);
    else
        *ret_tree = t;
    return err;
}

void tree_free(struct tree *t)
{
    if (!t)
        return;
    cJSON_Delete(t->root);
    free(t->block[0]);
    free(t->block[1]);
    free(t);
}

int tree_error(const struct tree *t, struct reason *ret_why)
{
    if (t->err)
        reason_set(ret_why, "%s", t->why.text);
    return t->err;
}

void tree_fail(struct tree *t, int err, const char *what, const char *key)
{
    if (t->err)
        return;
    t->err = err;
    reason_set(&t->why, "%s %s", what, key);
}

/* How an item is called in a reason; items of a list have no name. */
static const char *key_of(const cJSON *item)
{
    return item->string ? item->string : "an item of a list";
}

static void fail_type(struct tree *t, const cJSON *item)
{
    tree_fail(t, ERR_TYPE, "wrong type of", key_of(item));
}

static void fail_range(struct tree *t, const cJSON *item)
{
    tree_fail(t, ERR_RANGE, "out of range:", key_of(item));
}

void *tree_alloc(struct tree *t, size_t n, size_t size)
{
    void **block = t->block[0] ? &t->block[1] : &t->block[0];
    *block = calloc(n ? n : 1, size);
    if (!*block)
        tree_fail(t, ERR_NOMEM, err_text(ERR_NOMEM), "");
    return *block;
}

const cJSON *tree_find(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

const cJSON *tree_need(struct tree *t, const cJSON *object, const char *key)
{
    const cJSON *item = tree_find(object, key);
    if (!item)
        tree_fail(t, ERR_MISSING, "missing:", key);
    return item;
}

struct slice tree_text(struct tree *t, const cJSON *item, size_t max)
{
    if (!item)
        return (struct slice){0};
    if (!cJSON_IsString(item)) {
        fail_type(t, item);
        return (struct slice){0};
    }
    struct slice text = slice_of(item->valuestring);
    if (text.len <= max)
        return text;
    tree_fail(t, ERR_TOO_LONG, "too long:", key_of(item));
    return (struct slice){0};
}

uint64_t tree_count(struct tree *t, const cJSON *item, uint64_t max)
{
    if (!item)
        return 0;
    double value = item->valuedouble;
    if (!cJSON_IsNumber(item) || value != floor(value))
        fail_type(t, item);
    else if (value < 0 || value > (double)max)
        fail_range(t, item);
    else
        return (uint64_t)value;
    return 0;
}

uint64_t tree_hex(struct tree *t, const cJSON *item)
{
    if (!item)
        return 0;
    uint64_t value = 0;
    if (!cJSON_IsString(item))
        fail_type(t, item);
    else if (topic_read_hex(slice_of(item->valuestring), &value))
        tree_fail(t, ERR_SYNTAX, "not 16 lowercase hex digits above 0:", key_of(item));
    return value;
}

int64_t tree_time(struct tree *t, const cJSON *item)
{
    if (!item)
        return 0;
    int64_t us = 0;
    if (!cJSON_IsNumber(item))
        fail_type(t, item);
    else if (seconds_from_double(item->valuedouble, &us) || us < SECONDS_ABSOLUTE_US)
        tree_fail(t, ERR_RANGE, "not an absolute time:", key_of(item));
    return us;
}

bool tree_bool(struct tree *t, const cJSON *item)
{
    if (item && !cJSON_IsBool(item))
        fail_type(t, item);
    return item && cJSON_IsTrue(item);
}

int tree_word(struct tree *t, const cJSON *item, const char *const *words, size_t n)
{
    if (!item)
        return 0;
    size_t at = n;
    if (!cJSON_IsString(item))
        fail_type(t, item);
    else if ((at = words_find(words, n, slice_of(item->valuestring))) == n)
        tree_fail(t, ERR_UNKNOWN, "unknown word for", key_of(item));
    return at < n ? (int)at : 0;
}

size_t tree_length(struct tree *t, const cJSON *item, size_t max)
{
    if (!item)
        return 0;
    if (!cJSON_IsArray(item)) {
        fail_type(t, item);
        return 0;
    }
    size_t len = 0;
    for (const cJSON *child = item->child; child && len <= max; child = child->next)
        len++;
    if (len <= max)
        return len;
    tree_fail(t, ERR_FULL, "too many items in", key_of(item));
    return 0;
}

const cJSON *tree_first(const cJSON *array)
{
    return array ? array->child : NULL;
}

const cJSON *tree_next(const cJSON *item)
{
    return item ? item->next : NULL;
}
