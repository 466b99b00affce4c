#include "wire/start.h"

#include "base/err.h"
#include "wire/words.h"

static const char *const STARTS[] = {START_MAP(WORDS_ROW)};

const char *start_word(int start)
{
    return words_at(STARTS, WORDS_COUNT(STARTS), start);
}

int start_read(struct slice word, enum start *ret_start)
{
    size_t at = words_find(STARTS, WORDS_COUNT(STARTS), word);
    if (at == WORDS_COUNT(STARTS))
        return ERR_UNKNOWN;
    *ret_start = (enum start)at;
    return 0;
}

bool start_was_away(enum start start)
{
    return start == START_STOPPED || start == START_KILLED;
}
