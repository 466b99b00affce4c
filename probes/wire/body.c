#include "wire/body.h"

#include "base/err.h"
#include "wire/json.h"
#include "wire/pack_reader.h"
#include "wire/seconds.h"
#include "wire/topic.h"
#include "wire/tree.h"
#include "wire/words.h"

static const char *const ROLES[] = {ROLE_MAP(WORDS_ROW)};
static const char *const CAUSES[] = {CAUSE_MAP(WORDS_ROW)};

bool body_is_readings(struct slice bytes)
{
    struct json j = json_scan(bytes);
    return json_peek(&j) != '{';
}

static int64_t read_span(struct tree *t, const struct cJSON *object, const char *key)
{
    int64_t ms = (int64_t)tree_count(t, tree_need(t, object, key), CHECKLIST_SPAN_MAX_MS);
    if (ms == 0)
        tree_fail(t, ERR_RANGE, "out of range:", key);
    return ms;
}

static void read_units(struct tree *t, const struct cJSON *list, struct slice *units)
{
    for (const struct cJSON *item = tree_first(list); item; item = tree_next(item)) {
        *units = tree_text(t, item, PACK_PART_MAX);
        if (!checklist_unit_ok(*units++))
            tree_fail(t, ERR_SYNTAX, "not the name of a unit in", "units");
    }
}

static void read_entry(struct tree *t, const struct cJSON *object, struct checklist_entry *entry)
{
    tree_understand(t, object);
    entry->name = tree_text(t, tree_need(t, object, "name"), 2 * PACK_PART_MAX + 1);
    entry->site = tree_text(t, tree_need(t, object, "site"), PACK_PART_MAX);
    if (!pack_check_ok(entry->name))
        tree_fail(t, ERR_SYNTAX, "not type/name:", "name");
    if (!pack_part_ok(entry->site))
        tree_fail(t, ERR_SYNTAX, "not the name of a site:", "site");
    entry->interval_ms = read_span(t, object, "interval_ms");
    entry->timeout_ms = read_span(t, object, "timeout_ms");
    entry->ttl_ms = read_span(t, object, "ttl_ms");
    if (entry->ttl_ms < 2 * entry->interval_ms + entry->timeout_ms)
        tree_fail(t, ERR_RANGE, "ttl_ms below 2 x interval_ms + timeout_ms", "");
    const struct cJSON *role = tree_need(t, object, "role");
    entry->role = (enum role)tree_word(t, role, ROLES, WORDS_COUNT(ROLES));
    const struct cJSON *cause = tree_find(object, "cause");
    entry->cause = (enum cause)tree_word(t, cause, CAUSES, WORDS_COUNT(CAUSES));
}

static void refuse_doubles(struct tree *t, const struct checklist *list)
{
    for (size_t i = 0; i < list->len; i++)
        for (size_t k = 0; k < i; k++)
            if (slice_equal(list->entries[i].name, list->entries[k].name) &&
                slice_equal(list->entries[i].site, list->entries[k].site))
                tree_fail(t, ERR_EXISTS, "a check twice in", "checks");
}

/* How many units all checks name together. */
static size_t count_units(struct tree *t, const struct cJSON *checks)
{
    size_t n = 0;
    for (const struct cJSON *item = tree_first(checks); item; item = tree_next(item))
        n += tree_length(t, tree_find(item, "units"), CHECKLIST_UNITS_MAX);
    return n;
}

/* A word that a newer probe may say is none: the list is good without it. */
static enum start read_start(struct tree *t)
{
    enum start start = START_UNSAID;
    const struct cJSON *item = tree_find(t->root, "start");
    if (item && start_read(tree_text(t, item, PACK_PART_MAX), &start) != 0)
        return START_UNSAID;
    return start;
}

