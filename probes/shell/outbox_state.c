#include "shell/outbox_state.h"

#include "base/err.h"
#include "base/num.h"
#include "wire/topic.h"

#include <inttypes.h>
#include <string.h>

#define PROGRAM "ioc-probe outbox "
#define FIRST_LINE PROGRAM "3"
#define FIRST_LINE_2 PROGRAM "2" /* reserved no numbers */
#define FIRST_LINE_1 PROGRAM "1" /* knew neither lives nor unwritten packs */

void outbox_state_init(struct outbox_state *state, uint64_t epoch)
{
    *state = (struct outbox_state){.epoch = epoch, .low = 1};
}

void outbox_state_clock(struct outbox_state *state, struct clock_offset offset)
{
    if (state->clocks == CLOCK_TRUST_BOOTS)
        memmove(state->clock, state->clock + 1, --state->clocks * sizeof *state->clock);
    state->clock[state->clocks++] = offset;
}

/* How the life stands, in one word. */
static const char *word_of(const struct last_life *life)
{
    if (life->gasped)
        return life->stopped ? "gasped-stopped" : "gasped";
    return life->stopped ? "stopped" : "running";
}

void outbox_state_write(const struct outbox_state *s, struct buf *out)
{
    buf_str(out, FIRST_LINE "\n");
    buf_printf(out, "epoch %016" PRIx64 "\n", s->epoch);
    buf_printf(out, "base %" PRIu64 "\nlow %" PRIu64 "\nhigh %" PRIu64 "\n", s->base, s->low,
               s->high);
    buf_printf(out, "dropped %" PRIu64 "\nrunning_ms %" PRId64 "\n", s->dropped, s->running_ms);
    buf_printf(out, "reserved %" PRIu64 "\n", s->reserved);
    if (s->unwritten)
        buf_printf(out, "unwritten %" PRIu64 "\n", s->unwritten);
    if (s->life.known)
        buf_printf(out, "life %016" PRIx64 " %s\n", s->life.machine, word_of(&s->life));
    for (size_t i = 0; i < s->clocks; i++)
        buf_printf(out, "clock %016" PRIx64 " %" PRId64 "\n", s->clock[i].boot,
                   s->clock[i].offset_ms);
    buf_str(out, "end\n");
}

static int read_clock(struct slice value, struct outbox_state *s)
{
    struct clock_offset offset;
    struct slice boot = slice_take(&value, ' ');
    if (s->clocks == CLOCK_TRUST_BOOTS || topic_read_hex(boot, &offset.boot) != 0 ||
        num_parse_i64(value, &offset.offset_ms) != 0)
        return ERR_CORRUPT;
    outbox_state_clock(s, offset);
    return 0;
}

static int read_life(struct slice value, struct last_life *life)
{
    static const struct last_life rows[] = {{.known = true},
                                            {.known = true, .stopped = true},
                                            {.known = true, .gasped = true},
                                            {.known = true, .gasped = true, .stopped = true}};
    struct slice machine = slice_take(&value, ' ');
    struct last_life found = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (slice_is(value, word_of(&rows[i])))
            found = rows[i];
    if (!found.known)
        return ERR_CORRUPT;
    if (!slice_is(machine, "0000000000000000") && topic_read_hex(machine, &found.machine) != 0)
        return ERR_CORRUPT;
    *life = found;
    return 0;
}

static int read_line(struct slice line, struct outbox_state *s)
{
    struct slice key = slice_take(&line, ' ');

    const struct {
        const char *name;
        uint64_t *value;
    } counts[] = {
        {"base", &s->base},           {"low", &s->low},
        {"high", &s->high},           {"dropped", &s->dropped},
        {"unwritten", &s->unwritten}, {"reserved", &s->reserved},
    };

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (slice_is(key, counts[i].name))
            return num_parse_u64(line, counts[i].value);
    if (slice_is(key, "epoch"))
        return topic_read_hex(line, &s->epoch);
    if (slice_is(key, "running_ms"))
        return num_parse_i64(line, &s->running_ms);
    if (slice_is(key, "life"))
        return read_life(line, &s->life);
    return slice_is(key, "clock") ? read_clock(line, s) : ERR_CORRUPT;
}

static bool makes_sense(const struct outbox_state *s)
{
    return s->epoch != 0 && s->low > s->base && s->low <= s->high + 1 && s->high < INT64_MAX &&
           s->running_ms >= 0;
}

int outbox_state_read(struct slice text, struct outbox_state *ret_state)
{
    struct outbox_state s = {0};
    struct slice line = slice_take(&text, '\n');
    if (!slice_is(line, FIRST_LINE) && !slice_is(line, FIRST_LINE_2) &&
        !slice_is(line, FIRST_LINE_1)) {
        bool ours = line.len >= sizeof PROGRAM && memcmp(line.at, PROGRAM, sizeof PROGRAM - 1) == 0;
        return ours ? ERR_VERSION : ERR_CORRUPT;
    }
    for (;;) {
        line = slice_take(&text, '\n');
        if (slice_is(line, "end"))
            break;
        if (read_line(line, &s) != 0)
            return ERR_CORRUPT;
    }
    if (text.len > 0 || !makes_sense(&s))
        return ERR_CORRUPT;
    *ret_state = s;
    return 0;
}
