#include "wire/status.h"

#include "base/err.h"
#include "wire/json.h"
#include "wire/pack.h"
#include "wire/seconds.h"
#include "wire/topic.h"
#include "wire/tree.h"
#include "wire/words.h"

static const char *const STATES[] = {STATUS_STATE_MAP(WORDS_ROW)};
static const char *const CLOCKS[] = {STATUS_CLOCK_MAP(WORDS_ROW)};

const char *status_word(int state)
{
    return words_at(STATES, WORDS_COUNT(STATES), state);
}

const char *status_clock_word(int clock)
{
    return words_at(CLOCKS, WORDS_COUNT(CLOCKS), clock);
}

static void put_count(struct buf *out, const char *key, uint64_t value)
{
    buf_printf(out, ",\"%s\":%llu", key, (unsigned long long)value);
}

static void put_time(struct buf *out, const char *key, int64_t us)
{
    buf_printf(out, ",\"%s\":", key);
    seconds_write(out, us);
}

static void put_now(struct buf *out, const struct status *status)
{
    buf_str(out, ",\"now\":[");
    for (size_t i = 0; i < status->n_now; i++) {
        const struct status_result *result = &status->now[i];
        buf_str(out, i ? ",[\"" : "[\"");
        buf_put(out, result->site.at, result->site.len);
        buf_char(out, '/');
        buf_put(out, result->check.at, result->check.len);
        buf_printf(out, "\",%d,", (int)result->verdict);
        seconds_write(out, result->time_us);
        buf_char(out, ']');
    }
    buf_char(out, ']');
}

void status_write(struct buf *out, const struct status *status)
{
    bool online = status->state == STATUS_ONLINE;
    buf_printf(out, "{\"state\":\"%s\",\"boot\":\"%016llx\"", status_word((int)status->state),
               (unsigned long long)status->boot);
    put_count(out, "conn", status->conn);
    if (status->time_us)
        put_time(out, "t", status->time_us);
    if (status->version.len) {
        buf_str(out, ",\"version\":");
        json_put_text(out, status->version);
    }
    if (online || status->clock)
        buf_printf(out, ",\"clock\":\"%s\"", status_clock_word((int)status->clock));
    if (status->epoch)
        buf_printf(out, ",\"epoch\":\"%016llx\"", (unsigned long long)status->epoch);
    if (online || status->backlog)
        put_count(out, "backlog", status->backlog);
    if (online || status->dropped)
        put_count(out, "dropped", status->dropped);
    if (status->unwritten)
        put_count(out, "unwritten", status->unwritten);
    if (status->n_now)
        put_now(out, status);
    if (status->work.from_us) {
        buf_str(out, ",\"work\":");
        body_write_work(out, &status->work);
    }
    buf_char(out, '}');
}

/* ["<site>/<type>/<name>", verdict, time] */
static struct status_result read_result(struct tree *t, const struct cJSON *item)
{
    struct status_result result = {0};
    if (tree_length(t, item, 3) != 3)
        tree_fail(t, ERR_TYPE, "wrong type of", "now");
    const struct cJSON *name = tree_first(item);
    const struct cJSON *verdict = tree_next(name);
    const struct cJSON *time = tree_next(verdict);
    struct slice part[PACK_PARTS];
    if (pack_split(tree_text(t, name, PACK_PARTS * (PACK_PART_MAX + 1)), part) == 3) {
        result.site = part[0];
        result.check = (struct slice){part[1].at, part[1].len + 1 + part[2].len};
    } else {
        tree_fail(t, ERR_SYNTAX, "name is not site/type/name in", "now");
    }
    result.verdict = (enum verdict)tree_count(t, verdict, VERDICT_UNKNOWN);
    result.time_us = tree_time(t, time);
    return result;
}

static void read_now(struct tree *t, struct status *status)
{
    const struct cJSON *list = tree_find(t->root, "now");
    status->n_now = tree_length(t, list, STATUS_NOW_MAX);
    struct status_result *now = tree_alloc(t, status->n_now, sizeof *now);
    const struct cJSON *item = tree_first(list);
    for (size_t i = 0; i < status->n_now && !t->err; i++, item = tree_next(item))
        now[i] = read_result(t, item);
    status->now = now;
}

static void read_work(struct tree *t, struct status *status)
{
    const struct cJSON *work = tree_find(t->root, "work");
    if (!work)
        return;
    tree_understand(t, work);
    body_read_work(t, work, &status->work);
}

static void read_members(struct tree *t, struct status *status)
{
    const struct cJSON *root = t->root;
    status->state =
        (enum status_state)tree_word(t, tree_need(t, root, "state"), STATES, WORDS_COUNT(STATES));
    status->boot = tree_hex(t, tree_need(t, root, "boot"));
    status->conn = tree_count(t, tree_need(t, root, "conn"), TOPIC_SEQ_MAX);
    if (status->conn == 0)
        tree_fail(t, ERR_RANGE, "out of range:", "conn");
    status->time_us = tree_time(t, tree_find(root, "t"));
    status->version = tree_text(t, tree_find(root, "version"), STATUS_VERSION_MAX);
    status->clock =
        (enum status_clock)tree_word(t, tree_find(root, "clock"), CLOCKS, WORDS_COUNT(CLOCKS));
    status->epoch = tree_hex(t, tree_find(root, "epoch"));
    status->backlog = tree_count(t, tree_find(root, "backlog"), TOPIC_SEQ_MAX);
    status->dropped = tree_count(t, tree_find(root, "dropped"), TOPIC_SEQ_MAX);
    status->unwritten = tree_count(t, tree_find(root, "unwritten"), TOPIC_SEQ_MAX);
}

int status_read(struct slice bytes, struct status *ret_status, struct reason *ret_why)
{
    struct tree *t;
    int err = tree_new(bytes, &t, ret_why);
    if (err)
        return err;
    struct status status = {.own = t};
    read_members(t, &status);
    read_now(t, &status);
    read_work(t, &status);
    err = tree_error(t, ret_why);
    if (err)
        tree_free(t);
    else
        *ret_status = status;
    return err;
}

void status_done(struct status *status)
{
    tree_free(status->own);
    *status = (struct status){0};
}
