#include "database.h"

#include "base/err.h"
#include "base/vec.h"
#include "shell/sink.h"
#include "tape.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCHES_MAX = 4096 };

/* What opens it: one at a time. */
struct sink {
    struct sink_setup setup;
    struct sink_status status;
    struct vec waiting; /* struct waiting_batch */
};

struct waiting_batch {
    uint64_t number;
    uint32_t readings;
};

static struct {
    struct sink *sink;
    unsigned char fields[DATABASE_PACKS]; /* bit 0: rtt, bit 1: state */
    size_t damaged;
} database;

int sink_open(const struct sink_setup *setup, struct sink **ret_sink, char ret_why[FIELD_WHY_MAX])
{
    (void)ret_why;
    struct sink *sink = calloc(1, sizeof *sink);
    if (!sink)
        return ERR_NOMEM;
    sink->setup = *setup;
    vec_init(&sink->waiting, sizeof(struct waiting_batch), BATCHES_MAX);
    database.sink = sink;
    *ret_sink = sink;
    return 0;
}

void sink_close(struct sink *sink)
{
    if (!sink)
        return;
    vec_done(&sink->waiting);
    free(sink);
    database.sink = NULL;
}

int sink_add(struct sink *sink, uint64_t number, uint32_t lines, uint32_t readings)
{
    (void)lines;
    struct waiting_batch *batch = vec_push(&sink->waiting);
    if (!batch)
        return ERR_NOMEM;
    *batch = (struct waiting_batch){number, readings};
    return 0;
}

const struct sink_status *sink_status(const struct sink *sink)
{
    return &sink->status;
}

bool sink_can_put(const struct sink *sink)
{
    (void)sink;
    return false;
}

int sink_put(struct sink *sink, struct slice plain, sink_put_done *done, void *arg)
{
    (void)sink, (void)plain, (void)done, (void)arg;
    return ERR_BUSY;
}

/* Packs are a second apart, so the number of a pack is its time; the value of rtt repeats it. */
static void take_line(const char *line)
{
    static const char *const fields[] = {"rtt=", "state="};
    for (size_t bit = 0; bit < sizeof fields / sizeof *fields; bit++) {
        const char *at = strstr(line, fields[bit]);
        const char *time = strrchr(line, ' ');
        if (!at || !time)
            continue;
        uint64_t id = (strtoull(time + 1, NULL, 10) / 1000000000) % 100000;
        assert_true(id > 0 && id < DATABASE_PACKS);
        if (bit == 0)
            assert_true(strtod(at + 4, NULL) == (double)id);
        database.fields[id] |= (unsigned char)(1u << bit);
        tape_mark(MARK_DATABASE, id, 0);
    }
}

static void take_lines(char *plain, size_t len)
{
    char *end = plain + len;
    for (char *at = plain; at < end;) {
        char *newline = memchr(at, '\n', (size_t)(end - at));
        assert_non_null(newline);
        *newline = '\0';
        take_line(at);
        at = newline + 1;
    }
}

static void take_batch(struct sink *sink, const struct waiting_batch *waiting)
{
    const struct sink_events *events = &sink->setup.events;
    struct batch batch = {0};
    char *plain = NULL;
    if (batch_read(sink->setup.folder, waiting->number, &batch) != 0 ||
        batch_plain(&batch, &plain) != 0) {
        database.damaged++;
        events->damaged(events->context, waiting->number, "");
        return;
    }
    take_lines(plain, batch.facts.plain_bytes);
    struct sink_settled settled = {.number = waiting->number, .written = waiting->readings};
    events->settled(events->context, &settled);
    free(plain);
    batch_done(&batch);
}

void database_answer(void)
{
    struct sink *sink = database.sink;
    while (sink->waiting.len > 0) {
        struct waiting_batch first = *(struct waiting_batch *)vec_at(&sink->waiting, 0);
        vec_remove(&sink->waiting, 0, 1);
        take_batch(sink, &first);
    }
}

void database_empty(void)
{
    memset(database.fields, 0, sizeof database.fields);
    database.damaged = 0;
}

void database_put(uint64_t id)
{
    database.fields[id] = 3;
}

size_t database_readings(uint64_t id)
{
    return (database.fields[id] & 1u) + (size_t)(database.fields[id] >> 1);
}

size_t database_total(void)
{
    size_t sum = 0;
    for (uint64_t id = 1; id < DATABASE_PACKS; id++)
        sum += database_readings(id);
    return sum;
}

size_t database_damaged(void)
{
    return database.damaged;
}
