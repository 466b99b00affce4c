#include "wire/verdict.h"

#include "base/err.h"
#include "wire/words.h"

static const char *const VERDICTS[] = {VERDICT_MAP(WORDS_ROW)};
static const char *const ROLES[] = {ROLE_MAP(WORDS_ROW)};
static const char *const CAUSES[] = {CAUSE_MAP(WORDS_ROW)};

const char *verdict_word(int verdict)
{
    return words_at(VERDICTS, WORDS_COUNT(VERDICTS), verdict);
}

const char *role_word(int role)
{
    return words_at(ROLES, WORDS_COUNT(ROLES), role);
}

const char *cause_word(int cause)
{
    return words_at(CAUSES, WORDS_COUNT(CAUSES), cause);
}

int role_read(struct slice word, enum role *ret_role)
{
    size_t at = words_find(ROLES, WORDS_COUNT(ROLES), word);
    if (at == WORDS_COUNT(ROLES))
        return ERR_UNKNOWN;
    *ret_role = (enum role)at;
    return 0;
}

int cause_read(struct slice word, enum cause *ret_cause)
{
    size_t at = words_find(CAUSES, WORDS_COUNT(CAUSES), word);
    if (at == WORDS_COUNT(CAUSES))
        return ERR_UNKNOWN;
    *ret_cause = (enum cause)at;
    return 0;
}

enum verdict verdict_worse(enum verdict a, enum verdict b)
{
    static const int rank[] = {
        [VERDICT_UNKNOWN] = 0, [VERDICT_OK] = 1, [VERDICT_DEGRADED] = 2, [VERDICT_FAILED] = 3};
    return rank[a] >= rank[b] ? a : b;
}
