/* Bodies of changes: one JSON object, its members read and refused in words. */
#include "shell/routes_own.h"

#include "base/err.h"
#include "base/iso.h"

#include <stdio.h>

enum { INSTANT_BYTES = 40 };

void routes_body_text(struct tree *t, const char *key, char *to, size_t max)
{
    const struct cJSON *item = tree_find(t->root, key);
    struct slice text = tree_text(t, item, max);
    snprintf(to, max + 1, "%.*s", (int)text.len, text.len ? text.at : "");
}

struct wall_ms routes_body_instant(struct tree *t, const char *key)
{
    struct wall_ms instant = {0};
    struct slice text = tree_text(t, tree_need(t, t->root, key), INSTANT_BYTES);
    if (!t->err && iso_parse(text, 0, &instant) != 0)
        tree_fail(t, ERR_SYNTAX, "not an instant like 2026-11-22T06:00:00Z:", key);
    return instant;
}

bool routes_read_body(struct routes_request *r, void (*take)(struct tree *t, void *into),
                      void *into)
{
    struct tree *t = NULL;
    struct reason why;
    int err = tree_new(r->query->body, &t, &why);
    if (!err) {
        take(t, into);
        err = tree_error(t, &why);
    }
    tree_free(t);
    if (err)
        routes_say(r->answer, 400, why.text, NULL);
    return !err;
}
