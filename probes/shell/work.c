#include "shell/work.h"

#include "base/num.h"

#include <stdio.h>
#include <string.h>

#define WORD(name, word) word,
static const char *const WORDS[] = {WORK_MAP(WORD)};
#undef WORD

static const char COMMAND[] = "work";

bool work_duration(const char *text, int64_t *ret_ms)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"s", 1000}, {"m", 60000}, {"min", 60000}, {"h", 3600000}};

    size_t digits = strspn(text, "0123456789");
    uint64_t n = 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(text + digits, units[i].name) != 0 ||
            num_parse_u64((struct slice){text, digits}, &n) != 0 || n == 0 ||
            n > (uint64_t)(BODY_WORK_MAX_MS / units[i].ms))
            continue;
        *ret_ms = (int64_t)n * units[i].ms;
        return true;
    }
    return false;
}

static bool find_deed(struct slice word, enum work_deed *ret_deed)
{
    for (int i = 0; i < WORK_DEEDS; i++)
        if (slice_is(word, WORDS[i])) {
            *ret_deed = (enum work_deed)i;
            return true;
        }
    return false;
}

/* One line is one request. */
static void take_reason(const char *reason, struct work_request *r)
{
    snprintf(r->reason, sizeof r->reason, "%s", reason);
    for (char *at = r->reason; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = ' ';
}

const char *work_operands(const char *const *operand, size_t n, const char *reason,
                          struct work_request *ret_request)
{
    struct work_request r = {.deed = WORK_STATUS};
    if (n > 0 && !find_deed(slice_of(operand[0]), &r.deed))
        return "work start DURATION, work end or work status";
    if (r.deed == WORK_START && (n != 2 || !work_duration(operand[1], &r.ms)))
        return "work start takes how long: 60m, 2h, at most 168h";
    if (r.deed != WORK_START && n > 1)
        return "only work start takes how long";
    if (r.deed == WORK_START && (!reason || !reason[0]))
        return "work start needs --reason";
    if (r.deed == WORK_START)
        take_reason(reason, &r);
    *ret_request = r;
    return NULL;
}

void work_write(const struct work_request *request, struct buf *out)
{
    buf_printf(out, "%s %s", COMMAND, WORDS[request->deed]);
    if (request->deed == WORK_START)
        buf_printf(out, " %lld %s", (long long)request->ms, request->reason);
}

/* The word up to the next blank, which is taken off the line with it. */
static struct slice take_word(const char **line)
{
    size_t len = strcspn(*line, " ");
    struct slice word = {*line, len};
    *line += len + ((*line)[len] == ' ');
    return word;
}

bool work_read(const char *line, struct work_request *ret_request)
{
    struct work_request r = {.deed = WORK_STATUS};
    if (!slice_is(take_word(&line), COMMAND) || !find_deed(take_word(&line), &r.deed))
        return false;
    if (r.deed == WORK_START) {
        if (num_parse_i64(take_word(&line), &r.ms) != 0 || r.ms <= 0 || r.ms > BODY_WORK_MAX_MS)
            return false;
        take_reason(line, &r);
    }
    *ret_request = r;
    return true;
}
