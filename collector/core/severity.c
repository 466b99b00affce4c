#include "core/severity.h"

/* Words of one row. */
struct words {
    const char *word, *vi, *brief;
};

#define SEVERITY_WORDS(name, value, word, vi, brief) {word, vi, brief},
static const struct words SEVERITIES[] = {SEVERITY_MAP(SEVERITY_WORDS)};
#undef SEVERITY_WORDS

static const struct words *words_of(int severity)
{
    static const struct words none = {"", "", ""};
    return severity >= 0 && severity < SEVERITY_COUNT ? &SEVERITIES[severity] : &none;
}

const char *severity_word(int severity)
{
    return words_of(severity)->word;
}

const char *severity_vi(int severity)
{
    return words_of(severity)->vi;
}

const char *severity_short(int severity)
{
    return words_of(severity)->brief;
}
