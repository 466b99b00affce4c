#include "core/ledger.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"

#include <stddef.h>
#include <string.h>

enum { LEDGER_VERSION = 1 };

#define LEDGER_COUNT(name, what) +1

enum { COUNTERS = 0 LEDGER_MAP(LEDGER_COUNT) };

#undef LEDGER_COUNT

_Static_assert(sizeof(struct ledger) == COUNTERS * sizeof(uint64_t), "counters stand side by side");

bool ledger_counter(const struct ledger *l, uint32_t index, const char **ret_name,
                    const char **ret_what, uint64_t *ret_value)
{
#define LEDGER_ROW(name, what) {#name, what},

    static const struct {
        const char *name;
        const char *what;
    } row[] = {LEDGER_MAP(LEDGER_ROW)};

#undef LEDGER_ROW
    if (index >= COUNTERS)
        return false;
    *ret_name = row[index].name;
    *ret_what = row[index].what;
    memcpy(ret_value, (const char *)l + index * sizeof *ret_value, sizeof *ret_value);
    return true;
}

uint64_t ledger_processed(const struct ledger *l)
{
    return l->control + l->duplicate + l->ignored + l->refused + l->untimed + l->stored +
           l->plain_bounded - l->requeued;
}

bool ledger_balanced(const struct ledger *l, uint64_t pending)
{
    return l->readings_stored == l->readings_written + pending + l->readings_dead -
                                     l->readings_requeued + l->readings_beyond;
}

int ledger_save(const struct ledger *l, const struct row_sink *sink)
{
    struct buf b;
    buf_init(&b, 1024);
    buf_char(&b, LEDGER_VERSION);
    const char *name;
    const char *what;
    uint64_t value = 0;
    for (uint32_t i = 0; ledger_counter(l, i, &name, &what, &value); i++)
        buf_le64(&b, value);
    int err = b.err ? b.err
                    : sink->put(sink->context, ROW_LEDGER, slice_of("total"),
                                (struct slice){b.data, b.len});
    buf_done(&b);
    return err;
}

int ledger_load(struct ledger *l, struct slice value)
{
    struct cursor c;
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != LEDGER_VERSION)
        return ERR_VERSION;
    uint64_t counters[COUNTERS] = {0};
    for (uint32_t i = 0; i < COUNTERS && cursor_left(&c) > 0; i++)
        counters[i] = cursor_le64(&c);
    if (c.err || cursor_left(&c) > 0)
        return ERR_CORRUPT;
    memcpy(l, counters, sizeof counters);
    if (value.len <= 1 + offsetof(struct ledger, taken)) /* by a program that did not count them */
        l->taken = ledger_processed(l);
    return 0;
}
