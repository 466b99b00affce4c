#include "base/err.h"
#include "base/num.h"
#include "shell/sink_flight.h"

#include <string.h>

static bool begins(struct slice s, const char *with)
{
    size_t len = strlen(with);
    return s.len >= len && memcmp(s.at, with, len) == 0;
}

/* The value behind the last space of a metric's line. */
static bool value_of(struct slice line, double *ret_value)
{
    size_t at = line.len;
    while (at > 0 && line.at[at - 1] != ' ')
        at--;
    return num_parse((struct slice){line.at + at, line.len - at}, ret_value) == 0;
}

int sink_counters_read(struct slice text, struct sink_counters *ret_counters)
{
    struct sink_counters c = {0};
    bool known = false;
    while (text.len > 0) {
        const char *end = memchr(text.at, '\n', text.len);
        struct slice line = {text.at, end ? (size_t)(end - text.at) : text.len};
        size_t used = line.len + (end != NULL);
        text.at += used;
        text.len -= used;
        double value = 0;
        if (begins(line, "process_start_time_seconds ") && value_of(line, &value)) {
            c.start_s = (int64_t)value;
            known = true;
        } else if ((begins(line, "vm_rows_invalid_total{") ||
                    begins(line, "vm_rows_ignored_total{")) &&
                   value_of(line, &value)) {
            c.rows_lost += value;
        }
    }
    if (!known)
        return ERR_MISSING;
    *ret_counters = c;
    return 0;
}
