#include "checks/match.h"

static size_t match_step(const struct match *m, size_t at, char c)
{
    while (at > 0 && m->needle.at[at] != c)
        at = m->fall[at - 1];
    return m->needle.at[at] == c ? at + 1 : 0;
}

void match_init(struct match *m, struct slice needle)
{
    if (needle.len > MATCH_MAX)
        needle.len = MATCH_MAX;
    *m = (struct match){.needle = needle, .found = needle.len == 0};
    for (size_t i = 1; i < needle.len; i++)
        m->fall[i] = (uint8_t)match_step(m, m->fall[i - 1], needle.at[i]);
}

bool match_feed(struct match *m, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len && !m->found; i++) {
        m->at = match_step(m, m->at, bytes[i]);
        m->found = m->at == m->needle.len;
    }
    return m->found;
}
