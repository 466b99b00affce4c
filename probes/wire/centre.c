#include "wire/centre.h"

#include "base/err.h"
#include "wire/json.h"
#include "wire/tree.h"
#include "wire/words.h"

static const char *const STATES[] = {"offline", "online"};

void centre_write_status(struct buf *out, const struct centre_status *status, struct slice version)
{
    buf_printf(out, "{\"state\":\"%s\",\"boot\":\"%016llx\"", STATES[status->online],
               (unsigned long long)status->boot);
    if (status->spread_s)
        buf_printf(out, ",\"spread\":%u", status->spread_s);
    if (version.len) {
        buf_str(out, ",\"version\":");
        json_put_text(out, version);
    }
    buf_char(out, '}');
}

int centre_read_status(struct slice bytes, struct centre_status *ret_status, struct reason *ret_why)
{
    struct tree *t;
    int err = tree_new(bytes, &t, ret_why);
    if (err)
        return err;
    struct centre_status status = {
        .online = tree_word(t, tree_need(t, t->root, "state"), STATES, WORDS_COUNT(STATES)),
        .boot = tree_hex(t, tree_need(t, t->root, "boot")),
        .spread_s = (uint32_t)tree_count(t, tree_find(t->root, "spread"), CENTRE_SPREAD_S_MAX),
    };
    err = tree_error(t, ret_why);
    if (!err)
        *ret_status = status;
    tree_free(t);
    return err;
}

void centre_write_echo(struct buf *out, const struct centre_echo *echo)
{
    buf_printf(out, "{\"id\":\"%s\",\"boot\":\"%016llx\",\"number\":%llu}", echo->id,
               (unsigned long long)echo->boot, (unsigned long long)echo->number);
}

int centre_read_echo(struct slice bytes, struct centre_echo *ret_echo, struct reason *ret_why)
{
    struct tree *t;
    int err = tree_new(bytes, &t, ret_why);
    if (err)
        return err;
    struct centre_echo echo = {0};
    struct slice id = tree_text(t, tree_need(t, t->root, "id"), TOPIC_NAME_MAX);
    if (topic_name_ok(id))
        memcpy(echo.id, id.at, id.len);
    else
        tree_fail(t, ERR_SYNTAX, "not a name:", "id");
    echo.boot = tree_hex(t, tree_need(t, t->root, "boot"));
    echo.number = tree_count(t, tree_need(t, t->root, "number"), TOPIC_SEQ_MAX);
    err = tree_error(t, ret_why);
    if (!err)
        *ret_echo = echo;
    tree_free(t);
    return err;
}