static void read_checklist(struct tree *t, struct checklist *list)
{
    const struct cJSON *checks = tree_find(t->root, "checks");
    size_t n = tree_length(t, checks, CHECKLIST_MAX);
    size_t n_units = n ? count_units(t, checks) : 0;
    struct checklist_entry *entries = tree_alloc(t, n, sizeof *entries);
    struct slice *units = tree_alloc(t, n_units, sizeof *units);
    *list = (struct checklist){.entries = entries, .len = n};
    list->time_us = tree_time(t, tree_need(t, t->root, "t"));
    list->start = read_start(t);
    const struct cJSON *item = tree_first(checks);
    for (size_t i = 0; i < n && !t->err; i++, item = tree_next(item)) {
        const struct cJSON *named = tree_find(item, "units");
        entries[i].units = units;
        entries[i].n_units = tree_length(t, named, CHECKLIST_UNITS_MAX);
        read_units(t, named, units);
        units += entries[i].n_units;
        read_entry(t, item, &entries[i]);
    }
    if (!t->err)
        refuse_doubles(t, list);
}

void body_read_work(struct tree *t, const struct cJSON *object, struct body_work *ret_work)
{
    ret_work->from_us = tree_time(t, tree_need(t, object, "work"));
    ret_work->until_us = tree_time(t, tree_need(t, object, "until"));
    ret_work->reason = tree_text(t, tree_find(object, "reason"), BODY_REASON_MAX);
    int64_t us = ret_work->until_us - ret_work->from_us;
    if (us < 0 || us > BODY_WORK_MAX_MS * 1000)
        tree_fail(t, ERR_RANGE, "out of range:", "until");
}

/* Exactly one of the members that name a kind. */
static void read_object(struct tree *t, struct body *body)
{
    static const struct {
        const char *key;
        enum body_kind kind;
    } kinds[] = {{"checks", BODY_CHECKLIST},
                 {"power_lost", BODY_POWER_LOST},
                 {"untimed", BODY_UNTIMED},
                 {"work", BODY_WORK}};

    size_t found = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!tree_find(t->root, kinds[i].key))
            continue;
        found++;
        body->kind = kinds[i].kind;
    }
    if (found != 1)
        tree_fail(t, ERR_UNKNOWN, "an object must have one of",
                  "checks, power_lost, untimed, work");
    else if (body->kind == BODY_CHECKLIST)
        read_checklist(t, &body->list);
    else if (body->kind == BODY_WORK)
        body_read_work(t, t->root, &body->work);
    body->power_lost_us = tree_time(t, tree_find(t->root, "power_lost"));
    body->untimed = tree_count(t, tree_find(t->root, "untimed"), PACK_READINGS_MAX);
}

int64_t body_time_us(const struct body *body)
{
    switch (body->kind) {
    case BODY_CHECKLIST:
        return body->list.time_us;
    case BODY_POWER_LOST:
        return body->power_lost_us;
    case BODY_WORK:
        return body->work.from_us;
    default:
        return 0;
    }
}

static int refuse_ahead(const struct body *body, struct wall_ms received, struct reason *ret_why)
{
    if (body_time_us(body) <= (received.ms + PACK_AHEAD_MAX_MS) * 1000)
        return 0;
    reason_set(ret_why, "time more than a day ahead");
    return ERR_RANGE;
}

int body_read(struct slice bytes, struct wall_ms received, struct body *ret_body,
              struct reason *ret_why)
{
    if (body_is_readings(bytes)) {
        *ret_body = (struct body){.kind = BODY_READINGS};
        return 0;
    }
    struct tree *t;
    int err = tree_new(bytes, &t, ret_why);
    if (err)
        return err;
    struct body body = {.own = t};
    read_object(t, &body);
    err = tree_error(t, ret_why);
    if (!err)
        err = refuse_ahead(&body, received, ret_why);
    if (err)
        tree_free(t);
    else
        *ret_body = body;
    return err;
}

void body_done(struct body *body)
{
    tree_free(body->own);
    *body = (struct body){0};
}

void body_write_power_lost(struct buf *out, int64_t time_us)
{
    buf_str(out, "{\"power_lost\":");
    seconds_write(out, time_us);
    buf_char(out, '}');
}

void body_write_untimed(struct buf *out, uint64_t readings)
{
    buf_printf(out, "{\"untimed\":%llu}", (unsigned long long)readings);
}

void body_write_work(struct buf *out, const struct body_work *work)
{
    buf_str(out, "{\"work\":");
    seconds_write(out, work->from_us);
    buf_str(out, ",\"until\":");
    seconds_write(out, work->until_us);
    buf_str(out, ",\"reason\":");
    json_put_text(out, work->reason);
    buf_char(out, '}');
}
