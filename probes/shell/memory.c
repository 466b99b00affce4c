#include "shell/memory.h"

#include "base/err.h"
#include "core/kept.h"
#include "io/file.h"
#include "io/log.h"

#include <stdlib.h>

/* No check is called so: their names have a type before a slash. */
#define DEADMAN "deadman"

struct memory {
    struct loop *loop;
    struct loop_timer *timer;
    loop_fn *fn;
    void *arg;
    char path[FILE_PATH_MAX];
    struct buf text;    /* what the checks remember */
    struct buf written; /* what the file holds, or what is being written to it */
    bool writing;
    bool failing; /* the last write failed, which was told */
    int err;      /* of the write under way; the worker's */
    loop_fn *closed;
    void *closed_arg;
};

static void on_period(void *arg)
{
    struct memory *m = arg;
    loop_timer_after(m->timer, MEMORY_PERIOD_MS);
    m->fn(m->arg);
}

static void forget(struct memory *m, int err)
{
    if (err != ERR_NOT_FOUND)
        log_event(LOG_WARNING, "memory.forgotten", "file=%s why=%s", m->path, err_text(err));
    buf_clear(&m->text);
    kept_begin(&m->text);
    err = kept_end(&m->text);
    (void)err; /* then it is an empty text that nobody finds anything in */
}

static void read_file(struct memory *m)
{
    int err = file_read(m->path, &m->text);
    if (!err)
        err = kept_check((struct slice){m->text.data, m->text.len});
    if (err)
        forget(m, err);
    if (!err || err == ERR_NOT_FOUND) /* what makes no sense is to be written over */
        buf_put(&m->written, m->text.data, m->text.len);
}

int memory_open(struct loop *loop, const char *folder, loop_fn *fn, void *arg,
                struct memory **ret_memory)
{
    struct memory *m = calloc(1, sizeof *m);
    if (!m)
        return ERR_NOMEM;
    *m = (struct memory){.loop = loop, .fn = fn, .arg = arg};
    buf_init(&m->text, KEPT_MAX);
    buf_init(&m->written, KEPT_MAX);
    int err = file_join(m->path, folder, "memory");
    if (!err)
        err = loop_timer_open(loop, on_period, m, &m->timer);
    if (err) {
        memory_close(m, NULL, NULL);
        return err;
    }
    read_file(m);
    loop_timer_after(m->timer, MEMORY_PERIOD_MS);
    *ret_memory = m;
    return 0;
}

static void free_all(struct memory *m)
{
    loop_fn *closed = m->closed;
    void *arg = m->closed_arg;
    loop_timer_close(m->timer);
    buf_done(&m->text);
    buf_done(&m->written);
    free(m);
    if (closed)
        closed(arg);
}

/* ---- what checks remember ---- */

/* Another target is another thing: nothing of the one before is said of it. */
static void name_of(const struct check *check, struct buf *name)
{
    const struct check_common *common = check_common_of(check);
    buf_clear(name);
    buf_printf(name, "%s/%s %s", check_type_of(check)->name, common->name, common->target);
}

static void give_one(void *arg, struct check *check)
{
    struct memory *m = arg;
    struct buf name;
    buf_init(&name, KEPT_MAX);
    name_of(check, &name);
    struct slice value =
        kept_find((struct slice){m->text.data, m->text.len}, (struct slice){name.data, name.len});
    int err = value.len ? check_recall(check, value) : 0;
    if (err)
        log_event(LOG_WARNING, "memory.forgotten", "check=%s why=%s", name.data, err_text(err));
    buf_done(&name);
}

void memory_give(struct memory *m, struct watch *watch)
{
    watch_each(watch, give_one, m);
}

struct slice memory_deadman(const struct memory *m)
{
    return kept_find((struct slice){m->text.data, m->text.len}, slice_of(DEADMAN));
}

static void take_one(void *arg, struct check *check)
{
    struct memory *m = arg;
    struct buf name, value;
    buf_init(&name, KEPT_MAX);
    buf_init(&value, KEPT_MAX);
    name_of(check, &name);
    check_keep(check, &value);
    int err = value.err;
    if (!err && value.len)
        err = kept_add(&m->text, (struct slice){name.data, name.len},
                       (struct slice){value.data, value.len});
    if (err)
        log_event(LOG_WARNING, "memory.left_out", "check=%s why=%s", name.data, err_text(err));
    buf_done(&name);
    buf_done(&value);
}

/* ---- writing ---- */

static void write_file(void *arg)
{
    struct memory *m = arg;
    m->err = file_replace(m->path, m->written.data, m->written.len, 0600);
}

static void write_changed(struct memory *m);

static void on_written(void *arg)
{
    struct memory *m = arg;
    m->writing = false;
    if (!m->err) {
        write_changed(m); /* what was taken meanwhile */
    } else {
        buf_clear(&m->written); /* differs from anything: tried again */
        if (!m->failing)
            log_event(LOG_WARNING, "memory.write", "file=%s why=%s", m->path, err_text(m->err));
    }
    m->failing = m->err != 0;
    if (m->closed && !m->writing)
        free_all(m);
}

static void write_changed(struct memory *m)
{
    if (m->writing || m->text.err ||
        slice_equal((struct slice){m->text.data, m->text.len},
                    (struct slice){m->written.data, m->written.len}))
        return;
    buf_clear(&m->written);
    buf_put(&m->written, m->text.data, m->text.len);
    m->writing = !m->written.err && loop_work(m->loop, write_file, on_written, m) == 0;
    if (!m->writing)
        buf_clear(&m->written);
}

void memory_take(struct memory *m, struct watch *watch, struct slice deadman)
{
    kept_begin(&m->text);
    int err = deadman.len ? kept_add(&m->text, slice_of(DEADMAN), deadman) : 0;
    if (err)
        log_event(LOG_WARNING, "memory.left_out", "deadman=1 why=%s", err_text(err));
    watch_each(watch, take_one, m);
    if (kept_end(&m->text) == 0)
        write_changed(m);
}

void memory_close(struct memory *m, loop_fn *closed, void *arg)
{
    if (!m) {
        if (closed)
            closed(arg);
        return;
    }
    m->closed = closed;
    m->closed_arg = arg;
    if (!m->writing)
        free_all(m);
}
